/* SPDX-License-Identifier: MIT */
// The pure parts of the composer: what a slash means, ready-made replies and their names.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cannedValues, fillCanned, findCanned, findSlash, openPlaces } from '../console/writing/canned.js';
import { COMMANDS, findCommands, parseSlash } from '../console/writing/slash.js';

const command = (name, words = '', verb = '') => ({ kind: 'command', name, verb, words });

test('ux 33: what begins like a path is text and is sent as it stands', () => {
  for (const text of ['/usr/bin/env', '/usr/bin/env node', '/v1/users', '/etc/hosts is wrong', '/', '/ ', '/api2 fails',
    'see /help', ' /help', '/opt-in', '/a.b', 'and/or', '/usr\\bin', '/über'])
    assert.deepEqual(parseSlash(text), { kind: 'text', text }, text);
});

test('two slashes or a backslash in front send the rest', () => {
  assert.deepEqual(parseSlash('//etc'), { kind: 'text', text: '/etc' });
  assert.deepEqual(parseSlash('\\/help me'), { kind: 'text', text: '/help me' });
});

test('commands of the first bot, in both orders, whatever the case', () => {
  const rows = [
    ['/track', command('track')],
    ['/TITLE  Token refresh ', command('title', 'Token refresh')],
    ['/category add docs gap', command('category', 'docs gap', 'add')],
    ['/category', command('category', '', 'list')],
    ['/category LIST', command('category', '', 'list')],
    ['/link add https://docs.example.gov/a b', command('link', 'https://docs.example.gov/a b', 'add')],
    ['/link remove https://docs.example.gov/a', command('link', 'https://docs.example.gov/a', 'remove')],
    ['/add category docs gap', command('category', 'docs gap', 'add')],
    ['/list categories', command('category', '', 'list')],
    ['/list links', command('link', '', 'list')],
    ['/remove link x', command('link', 'x', 'remove')],
    ['/note one\ntwo', command('note', 'one\ntwo')],
    ['/escalate needs logs', command('escalate', 'needs logs')],
    ['/escalate', command('escalate')],
    ['/help', command('help')],
    ['/resolve\n', command('resolve')],
  ];

  for (const [text, wanted] of rows)
    assert.deepEqual(parseSlash(text), wanted, text);
});

test('what is shaped like a command and is none, or lacks its words, is not text', () => {
  for (const text of ['/etc', '/titel x', '/add thing x', '/list', '/usr bin'])
    assert.equal(parseSlash(text).kind, 'unknown', text);
  for (const text of ['/title', '/note ', '/link add', '/category drop x', '/link x'])
    assert.equal(parseSlash(text).kind, 'incomplete', text);
});

test('each command has help, and is found by its beginning', () => {
  assert.ok(COMMANDS.every(({ help }) => help.length > 10));
  assert.deepEqual(findCommands('t').map(({ name }) => name), ['track', 'title', 'transfer']);
  assert.deepEqual(findCommands('usr'), []);
});

test('a slash asks for replies at the start of a line or after a space, and nowhere else', () => {
  const at = (text, caret = text.length) => findSlash(text, caret);

  assert.deepEqual(at('/'), { start: 0, query: '' });
  assert.deepEqual(at('Hello /gre'), { start: 6, query: 'gre' });
  assert.deepEqual(at('one\n/DO'), { start: 4, query: 'do' });
  assert.deepEqual(at('/docs more', 5), { start: 0, query: 'docs' });
  for (const text of ['and/or', '/usr/', '/usr/bin', 'https:/', '/docs ', '', 'x'])
    assert.equal(at(text), null, text);
});

const REPLIES = [
  { id: 'greeting', title: 'Greeting', text: 'Hello' },
  { id: 'access', title: 'Access request', topic: 'access-request', text: 'Send {link}' },
  { id: 'docs', title: 'Documentation page', text: 'See {link}' },
];

test('replies are found by name and words; those of the topic come first', () => {
  const ids = (query, topic) => findCanned(REPLIES, query, topic).map(({ id }) => id);

  assert.deepEqual(ids('', null), ['greeting', 'docs', 'access']);
  assert.deepEqual(ids('', 'access-request'), ['access', 'greeting', 'docs']);
  assert.deepEqual(ids('page', null), ['docs']);
  assert.deepEqual(ids('usr', null), []);
});

test('names are filled with what is known; what is not stays and is listed once', () => {
  const values = cannedValues({
    ticket: { number: 12, title: 'T', topic: 'ci', visitor: { name: 'Ana', email: null } },
    page: { url: 'https://d.example/a', title: '' }, agent: { name: 'Dana' },
    policy: { name: 'Desk', topics: [{ id: 'ci', name: 'CI error' }] },
  });

  assert.deepEqual(fillCanned('{visitor} {agent} {ticket} {topic} {page} {desk} {title}', values),
    { text: 'Ana Dana #12 CI error https://d.example/a Desk T', open: [] });
  assert.deepEqual(fillCanned('{email}, {link} and {link}; {"json": 1} {ID} {}', values),
    { text: '{email}, {link} and {link}; {"json": 1} {ID} {}', open: ['email', 'link'] });
});

test('ux 34: only names that came with a reply are open, wherever they stand', () => {
  assert.deepEqual(openPlaces('See {link} and {id} or {link}', ['link']),
    [{ name: 'link', start: 4, end: 10 }, { name: 'link', start: 23, end: 29 }]);
  assert.deepEqual(openPlaces('curl /users/{id}', []), []);
});
