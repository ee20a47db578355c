/* SPDX-License-Identifier: MIT */
// What stands between the entries of a log, and what a log does with ten thousand of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { crossing, dayText, isNews, keepSame, rowsOf, sentPages, unreadFrom } from '../console/ticket/log_rows.js';
import { createLog } from '../shared/log.js';

const NOW = new Date(2026, 2, 3, 15).getTime();
const DAY = 24 * 60 * 60_000;
const entry = (seq, at = NOW, role = 'visitor', more = {}) => ({ seq, prev: seq - 1, at, kind: 'text', from: { role, name: role }, ...more });
const kinds = (entries, options) => rowsOf(entries, { now: NOW, ...options }).map((row) => row.entry?.seq ?? row.kind);

test('a day shows where it changes, and above the first entry when it is not today', () => {
  assert.deepEqual(kinds([entry(1), entry(2)]), [1, 2]);
  assert.deepEqual(kinds([entry(1, NOW - 2 * DAY), entry(2, NOW - 2 * DAY), entry(3, NOW - DAY), entry(4)]), ['day', 1, 2, 'day', 3, 'day', 4]);
  assert.deepEqual(kinds([entry(1, NOW - DAY), entry(2, NOW - DAY), entry(3)], { from: 1 }), [2, 'day', 3]);
  assert.deepEqual([dayText(NOW, NOW), dayText(NOW - DAY, NOW), dayText(NOW - 2 * DAY, NOW, 'en-US')], ['Today', 'Yesterday', 'Sunday, March 1, 2026']);
});

test('entries that came again as they were are the same, those that changed are new', () => {
  const before = [entry(1), entry(2), entry(3)];
  const again = keepSame(before, [entry(1), entry(2, NOW, 'visitor', { text: 'removed' }), entry(3), entry(4)]);

  assert.deepEqual(again.map((one, i) => one === before[i]), [true, false, true, false]);
  assert.deepEqual([again[1].text, again[3].seq], ['removed', 4]);
  assert.deepEqual(keepSame([], before), before);
});

test('the unread line is above the first unread message of the customer', () => {
  const entries = [entry(1), entry(2, NOW, 'agent'), entry(3), entry(4, NOW, 'agent'), entry(5)];

  assert.equal(unreadFrom(entries, 2), 3);
  assert.equal(unreadFrom(entries, 0), 0);
  assert.deepEqual(kinds(entries, { unreadSeq: 3, unreadCount: 2 }), [1, 2, 'unread', 3, 4, 5]);
});

test('a page that was opened is told where it was sent, and is nothing to read', () => {
  const entries = [entry(1), entry(2, NOW, 'agent', { kind: 'article', url: 'https://a.example/', title: 'A' }), entry(3, NOW, 'agent', { kind: 'article', url: 'https://b.example/' }),
    entry(4, NOW + 5, 'visitor', { kind: 'event', event: 'page_opened', page: 2 }), entry(5, NOW, 'visitor', { kind: 'event', event: 'page_opened', page: 1 })];

  assert.deepEqual([...sentPages(entries)], [[2, { url: 'https://a.example/', title: 'A', openedAt: NOW + 5 }],
    [3, { url: 'https://b.example/', title: 'b.example/', openedAt: 0 }]]);
  assert.deepEqual(entries.map(isNews), [true, false, false, false, false]);
  assert.equal(unreadFrom(entries, 1), 1);
});

test('ux 20: what crossed a reply are public replies of others since', () => {
  const entries = [entry(1), entry(2, NOW, 'agent', { from: { role: 'agent', name: 'Theo' } }), entry(3, NOW, 'agent', { kind: 'note', from: { role: 'agent', name: 'Theo' } }),
    entry(4, NOW, 'agent', { from: { role: 'agent', name: 'Dana' } })];

  assert.deepEqual(crossing(entries, 1, 'Dana').map(({ seq }) => seq), [2]);
  assert.deepEqual(crossing(entries, 2, 'Dana'), []);
});

test('a log keeps order, gaps and duplicates, whatever comes first', () => {
  for (const order of [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [3, 1, 5, 2, 4], [2, 1, 1, 5, 4, 3, 3]]) {
    const log = createLog();
    const found = order.map((seq) => log.add(entry(seq)));

    assert.deepEqual(log.entries().map(({ seq }) => seq), [1, 2, 3, 4, 5], String(order));
    assert.equal(log.last, 5, String(order));
    assert.equal(found.filter((one) => one === 'duplicate').length, order.length - 5);
  }
  const log = createLog();

  assert.equal(log.add(entry(3)), 'gap');
  assert.equal(log.last, 0);
  assert.equal(log.add({ ...entry(4), prev: 2 }), 'gap');
  assert.equal(log.add({ ...entry(2), prev: 0 }), 'new');
  assert.equal(log.last, 4, 'the chain is followed over what came early');
});
