/* SPDX-License-Identifier: MIT */
// The agent's side of the protocol: one socket, what it says put into state.js, and the commands.

import { createApi } from '../shared/api.js';
import { newId } from '../shared/ids.js';
import { createOutbox } from '../shared/outbox.js';
import { createSocket } from '../shared/socket.js';
import { createStore } from '../shared/store.js';
import { clock } from '../shared/time.js';
import { route } from './router.js';
import { alerts, capacity, chats, connection, createChat, drop, me, notify, offers, presence, put, queue, ticketsChanged } from './state.js';

const HISTORY_PAUSE_MS = 1000;
const TYPING_MS = 6000;

export const api = createApi({ onUnauthorized: () => leave() });

let socket = null;
let outbox = null;
let store = null;
const pending = new Map();
const typingTimers = new Map();
const askedAt = new Map();

/* ---- coming and going ---- */

export async function askWhoIAm() {
  try {
    enter(await api.get('/session'));
  } catch (error) {
    me.value = null;
    if (error.status !== 401)
      notify(error.message, 'error');
  }
}

export async function logIn(email, password) {
  enter(await api.post('/session', { email, password }));
}

export async function logOut() {
  try {
    await api.delete('/session');
  } finally {
    leave();
  }
}

function enter(session) {
  me.value = session.agent ?? session;
  store = createStore(`tierbell:console:${me.value.id}:`, () => globalThis.sessionStorage);
  outbox = createOutbox({
    store,
    send: (frame) => socket.send(frame),
    onChange: showOutgoing,
    onAck: () => {},
    onStall: () => socket.drop(),
  });
  socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/ws/agent`,
    hello,
    onFrame: (frame) => takers[frame.type]?.(frame),
    onState: stateChanged,
    onRefused: () => leave('Your session has ended. Log in again.'),
  });
  socket.start();
}

function leave(why) {
  socket?.stop();
  socket = null;
  chats.value = new Map();
  offers.value = new Map();
  alerts.value = new Map();
  presence.value = 'offline';
  me.value = null;
  if (why)
    notify(why, 'error');
}

export const drafts = {
  get: (key) => store?.get(`draft:${key}`) ?? '',
  set: (key, text) => (text ? store?.set(`draft:${key}`, text) : store?.remove(`draft:${key}`)),
};

function hello() {
  const after = {};

  for (const [number, chat] of chats.value) {
    if (chat.log.last > 0)
      after[number] = chat.log.last;
  }
  return { type: 'hello', after };
}

/* A socket that cannot come up may mean that the session has run out: ask. */
async function stateChanged(to) {
  connection.value = to;
  if (to === 'open')
    return;
  outbox.pause();
  for (const { reject } of pending.values())
    reject(new Error('The connection was lost before the server answered. Look, and try again.'));
  pending.clear();
  offers.value = new Map();
  if (to === 'waiting')
    api.get('/session').catch((error) => error.status === 401 && leave('Your session has ended. Log in again.'));
}

/* ---- what the server says ---- */

const takers = {
  welcome(frame) {
    const mine = new Map();

    me.value = { ...me.value, ...frame.agent };
    presence.value = frame.presence?.state ?? frame.presence;
    capacity.value = frame.capacity ?? frame.presence?.capacity ?? 0;
    takers.queue(frame);
    for (const ticket of frame.chats) {
      const chat = chats.value.get(ticket.number) ?? createChat(ticket);
      chat.ticket.value = ticket;
      chat.ended.value = false;
      mine.set(ticket.number, chat);
    }
    chats.value = mine;
    showOutgoing();
    outbox.resume();
  },
  queue(frame) {
    queue.value = frame.queue ?? frame.tiers ?? [];
  },
  offer(frame) {
    put(offers, frame.ticket.number, frame);
  },
  assigned(frame) {
    const offer = offers.value.get(frame.ticket.number);
    const chat = chats.value.get(frame.ticket.number) ?? createChat(frame.ticket);

    drop(offers, frame.ticket.number);
    chat.ticket.value = frame.ticket;
    chat.ended.value = false;
    put(chats, chat.number, chat);
    for (const entry of offer?.messages ?? [])
      takers.message({ ticket: chat.number, ...entry });
    if (chat.log.last === 0)
      askHistory(chat);
    ticketsChanged.value++;
  },
  unassigned(frame) {
    const number = frame.ticket?.number ?? frame.ticket;
    const chat = chats.value.get(number);

    drop(offers, number);
    ticketsChanged.value++;
    if (!chat)
      return;
    if (frame.reason && !/clos|resolv/i.test(frame.reason))
      notify(`Ticket #${number} is no longer yours: ${frame.reason}`);
    drop(chats, number);
  },
  message(entry) {
    const chat = chats.value.get(entry.ticket);

    if (!chat)
      return;
    if (entry.id)
      outbox.answer({ ...entry, type: 'ack' });
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
    chat.entries.value = chat.log.entries();
    countUnread(chat);
  },
  typing(frame) {
    const chat = chats.value.get(frame.ticket);

    if (!chat)
      return;
    chat.typing.value = Boolean(frame.on);
    clearTimeout(typingTimers.get(chat.number));
    typingTimers.set(chat.number, setTimeout(() => {
      chat.typing.value = false;
    }, TYPING_MS));
  },
  read(frame) {
    const chat = chats.value.get(frame.ticket);

    if (chat)
      chat.visitorRead.value = Math.max(chat.visitorRead.value, frame.seq);
  },
  page(frame) {
    const chat = chats.value.get(frame.ticket);

    if (chat)
      chat.page.value = { url: frame.url, title: frame.title };
  },
  ticket(frame) {
    const chat = chats.value.get(frame.ticket.number);

    ticketsChanged.value++;
    if (frame.ticket.page_acknowledged_at || !frame.ticket.immediate)
      drop(alerts, frame.ticket.number);
    if (chat)
      chat.ticket.value = frame.ticket;
  },
  escalated(frame) {
    notify(`Ticket #${frame.ticket?.number ?? frame.ticket} was escalated to Tier ${frame.to}.`);
  },
  due(frame) {
    const target = frame.target === 'first_response' ? 'first reply' : 'resolution';

    ticketsChanged.value++;
    notify(frame.level === 'breach' ? `Ticket #${frame.ticket}: the target for the ${target} has passed.`
      : `Ticket #${frame.ticket}: the target for the ${target} is close, ${clock(frame.at)}.`, frame.level === 'breach' ? 'error' : 'info');
  },
  alert(frame) {
    if (frame.level === 'page')
      put(alerts, frame.ticket, frame);
    else
      notify(`Ticket #${frame.ticket}: ${frame.why}${frame.rule ? ` (rule ${frame.rule})` : ''}`, 'error');
  },
  ack(frame) {
    if (outbox.answer(frame))
      return;
    pending.get(frame.id)?.resolve(frame);
    pending.delete(frame.id);
  },
  error(frame) {
    if (frame.id && outbox.answer(frame))
      return;
    const waiting = pending.get(frame.id);

    pending.delete(frame.id);
    if (waiting)
      waiting.reject(Object.assign(new Error(frame.message), { code: frame.code }));
    else
      notify(frame.message, 'error');
  },
};

function askHistory(chat) {
  if (Date.now() - (askedAt.get(chat.number) ?? 0) < HISTORY_PAUSE_MS)
    return;
  askedAt.set(chat.number, Date.now());
  socket.send({ type: 'history', ticket: chat.number, after: chat.log.last });
}

function showOutgoing() {
  const items = outbox.items();

  for (const chat of chats.value.values())
    chat.outgoing.value = items.filter((item) => item.frame.ticket === chat.number);
}

/* ---- reading ---- */

function isOnScreen(chat) {
  return document.visibilityState === 'visible' && route.value.view === 'inbox' && route.value.id === chat.number;
}

const readMarks = new Map();

function countUnread(chat) {
  const mark = readMarks.get(chat.number) ?? 0;

  if (isOnScreen(chat))
    return markRead(chat);
  chat.unread.value = chat.entries.value.filter((e) => e.seq > mark && e.from.role === 'visitor').length;
}

export function markRead(chat) {
  const newest = chat.log.last;

  chat.unread.value = 0;
  if (newest <= (readMarks.get(chat.number) ?? 0))
    return;
  readMarks.set(chat.number, newest);
  socket?.send({ type: 'read', ticket: chat.number, seq: newest });
}

/* ---- what the agent does ---- */

/** A command that is answered once: resolves with the ack, rejects with the server's sentence. */
function command(frame) {
  const id = newId();

  return new Promise((resolve, reject) => {
    if (!socket?.send({ ...frame, id })) {
      reject(new Error('There is no connection right now.'));
      return;
    }
    pending.set(id, { resolve, reject });
  });
}

export async function setPresence(state) {
  try {
    await command({ type: 'presence', state });
    presence.value = state;
  } catch (error) {
    notify(error.message, 'error');
  }
}

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

/** A reply carries what was on screen, so that two answers do not cross unseen. */
export const say = (chat, text) =>
  outbox.add({ type: 'message', ticket: chat.number, text, seen: chat.log.last || undefined });
export const sendArticle = (chat, url, text) =>
  outbox.add({ type: 'message', kind: 'article', ticket: chat.number, url, text });
export const addNote = (chat, text) => outbox.add({ type: 'note', ticket: chat.number, text });
export const retry = (chat, id) => outbox.retry(id, { seen: chat.log.last });
export const discard = (id) => outbox.remove(id);
export const tellTyping = (chat, on) => socket?.send({ type: 'typing', ticket: chat.number, on });
export const transfer = (number, to, note) => command({ type: 'transfer', ticket: number, to, note });
export const escalate = (number, reason, tier) => command({ type: 'escalate', ticket: number, reason, tier });
export const close = (number, resolution, articles) => command({ type: 'close', ticket: number, resolution, articles });
export const declareIncident = (number, reason) => command({ type: 'incident', ticket: number, reason });
export const confirmStopped = (number, stopped, reason) => command({ type: 'confirm', ticket: number, stopped, reason });
export const acknowledge = (number) => command({ type: 'acknowledge', ticket: number });
export const approve = (number, granted, reason) => command({ type: 'approve', ticket: number, granted, reason });

export function putAway(chat) {
  drop(chats, chat.number);
}
