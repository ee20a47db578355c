/* SPDX-License-Identifier: MIT */
// The frame of every view: the rail, what rings above the view, the connection's state.

import { useEffect, useState } from 'preact/hooks';

import { span } from '../../../shared/time.js';
import { seconds } from '../../clock.js';
import { connection, lastHeard, me } from '../../desk/state.js';
import { html } from '../../html.js';
import { useShortcuts } from '../../keys.js';
import { go, route } from '../../router.js';
import { Inbox } from '../inbox/inbox.js';
import { Lazy } from '../lazy.js';
import { TicketView } from '../record/ticket.js';
import { Alerts } from './alerts.js';
import { Notices } from './notices.js';
import { Offers } from './offers.js';
import { Palette } from './palette.js';
import { Rail } from './rail.js';
import { Undo } from './undo.js';

const BANNER_AFTER_MS = 1500;

function Age() {
  const age = lastHeard.value ? seconds.value - lastHeard.value : 0;

  return age > 5000 ? `What you see is ${span(age)} old.` : '';
}

/* A blink of the connection is no news. */
function Banner() {
  const down = connection.value !== 'open';
  const [shown, setShown] = useState(false);

  useEffect(() => {
    const timer = down && setTimeout(() => setShown(true), BANNER_AFTER_MS);

    if (!down)
      setShown(false);
    return () => clearTimeout(timer);
  }, [down]);
  return html`
    <div role="status">${down && shown && html`
      <p class="banner">No connection. What you send waits here and goes out by itself. <span aria-live="off"><${Age} /></span></p>`}
    </div>`;
}

/* Views that are not needed at once are fetched when they are. */
const LAZY = {
  tickets: () => import('../lists/tickets.js'),
  customers: () => import('../lists/customers.js'),
  wall: () => import('../wall/wall.js'),
  policy: () => import('../settings/policy.js'),
  people: () => import('../settings/people.js'),
  settings: () => import('../settings/settings.js'),
};

function View() {
  const { view, id } = route.value;

  if (view === 'tickets' && id !== null)
    return html`<${TicketView} key=${`ticket${id}`} id=${id} />`;
  if (LAZY[view])
    return html`<${Lazy} key=${view} load=${LAZY[view]} id=${id} />`;
  return html`<${Inbox} id=${id} />`;
}

function skip() {
  const main = document.querySelector('main');

  main.tabIndex = -1;
  main.focus();
}

export function Shell() {
  useShortcuts({
    goInbox: () => go('inbox'),
    goTickets: () => go('tickets'),
    goCustomers: () => go('customers'),
    goWall: me.value.role !== 'agent' && (() => go('wall')),
    goSettings: () => go('settings'),
  });
  return html`
    <div class="shell">
      <button class="skip" onClick=${skip}>Skip to the content</button>
      <${Rail} />
      <div class="stage">
        <${Banner} />
        <${Alerts} />
        <${View} />
      </div>
      <${Offers} />
      <div class="corner"><${Notices} /><${Undo} /></div>
      <${Palette} />
    </div>`;
}
