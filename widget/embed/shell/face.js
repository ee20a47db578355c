/* SPDX-License-Identifier: MIT */
// Which face the panel shows, of what the session knows and what the visitor wants:
//
//   form   nothing is asked yet, or something new is
//   talk   the chat: waiting, with an agent, or kept as a ticket
//   ended  the chat is over, and nothing of it is still on its way

import { isMessage } from '../session.js';

const isOnItsWay = (item) => isMessage(item.frame);

export function hasChat({ state, outbox }) {
  return Boolean(state.chat) || state.ticket !== null || state.acked.size > 0 || outbox.items().some(isOnItsWay);
}

export function isEnded({ state, outbox }) {
  return state.chat?.state === 'closed' && !outbox.items().some(isOnItsWay);
}

/** `asking`: a new question while the old chat is still known. */
export function faceOf(session, asking) {
  if (!hasChat(session))
    return 'form';
  if (!isEnded(session))
    return 'talk';
  return asking ? 'form' : 'ended';
}
