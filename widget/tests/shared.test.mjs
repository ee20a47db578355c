// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import './node18.mjs';
import { insideFence, enterSends } from '../shared/enter.js';
import { createI18n } from '../shared/i18n.js';
import { newId } from '../shared/ids.js';
import { createLog } from '../shared/log.js';
import { slaState } from '../shared/sla.js';
import { backoffDelay, BACKOFF_MAX_MS } from '../shared/socket.js';
import { createStore } from '../shared/store.js';
import { etaRange, span } from '../shared/time.js';

const entry = (seq, prev) => ({ seq, prev });

test('log: entries in order are new, the same again is a duplicate', () => {
  const log = createLog();

  assert.equal(log.add(entry(1, 0)), 'new');
  assert.equal(log.add(entry(2, 1)), 'new');
  assert.equal(log.add(entry(2, 1)), 'duplicate');
  assert.equal(log.last, 2);
});

test('log: a hidden entry between two is no gap', () => {
  const log = createLog();

  log.add(entry(1, 0));
  assert.equal(log.add(entry(4, 1)), 'new');
  assert.equal(log.last, 4);
});

test('log: a missing entry is a gap until it comes', () => {
  const log = createLog();

  log.add(entry(1, 0));
  assert.equal(log.add(entry(5, 4)), 'gap');
  assert.equal(log.last, 1);
  assert.equal(log.add(entry(4, 2)), 'gap');
  assert.equal(log.add(entry(2, 1)), 'new');
  assert.equal(log.last, 5);
  assert.deepEqual(log.entries().map((e) => e.seq), [1, 2, 4, 5]);
});

test('socket: back-off grows to 30 s and is jittered from zero', () => {
  assert.equal(backoffDelay(0, () => 0.999999) < 500, true);
  assert.equal(backoffDelay(20, () => 1), BACKOFF_MAX_MS);
  assert.equal(backoffDelay(5, () => 0), 0);
});

test('ids: 1-64 characters that the protocol allows, each another', () => {
  const ids = new Set(Array.from({ length: 1000 }, newId));

  assert.equal(ids.size, 1000);
  for (const id of ids)
    assert.match(id, /^[A-Za-z0-9_-]{1,64}$/);
});

test('store: works in memory where storage throws', () => {
  const blocked = createStore('x:', () => {
    throw new Error('SecurityError');
  });

  blocked.set('a', { b: 1 });
  assert.deepEqual(blocked.get('a'), { b: 1 });
  assert.deepEqual(blocked.keys(), ['a']);
  blocked.remove('a');
  assert.equal(blocked.get('a'), null);
});

test('store: works in memory when storage is full', () => {
  const full = { getItem: () => null, setItem: () => {
    throw new Error('QuotaExceededError');
  }, removeItem() {}, length: 0 };
  const store = createStore('x:', () => full);

  store.set('a', 1);
  assert.equal(store.get('a'), 1);
});

test('enter: inside an open fence it is a line break', () => {
  assert.equal(insideFence('a\n```js\nlet x'), true);
  assert.equal(insideFence('a\n```js\nlet x\n```\n'), false);
});

const enterRows = [
  ['Enter sends', {}, true],
  ['Shift+Enter does not', { shiftKey: true }, false],
  ['Enter of an input method does not', { isComposing: true }, false],
  ['nor where only keyCode 229 tells', { keyCode: 229 }, false],
  ['Ctrl+Enter sends', { ctrlKey: true }, true],
  ['Ctrl+Enter sends inside a fence', { ctrlKey: true, text: '```\n' }, true],
  ['Enter inside a fence does not', { text: '```\n' }, false],
  ['another key does not', { key: 'a' }, false],
];

for (const [name, { text = 'x', ...event }, sends] of enterRows) {
  test(`enter: ${name}`, () => {
    assert.equal(enterSends({ key: 'Enter', target: { value: text, selectionStart: text.length }, ...event }), sends);
  });
}

test('i18n: fills in, chooses the plural, leaves unknown keys readable', () => {
  const t = createI18n({ a: 'Hi {name}', 'm.one': '{count} message', 'm.other': '{count} messages' });

  assert.equal(t('a', { name: 'Ana' }), 'Hi Ana');
  assert.equal(t('m', { count: 1 }), '1 message');
  assert.equal(t('m', { count: 3 }), '3 messages');
  assert.equal(t('nope'), 'nope');
});

const MIN = 60_000;
const slaRows = [
  ['no target, no chip', {}, null],
  ['far away', { first_response_due: 120 * MIN }, { metric: 'Reply', state: 'ok', text: '2h 0m' }],
  ['at risk below 15 minutes', { first_response_due: 12 * MIN + 4000 }, { metric: 'Reply', state: 'risk', text: '12:04' }],
  ['the last five', { first_response_due: 4 * MIN }, { metric: 'Reply', state: 'soon', text: '04:00' }],
  ['late', { first_response_due: -12 * MIN }, { metric: 'Reply', state: 'breached', text: '12m late' }],
  ['answered: the resolution counts', { first_response_due: -5, first_response_at: -10, resolution_due: 30 * MIN }, { metric: 'Resolve', state: 'ok', text: '30:00' }],
  ['waiting for the customer', { first_response_at: -10, resolution_due: 30 * MIN, status: 'pending' }, { metric: 'Resolve', state: 'paused', text: 'paused' }],
  ['resolved in time', { resolved_at: -10, resolution_due: 5 }, { metric: 'Resolved', state: 'met', text: 'in time' }],
  ['resolved late', { resolved_at: -1, resolution_due: -5 }, { metric: 'Resolved', state: 'breached', text: 'late' }],
];

for (const [name, ticket, expected] of slaRows) {
  test(`sla: ${name}`, () => {
    const now = 1_800_000_000_000;
    const absolute = Object.fromEntries(Object.entries(ticket).map(([k, v]) => [k, typeof v === 'number' ? now + v : v]));
    assert.deepEqual(slaState(absolute, now), expected);
  });
}

test('time: spans and waits as people say them', () => {
  assert.equal(span(45_000), '45s');
  assert.equal(span(130 * MIN), '2h 10m');
  assert.equal(span(76 * 60 * MIN), '3d 4h');
  assert.deepEqual(etaRange(30), [1, 1]);
  assert.deepEqual(etaRange(180), [3, 5]);
});
