/* SPDX-License-Identifier: MIT */
// The bench: Tierbell beside a plain relay (relay.mjs) and, for static files, nginx where it is
// installed; the same load, the same run, the same CPUs. Prints a table with ratios and whether
// the goals are met; docs/PERFORMANCE.md keeps one.
//
//   node bench.mjs [--quick] [--write] [--rounds N] [--json FILE]

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

process.env.TIERBELL_BINARY ??= join(ROOT, 'build/release/tierbell');
const { Server, freePort } = await import('../support/server.mjs');
const { httpRequest } = await import('../support/http.mjs');
const { cpuMicros, rssBytes } = await import('../support/proc.mjs');
const { delay, pool, range, until } = await import('../support/wait.mjs');
const { makeTable } = await import('./table.mjs');

const run = promisify(execFile);
const { values: options } = parseArgs({ options: {
	quick: { type: 'boolean' }, write: { type: 'boolean' }, rounds: { type: 'string' }, json: { type: 'string' },
} });
const LOAD = join(ROOT, 'build/release/load');
const QUICK = options.quick ?? false;
const ROUNDS = Number(options.rounds ?? (QUICK ? 1 : 3));
const SECONDS = QUICK ? 3 : 10;
const WIDE = QUICK ? 100 : 1000; // pairs of the open loop
const IDLE = 10000;
const QUIET_EVERY_MS = 200; // the index is made when three looks in a row find next to no work
const QUIET_TIMES = 3;
const QUIET_US = 10001;
const TWO_CPUS = cpus().length > 1;
const SERVER_CPU = TWO_CPUS ? ['taskset', '-c', '0'] : [];
const LOAD_CPU = TWO_CPUS ? ['taskset', '-c', '1'] : [];

// What stands in the way of load, and is tested elsewhere.
const LIMITS = { sockets_per_visitor: 0, sockets_per_agent: 0, messages_per_chat: 0 };

const folder = mkdtempSync(join(tmpdir(), 'tierbell-bench-'));
const running = new Set();

process.on('exit', () => {
	for (const child of running)
		child.kill('SIGKILL');
	rmSync(folder, { recursive: true, force: true });
});

function say(text) {
	process.stderr.write(`${text}\n`);
}

function start(command, args, stdio = 'ignore') {
	const child = spawn(command, args, { stdio });

	running.add(child);
	child.once('exit', () => running.delete(child));
	return child;
}

async function stop(child) {
	const ended = new Promise((resolve) => child.once('exit', resolve));

	child.kill('SIGTERM');
	await ended;
}

// --- what is measured ---

class Tierbell {
	name = 'tierbell';
	flags = [];

	constructor(limits = {}) {
		this.limits = { ...LIMITS, ...limits };
	}

	async begin(pairs) {
		this.server = new Server({ limits: this.limits, wrap: SERVER_CPU });
		await this.server.start();
		say(`  ${pairs} agents`);
		const people = await pool(range(pairs), 4, (index) => this.server.addAgent({ name: `Agent ${index}` }));

		this.tokens = join(folder, 'tokens');
		writeFileSync(this.tokens, people.map((person) => `${person.token}\n`).join(''));
		this.flags = ['--tokens', this.tokens];
		this.port = this.server.port;
	}

	get watched() {
		return [`server=${this.server.pid}`, `redis=${this.server.redisPid}`];
	}

	async end() {
		await this.server.stop();
	}
}

class Relay {
	name = 'relay';
	flags = ['--relay'];

	async begin() {
		const socket = join(folder, 'relay.sock');

		this.port = await freePort();
		this.redis = start(SERVER_CPU[0] ?? 'redis-server', [...SERVER_CPU.slice(1), ...(TWO_CPUS ? ['redis-server'] : []),
			'--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]);
		await until(() => existsSync(socket), 'the Redis of the relay');
		const script = fileURLToPath(new URL('relay.mjs', import.meta.url));

		this.node = start(SERVER_CPU[0] ?? 'node', [...SERVER_CPU.slice(1), ...(TWO_CPUS ? ['node'] : []),
			script, String(this.port), socket], ['ignore', 'ignore', 'inherit']);
		await until(async () => (await httpRequest(this, 'GET', '/')).status === 200, 'the relay');
	}

	get watched() {
		return [`server=${this.node.pid}`, `redis=${this.redis.pid}`];
	}

	async end() {
		await stop(this.node);
		await stop(this.redis);
	}
}

async function load(peer, scenario, args) {
	const all = [...LOAD_CPU, LOAD, scenario, '--port', String(peer.port), ...peer.flags,
		...peer.watched.flatMap((one) => ['--watch', one]), ...args.map(String)];
	let out;

	try {
		out = await run(all[0], all.slice(1), { timeout: 600000, maxBuffer: 1 << 24 });
	} catch (error) {
		throw new Error(`${peer.name} ${scenario} ${args.join(' ')}: ${error.stderr || error.message}\n${error.stdout ?? ''}`);
	}
	return JSON.parse(out.stdout);
}

const perDelivered = (result) => {
	const server = result.cpu.server / result.delivered;
	const redis = result.cpu.redis / result.delivered;

	return { ...result, us: { server, redis, total: server + redis } };
};

const scenarios = {
	talk: async (peer) => perDelivered(await load(peer, 'talk', ['--pairs', 100, '--seconds', SECONDS])),
	one: async (peer) => perDelivered(await load(peer, 'talk', ['--pairs', 1, '--seconds', SECONDS])),
	rate1000: async (peer) => perDelivered(await load(peer, 'talk', ['--pairs', WIDE, '--rate', 1000, '--seconds', SECONDS])),
	rate4000: async (peer) => perDelivered(await load(peer, 'talk', ['--pairs', WIDE, '--rate', 4000, '--seconds', SECONDS])),
};

// What only Tierbell does. The words of messages go into the full-text index when nobody waits for the
// record: how much CPU that takes after `said`, until nothing is left to do.
const typing = async (peer) => perDelivered(await load(peer, 'talk', ['--pairs', 100, '--seconds', SECONDS, '--typing']));

async function index(peer, said) {
	const before = cpuMicros(peer.server.pid);
	let last = -1;
	let quiet = 0;

	await until(async () => {
		const now = cpuMicros(peer.server.pid);

		quiet = now - last < QUIET_US ? quiet + 1 : 0;
		last = now;
		await delay(QUIET_EVERY_MS);
		return quiet >= QUIET_TIMES;
	}, 'the index', 120000);
	return { us: (last - before) / said.sent };
}

async function idle(peer) {
	const count = peer.name === 'relay' && QUICK ? 2000 : IDLE;
	const result = await load(peer, 'idle', ['--connections', count]);

	return { ...result, us: (result.cpu.server + result.cpu.redis) / result.connections,
		serverUs: result.cpu.server / result.connections, bytes: result.pss.server / result.connections };
}

async function statics(port, watched) {
	const result = await load({ name: 'static', port, flags: [], watched }, 'static',
		['--path', '/widget.js', '--connections', 64, '--seconds', SECONDS]);

	return { ...result, us: result.cpu.server / result.requests };
}

async function nginx(bytes) {
	const hasNginx = await run('nginx', ['-v']).then(() => true, () => false);

	if (!hasNginx)
		return null;
	const port = await freePort();
	const conf = join(folder, 'nginx.conf');

	writeFileSync(join(folder, 'widget.js'), Buffer.alloc(bytes, 'x'));
	writeFileSync(conf, `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr crit;
		events { worker_connections 1024; }
		http { access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path ${folder}/b;
			proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
			server { listen 127.0.0.1:${port}; root ${folder}; } }`);
	const child = start(SERVER_CPU[0] ?? 'nginx', [...SERVER_CPU.slice(1), ...(TWO_CPUS ? ['nginx'] : []), '-c', conf]);

	await until(async () => (await httpRequest({ port }, 'GET', '/widget.js')).status === 200, 'nginx');
	const result = await statics(port, [`server=${child.pid}`]);

	await stop(child);
	return result;
}

// From exec to the first 200 of /readyz: in an empty folder, and when the folder is there.
async function coldStart() {
	const server = new Server({ limits: LIMITS });
	const times = [];

	server.port = await freePort();
	for (const _ of range(4)) {
		const begun = process.hrtime.bigint();

		server.spawn();
		for (;;) {
			const answer = await httpRequest(server, 'GET', '/readyz', { timeout: 1000 }).catch(() => null);

			if (answer?.status === 200)
				break;
			if (server.child.how)
				throw new Error(server.log);
		}
		times.push(Number(process.hrtime.bigint() - begun) / 1e6);
		await delay(1000);
		server.rss = rssBytes(server.pid);
		await server.stop();
	}
	return { first: times[0], again: times.slice(1).sort((a, b) => a - b)[1], rss: server.rss };
}

// --- the run ---

const median = (list, by) => [...list].sort((a, b) => by(a) - by(b))[Math.floor(list.length / 2)];

async function rounds() {
	const results = { tierbell: {}, relay: {} };

	for (let round = 0; round < ROUNDS; round++) {
		for (const peer of [new Tierbell(), new Relay()]) {
			say(`round ${round + 1} of ${ROUNDS}: ${peer.name}`);
			await peer.begin(WIDE);
			const keep = (name, result) => {
				say(`  ${name}`);
				(results[peer.name][name] ??= []).push(result);
				return result;
			};

			if (peer.name === 'tierbell')
				keep('typing', await typing(peer));
			for (const [name, scenario] of Object.entries(scenarios)) {
				const said = keep(name, await scenario(peer));

				if (peer.name === 'tierbell' && name === 'talk')
					keep('index', await index(peer, said));
			}
			if (peer.name === 'tierbell')
				keep('static', await statics(peer.port, peer.watched));
			await peer.end();
		}
	}
	return results;
}

// What it costs when every ack is sent at once.
async function ungathered() {
	const peer = new Tierbell({ ack_gather_ms: 0 });
	const results = [];

	say('without ack_gather_ms');
	await peer.begin(100);
	for (let round = 0; round < ROUNDS; round++)
		results.push(await scenarios.talk(peer));
	await peer.end();
	return results;
}

async function idles() {
	const results = {};

	for (const peer of [new Tierbell(), new Relay()]) {
		say(`idle: ${peer.name}`);
		await peer.begin(0);
		results[peer.name] = await idle(peer);
		await peer.end();
	}
	return results;
}

function chosen(results) {
	const out = {};

	for (const [name, list] of Object.entries(results))
		out[name] = median(list, (result) => result.us.total ?? result.us);
	return out;
}

const all = await rounds();

all.tierbell.ungathered = await ungathered();
const tierbell = chosen(all.tierbell);
const relay = chosen(all.relay);
const idleResults = await idles();
const result = {
	at: new Date().toISOString().slice(0, 10), kernel: release(), cpu: cpus()[0].model, cpus: cpus().length,
	node: process.version, rounds: ROUNDS, seconds: SECONDS, pairs: WIDE, quick: QUICK,
	tierbell: { ...tierbell, idle: idleResults.tierbell, start: await coldStart() },
	relay: { ...relay, idle: idleResults.relay },
	nginx: await nginx(tierbell.static.bytes),
};

if (options.json)
	writeFileSync(options.json, `${JSON.stringify({ result, all }, null, '\t')}\n`);
const table = makeTable(result);

console.log(table);
if (options.write) {
	const file = join(ROOT, 'docs/PERFORMANCE.md');
	const text = readFileSync(file, 'utf8');

	writeFileSync(file, text.replace(/(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/, (_, begin, end) => `${begin}${table}\n${end}`));
}
process.exitCode = /\*\*no\*\*/.test(table) ? 1 : 0;
