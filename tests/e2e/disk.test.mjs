/* SPDX-License-Identifier: MIT */
// Acked means durable, shown from outside: by the order of system calls, and with disks that
// fail and fill up.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { assertDense } from '../support/log.mjs';
import { startServer, temporaryFolder } from '../support/server.mjs';
import { range, until, within } from '../support/wait.mjs';
import { openVisitor } from '../support/visitor.mjs';

const CALLS = 'pwrite64,pwritev,write,writev,sendto,sendmsg,fdatasync,fsync';

function strace(file, ...more) {
	return ['strace', '-f', '-yy', '-qq', '-s', '9000', '-e', `trace=${CALLS}`, '-e', 'signal=none', ...more, '-o', file];
}

// The trace as calls in the order of their beginnings and ends: {name, args, begin, end}.
function readTrace(file) {
	const calls = [];
	const open = new Map();

	readFileSync(file, 'latin1').split('\n').forEach((line, at) => {
		const match = /^(\d+)\s+(.*)$/.exec(line);

		if (!match)
			return;
		const [, pid, text] = match;
		const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(text);

		if (resumed) {
			const call = open.get(pid);

			if (call) {
				call.end = at;
				call.args += resumed[2];
			}
			open.delete(pid);
			return;
		}
		const begun = /^(\w+)\((.*)$/.exec(text);

		if (!begun)
			return;
		const call = { name: begun[1], args: begun[2], begin: at, end: at };

		calls.push(call);
		if (text.includes('<unfinished ...>')) {
			call.end = Infinity;
			open.set(pid, call);
		}
	});
	return calls;
}

const isWal = (call) => /-wal>/.test(call.args.slice(0, 300));
const isTcp = (call) => /^\d+<TCP/.test(call.args);
const isSync = (call) => ['fdatasync', 'fsync'].includes(call.name) && isWal(call) && /= 0/.test(call.args);

test('the order is: written to the log, fdatasync, then the ack and the delivery', { timeout: 120000 }, async () => {
	const file = join(temporaryFolder(), 'trace');
	const server = await startServer({ wrap: strace(file) });
	const dana = await server.addAgent({ name: 'Dana' });
	const agent = await openAgent(server, dana);

	await agent.available(5);
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('marker-first-message', { id: 'order-first' });

	await agent.take(ticket);
	for (const index of range(20))
		await visitor.say(`marker-visitor-${index}-end`, { id: `order-v-${index}` });
	for (const index of range(20))
		await agent.say(ticket, `marker-agent-${index}-end`, { id: `order-a-${index}` });
	// And a heap at once: the group commit must keep the order, too.
	await Promise.all(range(50).map((index) => visitor.say(`marker-many-${index}-end`, { id: `order-m-${index}` })));
	assert.ok(server.redisPid);
	server.kill('SIGTERM');
	await within(server.ended, 'the traced server ends');
	const calls = readTrace(file);
	const syncs = calls.filter(isSync);

	assert.ok(syncs.length > 20, `${syncs.length} syncs of the log`);
	const marks = [['marker-first-message', 'order-first'],
		...range(20).map((index) => [`marker-visitor-${index}-end`, `order-v-${index}`]),
		...range(20).map((index) => [`marker-agent-${index}-end`, `order-a-${index}`]),
		...range(50).map((index) => [`marker-many-${index}-end`, `order-m-${index}`])];

	for (const [text, id] of marks) {
		const written = calls.find((call) => isWal(call) && call.name.startsWith('pwrite') && call.args.includes(text));

		assert.ok(written, `${text} was written to the log`);
		const synced = syncs.find((call) => call.begin > written.begin);

		assert.ok(synced, `${text} was synced`);
		const told = calls.filter((call) => isTcp(call) && (call.args.includes(text) ||
			call.args.includes(`\\"id\\":\\"${id}\\"`)));

		assert.ok(told.length > 0, `${id} was acked`);
		for (const call of told)
			assert.ok(call.begin > synced.end, `${id} was told at line ${call.begin}, synced at ${synced.end}`);
	}
});

test('fdatasync fails with EIO: what was acked is there after a restart, in order, once', { timeout: 120000 }, async (t) => {
	const data = temporaryFolder();
	const quiet = await startServer({ data });
	const root = await quiet.addAgent({ name: 'Root', role: 'admin' });
	const { port } = quiet;

	await quiet.stop();
	for (const when of ['10+7', '12', '9+1']) {
		const file = join(temporaryFolder(), 'trace');
		const server = await startServer({ data, port,
			wrap: [...strace(file), '-e', `inject=fdatasync:error=EIO:when=${when}`] }).catch(() => null);

		if (!server)
			continue; // it may refuse to run on a disk that fails from the beginning
		const visitor = await openVisitor(server).catch(() => null);
		const acked = [];

		for (const index of range(40)) {
			const answer = await visitor?.peer.call('message', { text: `${when} ${index}`, id: `e${index}` }).catch(() => null);

			if (answer?.type === 'ack')
				acked.push([answer.ticket, answer.seq, `${when} ${index}`]);
			else if (answer)
				assert.equal(answer.code, 'unavailable');
			if (!visitor?.peer.isOpen)
				break;
		}
		t.diagnostic(`EIO at ${when}: ${acked.length} of 40 acked`);
		server.kill('SIGKILL');
		await within(server.ended, 'the traced server ends');
		const after = await until(() => startServer({ data, port }).catch(() => null), 'starts again', { every: 200 });

		for (const [ticket, seq, text] of acked) {
			const { messages } = await after.ticket(root, ticket);

			assertDense(messages);
			assert.equal(messages[seq - 1].text, text);
			assert.equal(messages.filter((entry) => entry.text === text).length, 1);
		}
		await after.stop();
	}
});

test('the disk is full: no false ack, a clear answer, and on it goes when there is room', { timeout: 120000 }, async (t) => {
	const data = join(temporaryFolder(), 'small');

	mkdirSync(data);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=700', 'tmpfs', data], { stdio: 'ignore' });
	} catch {
		t.skip('no right to mount a small file system here');
		return;
	}
	t.after(() => execFileSync('umount', ['-l', data]));
	const server = await startServer({ data });
	const root = await server.addAgent({ name: 'Root', role: 'admin' });
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('first');
	const ballast = join(data, 'ballast');

	// Leaves some hundred kilobytes.
	const free = Number(execFileSync('df', ['--output=avail', '-B1', data]).toString().split('\n')[1]);

	writeFileSync(ballast, Buffer.alloc(Math.max(0, free - 600 * 1024), 1));
	const acked = [];
	let refused = 0;

	for (let index = 0; index < 2000 && refused < 3; index++) {
		const text = `${index} ${'x'.repeat(4000)}`;
		const answer = await visitor.peer.call('message', { text, id: `d${index}` });

		if (answer.type === 'ack') {
			acked.push([answer.seq, text]);
		} else {
			assert.equal(answer.code, 'unavailable', JSON.stringify(answer));
			refused++;
		}
	}
	assert.ok(acked.length > 0 && refused === 3, `${acked.length} acked, ${refused} refused`);
	assert.equal((await server.api(root, 'GET', `/api/v1/tickets/${ticket}`)).status, 200, 'readers are not affected');
	rmSync(ballast);
	const again = await until(async () => {
		const answer = await visitor.peer.call('message', { text: 'room again', id: 'room' });

		return answer.type === 'ack' ? answer : null;
	}, 'acked again', { timeout: 60000, every: 200 });

	await server.crash();
	const { messages } = await server.ticket(root, ticket);

	assertDense(messages);
	for (const [seq, text] of [...acked, [again.seq, 'room again']])
		assert.equal(messages[seq - 1].text, text);
	await server.stop();
});
