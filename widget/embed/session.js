/* SPDX-License-Identifier: MIT */
// The visitor's side of the protocol: token, ticket, log, outbox and the one socket of all tabs.
// Holds no DOM; the panel reads `state` and is told by `onChange` and `onEvent`.
//
// The tab that leads talks to the server and repeats every frame to the others, which take it
// in exactly as if they had received it; what they want to say goes the other way.

import { createFiles } from '../shared/files.js';
import { createLog } from '../shared/log.js';
import { createOutbox } from '../shared/outbox.js';
import { createSocket } from '../shared/socket.js';
import { createTabs } from '../shared/tabs.js';

/** What is an entry of the log once it is on record. */
export const isMessage = (frame) => frame.type === 'message' || frame.type === 'file';

const ECHO_MS = 1500;
const HISTORY_PAUSE_MS = 1000;
const TYPING_MS = 6000;

/**
 * @param {object} options
 *   url, name   of the websocket; of the lock and channel
 *   store       createStore()
 *   page        () => {page: {url, title}, context}: of now, as far as the visitor lets it
 *   onChange    () state changed
 *   onEvent     (name, detail): message, ended, failed, recorded; done: a frame that is no message
 *   parts       other makers of socket and tabs, and fetch, for tests
 */
export function createSession({ url, name, store, page, locale, onChange, onEvent, parts = {} }) {
  const log = createLog();
  const state = {
    connection: 'idle', /* idle, connecting, open, waiting: of the tab that leads */
    desk: null,
    chat: null,
    ticket: null,
    typing: null,
    agentRead: 0,
    user: store.get('user'),
    acked: new Map(), /* id: {ticket, seq, at, frame}: on record, its entry not yet here */
  };
  let token = store.get('token');
  let helloAfter = 0;
  let askedAt = 0;
  let typingTimer = 0;

  const outbox = createOutbox({
    store,
    send: (frame) => tabs.leading && transmit(frame),
    onChange,
    onAck: (item, ack) => recorded(item.frame, ack),
    onStall: () => socket.drop(),
  });
  const files = createFiles({
    url: url.replace(/^ws(.*)\/ws\/visitor$/, 'http$1/api/v1/files'), headers: () => ({ Authorization: `Visitor ${token}` }), fetch: parts.fetch,
    answer(frame) {
      tabs.say({ type: 'frame', frame });
      take(frame);
    },
  });
  const socket = (parts.createSocket ?? createSocket)({
    url,
    hello: makeHello,
    onFrame: (frame) => {
      tabs.say({ type: 'frame', frame });
      take(frame);
    },
    onState: (to) => {
      tabs.say({ type: 'connection', state: to });
      setConnection(to);
      if (to !== 'open')
        outbox.pause();
    },
  });
  const tabs = (parts.createTabs ?? createTabs)({
    name,
    onLead: () => socket.start(),
    onResign: () => socket.stop(),
    onSay: hear,
  });

  function makeHello() {
    helloAfter = state.ticket === null ? 0 : log.last;
    return {
      type: 'hello', token: token ?? undefined, after: helloAfter, ticket: state.ticket ?? undefined, ...(hasAsked() && page()),
      user: state.user ?? undefined, locale,
    };
  }

  /* Before there is a question, nobody has to know where it will be asked. */
  function hasAsked() {
    return state.ticket !== null || outbox.items().length > 0;
  }

  function setConnection(to) {
    state.connection = to;
    onChange();
  }

  /* ---- what the server says, in whichever tab ---- */

  const takers = {
    welcome(frame) {
      const fresh = frame.token !== token;

      token = frame.token;
      if (store.get('token') !== null || frame.chat)
        keepToken();
      state.desk = frame.desk;
      if (fresh && !frame.chat)
        forgetTicket();
      else if (!frame.chat && state.chat)
        state.chat = { ...state.chat, state: 'closed', survey: false };
      takers.status(frame.chat);
      if (tabs.leading)
        outbox.resume();
    },
    status(chat) {
      const before = state.chat;

      if (!chat)
        return;
      follow(chat.ticket);
      if (chat.ticket !== state.ticket)
        return;
      state.chat = chat;
      if (chat.state !== 'closed')
        store.set('live', true);
      if (chat.state === 'closed' && before?.state !== 'closed' && before?.ticket === chat.ticket)
        onEvent('ended', chat);
    },
    message(entry) {
      follow(entry.ticket);
      if (entry.ticket !== state.ticket)
        return;
      const found = log.add(entry);

      if (found === 'gap')
        askHistory();
      if (entry.id) {
        state.acked.delete(entry.id);
        outbox.answer({ ...entry, type: 'ack' });
        state.acked.delete(entry.id);
      }
      if (entry.from.role === 'agent')
        state.typing = null;
      if (found !== 'duplicate')
        onEvent('message', entry);
    },
    typing(frame) {
      clearTimeout(typingTimer);
      state.typing = frame.on ? frame.from?.name ?? '' : null;
      typingTimer = setTimeout(() => {
        state.typing = null;
        onChange();
      }, TYPING_MS);
    },
    read(frame) {
      state.agentRead = Math.max(state.agentRead, frame.seq);
    },
    ping(frame) {
      if (state.ticket !== null && frame.seq > log.last)
        askHistory();
    },
    ack: (frame) => outbox.answer(frame),
    error(frame) {
      const item = outbox.items().find((candidate) => candidate.frame.id === frame.id);

      if (!outbox.answer(frame) || frame.code === 'rate_limited' || frame.code === 'unavailable')
        return;
      if (item.frame.type !== 'page_opened') /* it was known already: no news for anybody */
        onEvent('failed', { frame: item.frame, message: frame.message });
      if (!isMessage(item.frame))
        outbox.remove(frame.id);
    },
  };

  function take(frame) {
    takers[frame.type]?.(frame);
    onChange();
  }

  /* A visitor has one open ticket; a greater number is a new one. */
  function follow(ticket) {
    const known = state.ticket;

    if (known !== null && ticket <= known)
      return;
    if (known !== null)
      log.clear();
    state.ticket = ticket;
    if (known !== null && helloAfter > 0)
      askHistory();
  }

  function forgetTicket() {
    log.clear();
    state.ticket = null;
    state.chat = null;
    state.acked.clear();
  }

  /* Asks once for what is missing; the answers join on by themselves. */
  function askHistory() {
    if (!tabs.leading || Date.now() - askedAt < HISTORY_PAUSE_MS)
      return;
    askedAt = Date.now();
    socket.send({ type: 'history', after: log.last });
  }

  /* Acked is on record, even if its entry is still on the way, or never comes by itself. */
  function recorded(frame, ack) {
    if (!isMessage(frame)) {
      onEvent('done', frame);
      return;
    }
    follow(ack.ticket);
    if (!log.has(ack.seq))
      state.acked.set(frame.id, { ...ack, frame });
    onEvent('recorded', ack);
    setTimeout(() => {
      if (ack.ticket === state.ticket && !log.has(ack.seq))
        askHistory();
    }, ECHO_MS);
  }

  /* Written before the first welcome, or by another tab: whose it is has to be kept by now. */
  function transmit(frame) {
    keepToken();
    return frame.type === 'file' ? state.connection === 'open' && files.put(frame) : socket.send(frame);
  }

  function keepToken() {
    if (token)
      store.set('token', token);
  }

  /* ---- what the other tabs say ---- */

  const hearers = {
    frame: (said) => take(said.frame),
    connection: (said) => setConnection(said.state),
    send: (said) => tabs.leading && socket.send(said.frame),
    user(said) {
      state.user = said.user;
      if (tabs.leading)
        socket.restart();
    },
    sync() {
      if (tabs.leading)
        tabs.say({ type: 'snapshot', state: snapshot(), entries: log.entries() });
    },
    snapshot(said) {
      if (tabs.leading || state.connection !== 'idle')
        return;
      token = said.state.token;
      Object.assign(state, said.state.shown);
      for (const entry of said.entries)
        log.add(entry);
      onEvent('snapshot');
      onChange();
    },
    forget: () => forget(),
  };

  /* Another tab wrote to the outbox. The browser says so when this one can read it, which a
     message over the channel may be too early for. */
  function stored() {
    if (tabs.leading)
      outbox.pump();
    onChange();
  }

  function hear(said) {
    hearers[said.type]?.(said);
  }

  function snapshot() {
    const { connection, desk, chat, ticket, agentRead, user } = state;

    return { token, shown: { connection, desk, chat, ticket, agentRead, user } };
  }

  function say(frame) {
    if (!tabs.leading)
      tabs.say({ type: 'send', frame });
    else
      socket.send(frame);
  }

  function forget() {
    for (const key of store.keys())
      store.remove(key);
    token = null;
    state.user = null;
    forgetTicket();
    globalThis.removeEventListener?.('storage', stored);
    socket.stop();
    tabs.leave();
    state.connection = 'idle';
  }

  return {
    state,
    log,
    outbox,
    get token() {
      return token;
    },
    /** This tab holds the socket of them all. */
    get leading() {
      return tabs.leading;
    },
    start() {
      globalThis.addEventListener?.('storage', stored);
      tabs.join();
      tabs.say({ type: 'sync' });
    },
    /** Everything that must arrive: messages, ratings, the end. */
    put(frame) {
      keepToken();
      store.set('live', true);
      return outbox.add(frame);
    },
    /** What is in a file of the log. */
    file: files.get,
    /** What may be lost: typing, read marks, the page. */
    say,
    /** Where the visitor is now. */
    tellPage() {
      const { page: where, context } = page();

      say({ type: 'page', ...where, context });
    },
    /** Who is asking: part of hello, so it takes a new connection. */
    setUser(user) {
      if (JSON.stringify(user) === JSON.stringify(state.user))
        return;
      state.user = user;
      store.set('user', user);
      tabs.say({ type: 'user', user });
      if (tabs.leading)
        socket.restart();
    },
    /** The chat is over and put away: pages load without it again. */
    settle: () => store.remove('live'),
    shutdown() {
      tabs.say({ type: 'forget' });
      forget();
    },
  };
}
