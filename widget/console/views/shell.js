/* SPDX-License-Identifier: MIT */
// The frame of every view: navigation, presence, queue, the offers, the connection's state.

import { span } from '../../shared/time.js';
import { logOut, setPresence } from '../desk.js';
import { html } from '../html.js';
import { PRESENCE } from '../names.js';
import { href, route } from '../router.js';
import { capacity, chats, connection, me, presence, queue, unreadTotal } from '../state.js';
import { Alerts } from './alerts.js';
import { Inbox } from './inbox.js';
import { Notices } from './notices.js';
import { Offers } from './offers.js';
import { TicketView } from './ticket.js';
import { Tickets } from './tickets.js';

function NavLink({ view, label, count }) {
  const current = route.value.view === view;

  return html`
    <a href=${href(view)} aria-current=${current ? 'page' : undefined}>
      ${label}${count > 0 && html` <span class="count">${count}<span class="unseen"> unread</span></span>`}
    </a>`;
}

function Presence() {
  const open = connection.value === 'open';

  return html`
    <label class="presence">
      <span class="dot ${presence.value}" aria-hidden="true"></span>
      <span class="unseen">Presence</span>
      <select value=${presence.value} disabled=${!open} onChange=${(event) => setPresence(event.target.value)}>
        ${Object.entries(PRESENCE).map(([key, label]) => html`<option value=${key} selected=${presence.value === key}>${label}</option>`)}
      </select>
      <span class="muted">${chats.value.size}${capacity.value ? `/${capacity.value}` : ''} chats</span>
    </label>`;
}

function Queue() {
  return html`
    <dl class="queue" aria-label="Queue">
      ${queue.value.map((row) => html`
        <div key=${row.tier} class=${row.waiting > 0 && row.agents_available === 0 ? 'alarm' : ''}>
          <dt>Tier ${row.tier}</dt>
          <dd><b>${row.waiting}</b> waiting${row.waiting > 0 && row.oldest_wait_s > 0 && `, ${span(row.oldest_wait_s * 1000)}`}</dd>
          <dd><b>${row.agents_available}</b> available</dd>
        </div>`)}
    </dl>`;
}

function Banner() {
  if (connection.value === 'open')
    return null;
  return html`
    <p class="banner" role="status">
      ${connection.value === 'connecting' ? 'Connecting ...' : 'No connection. What you send waits here and goes out by itself; lists may be old.'}
    </p>`;
}

const VIEWS = { inbox: Inbox, tickets: Tickets };

export function Shell() {
  const { view, id } = route.value;
  const View = view === 'tickets' && id !== null ? TicketView : VIEWS[view] ?? Inbox;

  return html`
    <div class="shell">
      <header class="bar">
        <b class="brand">Support</b>
        <nav aria-label="Console">
          <${NavLink} view="inbox" label="Inbox" count=${unreadTotal.value} />
          <${NavLink} view="tickets" label="Tickets" />
          <a href="/help/policy" target="_blank" rel="noopener">Support guide</a>
        </nav>
        <${Queue} />
        <${Presence} />
        <details class="me">
          <summary>${me.value.name}</summary>
          <div class="menu">
            <p>${me.value.email && html`${me.value.email}<br />`}Tier ${me.value.tier}, ${me.value.role}</p>
            <button onClick=${logOut}>Log out</button>
          </div>
        </details>
      </header>
      <${Banner} />
      <${Alerts} />
      <${Offers} />
      <${View} key=${`${view}${View === TicketView ? id : ''}`} id=${id} />
      <${Notices} />
    </div>`;
}
