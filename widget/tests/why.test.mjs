/* SPDX-License-Identifier: MIT */
// Sentences for why a ticket is where it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changeText, pausesOf, readRouting, whyOf } from '../console/ticket/why.js';

const T = Date.UTC(2026, 2, 2, 15);
const policy = {
  topics: [{ id: 'ci-error', name: 'CI error' }],
  channels: [{ id: 'chat', targets: { high: { first_response: { seconds: 300, clock: 'business' }, resolution: { seconds: 72000, clock: 'business' } } } }],
};
const change = (field, from, to, why, actor = 'system', at = T) => ({ field, from, to, why, actor, at });
const linesOf = (parts, title) => whyOf({ ticket: {}, changes: [], messages: [], policy, now: T, ...parts })
  .find((section) => section.title === title)?.lines ?? [];

test('routing: who was there with which load', () => {
  assert.deepEqual(readRouting('least loaded of 2 available on tier 1: Dana Reyes 0/3 idle 65 s, Sam, Jr. 1/3'), {
    tier: 1, candidates: [{ name: 'Dana Reyes', load: 0, capacity: 3, idle: 65 }, { name: 'Sam, Jr.', load: 1, capacity: 3, idle: null }],
  });
  assert.equal(readRouting('transferred'), null);
  const [first, second, gone] = linesOf({ changes: [
    change('agent', null, 'Dana', 'least loaded of 2 available on tier 1: Dana 0/3 idle 65 s, Sam 0/3 idle 5 s'),
    change('agent', 'Dana', 'Sam', 'transferred'), change('agent', 'Sam', null, 'escalated'),
  ] }, 'Who got it');

  assert.equal(first.text, 'It went to Dana, who had the fewest chats of the 2 available on Tier 1 and was free the longest.');
  assert.deepEqual(first.more, ['Dana had 0 of 3 chats, free for 1m', 'Sam had 0 of 3 chats, free for 5s']);
  assert.equal(second.text, 'It went to Sam: transferred.');
  assert.equal(gone.text, 'Sam has it no more: escalated.');
  assert.equal(linesOf({ changes: [change('agent', null, 'Dana', 'least loaded of 1 available on tier 2: Dana 0/3')] }, 'Who got it')[0].text,
    'It went to Dana, who alone was available on Tier 2.');
});

test('triage: the rule and the words that it saw', () => {
  const lines = linesOf({ changes: [
    change('topic', null, 'ci-error', 'words: "red", "ci"'), change('priority', null, 'high', 'a deploy failed: "deploy"'),
    change('topic', null, 'api', 'words: "test", "test users", "test users" and more; hints: "users", "list"'), change('topic', null, 'api', 'hints: "curl"; page: /auth/'),
    change('needed_tier', null, '2', 'usual for the topic'), change('priority', 'high', 'low', 'by hand', 'agent:Theo'),
  ] }, 'Topic and priority').map(({ text }) => text);

  assert.deepEqual(lines, [
    'The topic is CI error: the customer wrote “red”, “ci”.', 'The priority is High: a deploy failed: “deploy”.',
    'The topic is api: the customer wrote “test users” and more; hints: “list”.', 'The topic is api: hints: “curl”; page: /auth/.',
    'The tier that has to solve it is Tier 2: usual for the topic.', 'Theo set the priority from High to Low.',
  ]);
});

test('clocks: which target, which version, which pauses', () => {
  const ticket = { channel: 'chat', priority: 'high', policy: 3, first_response_due: T + 300000, first_response_at: T + 60000, resolution_due: T - 1000 };
  const changes = [
    change('status', 'open', 'pending', 'by hand', 'agent:Dana', T), change('status', 'pending', 'open', 'the customer replied', 'visitor', T + 600000),
    change('priority', 'low', 'high', 'by hand', 'agent:Dana'),
  ];
  const lines = linesOf({ ticket, changes }, 'Clocks').map(({ text }) => text);

  assert.match(lines[0], /^First reply: due .+, 5 minutes of opening hours after it was opened\. Given in time, /);
  assert.match(lines[1], /^Resolution: due .+, 20 opening hours after it was opened\. It is late\.$/);
  assert.equal(lines[2], 'The targets are those of Chat with high priority, version 3 of the policy.');
  assert.match(lines[3], /count from the beginning/);
  assert.match(lines[4], /^The resolution was paused for 10m while it waited for the customer: .+ to .+\.$/);
  const paused = linesOf({ ticket: { ...ticket, resolution_due: null, resolution_left: { seconds: 12_000, clock: 'business' } } }, 'Clocks');

  assert.equal(paused[1].text, 'Resolution: the clock stands still with 3h 20m of opening hours left; 20 opening hours were promised.');
  assert.deepEqual(pausesOf([change('status', 'open', 'resolved', '')]), [{ from: T, to: null, pending: false }]);
});

test('clocks: a milestone stands between the reply and the solution', () => {
  const ticket = { channel: 'chat', priority: 'high', created_at: T, first_response_due: T, first_response_at: T, resolution_due: T + 9,
    milestones: [{ id: 'mitigate', since: T, due: T + 5000, done_at: T + 4000 }] };
  const lines = linesOf({ ticket }, 'Clocks').map(({ text }) => text);

  assert.match(lines[1], /^Mitigate: due .+\. Given in time, /);
});

test('hand-overs say who and why, and a rule is called one', () => {
  const event = (name, more, role = 'agent') => ({ kind: 'event', event: name, at: T, from: { role, name: role === 'agent' ? 'Dana' : null }, ...more });
  const lines = linesOf({ messages: [
    event('escalated', { tier_from: 1, tier: 2, reason: 'needs logs' }), event('transferred', { tier_from: 2, tier: 2 }),
    event('escalated', { tier_from: 2, tier: 3, reason: 'X7: no progress.' }, 'system'), { kind: 'note', text: 'x', from: {} },
  ] }, 'Handed on').map(({ text }) => text);

  assert.deepEqual(lines, ['Dana handed it up from Tier 1 to Tier 2: needs logs.', 'Dana handed it over.',
    'A rule of the policy handed it up from Tier 2 to Tier 3: X7: no progress.']);
});

test('every change is a sentence', () => {
  assert.equal(changeText(change('done', null, 'security-report', 'by phone', 'agent:Dana')), 'Dana marked Security report as done: by phone.');
  assert.equal(changeText(change('done', 'mitigate', null, null, 'agent:Dana')), 'Dana took back that Mitigate is done.');
  assert.equal(changeText(change('milestone', null, 'security-report', 'X13: words', 'system')), 'The desk promised Security report besides: X13: words.');
  assert.equal(changeText(change('link', null, 'PR 12', null, 'agent:Dana')), 'Dana set the links to PR 12.');
  assert.equal(changeText(change('link', 'PR 12', null, null, 'agent:Dana')), 'Dana took PR 12 from the links.');
  assert.equal(changeText(change('status', 'open', 'resolved', 'the visitor ended the chat', 'visitor')), 'The customer set the status from Open to Resolved: the visitor ended the chat.');
  assert.equal(changeText(change('brand_new', 'a', 'b', null)), 'The desk set brand_new from a to b.');
});
