/* SPDX-License-Identifier: MIT */
// What the agent says: kept until the server has it on record, and sent again if need be.

import { effect } from '@preact/signals';

import { createFiles } from '../../shared/files.js';
import { createOutbox } from '../../shared/outbox.js';
import { isRefused } from '../ticket/on_its_way.js';
import { dropLine, send, settle } from './line.js';
import { chats, connection, findChat, watched } from './state.js';

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
    onAck: ({ frame }, { seq }) => noteAck(findChat(frame.ticket), seq),
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
  const shown = [...chats.value.values(), ...watched.value.values()];
  const items = outbox?.items() ?? [];

  for (const chat of shown)
    chat.outgoing.value = items.filter((item) => item.frame.ticket === chat.number);
}

/* A chat that comes back has what was not sent when it went. */
effect(showOutgoing);

function noteAck(chat, seq) {
  if (chat && seq)
    chat.acked.value = Math.max(chat.acked.value, seq);
}

/* On record it is before it stands in the log. */
const isShown = (chat, seq) => seq === 0 || chat.entries.value.some((entry) => entry.seq === seq);

/** Resolves when nothing of a chat is on its way and the log has it all. Rejects when something was refused,
    unless `anyway`, and when `signal` says so. */
export function whenSent(chat, { anyway = false, signal }) {
  return new Promise((resolve, reject) => {
    const stop = effect(() => {
      const items = chat.outgoing.value;
      const refused = items.some(isRefused);

      if (refused && !anyway)
        reject(new Error('A message of yours was not sent. Send it, or take it back, and then come here again.'));
      else if (items.every(isRefused) && isShown(chat, chat.acked.value))
        resolve();
    });

    signal.addEventListener('abort', () => {
      stop();
      reject(new Error('The dialog was left.'));
    });
  });
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
