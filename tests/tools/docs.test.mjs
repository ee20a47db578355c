// SPDX-License-Identifier: MIT
// The documents name what the code has: every row of the tables below stands in its document.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
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
  const docs = ['README.md', 'docs/ARCHITECTURE.md', 'docs/PROTOCOL.md', 'docs/OPERATIONS.md', 'docs/PERFORMANCE.md'];
  for (const doc of docs.filter((path) => existsSync(join(top, path)))) {
    for (const [, target] of read(doc).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(top, dirname(doc), target)), `${doc} links to ${target}`);
    }
  }
});

// Limits: name and default of each row of the code's tables, and no other, stand in the document.
test('OPERATIONS.md lists the limits of connections with their defaults', () => {
  const table = read('include/adapter/conn.h').split('NET_LIMIT_TABLE(X)')[1].split('struct net_limits')[0];
  const inCode = [...table.matchAll(/X\((\w+), (\d+),/g)].map(([, name, value]) => `${name} ${value}`);
  assert.ok(inCode.length > 10);
  assert.deepEqual(inCode.filter((row) => !limitsTold().includes(row)), []);
});

function limitsTold() {
  const section = read('docs/OPERATIONS.md').split('\n## Limits\n')[1].split('\n## ')[0];
  return [...section.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name, value]) => `${name} ${value}`);
}
