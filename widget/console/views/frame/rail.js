/* SPDX-License-Identifier: MIT */
// The narrow bar of every view: where to go, one's presence, one's account.

import { useRef } from 'preact/hooks';

import { logOut } from '../../desk/session.js';
import { me, unreadTotal } from '../../desk/state.js';
import { html } from '../../html.js';
import { Icon } from '../../icons.js';
import { href, route } from '../../router.js';
import { ROLE } from '../../ticket/names.js';
import { Presence } from './presence.js';

const SETTINGS = new Set(['settings', 'policy', 'people']);

function NavLink({ view, label, icon, count, current = route.value.view === view }) {
  return html`
    <li><a class="rail-item" href=${href(view)} aria-current=${current ? 'page' : undefined}>
      <${Icon} name=${icon} /><span class="rail-label">${label}</span>
      ${count > 0 && html`<span class="count">${count}<span class="unseen"> unread</span></span>`}
    </a></li>`;
}

export const initials = (name = '') =>
  name.split(/\s+/).filter(Boolean).map((word) => word[0]).filter((_, i, all) => i === 0 || i === all.length - 1).join('').toUpperCase();

function Account() {
  const menu = useRef(null);
  const { name, email, tier, role } = me.value;

  return html`
    <button class="rail-item" popovertarget="account">
      <span class="avatar">${initials(name)}</span><span class="unseen">, account of ${name}</span>
    </button>
    <div id="account" class="menu" popover="auto" ref=${menu} role="group" aria-label="Account">
      <p><b>${name}</b>${email && html`<br /><span class="muted">${email}</span>`}</p>
      <p class="muted">${ROLE[role] ?? role}, Tier ${tier}</p>
      <a href=${href('settings')} onClick=${() => menu.current.hidePopover()}>Settings</a>
      <a href="/help/policy" target="_blank" rel="noopener">Support guide</a>
      <button onClick=${logOut}>Log out</button>
    </div>`;
}

export function Rail() {
  const leads = me.value.role !== 'agent';

  return html`
    <div class="rail">
      <nav aria-label="Console">
        <ul>
          <${NavLink} view="inbox" label="Inbox" icon="inbox" count=${unreadTotal.value} />
          <${NavLink} view="tickets" label="Tickets" icon="tickets" />
          <${NavLink} view="customers" label="Customers" icon="customers" />
          ${leads && html`<${NavLink} view="wall" label="Wall" icon="wall" />`}
          <${NavLink} view="settings" label="Settings" icon="settings" current=${SETTINGS.has(route.value.view)} />
        </ul>
      </nav>
      <section class="rail-foot" aria-label="You">
        <${Presence} />
        <${Account} />
      </section>
    </div>`;
}
