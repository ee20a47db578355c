// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import './node18.mjs';
import { insideFence, enterSends } from '../shared/enter.js';
import { createI18n } from '../shared/i18n.js';
import { newId } from '../shared/ids.js';
import { createLog } from '../shared/log.js';
import { slaClocks, slaState, ticksSeconds } from '../shared/sla.js';
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

  assert.equal(blocked.blocked, true);
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

test('enter: where it is not enough alone, Ctrl sends', () => {
  const event = { key: 'Enter', target: { value: 'x', selectionStart: 1 } };

  assert.equal(enterSends(event, false), false);
  assert.equal(enterSends({ ...event, ctrlKey: true }, false), true);
});

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
  ['far away', { first_response_due: 120 * MIN }, 'Reply ok 2h 0m'],
  ['at risk below 15 minutes', { first_response_due: 12 * MIN + 4000 }, 'Reply risk 12:04'],
  ['at risk below a quarter of a long target', { created_at: -300 * MIN, first_response_due: 90 * MIN }, 'Reply risk 1h 30m'],
  ['a short target is no warning at its beginning', { created_at: 0, first_response_due: 10 * MIN }, 'Reply ok 10:00'],
  ['a short target warns in its last quarter', { created_at: -8 * MIN, first_response_due: 2 * MIN }, 'Reply risk 02:00'],
  ['and is urgent in its last eighth', { created_at: -9 * MIN, first_response_due: MIN }, 'Reply soon 01:00'],
  ['the last five', { first_response_due: 4 * MIN }, 'Reply soon 04:00'],
  ['late', { first_response_due: -12 * MIN }, 'Reply breached 12m late'],
  ['answered: the resolution counts', { first_response_due: -5, first_response_at: -10, resolution_due: 30 * MIN }, 'Resolve ok 30:00'],
  ['waiting for the customer', { first_response_at: -10, resolution_due: 30 * MIN, status: 'pending' }, 'Resolve paused paused'],
  ['with what is left of it', { first_response_at: -10, status: 'pending', resolution_left: { seconds: 12_059, clock: 'business' } }, 'Resolve paused paused, 3h 20m left'],
  ['opening hours are no days', { first_response_at: -10, status: 'pending', resolution_left: { seconds: 180_000, clock: 'business' } }, 'Resolve paused paused, 50h 0m left'],
  ['days are', { first_response_at: -10, status: 'pending', resolution_left: { seconds: 180_000, clock: 'wall' } }, 'Resolve paused paused, 2d 2h left'],
  ['less than a minute', { first_response_at: -10, status: 'pending', resolution_left: { seconds: 59, clock: 'business' } }, 'Resolve paused paused, 59s left'],
  ['paused when it was late', { first_response_at: -10, status: 'pending', resolution_left: { seconds: -750, clock: 'business' } }, 'Resolve paused paused, 12m late'],
  ['paused before the reply', { first_response_due: 30 * MIN, paused: true, first_response_left: { seconds: 1800, clock: 'wall' } }, 'Reply paused paused, 30m left'],
  ['resolved in time', { created_at: -6 * MIN, resolved_at: 0, resolution_due: 5 }, 'Resolved met in 6m'],
  ['resolved late', { resolved_at: -1, resolution_due: -5 }, 'Resolved breached late'],
];
const milestoneRows = [
  ['a milestone that is due next', { created_at: 0, first_response_at: 1, resolution_due: 500 * MIN }, { due: 120 * MIN }, 'Security report ok 2h 0m'],
  ['one that is due behind the reply is not next', { created_at: 0, first_response_due: 100 * MIN }, { due: 120 * MIN }, 'Reply ok 1h 40m'],
  ['one that is late', { created_at: -9 * MIN, first_response_due: 9 * MIN }, { due: -MIN }, 'Security report breached 1m late'],
  ['one that is done leaves the others', { created_at: 0, first_response_due: 100 * MIN }, { due: 20 * MIN, done_at: 9 }, 'Reply ok 1h 40m'],
  ['one that stands still', { created_at: 0, first_response_at: 1, status: 'pending' }, { due: null }, 'Resolve paused paused'],
  ['one that runs on behind the end', { created_at: 0, resolved_at: 0 }, { since: -58 * MIN, due: 2 * MIN }, 'Security report soon 02:00'],
  ['where nothing else is promised', {}, { due: 100 * MIN }, 'Security report ok 1h 40m'],
];
const absolute = (ticket, now) =>
  Object.fromEntries(Object.entries(ticket).map(([k, v]) => [k, typeof v === 'number' ? now + v : v]));

for (const [name, ticket, expected] of slaRows) {
  test(`sla: ${name}`, () => {
    const now = 1_800_000_000_000;
    const found = slaState(absolute(ticket, now), now);
    assert.equal(found && `${found.metric} ${found.state} ${found.text}`, expected);
  });
}

for (const [name, ticket, milestone, expected] of milestoneRows) {
  test(`sla: ${name}`, () => {
    const now = 1_800_000_000_000;
    const own = { id: 'security-report', done_at: null, ...absolute({ since: 0, ...milestone }, now) };
    const found = slaState({ ...absolute(ticket, now), milestones: [own] }, now);

    assert.equal(`${found.metric} ${found.state} ${found.text}`, expected);
  });
}

test('sla: what became of a milestone', () => {
  const now = 1_800_000_000_000;
  const own = { id: 'mitigate', since: now - 60 * MIN, due: now - 10 * MIN, done_at: null };
  const told = (milestone, ticket = {}) => {
    const { state, text } = slaClocks({ ...ticket, milestones: [{ ...own, ...milestone }] }, now)[0];
    return `${state}, ${text}`;
  };

  assert.equal(told({ done_at: now - 20 * MIN }), 'met, in 40m');
  assert.equal(told({ done_at: now - 5 * MIN }), 'breached, 5m late');
  assert.equal(told({ due: null }), 'paused, paused');
  assert.equal(told({ due: null, left: { seconds: 120, clock: 'wall' } }), 'paused, paused, 2m left');
  assert.equal(slaClocks({ created_at: 0, resolved_at: now, milestones: [{ ...own, due: null }] }, now)[0].text, 'by the end');
});

test('sla: the details name both clocks, and what was promised stays to be seen', () => {
  const now = 1_800_000_000_000;
  const clocks = slaClocks(absolute({ created_at: -10 * MIN, first_response_due: 5 * MIN, first_response_at: -4 * MIN, resolution_due: 600 * MIN }, now), now);

  assert.deepEqual(clocks.map(({ metric, state, text }) => [metric, state, text]),
    [['Reply', 'met', 'in 6m'], ['Resolve', 'ok', '10h 0m']]);
  assert.equal(clocks[0].due, now + 5 * MIN);
});

test('sla: seconds are counted only near the end', () => {
  const now = 1_800_000_000_000;
  const ticks = (due) => ticksSeconds(slaState({ first_response_due: now + due }, now), now);

  assert.equal(ticks(4 * MIN), true);
  assert.equal(ticks(6 * MIN), false);
  assert.equal(ticks(-1), false);
});

test('time: spans and waits as people say them', () => {
  assert.equal(span(45_000), '45s');
  assert.equal(span(130 * MIN), '2h 10m');
  assert.equal(span(76 * 60 * MIN), '3d 4h');
  assert.deepEqual(etaRange(30), [1, 1]);
  assert.deepEqual(etaRange(180), [3, 5]);
});
