/* SPDX-License-Identifier: MIT */
// What a rehearsal costs: the shipped month, the best of three runs.
//
//   node bench_simulate.mjs

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = process.env.TIERBELL_BINARY ?? join(ROOT, 'build/release/tierbell');
const GOAL_S = 5;
const ROUNDS = 3;

let best = Infinity;
let tickets = 0;

for (let round = 0; round < ROUNDS; round++) {
	const begin = process.hrtime.bigint();
	const run = spawnSync(BINARY, ['simulate', 'month', '--json'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });

	best = Math.min(best, Number(process.hrtime.bigint() - begin) / 1e9);
	if (run.status !== 0) {
		process.stderr.write(run.stderr || 'the month is not as it is expected to be\n');
		process.exit(1);
	}
	tickets = JSON.parse(run.stdout).tickets;
}

console.log(`${'simulate a month'.padEnd(26)} ${Math.round(tickets / best).toString().padStart(6)} tickets/s `
	+ `(${tickets} tickets in ${best.toFixed(2)} s, goal ${GOAL_S} s: ${best < GOAL_S ? 'met' : 'MISSED'})`);
