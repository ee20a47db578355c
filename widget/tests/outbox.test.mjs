// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import './node18.mjs';
import { stopClock } from './clock.mjs';
import { createOutbox } from '../shared/outbox.js';
import { createStore } from '../shared/store.js';

stopClock();

/* A Storage of one browser: two stores on it are two tabs. */
function storage() {
  const map = new Map();

  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
    key: (i) => [...map.keys()][i],
    get length() {
      return map.size;
    },
  };
}

function setup(area = storage()) {
  const sent = [];
  const line = { up: true };
  const outbox = createOutbox({
    store: createStore('t:', () => area),
    send: (frame) => line.up && sent.push(frame) > 0,
  });
  const ack = (i) => outbox.answer({ type: 'ack', id: sent[i].id, seq: i + 1 });

  return { area, sent, line, outbox, ack, texts: () => sent.map((frame) => frame.text) };
}

const message = (text) => ({ type: 'message', text });

test('outbox: the next one goes when the one before it is acked', () => {
  const { outbox, ack, texts } = setup();

  for (const text of ['a', 'b', 'c'])
    outbox.add(message(text));
  assert.deepEqual(texts(), ['a']);
  ack(0);
  assert.deepEqual(texts(), ['a', 'b']);
  ack(1);
  ack(2);
  assert.deepEqual(texts(), ['a', 'b', 'c']);
  assert.deepEqual(outbox.items(), []);
});

test('outbox: what was on its way goes again with its id', () => {
  const { outbox, sent, ack, texts } = setup();

  outbox.add(message('a'));
  outbox.add(message('b'));
  outbox.pause();
  outbox.resume();
  assert.deepEqual(texts(), ['a', 'a']);
  assert.equal(sent[0].id, sent[1].id);
  ack(1);
  assert.deepEqual(texts(), ['a', 'a', 'b']);
});

test('outbox: what is written without a connection waits and survives a reload, in order', () => {
  const first = setup();

  first.line.up = false;
  for (let i = 0; i < 20; i++)
    first.outbox.add(message(`m${i}`));
  assert.deepEqual(first.texts(), []);
  const second = setup(first.area);
  second.outbox.resume();
  for (let i = 0; i < 20; i++)
    second.ack(i);
  assert.deepEqual(second.texts(), Array.from({ length: 20 }, (_, i) => `m${i}`));
  assert.equal(new Set(second.sent.map((frame) => frame.id)).size, 20);
});

test('outbox: two tabs add without losing each other\'s', () => {
  const area = storage();
  const a = setup(area);
  const b = setup(area);

  a.line.up = false;
  b.line.up = false;
  a.outbox.add(message('from a'));
  b.outbox.add(message('from b'));
  assert.equal(a.outbox.items().length, 2);
});

test('outbox: a refused one is shown, keeps its text, and does not hold up the next', () => {
  const { outbox, sent, texts } = setup();

  outbox.add(message('too long'));
  outbox.add(message('b'));
  outbox.answer({ type: 'error', id: sent[0].id, code: 'too_large', message: 'This is too long.' });
  assert.deepEqual(texts(), ['too long', 'b']);
  const [failed] = outbox.items();
  assert.equal(failed.state, 'failed');
  assert.equal(failed.error, 'This is too long.');
  outbox.remove(failed.frame.id);
  assert.equal(outbox.items().length, 1);
});

test('outbox: a retry may change the frame and keeps the id', () => {
  const { outbox, sent, ack } = setup();
  const id = outbox.add({ ...message('a'), seen: 3 });

  outbox.answer({ type: 'error', id, code: 'conflict', message: 'Somebody replied.' });
  outbox.retry(id, { seen: 5 });
  assert.deepEqual(sent.at(-1), { type: 'message', text: 'a', seen: 5, id });
  ack(1);
  assert.deepEqual(outbox.items(), []);
});

test('outbox: "later" is waited for, then it goes again', (t) => {
  const clock = stopClock(t);
  const { outbox, sent, texts } = setup();

  outbox.add(message('a'));
  outbox.answer({ type: 'error', id: sent[0].id, code: 'rate_limited', retry_after_ms: 3000 });
  clock.tick(2999);
  assert.deepEqual(texts(), ['a']);
  clock.tick(1);
  assert.deepEqual(texts(), ['a', 'a']);
});

test('outbox: an answer to something else is not taken', () => {
  const { outbox } = setup();

  assert.equal(outbox.answer({ type: 'ack', id: 'other' }), false);
  assert.equal(outbox.answer({ type: 'error', id: 'other', code: 'conflict' }), false);
});
