/* SPDX-License-Identifier: MIT */
import { dismiss, notices } from '../../desk/state.js';
import { html } from '../../html.js';

/** Passing lines at the foot of the window; the region is always there, so that it is read out. */
export function Notices() {
  return html`
    <div class="notices" role="status">
      ${notices.value.map((notice) => html`
        <div key=${notice.id} class="notice ${notice.kind}">
          <span>${notice.text}</span>
          <button class="plain" onClick=${() => dismiss(notice.id)} aria-label="Dismiss: ${notice.text}">Dismiss</button>
        </div>`)}
    </div>`;
}
