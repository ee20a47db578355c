// SPDX-License-Identifier: MIT
// usage: node run.mjs [STEP...]
// Runs the steps of steps.mjs, all of them or the named ones, and keeps going: prints each
// step's time and count, the output of what failed, and at the end `N passed, N failed`.
// Exits 1 when something failed, and when a program that should hold tests held none.
// A file of a step with `again` that failed is run once more by itself when all else is done, for it
// waits for several programs on a machine that others may have starved. What passes then is counted
// as passed, and is told by name with how it failed first. RUN_AGAIN=0: no second time, to look for such tests.
// RUN_STEPS names another module of steps: for the tests of this one.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { cpus, constants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { explain, parseTap } from './tap.mjs';

const OUTPUT_LINES_MAX = 200; // of one failure; the rest is seldom read
const BRIEF_LINES_MAX = 16; // of one failure, repeated after everything else
const BRIEF_COLUMNS_MAX = 240;
const OUTPUT_BYTES_MAX = 32 << 20;
const DEFAULT_TIMEOUT_S = 900;
const AGAIN_FILES_MAX = 3; // more that fail at once did not fail by chance
// These tell what chance doesn't: memory misused, a server that died, a test that never ended.
const NO_CHANCE = /Sanitizer|runtime error:|SIGSEGV|SIGABRT|SIGBUS|SIGILL|SIGFPE|assertion .* failed/i;

const { steps, strays } = await import(process.env.RUN_STEPS ?? './steps.mjs');

process.chdir(resolve(dirname(fileURLToPath(import.meta.url)), '../..'));

const running = new Set();

/** Runs a command in a process group of its own, so that a timeout ends its children too. */
function run(command, { env = {}, timeout_s = DEFAULT_TIMEOUT_S, idle = false } = {}) {
  return new Promise((done) => {
    const started = Date.now();
    const inherited = { ...process.env };
    for (const name of ['NODE_TEST_CONTEXT', 'MAKEFLAGS', 'MAKELEVEL', 'MFLAGS']) delete inherited[name];
    const [program, ...args] = idle ? ['nice', '-n', '10', ...command] : command;
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...env },
    });
    const out = { stdout: '', all: '' };
    let timedOut = false;
    const keep = (text, isStdout) => {
      if (out.all.length > OUTPUT_BYTES_MAX) return;
      out.all += text;
      if (isStdout) out.stdout += text;
    };
    child.stdout.setEncoding('utf8').on('data', (text) => keep(text, true));
    child.stderr.setEncoding('utf8').on('data', (text) => keep(text, false));
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child);
    }, timeout_s * 1000);
    running.add(child);
    child.on('error', (error) => keep(`${error.message}\n`, false));
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      running.delete(child);
      endGroup(child); // what it left behind
      const why = timedOut ? `no end after ${timeout_s} s` : signal ? `killed by ${signal}` : `exit ${status ?? 127}`;
      done({ ok: status === 0 && !timedOut, why, ...out, ms: Date.now() - started });
    });
  });
}

function endGroup(child) {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // already gone
  }
}

function failure(name, why, output) {
  const lines = output.replace(/\n+$/, '').split('\n');
  const left = lines.length - OUTPUT_LINES_MAX;
  const shown = left > 0 ? [`... ${left} lines before`, ...lines.slice(-OUTPUT_LINES_MAX)] : lines;
  console.log(`\n--- FAILED ${name}: ${why}\n${shown.join('\n')}\n---`);
  return { name, ok: false, brief: [why, ...lines.filter((line) => line.trim())].slice(0, BRIEF_LINES_MAX) };
}

/** A failure once more, at the end: of a long run often only that is kept. */
function tellBriefly(how, { name, brief = [] }) {
  console.log(`${how}: ${name}`);
  for (const line of brief) console.log(`  | ${line.slice(0, BRIEF_COLUMNS_MAX)}`);
}

/** Makes of what a test program printed its results. */
function judge(file, result, name) {
  const tests = parseTap(result.stdout);
  const failed = tests.filter((test) => !test.ok);
  const told = tests.map((test) => ({ ...test, name: `${name}: ${test.name}` }));
  if (tests.length === 0) {
    return [failure(name, result.ok ? 'it holds no test' : result.why, result.all)];
  }
  for (const test of failed) {
    const detail = explain(test).join('\n').trim();
    const { brief } = failure(`${name}: ${test.name}`, 'see below', detail || result.all);
    told[tests.indexOf(test)].brief = brief;
  }
  // Died, leaked, or ended unhappily although each test was fine.
  if (!result.ok && failed.length === 0) told.push(failure(name, result.why, result.all));
  if (!result.ok && failed.length > 0 && !/^exit/.test(result.why)) {
    told.push(failure(name, result.why, result.all));
  }
  return told;
}

const runners = {
  async check(step) {
    const result = await run(step.run, step);
    if (!result.ok) return [failure(step.name, result.why, result.all)];
    return [{ name: step.name, ok: true }];
  },

  cmocka: (step) =>
    eachFile(step, cpus().length, async (file) => {
      const name = file.replace(/^build\/[^/]*\/tests\//, '');
      if (!existsSync(file)) return [failure(name, 'it was not built', '')];
      return judge(file, await run([file], { ...step, env: sanitizers({ CMOCKA_MESSAGE_OUTPUT: 'TAP' }) }), name);
    }),

  fuzz: (step) =>
    eachFile(step, cpus().length, async (file) => {
      const name = basename(file);
      if (!existsSync(file)) return [failure(name, 'it was not built', '')];
      const seeds = join('tests/fuzz/corpus', name.replace(/^fuzz_/, ''));
      if (!existsSync(seeds)) return [failure(name, `no seeds in ${seeds}`, '')];
      const found = join('build/fuzz/corpus', name);
      mkdirSync(found, { recursive: true });
      const options = [`-max_total_time=${step.seconds}`, '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1'];
      const command = [file, ...options, `-artifact_prefix=build/fuzz/${name}-`, found, seeds];
      const result = await run(command, { ...step, env: sanitizers({}) });
      return result.ok ? [{ name, ok: true }] : [failure(name, result.why, result.all)];
    }),

  // One at a time: they start servers and browsers and look at what those use.
  node: (step) =>
    eachFile(step, 1, async (file) => {
      const command = ['node', '--test', '--test-reporter=tap', file];
      const look = () => run(command, { ...step, env: sanitizers(step.env ?? {}) });
      const result = await look();
      const told = judge(file, result, file);
      const byChance = step.again && /^exit/.test(result.why) && !NO_CHANCE.test(result.all);
      return byChance ? told.map((each) => ({ ...each, again: { file, step, look } })) : told;
    }),
};

/** Runs the files that failed, maybe by chance, once more; returns what they told first where they now pass. */
async function lookAgain(all) {
  const files = new Map(all.filter((result) => !result.ok && result.again).map((result) => [result.again.look, result.again]));
  if (files.size === 0 || files.size > AGAIN_FILES_MAX || process.env.RUN_AGAIN === '0') return [];
  const shaky = [];
  for (const { file, step, look } of files.values()) {
    console.log(`== ${step.name} again: ${file}`);
    const told = judge(file, await look(), file);
    const first = all.filter((result) => result.again?.look === look);
    console.log(`  ${tally(told)}`);
    if (!told.every((each) => each.ok) || told.length < first.length) continue;
    shaky.push(...first.filter((result) => !result.ok));
    all.splice(0, all.length, ...all.filter((result) => !first.includes(result)), ...told);
  }
  return shaky;
}

function sanitizers(env) {
  return {
    ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    TSAN_OPTIONS: 'halt_on_error=1',
    ...env,
  };
}

async function eachFile(step, most, work) {
  const files = step.files();
  const results = [];
  const next = async () => {
    for (let file = files.shift(); file; file = files.shift()) {
      const started = Date.now();
      const told = await work(file);
      results.push(...told);
      console.log(`  ${tally(told)}  ${file}  ${seconds(Date.now() - started)}`);
    }
  };
  await Promise.all(Array.from({ length: most }, next));
  return results;
}

async function buildFor(step) {
  if (!step.build) return [];
  const built = await run(step.build);
  return built.ok ? [] : [failure(`${step.name}: build`, built.why, built.all)];
}

async function runStep(step, results) {
  results.push(...(await runners[step.kind](step)));
  if (results.length === 0) results.push(failure(step.name, 'it found nothing to run', ''));
  return results;
}

/** Lanes go side by side, the steps of a lane one after another; all builds come before, by themselves. */
async function runLanes(steps, perform) {
  const built = new Map();
  for (const step of steps) built.set(step, await buildFor(step));
  const lanes = new Map();
  for (const step of steps) lanes.set(step.lane, [...(lanes.get(step.lane) ?? []), step]);
  await Promise.all([...lanes.values()].map(async (lane) => {
    for (const step of lane) await perform(step, built.get(step));
  }));
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

function tally(results) {
  const failed = results.filter((r) => !r.ok).length;
  const skipped = results.filter((r) => r.skipped).length;
  const passed = results.length - failed - skipped;
  return `${passed} passed, ${failed} failed` + (skipped ? `, ${skipped} skipped` : '');
}

async function main(names) {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length) {
    console.error(`no step ${unknown.join(', ')}; there are: ${steps.map((step) => step.name).join(' ')}`);
    return 2;
  }
  const chosen = steps.filter((step) => names.length === 0 || names.includes(step.name));
  const all = [];
  const table = [];
  const begun = Date.now();
  for (const file of strays()) all.push(failure(file, 'no step runs it: name it test_*.c or fuzz_*.c', ''));
  const perform = async (step, built) => {
    console.log(`== ${step.name}`);
    const started = Date.now();
    const results = await runStep(step, built ?? (await buildFor(step)));
    all.push(...results);
    table.push(`  ${step.name.padEnd(10)} ${seconds(Date.now() - started).padStart(8)}  ${tally(results)}`);
    console.log(table.at(-1));
  };
  for (const step of chosen.filter((each) => !each.lane)) await perform(step);
  await runLanes(chosen.filter((each) => each.lane), perform);
  const shaky = await lookAgain(all);
  const failed = all.filter((result) => !result.ok);
  console.log(`\n${table.join('\n')}\n  ${'in all'.padEnd(10)} ${seconds(Date.now() - begun).padStart(8)}`);
  for (const result of all.filter((r) => r.skipped)) console.log(`skipped: ${result.name}`);
  for (const result of shaky) tellBriefly('passed only the second time', result);
  for (const result of failed) tellBriefly('failed', result);
  console.log(`${all.filter((r) => r.ok && !r.skipped).length} passed, ${failed.length} failed`);
  return failed.length ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) endGroup(child);
    process.exit(128 + constants.signals[signal]);
  });
}
process.exitCode = await main(process.argv.slice(2));
