/* SPDX-License-Identifier: MIT */
// A port for a server that will be started on it more than once. The kernel hands out ports from
// 32768 on to whoever listens or connects anywhere, also while such a server is down; these are
// below, and a file for each says which process of the tests has it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIRST = 20000;
const COUNT = 12000;
const CLAIMS = join(tmpdir(), `tierbell-ports-${process.getuid()}`); // others may not write there

const mine = new Set();

process.on('exit', () => {
	for (const claim of mine)
		rmSync(claim, { force: true });
});

// Is left to others for this time, also when whoever had it has ended: two could take it at once.
function forgetDead(claim) {
	try {
		process.kill(Number(readFileSync(claim, 'utf8')), 0);
	} catch (error) {
		if (error.code === 'ESRCH')
			rmSync(claim, { force: true });
	}
}

function takes(port) {
	const claim = join(CLAIMS, String(port));

	try {
		mkdirSync(CLAIMS, { recursive: true });
		writeFileSync(claim, String(process.pid), { flag: 'wx' });
		mine.add(claim);
		return true;
	} catch (error) {
		if (error.code !== 'EEXIST')
			throw error;
		forgetDead(claim);
		return false;
	}
}

// Another program may listen there, one that is no test.
function isFree(port) {
	return new Promise((resolve) => {
		const probe = createServer();

		probe.once('error', () => resolve(false));
		probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
	});
}

export async function freePort() {
	for (;;) {
		const port = FIRST + Math.floor(Math.random() * COUNT);

		if (takes(port) && await isFree(port))
			return port;
	}
}
