/* SPDX-License-Identifier: MIT */
// Very many clocks at one moment, on the real binary: a record with tickets that are all warned at
// one moment and all breach at another, and pairs who talk all the while. How late the effects are
// is read from the record, as is that each came once.
//
//   node bench_clocks.mjs [--quick] [--tickets N] [--pairs N] [--rate N] [--consoles N] [--lead S]
//                         [--json FILE]
//
// --consoles: so many supervisors of that tier are told of it all. --lead: seconds for the record and
// the pairs before the clocks are due, more where the machine is slow.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

process.env.TIERBELL_BINARY ??= join(ROOT, 'build/release/tierbell');
const { Server, openAlways, writePolicy } = await import('../support/server.mjs');
const { WebSocket } = await import('../support/packages.mjs');
const { delay, pool, range, until } = await import('../support/wait.mjs');

const run = promisify(execFile);
const { values: options } = parseArgs({ options: {
	quick: { type: 'boolean' }, tickets: { type: 'string' }, pairs: { type: 'string' },
	rate: { type: 'string' }, consoles: { type: 'string' }, lead: { type: 'string' },
	json: { type: 'string' },
} });
const QUICK = options.quick ?? false;
const TICKETS = Number(options.tickets ?? (QUICK ? 10000 : 100000));
const PAIRS = Number(options.pairs ?? 20);
const RATE = Number(options.rate ?? 500); // messages a second, of all pairs
const CONSOLES = Number(options.consoles ?? 0);
const LEAD_S = Number(options.lead ?? (QUICK ? 14 : 40)); // for the record, the start and the pairs, and then to talk alone
const APART_S = QUICK ? 8 : 20; // from warning to breach
const ALONE_MS = QUICK ? 4000 : 10000;
const LATE_MS = 2000;
const TIMES = 2;
const CROWD = join(ROOT, 'build/release/tests/bench/crowd');
const LOAD = join(ROOT, 'build/release/load');
const LIMITS = { sockets_per_visitor: 0, sockets_per_agent: 0, messages_per_chat: 0 };

function short(policy) {
	openAlways(policy);
	policy.clocks.warn_percent = 75;
	for (const priority of ['low', 'medium', 'high'])
		policy.channels.portal.targets[priority].first_response = `${4 * APART_S} s`;
}

function percentile(sorted, percent) {
	return sorted.length === 0 ? NaN : sorted[Math.floor((sorted.length - 1) * percent / 100)] / 1000;
}

// Of the messages that were due from one moment to another, in ms.
function latencies(log, kind, from, to) {
	const us = log.filter((row) => row.kind === kind && row.due >= from && row.due < to)
		.map((row) => row.us).sort((a, b) => a - b);

	return { n: us.length, p50: percentile(us, 50), p99: percentile(us, 99), max: percentile(us, 100) };
}

function readLog(file) {
	return readFileSync(file, 'utf8').trim().split('\n').map((line) => {
		const [kind, due, us] = line.split(' ');

		return { kind, due: Number(due), us: Number(us) };
	});
}

const folder = mkdtempSync(join(tmpdir(), 'tierbell-clocks-'));

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

async function prepare(server) {
	await server.start();
	const people = await pool(range(PAIRS), 4, (index) => server.addAgent({ name: `Agent ${index}` }));
	const { status, json } = await server.api(people[0], 'POST', '/api/v1/tickets',
		{ body: { channel: 'portal', text: 'How do I start?', visitor: { name: 'Ana' } } });

	if (status !== 201)
		throw new Error(`no ticket: ${status}`);
	writeFileSync(join(folder, 'tokens'), people.map((person) => `${person.token}\n`).join(''));
	for (const index of range(CONSOLES))
		leads.push(await server.addAgent({ name: `Lead ${index}`, role: 'supervisor', tier: 2 }));
	await server.stop();
	return json.ticket.number;
}

// Frames by type, told from their first bytes: a client that does more would take the server's CPU.
function watch(server, person, counts) {
	const socket = new WebSocket(`ws://${server.host}/ws/agent`, 'tierbell.v1',
		{ headers: { authorization: `Bearer ${person.token}` }, perMessageDeflate: false });

	socket.on('open', () => socket.send('{"type":"hello"}'));
	socket.on('message', (data) => {
		const type = data.subarray(0, 40).toString('latin1').split('"')[3];

		counts[type] = (counts[type] ?? 0) + 1;
		if (type === 'ping')
			socket.send('{"type":"pong"}');
	});
	socket.on('close', (code) => (counts[`closed ${code}`] = (counts[`closed ${code}`] ?? 0) + 1));
	socket.on('error', () => {});
	return socket;
}

const TICK_MS = 10; // of /proc

// CPU of the server by thread, and of its Redis, since it began; in ms.
function cpuOf(server) {
	const times = { at: Date.now() };
	const redis = server.redisPid;

	for (const [pid, group] of [[server.pid, 'server'], [redis, 'redis']]) {
		for (const task of readdirSync(`/proc/${pid}/task`)) {
			const fields = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').split(') ')[1].split(' ');
			const name = group === 'redis' ? group : Number(task) === pid ? 'loop' : 'record';

			times[name] = (times[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
		}
	}
	return times;
}

function spent(samples, from, to) {
	const first = samples.findLast((sample) => sample.at <= from) ?? samples[0];
	const last = samples.find((sample) => sample.at >= to) ?? samples.at(-1);

	return ['record', 'loop', 'redis'].map((name) => `${name} ${last[name] - first[name]}`).join(', ');
}

function talk(server, seconds) {
	const args = ['talk', '--port', server.port, '--tokens', join(folder, 'tokens'), '--pairs', PAIRS,
		'--rate', RATE, '--seconds', seconds, '--log', join(folder, 'log'), '--watch', `server=${server.pid}`];
	const child = spawn(LOAD, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';

	child.stdout.on('data', (chunk) => (text += chunk));
	return new Promise((resolve, reject) => {
		child.once('close', (code) => {
			try {
				resolve({ ...JSON.parse(text), code });
			} catch (error) {
				reject(error);
			}
		});
	});
}

const server = new Server({ limits: LIMITS });
const leads = [];
const frames = {};
const samples = [];

server.policy = writePolicy(short);
const number = await prepare(server);
const record = join(server.data, 'tierbell.db');
const warned = Date.now() + LEAD_S * 1000;
const breached = warned + APART_S * 1000;

await run(CROWD, [record, 'multiply', number, TICKETS, warned].map(String));
await server.start();
await until(async () => (await server.request('GET', '/readyz')).status === 200, 'the desk is ready');
const startedIn = warned - Date.now();

const sockets = leads.map((person) => watch(server, person, frames));
const sampler = setInterval(() => samples.push(cpuOf(server)), 100);
const load = loadavg()[0].toFixed(1);

process.stderr.write(`${TICKETS} tickets, ${(startedIn / 1000).toFixed(1)} s before they are due\n`);
const spoken = await talk(server, Math.ceil((breached + APART_S * 1000 - Date.now()) / 1000));

await until(async () => await server.metric('tierbell_timer_lag_seconds') === 0, 'nothing is overdue');
await delay(1000);
clearInterval(sampler);
for (const socket of sockets)
	socket.terminate();
await server.stop();
const lines = server.log.split('\n').length;
const { stdout } = await run(CROWD, [record, 'count']);
const rows = JSON.parse(stdout).filter((row) => row.fired >= TICKETS / 2);
const log = readLog(join(folder, 'log'));
const alone = latencies(log, 'd', warned - ALONE_MS - 500, warned - 500);
const moments = [['warned', warned], ['breached', breached]].map(([name, due]) => {
	const fired = rows.filter((row) => row.due === due);
	const end = Math.max(...fired.map((row) => row.until), due);

	return { name, fired, took: end - due, cpu: spent(samples, due, end), chats: latencies(log, 'd', due, Math.max(end, due + 250)) };
});
let missed = spoken.code !== 0 || spoken.lost !== 0;

function verdict(met) {
	missed ||= !met;
	return met ? 'met' : 'MISSED';
}

const show = ({ n, p50, p99, max }) => `p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} max ${max.toFixed(1)} ms of ${n}`;

console.log(`${TICKETS} clocks at one moment, ${PAIRS} pairs with ${RATE} messages/s`);
console.log(`  chats alone: ${show(alone)}`);
for (const { name, fired, took, chats, cpu } of moments) {
	const once = fired.length > 0 && fired.every((row) => row.fired === TICKETS && row.tickets === TICKETS && row.min >= 0);
	const late = Math.max(...fired.map((row) => row.p99));

	console.log(`  all ${name}: ${fired.length} timers each, once and none early: ${verdict(once)}`);
	console.log(`    late p50 ${Math.max(...fired.map((row) => row.p50))} p99 ${late} max ${took} ms, goal ${LATE_MS}: ${verdict(late <= LATE_MS)}`);
	console.log(`    CPU in ms: ${cpu}`);
	console.log(`    chats meanwhile: ${show(chats)}, ${(chats.p99 / alone.p99).toFixed(1)} times alone, goal ${TIMES}: ${verdict(chats.p99 <= TIMES * alone.p99)}`);
}
if (CONSOLES > 0)
	console.log(`  ${CONSOLES} consoles: ${JSON.stringify(frames)}`);
console.log(`  ${lines} lines in the log; the machine's load before it: ${load}`);
console.log(`  lost ${spoken.lost}, doubled ${spoken.doubled}, refused ${spoken.errors} of ${spoken.sent} messages`);
if (options.json)
	writeFileSync(options.json, `${JSON.stringify({ alone, moments, spoken }, null, '\t')}\n`);
process.exitCode = missed ? 1 : 0;
