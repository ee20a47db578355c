/* SPDX-License-Identifier: MIT */
// What the tab says: what waits, then where the agent is, so that tabs, bookmarks and the history tell
// one place from another.

import { effect } from '@preact/signals';

import { findChat, me, offers, unreadTotal } from './desk/state.js';
import { route } from './router.js';

const CONSOLE = 'Support console';
const VIEWS = {
  tickets: 'Tickets', customers: 'Customers', wall: 'Wall', policy: 'Support policy', people: 'People', settings: 'Settings', screen: 'Wall',
};

/** "#12 Token refresh returns 401", "Tickets"; '' for the inbox itself. */
function placeText({ view, id }) {
  const subject = id === null ? '' : findChat(id)?.ticket.value.title ?? '';

  if (id !== null && (view === 'inbox' || view === 'tickets'))
    return `#${id} ${subject}`.trim();
  return VIEWS[view] ?? '';
}

export const titleText = (waiting, ...parts) => `${waiting ? `(${waiting}) ` : ''}${[...parts, CONSOLE].filter(Boolean).join(' · ')}`;

/** Once, at the start. */
export function startTitle() {
  effect(() => {
    const known = me.value || route.value.view === 'screen';

    document.title = titleText(offers.value.size + unreadTotal.value, offers.value.size > 0 && 'Chat offered', known && placeText(route.value));
  });
}
