/* SPDX-License-Identifier: MIT */
// Is work linear in the length of its text? Told by a ratio of CPU times, which others on the machine
// do not lengthen much, and repeated before it is believed. Quadratic work takes FACTOR times longer again.
import assert from 'node:assert/strict';

const FACTOR = 8;
const RATIO_MAX = FACTOR * 3;
const LEAST_US = 2000; /* shorter than this is noise */
const TRIES = 5;

const cpu = (work, text) => {
  const begun = process.cpuUsage();

  work(text);
  return process.cpuUsage(begun).user;
};

const fill = (seed, length) => seed.repeat(Math.ceil(length / seed.length)).slice(0, length);

/** Fails when `work` on `length` characters of `seed` takes out of all proportion longer than on an eighth of them. */
export function assertLinear(seed, work, length = 131_072) {
  const small = fill(seed, length / FACTOR);
  const large = fill(seed, length);
  const ratios = [];

  for (let i = 0; i < TRIES; i++) {
    const base = Math.max(LEAST_US, Math.min(...[0, 1, 2].map(() => cpu(work, small))));

    ratios.push(cpu(work, large) / base);
    if (ratios.at(-1) < RATIO_MAX)
      return;
  }
  assert.fail(`${JSON.stringify(seed)}: ${FACTOR} times the text takes ${ratios.map((ratio) => ratio.toFixed(0)).join(', ')} times as long`);
}
