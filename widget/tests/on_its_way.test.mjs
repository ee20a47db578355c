/* SPDX-License-Identifier: MIT */
// What is on its way, as the entries that it will be.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entryOf, withOutgoing } from '../console/ticket/on_its_way.js';
import { sentPages } from '../console/ticket/log_rows.js';

const item = (id, frame, more = {}) => ({ at: 7, frame: { id, ...frame }, ...more });
const dana = { role: 'agent', name: 'Dana' };

test('replies, pages, notes and files stand as they will in the log', () => {
  const made = [{ type: 'message', text: 'a' }, { type: 'message', kind: 'article', url: 'https://d.example/', text: '' }, { type: 'note', text: 'n' },
    { type: 'file', name: 'l.txt', body: 'ü\nb\n' }].map((frame) => entryOf(item('i', frame), 'Dana'));

  assert.deepEqual(made, [
    { at: 7, from: dana, kind: 'text', text: 'a', url: undefined },
    { at: 7, from: dana, kind: 'article', text: '', url: 'https://d.example/' },
    { at: 7, from: dana, kind: 'note', text: 'n', url: undefined },
    { at: 7, from: dana, kind: 'file', title: 'l.txt', text: 'ü\nb', lines: 2, size: 5 },
  ]);
});

test('they follow the log, each as one of its own, without those that were refused', () => {
  const page = { type: 'message', kind: 'article', url: 'https://d.example/' };
  const log = withOutgoing([{ seq: 1 }], [item('x', page), item('y', { type: 'message', text: 'no' }, { state: 'failed' }), item('z', page)], 'Dana');

  assert.deepEqual(log.map(({ seq }) => seq), [1, 'x', 'z']);
  assert.equal(sentPages(log).size, 2);
});
