/* SPDX-License-Identifier: MIT */
// What goes up with a ticket: summary, reason, and how the next one finds them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findHandover, promiseText, reasonFrom, saysSomething, summaryFor, tierLoad } from '../console/ticket/handover.js';

const said = (seq, role, text, more = {}) => ({ seq, at: seq, kind: 'text', text, from: { role, name: role }, ...more });

test('a summary begins with what is known', () => {
  const summary = summaryFor({ title: 'T', links: ['PR 12'], page: null }, [
    said(1, 'visitor', 'Why **401**?\n```sh\nls\n```'), said(2, 'agent', 'A new token?'),
    said(3, 'agent', 'x', { kind: 'article', url: 'https://d.example/a' }), said(4, 'visitor', 'No.'),
  ], { title: 'Auth', url: 'https://d.example/auth' });

  assert.equal(summary, '**Problem:** Why 401? (code)\n**Tried:** \n- A new token?\n**Environment:** Auth, https://d.example/auth\n**Links:** \n- PR 12\n- https://d.example/a');
  assert.equal(saysSomething(summary), true);
  assert.equal(saysSomething(summaryFor({ title: '' }, [])), false);
});

test('the reason is one line that fits, criteria first', () => {
  assert.equal(reasonFrom(['It needs logs.'], ' and\nrights '), 'It needs logs. and rights');
  assert.equal(reasonFrom([], '  '), '');
  const long = reasonFrom(['ü'.repeat(400)], '');

  assert.ok(new TextEncoder().encode(long).length <= 503);
  assert.match(long, /^ü+…$/);
});

test('ux 35: the newest hand-over is found with its note, and not with somebody else\'s', () => {
  const event = said(5, 'agent', '', { kind: 'event', event: 'escalated', reason: 'logs', at: 9 });
  const note = said(4, 'agent', 'summary', { kind: 'note', at: 9 });

  assert.deepEqual(findHandover([said(1, 'visitor', 'Q'), note, event, said(6, 'visitor', 'x')]), { event, note });
  assert.deepEqual(findHandover([{ ...note, at: 3 }, event]), { event, note: null });
  assert.equal(findHandover([said(1, 'visitor', 'Q')]), null);
});

test('loads and promises in words', () => {
  assert.deepEqual(tierLoad([{ tier: 2, state: 'available', load: 1, capacity: 3 }, { tier: 2, state: 'away', load: 2, capacity: 3 },
    { tier: 1, state: 'available', load: 0, capacity: 3 }], 2), { available: 1, load: 3, capacity: 6 });
  assert.equal(promiseText({ seconds: 1800, clock: 'business' }), '30 minutes of opening hours');
  assert.equal(promiseText({ seconds: 180000, clock: 'business' }), '50 opening hours');
  assert.equal(promiseText({ seconds: 300, clock: 'wall' }), '5 minutes');
  assert.equal(promiseText({ seconds: 3600, clock: 'business' }), '1 opening hour');
  assert.equal(promiseText({ seconds: 30, clock: 'business' }), '30 seconds of opening hours');
  assert.equal(promiseText({ seconds: 5400, clock: 'business' }), '1.5 opening hours');
  assert.equal(promiseText({ seconds: 86_400, clock: 'wall' }), '1 day');
  assert.equal(promiseText({ seconds: 129_600, clock: 'wall' }), '36 hours');
  assert.equal(promiseText({ seconds: 0, clock: 'wall' }), null);
  assert.equal(promiseText(null), null);
});
