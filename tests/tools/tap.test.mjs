// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { explain, parseTap } from './tap.mjs';

const rows = [
  ['nothing at all has no test', '', []],
  ['a plan without results has no test', '1..0\n', []],
  ['flat lines, as cmocka writes them', '1..2\nok 1 - one\nnot ok 2 - two\n# why\n', ['+one', '-two']],
  ['a leaf counts, what sums it up does not', [
    '# Subtest: outer', '    # Subtest: in', '    ok 1 - in', '    1..1', 'ok 1 - outer',
  ].join('\n'), ['+outer > in']],
  ['a parent that fails by itself counts', [
    '# Subtest: outer', '    ok 1 - in', '    1..1', 'not ok 1 - outer',
  ].join('\n'), ['+outer > in', '-outer']],
  ['a parent that fails for its child does not count twice', [
    '# Subtest: outer', '    not ok 1 - in', '    1..1', 'not ok 1 - outer',
  ].join('\n'), ['-outer > in']],
  ['siblings after a nest are leaves again', [
    '    ok 1 - in', 'ok 1 - outer', 'ok 2 - next',
  ].join('\n'), ['+in', '+next']],
  ['a skipped test is told apart', 'ok 1 - later # SKIP no tool\n', ['~later']],
  ['what a test prints is no result', '# ok 1 - forged\nok 1 - real\n', ['+real']],
];

for (const [name, text, expected] of rows) {
  test(name, () => {
    const told = parseTap(text).map((t) => (t.skipped ? '~' : t.ok ? '+' : '-') + t.name);
    assert.deepEqual(told, expected);
  });
}

test('node itself is read right: leaves, hooks, failures after the last subtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tap-'));
  try {
    const file = join(folder, 'sample.test.mjs');
    writeFileSync(file, `
      import { test, describe, it, before } from 'node:test';
      test('flat', () => {});
      describe('group', () => { it('good', () => {}); it('bad', () => { throw new Error('boom'); }); });
      describe('hook', () => { before(() => { throw new Error('hooked'); }); it('x', () => {}); });
      test('after', async (t) => { await t.test('in', () => {}); throw new Error('late'); });
    `);
    const env = { ...process.env };
    delete env.NODE_TEST_CONTEXT;
    const run = spawnSync('node', ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env });
    const tests = parseTap(run.stdout);
    const leaf = (t) => t.name.split(' > ').at(-1);
    assert.deepEqual(tests.filter((t) => t.ok).map(leaf), ['flat', 'good', 'in']);
    assert.deepEqual(tests.filter((t) => !t.ok).map(leaf), ['bad', 'x', 'after']);
    const told = tests.flatMap(explain).join('\n');
    for (const word of ['boom', 'hooked', 'late']) assert.match(told, new RegExp(word));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
