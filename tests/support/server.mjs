/* SPDX-License-Identifier: MIT */
// The real binary on a free port with a data folder of its own, and its command line.

import { execFile, spawn } from 'node:child_process';
import {
	existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { httpRequest } from './http.mjs';
import { freePort } from './port.mjs';
import { PATIENCE_MS, pool, until, within } from './wait.mjs';

export { freePort };
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = process.env.TIERBELL_BINARY ?? join(ROOT, 'build', 'tierbell');
export const ORIGIN = 'https://docs.example.gov';
export const PASSWORD = 'correct horse battery staple';

// Sanitized builds use more memory and are slower; bounds allow for that.
export const IS_SANITIZED = existsSync(BINARY) && /asan|tsan/.test(realpathSync(BINARY));

// Rates that would only stand in the way of a test that is not about them.
export const OPEN_LIMITS = {
	messages_per_10s: 0,
	chats_per_hour_per_address: 0,
	chats_per_hour_per_visitor: 0,
	connections_per_address: 0,
	logins_per_minute: 0,
	agent_frames_per_10s: 0,
};

const PORTS_MAX = 3;
const PORT_TAKEN = /another program listens there/;

const folders = new Set();
const children = new Set();

process.on('exit', () => {
	for (const child of children) {
		// strace that is killed lets go of what it traces.
		for (const pid of [...childrenOf(child.pid), child.pid])
			killQuietly(pid);
	}
	for (const folder of folders)
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export function temporaryFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'tierbell-e2e-'));

	folders.add(folder);
	return folder;
}

// Runs the binary with `args` to its end.
export function runCommand(args, { input = '', env = {}, timeout = PATIENCE_MS } = {}) {
	const child = spawn(BINARY, args, { env: { ...process.env, ...env } });
	const out = { stdout: '', stderr: '' };

	child.stdout.on('data', (chunk) => (out.stdout += chunk));
	child.stderr.on('data', (chunk) => (out.stderr += chunk));
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	const timer = setTimeout(() => child.kill('SIGKILL'), timeout);

	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			clearTimeout(timer);
			resolve({ code, signal, ...out });
		});
	});
}

export function childrenOf(pid) {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
			readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
				.split(' ').filter(Boolean).map(Number));
	} catch {
		return [];
	}
}

function commandName(pid) {
	try {
		return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
	} catch {
		return '';
	}
}

function killQuietly(pid, signal = 'SIGKILL') {
	try {
		process.kill(pid, signal);
	} catch {
		// gone already
	}
}

export function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

export class Server {
	constructor(options) {
		this.options = options;
		this.data = options.data ?? temporaryFolder();
		this.port = options.port;
		this.log = '';
		this.child = null;
		this.exit = null;
	}

	get host() {
		return `127.0.0.1:${this.port}`;
	}

	get url() {
		return `http://${this.host}`;
	}

	get pid() {
		return this.child.pid;
	}

	// The private redis-server, or undefined while there is none. The server may be a child of
	// `wrap` (strace, taskset), so grandchildren count.
	get redisPid() {
		return this.pidOf('redis-server');
	}

	pidOf(command) {
		const seen = [this.child.pid];

		for (const pid of seen)
			seen.push(...childrenOf(pid));
		return seen.find((pid) => commandName(pid) === command);
	}

	// Where the private Redis listens.
	get redisSocket() {
		return readdirSync(this.data, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isSocket() && entry.name.includes('redis'))
			.map((entry) => join(entry.parentPath ?? entry.path, entry.name))[0];
	}

	redis(...args) {
		return new Promise((resolve, reject) => {
			execFile('redis-cli', ['-s', this.redisSocket, ...args], { timeout: PATIENCE_MS }, (error, out) =>
				error ? reject(error) : resolve(out.trim()));
		});
	}

	arguments() {
		const { limits = {}, args = [], origins = [ORIGIN], chat, policy: change } = this.options;
		const all = { ...OPEN_LIMITS, ...limits };

		this.policy ??= writePolicy((policy) => {
			openAlways(policy);
			Object.assign(policy.chat, chat);
			change?.(policy);
		});

		return ['serve', '--listen', this.host, '--data', this.data,
			...origins.flatMap((origin) => ['--origin', origin]),
			...Object.entries(all).flatMap(([name, value]) =>
				value === undefined ? [] : ['--limit', `${name}=${value}`]),
			'--policy', this.policy,
			...args];
	}

	spawn() {
		const { wrap = [], env = {} } = this.options;
		const [command, ...args] = [...wrap, BINARY, ...this.arguments()];

		this.child = spawn(command, args, {
			cwd: ROOT,
			env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1:exitcode=99', ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const { child } = this;

		// A server that a failed test left running must not keep the test process.
		for (const handle of [child, child.stdout, child.stderr])
			handle.unref();
		children.add(child);
		child.stdout.on('data', (chunk) => this.note(chunk));
		child.stderr.on('data', (chunk) => this.note(chunk));
		this.exit = new Promise((resolve) => {
			child.once('error', (error) => resolve({ error }));
			child.once('exit', () => children.delete(child));
			// Not before its last words have come.
			child.once('close', (code, signal) => resolve({ code, signal }));
		});
		this.exit.then((how) => (child.how = how));
	}

	note(chunk) {
		this.log += chunk;
		if (process.env.TIERBELL_TEST_VERBOSE)
			process.stderr.write(chunk);
	}

	async start() {
		if (!existsSync(BINARY))
			throw new Error(`${BINARY} is missing: run make`);
		const begun = this.port !== undefined;

		this.port ??= await freePort();
		await this.attempt();
		// What was free may have been given to another program since.
		for (let left = PORTS_MAX; !begun && left > 0 && this.child.how && PORT_TAKEN.test(this.log); left--) {
			this.log = '';
			this.port = await freePort();
			await this.attempt();
		}
		if (this.child.how)
			throw new Error(`the server ended at its start: ${JSON.stringify(this.child.how)}\n${this.log}`);
		return this;
	}

	// Spawns it and waits until it is ready or has ended. Another program on the port may be ready, too.
	async attempt() {
		const before = this.log.length;

		this.spawn();
		const { child } = this;

		await until(async () => {
			if (child.how)
				return true;
			if (!this.log.includes('server.ready', before))
				return false;
			const { status } = await httpRequest(this, 'GET', '/readyz', { timeout: 5000 });

			return status === 200;
		}, `server ready on port ${this.port}; it said:\n${this.log.slice(-2000)}`, { every: 10 });
	}

	// The server itself, also when it runs in a `wrap`, which then ends with it.
	kill(signal = 'SIGKILL') {
		killQuietly(this.pidOf('tierbell') ?? this.child.pid, signal);
	}

	// How it ended; waits for that.
	get ended() {
		return within(this.exit, `the server ends; it said:\n${this.log.slice(-2000)}`);
	}

	// Kills without a word and starts again on the same port and folder.
	async crash() {
		this.kill('SIGKILL');
		await this.ended;
		await this.start();
	}

	// Stops it in order; the test fails when it does not end by itself or a sanitizer spoke.
	async stop() {
		if (!this.child || this.child.how) {
			return this.child?.how;
		}
		this.kill('SIGTERM');
		const how = await this.ended;

		if (how.code !== 0 || /AddressSanitizer|runtime error:/.test(this.log))
			throw new Error(`the server ended with ${JSON.stringify(how)}:\n${this.log.slice(-4000)}`);
		return how;
	}

	run(args, options) {
		return runCommand([...args, '--data', this.data], options);
	}

	async runOk(args, options) {
		const result = await this.run(args, options);

		if (result.code !== 0)
			throw new Error(`tierbell ${args.join(' ')}: exit ${result.code ?? result.signal}: ` +
				result.stderr + result.stdout);
		return result;
	}

	// A person with an API token: {email, name, tier, role, password, token}.
	async addAgent({ name, email, tier = 1, role = 'agent', password = PASSWORD } = {}) {
		const address = email ?? `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.gov`;

		await this.runOk(['agent', 'add', '--email', address, '--name', name, '--tier', String(tier),
			'--role', role], { input: `${password}\n` });
		const token = await this.token(address);

		return { name, email: address, tier, role, password, token };
	}

	async token(email) {
		const { stdout } = await this.runOk(['token', 'create', '--email', email]);
		const words = stdout.trim().split(/\s+/);

		return words[words.length - 1];
	}

	addAgents(list) {
		return pool(list, 4, (agent) => this.addAgent(agent));
	}

	request(method, path, options) {
		return httpRequest(this, method, path, options);
	}

	// A call with the rights of `agent`.
	api(agent, method, path, options = {}) {
		return httpRequest(this, method, path, {
			...options,
			headers: { authorization: `Bearer ${agent.token}`, ...options.headers },
		});
	}

	async ticket(agent, number) {
		const { status, json } = await this.api(agent, 'GET', `/api/v1/tickets/${number}`);

		if (status !== 200)
			throw new Error(`ticket ${number}: ${status}`);
		return json;
	}

	// The value of a metric, all label sets added up, or only those whose line has `label`.
	async metric(name, label = '') {
		const { text } = await this.request('GET', '/metrics');

		return text.split('\n')
			.filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
			.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
	}
}

// What a test sees must not depend on the day that it runs on: not on that of the week, nor on the year
// from which on a policy is told that its holidays and its review are due.
export function openAlways(policy) {
	policy.desk.calendar = 'always';
	policy.calendars.support.known_until = '2098-12-31';
	policy.review.date = '2098-12-31';
	for (const channel of Object.values(policy.channels))
		Object.assign(channel, { intake: 'always', hours: 'always' });
}

// Writes a variant of the shipped policy; `change` gets the parsed file.
export function writePolicy(change) {
	const policy = JSON.parse(readFileSync(join(ROOT, 'deploy', 'policy.json'), 'utf8'));
	const file = join(temporaryFolder(), 'policy.json');

	change(policy);
	writeFileSync(file, JSON.stringify(policy, null, '\t'));
	return file;
}

export async function startServer(options = {}) {
	return new Server(options).start();
}
