/* SPDX-License-Identifier: MIT */
// The console's pure parts: orders that stand still, windows of long lists, keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import './node18.mjs';
import { clash, isWriting, keyText, lookUp, strokeOf } from '../console/keys.js';
import { countUpdates, holdOrder, sortTickets, visibleRange } from '../console/ticket/order.js';
import { fits } from '../console/fits.js';

const tickets = [
  { number: 1, created_at: 10, first_response_due: 500, priority: 'low' },
  { number: 2, created_at: 20, first_response_due: 100, priority: 'medium' },
  { number: 3, created_at: 30, first_response_at: 40, resolution_due: 50, priority: 'high' },
  { number: 4, created_at: 40, status: 'pending', resolution_due: 1, priority: 'critical' },
];
const sortRows = [['due', [3, 2, 1, 4]], ['priority', [4, 3, 2, 1]], ['oldest', [1, 2, 3, 4]], ['newest', [4, 3, 2, 1]], ['nonsense', [3, 2, 1, 4]]];

for (const [by, expected] of sortRows)
  test(`order: by ${by}`, () => assert.deepEqual(sortTickets(tickets, by), expected));

test('order: a milestone counts as what is due, as long as it is not done', () => {
  const milestones = [{ id: 'mitigate', due: 60, done_at: null }];

  assert.deepEqual(sortTickets([tickets[1], { ...tickets[0], milestones }]), [1, 2]);
  assert.deepEqual(sortTickets([tickets[1], { ...tickets[0], milestones: [{ ...milestones[0], done_at: 50 }] }]), [2, 1]);
  assert.deepEqual(sortTickets([tickets[1], { ...tickets[3], milestones }]), [4, 2], 'it runs while the ticket waits for the customer');
});

test('order: being read or assigned moves nothing', () => {
  const read = tickets.map((ticket) => ({ ...ticket, agent: { id: 1 }, unread: 3 }));
  assert.deepEqual(sortTickets(read), sortTickets(tickets));
});

const updateRows = [
  ['nothing', [1, 2, 3], [1, 2, 3], 0],
  ['one came', [1, 2], [9, 1, 2], 1],
  ['one went', [1, 2, 3], [1, 3], 1],
  ['the last became the first', [1, 2, 3, 4], [4, 1, 2, 3], 1],
  ['two swapped', [1, 2], [2, 1], 1],
  ['one came, one went, one moved', [1, 2, 3], [3, 1, 9], 3],
];

for (const [name, shown, wanted, count] of updateRows)
  test(`order: updates, ${name}`, () => assert.equal(countUpdates(shown, wanted), count));

test('order: held it stands, let go it follows, an empty list is not held', () => {
  assert.deepEqual(holdOrder([1, 2], [2, 1], true), { order: [1, 2], updates: 1 });
  assert.deepEqual(holdOrder([1, 2], [2, 1], false), { order: [2, 1], updates: 0 });
  assert.deepEqual(holdOrder([], [1], true), { order: [1], updates: 0 });
});

test('order: of 500 rows some twenty are in the page, at either end as well', () => {
  const view = (scrollTop) => visibleRange({ count: 500, rowHeight: 80, scrollTop, height: 800 });

  assert.deepEqual(view(0), [0, 18]);
  assert.deepEqual(view(20_000), [242, 268]);
  assert.deepEqual(view(39_200), [482, 500]);
  assert.deepEqual(view(99_999), [500, 500]);
});

const strokeRows = [
  ['a letter', { key: 'j' }, 'j'],
  ['a capital', { key: 'A', shiftKey: true }, 'A'],
  ['a sign that needs Shift', { key: '?', shiftKey: true }, '?'],
  ['Ctrl and a letter', { key: 'k', ctrlKey: true }, 'Mod+k'],
  ['Cmd and a letter, with caps lock', { key: 'K', metaKey: true }, 'Mod+k'],
  ['Alt and an arrow', { key: 'ArrowUp', altKey: true }, 'Alt+ArrowUp'],
  ['a modifier alone', { key: 'Shift', shiftKey: true }, null],
];

for (const [name, event, expected] of strokeRows)
  test(`keys: ${name}`, () => assert.equal(strokeOf(event), expected));

test('keys: sequences, and what an agent changed', () => {
  assert.deepEqual(lookUp(['g'], {}), { partial: true });
  assert.deepEqual(lookUp(['g', 'i'], {}), { id: 'goInbox' });
  assert.deepEqual(lookUp(['g', 'x'], {}), { partial: false });
  assert.deepEqual(lookUp(['y'], { goInbox: 'y' }), { id: 'goInbox' });
  assert.deepEqual(lookUp(['j'], { down: '' }), { partial: false });
});

test('keys: two shortcuts do not get the same keys, nor one the beginning of another', () => {
  assert.equal(clash('down', 'k', {})?.id, 'up');
  assert.equal(clash('down', 'g', {})?.id, 'goInbox');
  assert.equal(clash('down', 'j', {}), null);
  assert.equal(clash('down', 'k', { up: '' }), null);
});

test('keys: where people write, through a shadow root; a checkbox is no such place', () => {
  const node = (tag, type) => ({ type, matches: (selector) => selector.split(', ').includes(tag) });

  assert.equal(isWriting({ composedPath: () => [node('textarea'), node('div')] }), true);
  assert.equal(isWriting({ composedPath: () => [node('input', 'checkbox')] }), false);
  assert.equal(isWriting({ composedPath: () => [node('button')] }), false);
});

test('keys: told as they are printed', () => {
  assert.equal(keyText('g i'), 'G then I');
  assert.equal(keyText('A'), 'Shift + A');
  assert.equal(keyText(''), 'off');
});

test('palette: every word occurs somewhere', () => {
  assert.equal(fits('Go to the tickets', 'tick GO'), true);
  assert.equal(fits('Go to the tickets', 'tick wall'), false);
});
