/* SPDX-License-Identifier: MIT */
// Who is logged in here: the line is picked up for them, and what the server says goes to its noun.

import { createStore } from '../../shared/store.js';
import { setServerTime } from '../clock.js';
import { takers as alertTakers } from './alerts.js';
import { api } from './api.js';
import { takers as conversationTakers } from './conversation.js';
import { keepDraftsIn } from './drafts.js';
import { giveUpCommands, goOn, hangUp, expire, pickUp } from './line.js';
import { loadLists, savedLists, takers as listTakers } from './lists.js';
import { takers as offerTakers } from './offers.js';
import { pauseOutgoing, resumeOutgoing, startOutgoing, takeAnswer } from './outgoing.js';
import { loadPolicy } from './policy.js';
import { takePresence, takers as presenceTakers } from './presence.js';
import { alerts, chats, connection, expired, me, notify, offers, presence, undoSeconds, watched } from './state.js';
import { takeMine, takers as ticketTakers } from './tickets.js';
import { takers as viewingTakers, tellViewing } from './viewing.js';

const takers = {
  welcome,
  ack: takeAnswer,
  error: takeAnswer,
  ...presenceTakers,
  ...viewingTakers,
  ...offerTakers,
  ...ticketTakers,
  ...conversationTakers,
  ...alertTakers,
  ...listTakers,
};

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
  return me.value;
}

export async function logOut() {
  try {
    await api.delete('/session');
  } finally {
    leave();
  }
}

/** The same agent goes on where it was; another one begins anew. */
export async function logInAgain(email, password) {
  const session = await api.post('/session', { email, password });
  const { id } = session.agent ?? session;

  if (id !== me.value.id) {
    leave();
    enter(session);
    return;
  }
  me.value = { ...me.value, ...session.agent };
  expired.value = false;
  goOn();
}

function enter(session) {
  me.value = session.agent ?? session;
  const kept = createStore(`tierbell:console:${me.value.id}:`, () => globalThis.sessionStorage);

  keepDraftsIn(kept);
  startOutgoing(kept);
  pickUp({ hello, onFrame: (frame) => takers[frame.type]?.(frame), onState: stateChanged });
}

function leave() {
  hangUp();
  expired.value = false;
  chats.value = new Map();
  watched.value = new Map();
  offers.value = new Map();
  alerts.value = new Map();
  savedLists.value = [];
  presence.value = 'offline';
  me.value = null;
}

function hello() {
  const after = {};

  for (const [number, chat] of chats.value) {
    if (chat.log.last > 0)
      after[number] = chat.log.last;
  }
  return { type: 'hello', after };
}

function welcome(frame) {
  me.value = { ...me.value, ...frame.agent };
  undoSeconds.value = frame.limits?.undo_s ?? 0;
  if (frame.now)
    setServerTime(frame.now);
  takePresence(frame.presence, frame);
  takers.queue(frame);
  loadPolicy(api);
  loadLists();
  takeMine(frame.chats);
  resumeOutgoing();
  tellViewing();
}

/* A socket that cannot come up may mean that the session has run out: ask. */
async function stateChanged(to) {
  connection.value = to;
  if (to === 'open')
    return;
  pauseOutgoing();
  giveUpCommands();
  offers.value = new Map();
  if (to === 'waiting')
    api.get('/session').catch((error) => error.status === 401 && expire());
}
