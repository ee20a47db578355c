/* SPDX-License-Identifier: MIT */
// Secrets by the vectors that the server is held to as well, and how often ordinary code and logs
// are taken for one.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { createSecrets } from '../shared/secrets.js';
import { parseTable } from '../shared/secrets_table.js';
import { assertLinear } from './linear.mjs';

const top = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, top), 'utf8');
const secrets = createSecrets(parseTable(read('include/core/secret.def')));
const vectors = read('tests/secrets/vectors.jsonl').trim().split('\n').map((line) => JSON.parse(line));
const shapes = vectors.filter(({ text, clean }) => text !== clean);

test('the list is read whole', () => {
  const table = parseTable(read('include/core/secret.def'));

  assert.ok(table.tokens.length >= 35 && table.tokens.every(([what, prefix, letters, min]) => what && prefix && letters && min > 0));
  assert.ok(table.names.length >= 10);
  assert.ok(table.placeholders.includes('changeme'));
});

test('25 shapes and more, each taken out as the server does it', () => {
  assert.ok(shapes.length >= 25, `${shapes.length} shapes`);
  for (const { name, text, clean } of vectors)
    assert.equal(secrets.remove(text), clean, name);
});

test('ordinary lines of code, tests, documents and logs: at most 1 % are taken for a secret', () => {
  const files = execFileSync('git', ['ls-files', 'server', 'include', 'widget', 'tests', 'docs', 'deploy'], { cwd: top, encoding: 'utf8' })
    .trim().split('\n').filter((path) => /\.(c|h|js|mjs|css|md|json|lua|html|sh|conf)$/.test(path));
  let lines = 0;
  const taken = [];

  for (const path of files) {
    for (const line of read(path).split('\n')) {
      if (line.trim() === '')
        continue;
      lines++;
      if (secrets.find(line).length > 0)
        taken.push(`${path}: ${line}`);
    }
  }
  assert.ok(lines > 50_000, `${lines} lines`);
  assert.ok(taken.length / lines <= 0.01, taken.slice(0, 20).join('\n'));
});

test('the time is linear in the length, whatever the text', () => {
  for (const piece of ['eyJ-', 'eyJaaaaaaaaa.eyJ', '-----BEGIN PRIVATE KEY-----', 'password=', 'Bearer ', '://a:', 'sk-', 'a', '-', ' '])
    assertLinear(piece, (text) => secrets.find(text), 1 << 20);
});
