/* SPDX-License-Identifier: MIT */
// What the console knows, as signals. The modules beside it change it; the views read it.

import { computed, signal } from '@preact/signals';

import { createLog } from '../../shared/log.js';
import { prefs } from '../prefs.js';

/** undefined: not asked yet; null: nobody is logged in. */
export const me = signal(undefined);
export const connection = signal('idle');
/** When the server was last heard, in its own time; 0: never. */
export const lastHeard = signal(0);
export const presence = signal('offline');
/** Why, and since when: {reason, since}. */
export const presenceWhy = signal({ reason: '', since: 0 });
export const capacity = signal(0);
export const queue = signal([]);
export const chats = signal(new Map());
/** Chats of others that are read along, by ticket. */
export const watched = signal(new Map());
export const offers = signal(new Map());
/** Pages that nobody has acknowledged, by ticket. */
export const alerts = signal(new Map());
/** The session has run out, and the screen stays until somebody logs in again. */
export const expired = signal(false);
/** A password that was handed over and has just been typed: it has to be changed, and is not asked again. */
export const given = signal('');
export const notices = signal([]);
/** Tickets that were closed here a moment ago: {number, chat, resolution, until}, by number. */
export const closed = signal(new Map());
/** How long that can be taken back; 0: not at all. */
export const undoSeconds = signal(0);
/** Counts frames that may have changed a list of tickets. */
export const ticketsChanged = signal(0);

export const unreadTotal = computed(() =>
  [...chats.value.values()].reduce((sum, chat) => sum + chat.unread.value, 0));

export const findChat = (number) => chats.value.get(number) ?? watched.value.get(number);

/** Rings and notices keep still for who takes nothing new. */
export const isDisturbable = computed(() => presence.value === 'available' && prefs.value.sounds);

export function createChat(ticket, { watching = false } = {}) {
  return {
    number: ticket.number,
    watching,
    ticket: signal(ticket),
    log: createLog(),
    entries: signal([]),
    outgoing: signal([]), /* mine, not yet on record */
    acked: signal(0), /* the newest of mine that is on record */
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

/** Does it, and says so, or what was in the way. */
export async function attempt(work, text) {
  try {
    await work();
    notify(text);
  } catch (error) {
    notify(error.message, 'error');
  }
}

export function dismiss(id) {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
