// SPDX-License-Identifier: MIT
// The JavaScript interface is said in three places: the loader, the types and the guide.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { pageTheme } from '../embed/theme.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const types = read('../embed/tierbell.d.ts');
const loader = read('../embed/loader.js');
const guide = read('../../docs/EMBEDDING.md');

/* Members of `interface NAME { ... }`. */
const membersOf = (name) => [...new RegExp(`interface ${name} \\{([^]*?)\\n\\}`).exec(types)[1]
  .matchAll(/^ {2}'?([\w-]+)'?[(<:?]/gm)].map(([, member]) => member).sort();

const methods = membersOf('TierbellMethods');
const events = membersOf('TierbellEvents');

const wanted = {
  methods: ['ask', 'boot', 'close', 'hide', 'identify', 'newTicket', 'off', 'on', 'open', 'setContext', 'setLocale', 'setTags',
    'setTheme', 'show', 'shutdown', 'toggle'],
  events: ['agent-joined', 'availability', 'close', 'connection', 'doc-click', 'ended', 'error', 'message-received',
    'message-sent', 'open', 'queue', 'rated', 'ready', 'resolved-by-docs', 'state', 'ticket-created', 'unread'],
};

test('interface: the types name every method and every event', () => {
  assert.deepEqual(methods, wanted.methods);
  assert.deepEqual(events, wanted.events);
});

test('interface: the loader has the methods of the types and no other', () => {
  const table = /const methods = \{\n([^]*?)\n {2}\};/.exec(loader)[1];

  assert.deepEqual([...table.matchAll(/^ {4}(\w+)[:(]/gm)].map(([, name]) => name).sort(), methods);
});

test('interface: each event is emitted somewhere', () => {
  const source = ['loader.js', 'panel.js', 'shell/events.js'].map((file) => read(`../embed/${file}`)).join();

  for (const name of events)
    assert.ok(source.includes(`'${name}'`), name);
});

test('interface: the document events of the types are these events', () => {
  const names = [...types.matchAll(/'tierbell:([\w-]+)': CustomEvent<TierbellEvents\['([\w-]+)'\]>/g)];

  assert.deepEqual(names.map(([, name]) => name).sort(), events);
  for (const [, name, detail] of names)
    assert.equal(name, detail);
});

test('interface: the guide tells of each method and event', () => {
  for (const name of methods)
    assert.match(guide, new RegExp(`\`${name}[\`(]`), name);
  for (const name of events)
    assert.ok(guide.includes(`\`${name}\``), name);
});

const node = (attributes = {}, dark = false) => ({
  getAttribute: (name) => attributes[name] ?? null, classList: { contains: () => dark },
});

for (const [name, nodes, theme] of [
  ['nothing is said', [node(), node()], 'auto'],
  ['Material, dark', [node({ 'data-md-color-scheme': 'slate' }), node()], 'dark'],
  ['Material, light', [node({ 'data-md-color-scheme': 'default' }), node()], 'light'],
  ['Docusaurus, dark', [node(), node({ 'data-theme': 'dark' })], 'dark'],
  ['Furo, as the system', [node({ 'data-theme': 'auto' }), node()], 'auto'],
  ['VitePress, dark', [node(), node({}, true)], 'dark'],
  ['Bootstrap, light', [node(), node({ 'data-bs-theme': 'light' })], 'light'],
]) {
  test(`theme of the page: ${name}`, () => {
    assert.equal(pageTheme(nodes), theme);
  });
}
