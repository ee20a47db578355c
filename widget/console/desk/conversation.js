/* SPDX-License-Identifier: MIT */
// The log of a ticket as it comes in, and how far it was read.

import { route } from '../router.js';
import { isNews } from '../ticket/log_rows.js';
import { send } from './line.js';
import { takeOwn } from './outgoing.js';
import { findChat } from './state.js';

const HISTORY_PAUSE_MS = 1000;
const TYPING_MS = 6000;
const PUBLISH_MS = 20;

const typingTimers = new Map();
const askedAt = new Map();
const readMarks = new Map();

export const takers = {
  message: takeEntry,
  typing(frame) {
    const chat = findChat(frame.ticket);

    if (!chat)
      return;
    chat.typing.value = Boolean(frame.on);
    clearTimeout(typingTimers.get(chat.number));
    typingTimers.set(chat.number, setTimeout(() => {
      chat.typing.value = false;
    }, TYPING_MS));
  },
  read(frame) {
    const chat = findChat(frame.ticket);

    if (chat)
      chat.visitorRead.value = Math.max(chat.visitorRead.value, frame.seq);
  },
  page(frame) {
    const chat = findChat(frame.ticket);

    if (chat)
      chat.page.value = { url: frame.url, title: frame.title };
  },
};

export function takeEntry(entry) {
  const chat = findChat(entry.ticket);

  if (!chat)
    return;
  if (entry.id)
    takeOwn(entry);
  const found = chat.log.add(entry);
  if (found === 'duplicate')
    return;
  if (found === 'gap')
    askHistory(chat);
  if (entry.from.role === 'visitor')
    chat.typing.value = false;
  if (entry.kind === 'event' && entry.event === 'closed')
    chat.ended.value = true;
  if (entry.kind === 'event' && entry.event === 'reopened')
    chat.ended.value = false;
  publish(chat);
}

export function askHistory(chat) {
  if (Date.now() - (askedAt.get(chat.number) ?? 0) < HISTORY_PAUSE_MS)
    return;
  askedAt.set(chat.number, Date.now());
  send({ type: 'history', ticket: chat.number, after: chat.log.last });
}

/* A long log comes as many frames: the views hear of them together, of a lone one at once. */
const dirty = new Set();
let publishTimer = 0;

function publishAll() {
  publishTimer = 0;
  for (const chat of dirty) {
    chat.entries.value = chat.log.entries();
    countUnread(chat);
  }
  dirty.clear();
}

function publish(chat) {
  const quiet = publishTimer === 0;

  dirty.add(chat);
  if (!quiet)
    return;
  publishAll();
  publishTimer = setTimeout(publishAll, PUBLISH_MS);
}

function isOnScreen(chat) {
  return document.visibilityState === 'visible' && route.value.view === 'inbox' && route.value.id === chat.number;
}

function countUnread(chat) {
  const mark = readMarks.get(chat.number) ?? 0;

  if (isOnScreen(chat))
    return markRead(chat);
  chat.unread.value = chat.entries.value.filter((entry) => entry.seq > mark && isNews(entry)).length;
}

/** How far it was read before this page was there: the server keeps it. */
export function takeReadMarks(chat, { visitor, agent }) {
  chat.visitorRead.value = Math.max(chat.visitorRead.value, visitor);
  readMarks.set(chat.number, Math.max(readMarks.get(chat.number) ?? 0, agent));
}

export function markRead(chat) {
  const newest = chat.log.last;

  chat.unread.value = 0;
  if (newest <= (readMarks.get(chat.number) ?? 0))
    return;
  readMarks.set(chat.number, newest);
  send({ type: 'read', ticket: chat.number, seq: newest });
}

export const tellTyping = (chat, on) => send({ type: 'typing', ticket: chat.number, on });
