/* SPDX-License-Identifier: MIT */
import { now } from '../../clock.js';
import { policy } from '../../desk/policy.js';
import { html } from '../../html.js';
import { whyOf } from '../../ticket/why.js';
import { Time } from '../entry.js';

/** Why a ticket is where it is: `whole` is the answer of GET /tickets/N. */
export function View({ whole }) {
  const sections = whyOf({ ...whole, policy: policy.value, now: Math.floor(now.value / 60_000) * 60_000 });

  if (sections.length === 0)
    return html`<p class="muted">Nothing has been decided yet.</p>`;
  return html`
    <div class="why">
      ${sections.map(({ title, lines }) => html`
        <section key=${title}>
          <h3>${title}</h3>
          <ul>${lines.map(({ at, text, more }) => html`
            <li>${text} ${at && html`<${Time} at=${at} />`}
              ${more?.length > 1 && html`<ul>${more.map((line) => html`<li>${line}</li>`)}</ul>`}
            </li>`)}</ul>
        </section>`)}
    </div>`;
}
