/* SPDX-License-Identifier: MIT */
// Chats that are offered to this agent.

import { command } from './line.js';
import { drop, notify, offers, put } from './state.js';

export const takers = {
  offer(frame) {
    put(offers, frame.ticket.number, frame);
  },
};

/** `type`: accept or decline. */
export async function answerOffer(number, type) {
  try {
    await command({ type, ticket: number });
    if (type === 'decline')
      drop(offers, number);
    return true;
  } catch (error) {
    drop(offers, number);
    notify(`Ticket #${number}: ${error.message}`, 'error');
    return false;
  }
}
