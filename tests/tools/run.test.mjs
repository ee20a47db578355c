// SPDX-License-Identifier: MIT
// The runner over programs that pass, fail, die, hang and hold nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tool = join(dirname(fileURLToPath(import.meta.url)), 'run.mjs');

/** Runs one step over shell scripts; `make` writes its module's text from their folder. */
function runOver(programs, makeSteps, args = []) {
  const root = mkdtempSync(join(tmpdir(), 'run-'));
  try {
    for (const [name, body] of Object.entries(programs)) {
      writeFileSync(join(root, name), body.startsWith('#!') ? body : `#!/bin/sh\n${body}\n`);
      chmodSync(join(root, name), 0o755);
    }
    const { steps, strays = [] } = makeSteps((name) => join(root, name));
    const text = steps.map(({ files, ...rest }) =>
      `{...${JSON.stringify(rest)}, files: () => ${JSON.stringify(files ?? [])}}`);
    const module = join(root, 'steps.mjs');
    writeFileSync(module, `export const steps = [${text}]; export const strays = () => ${JSON.stringify(strays)};`);
    const env = { ...process.env, RUN_STEPS: pathToFileURL(module).href };
    for (const name of ['NODE_TEST_CONTEXT', 'RUN_AGAIN']) delete env[name];
    const { status, stdout } = spawnSync('node', [tool, ...args], { encoding: 'utf8', env });
    const left = existsSync(join(root, 'pid')) ? readFileSync(join(root, 'pid'), 'utf8') : null;
    return { status, stdout, last: stdout.trimEnd().split('\n').at(-1), left };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const cStep = (body, more = {}) => runOver({ test_a: body }, (at) => ({
  steps: [{ name: 'c', kind: 'cmocka', files: [at('test_a')], ...more }],
}));

// [claim, what the program does, last line, exit]
const rows = [
  ['passes are counted one by one', 'echo "1..2"; echo "ok 1 - a"; echo "ok 2 - b"', '2 passed, 0 failed', 0],
  ['a failure fails', 'echo "ok 1 - a"; echo "not ok 2 - b"; exit 1', '1 passed, 1 failed', 1],
  ['a failure fails even if the program ends well', 'echo "not ok 1 - a"', '0 passed, 1 failed', 1],
  ['no test at all is a failure', 'echo "1..0"', '0 passed, 1 failed', 1],
  ['a leak after the last test is a failure', 'echo "ok 1 - a"; echo leaked >&2; exit 23', '1 passed, 1 failed', 1],
  ['a crash before the first result is a failure', 'kill -ABRT $$', '0 passed, 1 failed', 1],
  ['a crash after a failure is a failure of its own', 'echo "not ok 1 - a"; kill -SEGV $$', '0 passed, 2 failed', 1],
  ['a skipped test is no pass', 'echo "ok 1 - a"; echo "ok 2 - b # SKIP"', '1 passed, 0 failed', 0],
];

for (const [claim, body, last, status] of rows) {
  test(claim, () => {
    const run = cStep(body);
    assert.equal(run.last, last, run.stdout);
    assert.equal(run.status, status);
  });
}

test('what failed is shown with its output', () => {
  const { stdout } = cStep('echo "not ok 1 - sum"; echo "# 0x2 != 0x3"; exit 1');
  assert.match(stdout, /FAILED .*sum[^]*0x2 != 0x3/);
});

test('what failed is told once more at the end, in short', () => {
  const { stdout } = cStep('echo "not ok 1 - sum"; echo "# 0x2 != 0x3"; for i in $(seq 99); do echo "# $i"; done; exit 1');
  const end = stdout.slice(stdout.lastIndexOf('failed: '));
  assert.match(end, /^failed: .*sum\n {2}\| [^]*0x2 != 0x3/);
  assert.ok(end.split('\n').length < 22, end);
});

// A file of node:test that fails the first time it is run, and says why.
const node = (first, more = '') => `#!/usr/bin/env node
const { test } = require('node:test');
const { existsSync, writeFileSync } = require('node:fs');
const been = existsSync(__filename + '.been');
writeFileSync(__filename + '.been', '');
test('steady', () => {});
test('shaky', () => { if (!been) { ${first} } });
${more}
`;
const nodeStep = (files, more = {}) => runOver(files, (at) => ({
  steps: [{ name: 'n', kind: 'node', files: Object.keys(files).map(at), again: true, ...more }],
}));

test('what failed by chance is run again, and told', () => {
  const { last, status, stdout } = nodeStep({ 'a.cjs': node('throw new Error("too late")') });
  assert.equal(last, '2 passed, 0 failed', stdout);
  assert.equal(status, 0);
  assert.match(stdout, /passed only the second time: .*shaky\n {2}\| [^]*too late/);
});

for (const [claim, files, more, end] of [
  ['what fails twice has failed', { 'a.cjs': node('', 'test("broken", () => { throw new Error("no") })') }, {},
    '2 passed, 1 failed'],
  ['a step without `again` has one try', { 'a.cjs': node('throw new Error("too late")') }, { again: false },
    '1 passed, 1 failed'],
  ['a word of a sanitizer has no second try', { 'a.cjs': node('throw new Error("ERROR: AddressSanitizer: use after")') }, {},
    '1 passed, 1 failed'],
  ['a server that died has no second try', { 'a.cjs': node('throw new Error("ended with SIGSEGV")') }, {},
    '1 passed, 1 failed'],
  ['many that fail have no second try',
    Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.cjs`, node('throw new Error("x")')])), {},
    '4 passed, 4 failed'],
]) {
  test(claim, () => {
    const { last, status, stdout } = nodeStep(files, more);
    assert.equal(last, end, stdout);
    assert.equal(status, 1);
  });
}

function isAlive(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); // dead, but not yet waited for
  } catch {
    return false;
  }
}

test('a program that hangs is ended, with the children it left', () => {
  const run = runOver({ test_a: 'echo "ok 1 - a"; sleep 60 & echo $! >"$(dirname "$0")/pid"; wait' }, (at) => ({
    steps: [{ name: 'c', kind: 'cmocka', files: [at('test_a')], timeout_s: 5 }],
  }));
  assert.equal(run.last, '1 passed, 1 failed', run.stdout);
  assert.match(run.stdout, /no end after 5 s/);
  const until = Date.now() + 10000; // the signal was sent before the runner ended, and arrives soon
  while (isAlive(run.left.trim()) && Date.now() < until);
  assert.ok(!isAlive(run.left.trim()), 'its child lives on');
});

test('it goes on after a step that failed, and each check counts as one', () => {
  const run = runOver({ good: 'exit 0', bad: 'echo broken; exit 3' }, (at) => ({
    steps: [
      { name: 'one', kind: 'check', run: [at('bad')] },
      { name: 'two', kind: 'check', run: [at('good')] },
    ],
  }));
  assert.equal(run.last, '1 passed, 1 failed');
  assert.match(run.stdout, /broken/);
});

test('lanes go side by side after the rest, their builds before them', () => {
  const meet = (mine, other) => `touch "$(dirname "$0")/${mine}"
for i in $(seq 600); do [ -e "$(dirname "$0")/${other}" ] && exit 0; sleep 0.05; done; exit 1`;
  const run = runOver({
    left: meet('l', 'r'), right: meet('r', 'l'), build: 'touch "$(dirname "$0")/built"',
    first: '[ ! -e "$(dirname "$0")/built" ]', last: '[ -e "$(dirname "$0")/built" ]',
  }, (at) => ({
    steps: [
      { name: 'left', kind: 'check', run: [at('left')], lane: 'a' },
      { name: 'last', kind: 'check', run: [at('last')], build: [at('build')], lane: 'a' },
      { name: 'right', kind: 'check', run: [at('right')], lane: 'b' },
      { name: 'first', kind: 'check', run: [at('first')] },
    ],
  }));
  assert.equal(run.last, '4 passed, 0 failed', run.stdout);
});

test('what is idle goes with less priority', { skip: getPriority() > 9 && 'there is hardly less' }, () => {
  const run = runOver({ busy: `[ "$(nice)" -gt ${getPriority()} ]` }, (at) => ({
    steps: [{ name: 'one', kind: 'check', run: [at('busy')], idle: true }, { name: 'two', kind: 'check', run: [at('busy')] }],
  }));
  assert.equal(run.last, '1 passed, 1 failed', run.stdout);
  assert.match(run.stdout, /failed: two/);
});

test('a lane whose build fails says so, and the other goes on', () => {
  const run = runOver({ good: ':', bad: 'echo broken; exit 3' }, (at) => ({
    steps: [
      { name: 'one', kind: 'check', run: [at('good')], build: [at('bad')], lane: 'a' },
      { name: 'two', kind: 'check', run: [at('good')], lane: 'b' },
    ],
  }));
  assert.equal(run.last, '2 passed, 1 failed', run.stdout);
});

test('a program that was not built is a failure', () => {
  const run = runOver({}, (at) => ({ steps: [{ name: 'c', kind: 'cmocka', files: [at('gone')] }] }));
  assert.equal(run.last, '0 passed, 1 failed');
});

test('a step with nothing to run is a failure', () => {
  assert.equal(runOver({}, () => ({ steps: [{ name: 'c', kind: 'cmocka' }] })).last, '0 passed, 1 failed');
});

test('a file that no step would run is a failure', () => {
  const run = runOver({ good: ':' }, (at) => ({
    steps: [{ name: 'one', kind: 'check', run: [at('good')] }],
    strays: ['tests/unit/forgotten.c'],
  }));
  assert.equal(run.last, '1 passed, 1 failed');
});

test('only the named steps run, and a wrong name is wrong usage', () => {
  const steps = (at) => ({
    steps: [
      { name: 'one', kind: 'check', run: [at('bad')] },
      { name: 'two', kind: 'check', run: [at('good')] },
    ],
  });
  const programs = { good: ':', bad: 'exit 1' };
  assert.equal(runOver(programs, steps, ['two']).last, '1 passed, 0 failed');
  assert.equal(runOver(programs, steps, ['three']).status, 2);
});
