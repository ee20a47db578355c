// SPDX-License-Identifier: MIT
// What `make test` does, in order. A step is one of
//   check   a command that holds or does not: counts as one test
//   cmocka  C test programs, each test in them counted
//   fuzz    fuzz targets, each a few seconds: each counts as one
//   node    files of node:test, each test in them counted
// `build` is done first; where it fails what the step would run counts as failed.
// `timeout_s` ends a program that hangs: wide enough for one that takes its time on a busy machine.
// Steps with a `lane` come last, the lanes side by side: servers and browsers mostly wait, and
// leave a core to what computes. That is `idle`: it goes with less priority and holds up nobody.
// `again`: a file that failed is run once more by itself before it counts as failed (run.mjs tells when not).

import { readdirSync, existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const JOBS = cpus().length;
const make = (...args) => ['make', '--no-print-directory', '-s', `-j${JOBS}`, ...args];
// The suites of the black box that go through all of the program and do not measure or kill it:
// they run once more on the build with ASan and UBSan.
const SANITIZED = ['agent', 'agents', 'auth', 'customers', 'files', 'hostile', 'http', 'identity', 'limits', 'path',
  'policy', 'simulate', 'visitor'];
/* As deep as clang's analyzer looks in each test run; `make check` says another. */
const TIDY_NODES = process.env.TIDY_NODES ?? 50000;
const FUZZ_S = Number(process.env.FUZZ_S ?? 5);

export const steps = [
  { name: 'format', kind: 'check', run: make('format-check') },
  { name: 'layers', kind: 'check', run: make('layers') },
  { name: 'gcc', kind: 'check', run: make('-k', 'all', 'lib', 'CC=gcc', 'MODE=release') },
  { name: 'clang', kind: 'check', run: make('-k', 'all', 'lib', 'unit-build', 'CC=clang', 'MODE=debug') },
  { name: 'tidy', kind: 'check', run: make('-k', '-Otarget', 'tidy', `TIDY_NODES=${TIDY_NODES}`), idle: true, lane: 'analysis' },
  { name: 'cppcheck', kind: 'check', run: make('cppcheck'), idle: true, lane: 'analysis' },
  { name: 'tools', kind: 'node', files: () => nodeTests('tests/tools') },
  {
    name: 'c',
    kind: 'cmocka',
    build: make('-k', 'unit-build', 'CC=gcc', 'MODE=asan'),
    files: () => cTests().map((source) => join('build/asan', source.replace(/\.c$/, ''))),
    timeout_s: 600,
  },
  {
    name: 'fuzz',
    kind: 'fuzz',
    build: make('-k', 'MODE=fuzz', 'fuzz-build'),
    files: () => sources('tests/fuzz', /^fuzz_.*\.c$/).map((source) => join('build/fuzz', source.replace(/\.c$/, ''))),
    seconds: FUZZ_S,
    timeout_s: FUZZ_S + 60,
    idle: true,
    lane: 'analysis',
  },
  { name: 'front', kind: 'node', files: () => nodeTests('widget') },
  {
    name: 'e2e',
    kind: 'node',
    build: make('all', 'build/ws-echo'),
    files: () => nodeTests('tests/e2e'),
    timeout_s: 600,
    again: true,
    lane: 'server',
  },
  {
    name: 'sanitized',
    kind: 'node',
    build: make('build/asan/tierbell', 'CC=gcc', 'MODE=asan'),
    files: () => SANITIZED.map((name) => `tests/e2e/${name}.test.mjs`),
    env: { TIERBELL_BINARY: fileURLToPath(new URL('../../build/asan/tierbell', import.meta.url)) },
    timeout_s: 600,
    again: true,
    lane: 'server',
  },
  {
    name: 'embed',
    kind: 'node',
    build: make('all'),
    files: () => nodeTests('tests/browser').filter(isEmbedding),
    timeout_s: 300,
    again: true,
    lane: 'server',
  },
  {
    name: 'browser',
    kind: 'node',
    build: make('all'),
    files: () => nodeTests('tests/browser').filter((file) => !isEmbedding(file)),
    timeout_s: 300,
    again: true,
    lane: 'browser',
  },
];

/* Of the browser's suites those of the widget on pages of others and on bad networks: the shorter lane has
   time for them. */
const isEmbedding = (file) => /^(embed|network)/.test(basename(file));

function cTests() {
  return ['unit', 'contract', 'scenario'].flatMap((kind) => sources(join('tests', kind), /^test_.*\.c$/));
}

/** Files of C in the test folders that no step would run: a test that never runs proves nothing. */
export function strays() {
  return ['unit', 'contract', 'scenario', 'fuzz'].flatMap((kind) =>
    sources(join('tests', kind), /\.c$/).filter((file) => !/^(test|fuzz)_/.test(basename(file))));
}

function nodeTests(folder) {
  return walk(folder).filter((file) => /(^test_.*|[._-]test)\.m?js$/.test(basename(file)));
}

function sources(folder, pattern) {
  return walk(folder).filter((file) => pattern.test(basename(file)));
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
}
