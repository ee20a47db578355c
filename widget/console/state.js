/* SPDX-License-Identifier: MIT */
// What the console knows, as signals. desk.js changes it; the views read it.

import { computed, signal } from '@preact/signals';

import { createLog } from '../shared/log.js';

/** undefined: not asked yet; null: nobody is logged in. */
export const me = signal(undefined);
export const connection = signal('idle');
export const presence = signal('offline');
export const capacity = signal(0);
export const queue = signal([]);
export const chats = signal(new Map());
export const offers = signal(new Map());
/** Pages that nobody has acknowledged, by ticket. */
export const alerts = signal(new Map());
export const notices = signal([]);
export const now = signal(Date.now());
/** Counts frames that may have changed a list of tickets. */
export const ticketsChanged = signal(0);

setInterval(() => {
  now.value = Date.now();
}, 1000);

export const unreadTotal = computed(() =>
  [...chats.value.values()].reduce((sum, chat) => sum + chat.unread.value, 0));

export function createChat(ticket) {
  return {
    number: ticket.number,
    ticket: signal(ticket),
    log: createLog(),
    entries: signal([]),
    outgoing: signal([]), /* mine, not yet on record */
    typing: signal(false),
    unread: signal(0),
    visitorRead: signal(0),
    page: signal(ticket.page ?? null),
    ended: signal(false),
  };
}

/** Maps in signals are replaced, never changed. */
export function put(map, key, value) {
  map.value = new Map(map.value).set(key, value);
}

export function drop(map, key) {
  const next = new Map(map.value);

  next.delete(key);
  map.value = next;
}

let noticeCount = 0;

/** A passing line; errors stay until they are closed. */
export function notify(text, kind = 'info') {
  const id = ++noticeCount;

  notices.value = [...notices.value.slice(-3), { id, text, kind }];
  if (kind !== 'error')
    setTimeout(() => dismiss(id), 8000);
}

export function dismiss(id) {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
