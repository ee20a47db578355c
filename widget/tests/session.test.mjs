// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import './node18.mjs';
import { stopClock } from './clock.mjs';
import { createSession } from '../embed/session.js';
import { createStore } from '../shared/store.js';

stopClock();

/* A visitor whose socket is the test. */
function setup(store = createStore('', () => null)) {
  const sent = [];
  const events = [];
  let handlers;
  let open = false;
  const parts = {
    createSocket(options) {
      handlers = options;
      return {
        start: () => connect(),
        stop: () => options.onState('idle'),
        restart: () => connect(),
        drop: () => {},
        send: (frame) => open && sent.push(frame) > 0,
      };
    },
    createTabs: ({ onLead }) => ({ join: onLead, leave() {}, say() {}, leading: true }),
  };
  const connect = () => {
    open = false;
    handlers.onState('connecting');
    sent.push(handlers.hello());
  };
  const session = createSession({
    url: 'ws://x', name: 'x', store, page: () => ({ page: { url: 'https://d.gov/', title: 'D' }, context: { zone: 'UTC' } }), locale: 'en',
    onChange() {}, onEvent: (name, detail) => events.push([name, detail]), parts,
  });
  const says = (frame) => {
    if (frame.type === 'welcome') {
      open = true;
      handlers.onState('open');
    }
    handlers.onFrame(frame);
  };
  const breaks = () => {
    open = false;
    handlers.onState('waiting');
    handlers.onState('connecting');
    sent.push(handlers.hello());
  };

  return { session, sent, events, says, breaks, store, seqs: () => session.log.entries().map((e) => e.seq) };
}

const welcome = (chat = null, token = 'T') => ({ type: 'welcome', protocol: 1, token, desk: { open: true }, chat });
const entry = (seq, prev, more = {}) => ({
  type: 'message', ticket: 5, seq, prev, at: seq, from: { role: 'agent', name: 'Dana' }, kind: 'text', text: `m${seq}`, ...more,
});
const active = { ticket: 5, state: 'active', tier: 1, agent: { name: 'Dana' } };

test('session: nothing is stored before the first message', () => {
  const { session, says, store } = setup();

  session.start();
  says(welcome());
  assert.deepEqual(store.keys(), []);
  session.put({ type: 'message', text: 'hello' });
  assert.equal(store.get('token'), 'T');
});

test('session: what is written before the first welcome is still one\'s own after a reload', () => {
  const { session, says, store } = setup();

  session.start();
  const id = session.put({ type: 'message', text: 'hello' });
  says(welcome());
  says({ type: 'ack', id, ticket: 5, seq: 1, at: 1 });
  const again = setup(store);

  again.session.start();
  assert.equal(again.sent[0].token, 'T');
});

test('session: a message is sent once, shown once, and leaves the outbox with the ack', () => {
  const { session, sent, says, seqs } = setup();

  session.start();
  says(welcome());
  const id = session.put({ type: 'message', text: 'hello' });
  assert.equal(sent.filter((frame) => frame.type === 'message').length, 1);
  says({ type: 'ack', id, ticket: 5, seq: 1, at: 1 });
  assert.equal(session.outbox.items().length, 0);
  assert.equal(session.state.acked.size, 1);
  says(entry(1, 0, { id, from: { role: 'visitor' } }));
  assert.equal(session.state.acked.size, 0);
  assert.deepEqual(seqs(), [1]);
});

test('session: the entry before the ack counts as the ack', () => {
  const { session, says } = setup();

  session.start();
  says(welcome());
  const id = session.put({ type: 'message', text: 'hello' });
  says(entry(1, 0, { id, from: { role: 'visitor' } }));
  says({ type: 'ack', id, ticket: 5, seq: 1, at: 1 });
  assert.equal(session.outbox.items().length, 0);
  assert.equal(session.state.acked.size, 0);
});

test('session: resumes after the last entry that is whole', () => {
  const { session, sent, says, breaks, seqs } = setup();

  session.start();
  says(welcome(active));
  says(entry(1, 0));
  says(entry(2, 1));
  breaks();
  assert.deepEqual(sent.at(-1), {
    type: 'hello', token: 'T', after: 2, ticket: 5, page: { url: 'https://d.gov/', title: 'D' }, context: { zone: 'UTC' }, user: undefined, locale: 'en',
  });
  says(welcome(active));
  says(entry(2, 1));
  says(entry(3, 2));
  assert.deepEqual(seqs(), [1, 2, 3]);
});

test('session: a gap asks for history after the last whole entry', () => {
  const { session, sent, says, seqs } = setup();

  session.start();
  says(welcome(active));
  says(entry(1, 0));
  says(entry(4, 3));
  assert.deepEqual(sent.at(-1), { type: 'history', after: 1 });
  says(entry(2, 1));
  says(entry(3, 2));
  assert.deepEqual(seqs(), [1, 2, 3, 4]);
  assert.equal(session.log.last, 4);
});

test('session: a ping that knows more asks for history', () => {
  const { session, sent, says } = setup();

  session.start();
  says(welcome(active));
  says(entry(1, 0));
  says({ type: 'ping', seq: 1 });
  assert.notEqual(sent.at(-1).type, 'history');
  says({ type: 'ping', seq: 3 });
  assert.deepEqual(sent.at(-1), { type: 'history', after: 1 });
});

test('session: written while away goes out after the welcome, with the same id after a reload', () => {
  const area = new Map();
  const open = () => ({
    getItem: (key) => area.get(key) ?? null, setItem: (key, value) => area.set(key, value),
    removeItem: (key) => area.delete(key), key: (i) => [...area.keys()][i], get length() {
      return area.size;
    },
  });
  const before = setup(createStore('', open));

  before.session.start();
  before.says(welcome(active));
  before.breaks();
  const id = before.session.put({ type: 'message', text: 'offline' });
  assert.equal(before.sent.some((frame) => frame.type === 'message'), false);

  const after = setup(createStore('', open));
  after.session.start();
  assert.equal(after.sent[0].token, 'T');
  after.says(welcome(active));
  assert.deepEqual(after.sent.filter((frame) => frame.type === 'message'), [{ type: 'message', text: 'offline', id }]);
});

test('session: another ticket starts another log', () => {
  const { session, says, seqs } = setup();

  session.start();
  says(welcome(active));
  says(entry(1, 0));
  says({ type: 'status', ticket: 5, state: 'closed', tier: 1, survey: true });
  says(entry(1, 0, { ticket: 6 }));
  assert.deepEqual(seqs(), [1]);
  assert.equal(session.state.ticket, 6);
  says(entry(2, 1));
  assert.deepEqual(seqs(), [1], 'a late entry of the old ticket is not taken');
});

test('session: the end is told once', () => {
  const { session, events, says } = setup();

  session.start();
  says(welcome(active));
  const closed = { type: 'status', ticket: 5, state: 'closed', tier: 1, survey: true };
  says(closed);
  says(closed);
  assert.deepEqual(events.map(([name]) => name), ['ended']);
});

test('session: a chat that ended while away is shown as ended', () => {
  const { session, says, breaks } = setup();

  session.start();
  says(welcome(active));
  breaks();
  says(welcome(null));
  assert.equal(session.state.chat.state, 'closed');
});

test('session: a token that the server no longer knows starts afresh', () => {
  const { session, says, breaks, seqs } = setup();

  session.start();
  says(welcome(active));
  says(entry(1, 0));
  breaks();
  says(welcome(null, 'NEW'));
  assert.equal(session.state.ticket, null);
  assert.deepEqual(seqs(), []);
});

test('session: a refused message is kept and told, a refused rating is told and dropped', () => {
  const { session, events, says } = setup();

  session.start();
  says(welcome(active));
  const id = session.put({ type: 'message', text: 'x' });
  says({ type: 'error', id, code: 'bad_request', message: 'No.' });
  const rating = session.put({ type: 'rate', score: 5 });
  says({ type: 'error', id: rating, code: 'conflict', message: 'Too late.' });
  assert.deepEqual(events.filter(([name]) => name === 'failed').map(([, detail]) => detail.message), ['No.', 'Too late.']);
  assert.deepEqual(session.outbox.items().map((item) => item.frame.type), ['message']);
});
