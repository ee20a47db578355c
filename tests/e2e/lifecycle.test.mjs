/* SPDX-License-Identifier: MIT */
// Start, restart, stop; one server a folder; the command line while it runs and while not.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { assertSameAsRecord } from '../support/log.mjs';
import { BINARY, PASSWORD, Server, freePort, isAlive, runCommand, startServer, temporaryFolder } from '../support/server.mjs';
import { delay, pool, range, until, within } from '../support/wait.mjs';
import { openVisitor } from '../support/visitor.mjs';

test('the first start prints an administrator with a one-time password that works; later starts do not', async () => {
	const server = await startServer();
	const [, email, password] = await until(() => /(\S+@\S+)[\s\S]*?password\W+(\S+)\n/i.exec(server.log), 'it is printed');
	const answer = await server.request('POST', '/api/v1/session', {
		body: { email: email.replace(/[^\w.@-]/g, ''), password }, headers: { origin: server.url },
	});

	assert.ok([200, 201].includes(answer.status), `${answer.status} with ${email} and ${password}`);
	await server.stop();
	const before = server.log.length;

	await server.start();
	assert.ok(!server.log.slice(before).includes(password));
	assert.doesNotMatch(server.log.slice(before), /one-time/i);
	await server.stop();
});

test('a restart finds chats, people, tokens and sessions; the agent gets the chat back', { timeout: 120000 }, async () => {
	const server = await startServer();
	const dana = await server.addAgent({ name: 'Dana' });
	const agent = await openAgent(server, dana);

	await agent.available(5);
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('before the restart');

	await agent.take(ticket);
	const { seq } = await agent.say(ticket, 'an answer');

	await visitor.caughtUp(seq);
	const record = await server.ticket(dana, ticket);
	const byes = [visitor, agent].map(({ peer }) => peer.waitFor('bye'));

	await Promise.all([server.stop(), ...byes.map((bye) => bye.then((frame) => {
		assert.ok(frame.retry_after_ms >= 0);
	}))]);
	for (const { peer } of [visitor, agent])
		assert.equal((await peer.closed).code, 1012);
	await server.start();
	assert.deepEqual(await server.ticket(dana, ticket), record);
	const back = await openVisitor(server, { token: visitor.token }, { after: seq, ticket });

	assert.equal(back.welcome.chat.state, 'active');
	const agentBack = await openAgent(server, dana, {}, { after: { [ticket]: seq } });

	assert.deepEqual(agentBack.welcome.chats.map((chat) => chat.number), [ticket]);
	back.log = visitor.log;
	back.logs.set(ticket, visitor.log);
	const next = await back.say('after the restart');

	assert.equal(next.ticket, ticket);
	assert.equal(next.seq, seq + 1);
	await back.caughtUp(next.seq);
	assertSameAsRecord(back.log, (await server.ticket(dana, ticket)).messages);
	await agentBack.closeTicket(ticket);
	await back.close();
	await agentBack.close();
	await server.stop();
});

test('SIGTERM while messages are under way: what was acked is there, nothing else is doubled', async () => {
	const server = await startServer();
	const root = await server.addAgent({ name: 'Root', role: 'admin' });
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('first');
	const acked = [];
	const sending = Promise.all(range(2000).map((index) =>
		visitor.say(`m${index}`, { id: `m${index}` }).then((ack) => acked.push([ack.seq, `m${index}`]), () => {})));

	await until(() => acked.length > 50, 'some are acked', { every: 1 });
	await server.stop();
	await sending;
	await server.start();
	const { messages } = await server.ticket(root, ticket);

	for (const [seq, text] of acked)
		assert.equal(messages[seq - 1].text, text);
	assert.equal(new Set(messages.map((entry) => entry.text)).size, messages.length);
	await server.stop();
});

test('a second server on the folder is refused with a clear word, the first goes on', async () => {
	const server = await startServer();
	const port = await freePort();
	const second = await runCommand(['serve', '--listen', `127.0.0.1:${port}`, '--data', server.data]);

	assert.equal(second.code, 1, second.stderr);
	assert.match(second.stderr, /in use|already|another/i);
	assert.equal((await server.request('GET', '/readyz')).status, 200);
	await server.kill('SIGKILL');
	await server.ended;
	await server.start();
	await server.stop();
});

test('a port that is taken: exit 1 with a clear word', async () => {
	const server = await startServer();
	const { code, stderr } = await runCommand(['serve', '--listen', server.host, '--data', temporaryFolder()]);

	assert.equal(code, 1);
	assert.match(stderr, /in use|listen|bind/i);
	await server.stop();
});

test('after a stop no redis-server and no socket file stay behind; the folder is private', async () => {
	const server = await startServer();
	const redis = await until(() => server.redisPid, 'the private Redis runs');

	for (const name of readdirSync(server.data)) {
		const { mode } = statSync(join(server.data, name), { throwIfNoEntry: false }) ?? {}; // it may be gone by now

		assert.equal(mode & 0o077, 0, `${name} is for its owner only`);
	}
	await server.stop();
	await until(() => !isAlive(redis), 'Redis ended with its server');
});

test('SIGKILL of the server: its Redis ends too, and a new server starts at once', async () => {
	const server = await startServer();
	const redis = await until(() => server.redisPid, 'the private Redis runs');

	server.kill('SIGKILL');
	await server.ended;
	await server.start();
	await until(() => !isAlive(redis), 'the orphan ended');
	await server.stop();
});

test('SIGTERM at any moment of the first start, while the first password is hashed: an orderly end, and the folder is good', async () => {
	const stopped = await pool(range(24), 4, async (index) => {
		const data = temporaryFolder();
		const child = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--log', 'info']);
		const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
		let log = '';

		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => (log += chunk));
		await until(() => existsSync(join(data, 'control.sock')) || child.exitCode !== null, 'it begins', { every: 1 });
		const errand = index % 3 === 0 ? runCommand(['agent', 'add', '--data', data, '--email', 'a@example.gov', '--name', 'A'],
			{ input: `${PASSWORD}\n` }) : null;

		await delay(index * 2);
		child.kill('SIGTERM');
		const end = await within(ended, 'it stops');
		const answer = await errand;

		// Before it listens to signals the system ends it; after that it stops by itself.
		assert.ok(end.code === 0 || end.signal === 'SIGTERM', `${JSON.stringify(end)} after ${index * 2} ms: ${log}`);
		assert.ok(answer === null || [0, 1].includes(answer.code), JSON.stringify(answer));
		return { data, end };
	});

	assert.ok(stopped.filter(({ end }) => end.code === 0).length > 12, JSON.stringify(stopped.map(({ end }) => end)));
	const server = await startServer({ data: stopped[1].data });

	assert.equal((await server.request('GET', '/readyz')).status, 200);
	await server.stop();
});

test('SIGHUP reloads and drops nobody', async () => {
	const server = await startServer();
	const visitor = await openVisitor(server);

	await visitor.say('before');
	server.kill('SIGHUP');
	await until(() => server.log.includes('server.reloaded'), 'it has reloaded');
	await visitor.say('after');
	assert.equal((await server.request('GET', '/readyz')).status, 200);
	await visitor.close();
	await server.stop();
});

test('the command line: help, wrong usage, agents and tokens with and without a running server', async () => {
	const help = await runCommand(['--help']);

	assert.equal(help.code, 0);
	for (const command of ['serve', 'agent', 'token'])
		assert.ok(help.stdout.includes(command));
	for (const command of ['serve', 'agent', 'token', 'policy', 'simulate', 'triage', 'version']) {
		const { code, stdout } = await runCommand([command, '--help']);

		assert.equal(code, 0, command);
		assert.match(stdout, /^usage: tierbell /, command);
	}
	for (const args of [[], ['dance'], ['serve', '--no-such'], ['agent'], ['agent', 'add'],
		['token', 'create'], ['version', 'x']])
		assert.equal((await runCommand(args)).code, 2, args.join(' '));
	const server = new Server({});
	const add = (email, extra = []) => server.run(['agent', 'add', '--email', email, '--name', 'N', '--tier', '1',
		'--role', 'agent', ...extra], { input: `${PASSWORD}\n` });

	assert.equal((await add('off@example.gov')).code, 0, 'without a server');
	await server.start();
	assert.equal((await add('on@example.gov')).code, 0, 'with a server');
	assert.equal((await add('on@example.gov')).code, 1, 'the e-mail is taken');
	assert.equal((await add('no-mail')).code === 0, false);
	assert.equal((await server.run(['agent', 'add', '--email', 'short@example.gov', '--name', 'N', '--tier', '1', '--role', 'agent'],
		{ input: 'short\n' })).code === 0, false, 'a short password');
	assert.equal((await server.run(['token', 'create', '--email', 'nobody@example.gov'])).code, 1);
	const list = await server.runOk(['agent', 'list']);

	assert.ok(list.stdout.includes('off@example.gov') && list.stdout.includes('on@example.gov'));
	assert.ok(!/argon2/.test(list.stdout));
	const token = await server.token('off@example.gov');

	assert.equal((await server.api({ token }, 'GET', '/api/v1/session')).status, 200);
	await server.stop();
	assert.ok(existsSync(server.data));
});

test('a folder that cannot be written and a policy that cannot be read: exit 1 and why', async () => {
	const file = join(temporaryFolder(), 'nothing.json');
	const folder = await runCommand(['serve', '--listen', '127.0.0.1:0', '--data', '/proc/nothing']);

	assert.ok([1, 2].includes(folder.code));
	assert.match(folder.stderr, /\/proc\/nothing/);
	const policy = await runCommand(['serve', '--listen', '127.0.0.1:0', '--data', temporaryFolder(), '--policy', file]);

	assert.ok([1, 2].includes(policy.code), policy.stderr);
	assert.match(policy.stderr, /nothing\.json/);
});

test('silent clients are pinged and, when they stay silent, let go', async () => {
	const server = await startServer({ limits: { ping_ms: 500, silence_ms: 6000 } });
	const quiet = await openVisitor(server, { autoPong: false });
	const alive = await openVisitor(server);
	const { seq } = await alive.say('x');

	await quiet.peer.waitFor('ping');
	await alive.peer.waitFor({ type: 'ping', seq }); // before it said anything it may have been pinged, too
	assert.equal((await within(quiet.peer.closed, 'the silent one is closed')).code, 1001);
	const pings = () => alive.peer.frames.filter(({ type }) => type === 'ping').length;
	const before = pings();

	await until(() => pings() > before + 1, 'the one who answers is asked again and again');
	await alive.peer.settle();
	await alive.close();
	await server.stop();
});
