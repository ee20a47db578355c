/* SPDX-License-Identifier: MIT */
import { me } from '../../desk/state.js';
import { html } from '../../html.js';
import { href, route } from '../../router.js';

/** The pages of the settings; administration is for administrators. */
export function SettingsTabs() {
  const pages = { settings: 'Personal', policy: 'Support policy', ...(me.value.role === 'admin' ? { people: 'People' } : {}) };

  return html`
    <nav class="tabs" aria-label="Settings">
      ${Object.entries(pages).map(([view, label]) => html`
        <a key=${view} href=${href(view)} aria-current=${route.value.view === view ? 'page' : undefined}>${label}</a>`)}
    </nav>`;
}
