// SPDX-License-Identifier: MIT
// The documents name what the code has: every row of the tables below stands in its document.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(top, path), 'utf8');

/** Cells of the X-rows of a table in C, by the beginning of the enumerator. */
function rows(path, prefix) {
  return [...read(path).matchAll(/\bX\((\w+), *"?([\w.]*)"?/g)]
    .filter(([, name]) => name.startsWith(prefix))
    .map(([, name, text]) => ({ name, text }))
    .filter(({ text }) => text !== '');
}

const told = [
  ['frames a client sends', 'include/core/frame.h', 'IN_'],
  ['frames the server sends', 'include/core/frame.h', 'OUT_'],
  ['kinds of entries', 'include/core/entry.h', 'ENTRY_'],
  ['events', 'include/core/entry.h', 'EVENT_'],
  ['roles', 'include/core/entry.h', 'ROLE_'],
  ['states of a ticket', 'include/core/ticket.h', 'TICKET_'],
  ['priorities', 'include/core/ticket.h', 'PRIORITY_'],
  ['channels', 'include/core/ticket.h', 'CHANNEL_'],
  ['resolutions', 'include/core/ticket.h', 'RESOLUTION_'],
  ['states of presence', 'include/core/agent.h', 'PRESENCE_'],
];

for (const [what, path, prefix] of told) {
  test(`PROTOCOL.md names all ${what}`, () => {
    const words = rows(path, prefix).map((row) => row.text);
    assert.ok(words.length > 1, `${path} has no rows ${prefix}`);
    const doc = read('docs/PROTOCOL.md');
    assert.deepEqual(words.filter((word) => !doc.includes(`\`${word}\``)), []);
  });
}

test('PROTOCOL.md names the codes of errors', () => {
  const doc = read('docs/PROTOCOL.md');
  const codes = rows('include/base/status.h', 'ST_').map((row) => row.text).filter((code) => code !== 'ok');
  assert.ok(codes.length > 5);
  assert.deepEqual(codes.filter((code) => !doc.includes(`| \`${code}\` |`)), []);
});

test('links between the documents lead somewhere', () => {
  const docs = ['README.md', 'docs/ARCHITECTURE.md', 'docs/PROTOCOL.md', 'docs/OPERATIONS.md', 'docs/PERFORMANCE.md', 'docs/POLICY.md', 'docs/EMBEDDING.md', 'docs/TRIAGE.md', 'docs/UX.md',
    ...readdirSync(join(top, 'docs/guide')).map((file) => `docs/guide/${file}`)];
  for (const doc of docs.filter((path) => existsSync(join(top, path)))) {
    for (const [, target] of read(doc).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(top, dirname(doc), target)), `${doc} links to ${target}`);
    }
  }
});

test('UX.md names tests that are there', () => {
  const named = [...read('docs/UX.md').matchAll(/`([\w./-]+\.(?:mjs|c))` "([^"]+)"/g)];
  assert.ok(named.length > 60);
  assert.deepEqual(named.filter(([, file, name]) => !existsSync(join(top, file)) || !read(file).includes(name)).map(([row]) => row), []);
});

// Each option, limit and metric of the code stands in OPERATIONS.md, limits with their defaults.
const section = (title) => read('docs/OPERATIONS.md').split(`\n## ${title}\n`)[1].split('\n## ')[0];

const all = (path, pattern) => {
  const found = [...read(path).matchAll(pattern)];
  assert.ok(found.length > 3, `${path} does not look as expected`);
  return found;
};

test('OPERATIONS.md lists all limits with their defaults, and no other', () => {
  const desk = read('server/app/desk.c');
  const chars = /MESSAGE_CHARS_MAX (\d+)/.exec(read('include/core/frame.h'))[1];
  const inCode = [
    ...all('include/adapter/conn.h', /^\s*X\((\w+), (\d+),/gm).map(([, name, value]) => `${name} ${value}`),
    ...all('server/limits.def', /^GATEWAY_LIMIT\((\w+), (\w+),/gm).map(
      ([, name, value]) => `${name} ${value === 'MESSAGE_CHARS_MAX' ? chars : value}`),
    ...all('server/limits.def', /^DESK_LIMIT\((\w+),/gm).map(
      ([, name]) => `${name} ${new RegExp(`\\.${name} = (\\d+)`).exec(desk)[1]}`),
  ];
  const told = [...section('Limits').matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name, value]) => `${name} ${value}`);
  assert.deepEqual(told.sort(), inCode.sort());
});

test('OPERATIONS.md lists all options', () => {
  const doc = section('Commands and options');
  const names = all('server/options.def', /^OPTION\(\w+, \w+, [^"]*"([\w-]+)"/gm).map(([, name]) => name);
  assert.deepEqual(names.filter((name) => !doc.includes(`\`--${name}`)), []);
});

test('OPERATIONS.md explains all metrics', () => {
  const doc = section('Health');
  const names = new Set(all('server/adapter/health.c', /"(tierbell_\w+)"/g).map(([, name]) => name));
  assert.deepEqual([...names].filter((name) => !doc.includes(`\`${name}\``)), []);
});

test('POLICY.md names every member of the policy file', () => {
  const doc = read('docs/POLICY.md');
  const names = new Set(readdirSync(join(top, 'server/proto')).filter((file) => /^policy_?\w*\.c$/.test(file)).flatMap((file) =>
    [...read(`server/proto/${file}`).matchAll(/\bnames\w*\[\] = \{([^}]*)\bNULL\}/g)].flatMap(([, list]) =>
      [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name))));
  assert.ok(names.size > 60, 'the readers do not look as expected');
  assert.deepEqual([...names].filter((name) => !doc.includes(`\`${name}\``) || !doc.includes(`"${name}"`)), []);
  const events = rows('include/core/rule.h', 'WHEN_').map((row) => row.text);
  assert.deepEqual(events.filter((event) => !doc.includes(`\`${event}\``)), []);
});

test('the examples of POLICY.md are JSON', () => {
  const examples = [...read('docs/POLICY.md').matchAll(/```json\n([^]*?)```/g)].map(([, text]) => text);
  assert.ok(examples.length > 10);
  for (const example of examples) JSON.parse(`{${example}}`);
});

test('the guide for agents knows each topic of the policy, each outcome and each tier', () => {
  const policy = JSON.parse(read('deploy/policy.json'));
  const guide = read('docs/guide/troubleshooting.md');
  assert.deepEqual(policy.topics.map(({ name }) => name).filter((name) => !guide.includes(`| ${name} |`)), []);
  const outcomes = /RESOLUTION = \{([^}]*)\}/.exec(read('widget/console/ticket/names.js'))[1];
  const told = read('docs/guide/console.md');
  assert.deepEqual([...outcomes.matchAll(/'([^']+)'/g)].map(([, text]) => text).filter((text) => !told.includes(`| ${text} |`)), []);
});
