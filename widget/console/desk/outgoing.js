/* SPDX-License-Identifier: MIT */
// What the agent says: kept until the server has it on record, and sent again if need be.

import { createFiles } from '../../shared/files.js';
import { createOutbox } from '../../shared/outbox.js';
import { dropLine, send, settle } from './line.js';
import { chats, connection, watched } from './state.js';

let outbox = null;
const files = createFiles({
  url: '/api/v1/files', credentials: 'same-origin', headers: (frame) => ({ 'X-Ticket': String(frame.ticket) }),
  answer: takeAnswer,
});

/** Whose: what was left in `store` goes out when the line is there. */
export function startOutgoing(store) {
  outbox = createOutbox({
    store,
    send: (frame) => (frame.type === 'file' ? connection.value === 'open' && files.put(frame) : send(frame)),
    onChange: showOutgoing,
    onAck: () => {},
    onStall: dropLine,
  });
}

export const pauseOutgoing = () => outbox.pause();

export function resumeOutgoing() {
  showOutgoing();
  outbox.resume();
}

/** An ack or an error, of a message or of a command. */
export function takeAnswer(frame) {
  if (!frame.id || !outbox.answer(frame))
    settle(frame);
}

/** One's own message has come back in the log: it is on record. */
export const takeOwn = (entry) => outbox.answer({ ...entry, type: 'ack' });

function showOutgoing() {
  const items = outbox.items();

  for (const chat of [...chats.value.values(), ...watched.value.values()])
    chat.outgoing.value = items.filter((item) => item.frame.ticket === chat.number);
}

/** A reply carries what was on screen, so that two answers do not cross unseen. */
export const say = (chat, text) =>
  outbox.add({ type: 'message', ticket: chat.number, text, seen: chat.log.last || undefined });
export const sendArticle = (chat, url, text) =>
  outbox.add({ type: 'message', kind: 'article', ticket: chat.number, url, text });
export const sendFile = (chat, { name, body }, keep) =>
  outbox.add({ type: 'file', ticket: chat.number, name, body, keep_secrets: keep || undefined });
export const addNote = (chat, text) => outbox.add({ type: 'note', ticket: chat.number, text });
export const retry = (chat, id) => outbox.retry(id, { seen: chat.log.last });
export const discard = (id) => outbox.remove(id);
