/* SPDX-License-Identifier: MIT */
// Whether this agent takes chats, and how many wait.

import { serverTime } from '../clock.js';
import { command } from './line.js';
import { capacity, notify, presence, presenceWhy, queue } from './state.js';

export const takers = {
  /* Another tab of mine changed it. */
  presence({ state, reason, since, capacity: room }) {
    takePresence(state, { reason, since, capacity: room });
  },
  queue(frame) {
    queue.value = frame.queue ?? frame.tiers ?? [];
  },
};

export function takePresence(state, { reason, since, capacity: room }) {
  presence.value = state;
  presenceWhy.value = { reason: reason ?? '', since: since ?? 0 };
  capacity.value = room ?? 0;
}

export async function setPresence(state, { reason = '', capacity: room } = {}) {
  try {
    await command({ type: 'presence', state, reason: reason || undefined, capacity: room });
    takePresence(state, { reason, since: serverTime(), capacity: room || capacity.value });
  } catch (error) {
    notify(error.message, 'error');
  }
}
