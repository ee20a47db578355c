/* SPDX-License-Identifier: MIT */
// The figures of the wall.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WALL_EVERY_MS, byTopic, pressing, room, today } from '../console/ticket/figures.js';

test('wall: figures are at most two seconds old', () => assert.ok(WALL_EVERY_MS > 0 && WALL_EVERY_MS <= 2000));

test('wall: the room is that of all tiers; unknown when it is of one', () => {
  const tiers = [{ load: 2, capacity: 3 }, { load: 0, capacity: 4 }];

  assert.deepEqual(room({ tiers }), { load: 2, capacity: 7 });
  assert.deepEqual(room({ tiers: [...tiers, { load: null, capacity: null }] }), { load: '–', capacity: '–' });
});

test('wall: what presses, the latest first; what is paused or has time does not', () => {
  const at = 1_000_000_000;
  const tickets = [
    { number: 1, created_at: at, first_response_due: at + 3_600_000 },
    { number: 2, created_at: at - 60_000, first_response_due: at + 1000 },
    { number: 3, created_at: at - 60_000, first_response_due: at - 1000 },
    { number: 4, created_at: at - 60_000, first_response_at: at, status: 'pending', resolution_due: at - 5 },
  ];

  assert.deepEqual(pressing(tickets, at).map(({ ticket, sla }) => [ticket.number, sla.state]), [[3, 'breached'], [2, 'soon']]);
});

test('wall: topics, the most first, the rest together', () => {
  const tickets = ['a', 'b', 'b', null, 'c', 'c', 'c'].map((topic) => ({ topic }));

  assert.deepEqual(byTopic(tickets, { most: 2, name: (id) => id.toUpperCase() }),
    [{ topic: 'c', label: 'C', value: 3 }, { topic: 'b', label: 'B', value: 2 }, { topic: '', label: 'others', value: 2 }]);
  assert.deepEqual(byTopic(tickets).at(-1), { topic: '', label: 'no topic', value: 1 });
  assert.deepEqual(byTopic([]), []);
});

test('wall: abandoned is ended by the customer before an answer; nothing to count is no number', () => {
  const tickets = [
    { status: 'resolved', resolution: null, first_response_at: null }, { status: 'resolved', resolution: 'fixed', first_response_at: null },
    { status: 'closed', resolution: null, first_response_at: 5, rating: 4 }, { status: 'open', rating: 5 },
  ];

  assert.deepEqual(today(tickets), { count: 4, ended: 3, abandoned: 1, rated: 2, share: 0.25, score: 4.5 });
  assert.equal(today([]).share, null);
  assert.equal(today([]).score, null);
});
