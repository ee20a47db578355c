/* SPDX-License-Identifier: MIT */
// Every limit has a name, and past it there is a clear answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { useDesk } from '../support/desk.mjs';
import { visitorPeer } from '../support/peer.mjs';
import { closeCodeOf, encodeFrame, openRaw, openRawWebsocket } from '../support/raw.mjs';
import { PASSWORD, runCommand, startServer } from '../support/server.mjs';
import { pool, range, until, within } from '../support/wait.mjs';
import { openVisitor } from '../support/visitor.mjs';

const desk = useDesk({
	limits: {
		messages_per_10s: 5, sockets_per_visitor: 3, sockets_per_agent: 3, logins_per_minute: 3,
		chats_per_hour_per_visitor: 2, messages_per_chat: 0, message_chars: 100,
		visitor_frame_bytes: 2000, agent_frame_bytes: 4000,
	},
	people: { dana: {}, root: { role: 'admin', tier: 3 } },
});

// How many may have been given back since: none, but on a machine that is very slow.
function refillsOf(every) {
	const begun = Date.now();

	return () => Math.floor((Date.now() - begun) / every);
}

test('messages_per_10s: refused with the time to wait; after it, taken', async () => {
	const visitor = await desk.visitor();
	const refills = refillsOf(2000);
	const answers = await Promise.all(range(8).map((index) => visitor.peer.call('message', { text: `m${index}`, id: `m${index}` })));
	const refused = answers.filter((answer) => answer.type === 'error');
	const acked = answers.length - refused.length;

	assert.ok(acked >= 5 && acked <= 5 + refills(), `${acked} in the burst`);
	for (const error of refused) {
		assert.equal(error.code, 'rate_limited');
		assert.ok(error.retry_after_ms > 0 && error.retry_after_ms <= 10000, String(error.retry_after_ms));
	}
	await new Promise((resolve) => setTimeout(resolve, refused[0].retry_after_ms + 100));
	assert.equal((await visitor.peer.call('message', { text: 'm7', id: 'm7' })).type, 'ack');
	await visitor.close();
});

test('messages_per_10s: what was solved counts too, and is told so', async () => {
	const visitor = await desk.visitor();
	const refills = refillsOf(2000);
	const answers = await Promise.all(range(7).map((index) =>
		visitor.peer.call('solved', { id: `s${index}`, article: `https://docs.example.gov/${index}` })));
	const refused = answers.filter((answer) => answer.type === 'error');

	assert.ok(refused.length <= 2 && refused.length >= 2 - refills(), `${refused.length} of 7`);
	for (const error of refused)
		assert.deepEqual([error.code, error.retry_after_ms > 0], ['rate_limited', true]);
	await visitor.close();
});

test('messages_per_10s counts a visitor, not a tab', async () => {
	const visitor = await desk.visitor();
	const tab = await desk.visitor({ token: visitor.token });
	const refills = refillsOf(2000);
	const answers = await Promise.all(range(8).map((index) =>
		(index % 2 ? tab : visitor).peer.call('message', { text: `m${index}` })));
	const acked = answers.filter((answer) => answer.type === 'ack').length;

	assert.ok(acked >= 5 && acked <= 5 + refills(), `${acked} of both`);
	await visitor.close();
	await tab.close();
});

test('sockets_per_visitor: one tab more is turned away with 1008, the others stay', async () => {
	const tabs = [await desk.visitor()];

	for (const _ of range(2))
		tabs.push(await desk.visitor({ token: tabs[0].token }));
	const peer = visitorPeer(desk.server);

	await peer.opened;
	peer.send({ type: 'hello', token: tabs[0].token, after: 0 });
	assert.equal((await within(peer.closed, 'turned away')).code, 1008);
	assert.ok(peer.frames.some((frame) => frame.type === 'error' && frame.code === 'rate_limited'));
	for (const tab of tabs)
		await tab.peer.settle();
	await tabs[2].close();
	const instead = await desk.visitor({ token: tabs[0].token });

	await Promise.all([...tabs.slice(0, 2), instead].map((tab) => tab.close()));
});

test('sockets_per_agent: one more is turned away', async () => {
	const agents = [];

	for (const _ of range(3))
		agents.push(await openAgent(desk.server, desk.people.dana));
	const over = await openAgent(desk.server, desk.people.dana).then((agent) => within(agent.peer.closed, 'turned away'),
		(error) => ({ code: error.status ?? /closed with (\d+)/.exec(error.message)?.[1] }));

	assert.ok([1008, 429].includes(Number(over.code)), String(over.code));
	for (const agent of agents) {
		await agent.peer.settle();
		await agent.close();
	}
});

test('chats_per_hour_per_visitor: the third new chat is refused', async () => {
	const visitor = await desk.visitor();

	for (const index of range(2)) {
		await visitor.say(`chat ${index}`);
		await visitor.peer.ok('close');
	}
	const third = await visitor.peer.call('message', { text: 'chat 3' });

	assert.equal(third.code, 'rate_limited');
	assert.ok(third.retry_after_ms > 0);
	await visitor.close();
});

test('message_chars: counted in characters, not in bytes', async () => {
	const visitor = await desk.visitor();

	assert.equal((await visitor.peer.call('message', { text: '語'.repeat(100) })).type, 'ack');
	assert.equal((await visitor.peer.call('message', { text: '👍'.repeat(100) })).type, 'ack');
	assert.equal((await visitor.peer.call('message', { text: 'x'.repeat(101) })).code, 'too_large');
	await visitor.close();
});

test('visitor_frame_bytes and agent_frame_bytes: 1009', async () => {
	const visitor = await desk.visitor();

	assert.equal(visitor.welcome.limits.message_bytes, 2000);
	visitor.peer.send({ type: 'message', id: 'big', text: 'x'.repeat(2000) });
	assert.equal((await within(visitor.peer.closed, 'closed')).code, 1009);
	const agent = await openAgent(desk.server, desk.people.dana);

	agent.peer.send({ type: 'note', id: 'fits', ticket: 1, text: 'x'.repeat(3000) });
	await agent.waitFor('error');
	agent.peer.send({ type: 'note', id: 'big', ticket: 1, text: 'x'.repeat(4000) });
	assert.equal((await within(agent.peer.closed, 'closed')).code, 1009);
});

test('logins_per_minute: 429 with Retry-After, also for the right password', async () => {
	const login = (password) => desk.server.request('POST', '/api/v1/session', {
		body: { email: 'dana@example.gov', password }, headers: { origin: desk.server.url },
	});
	const statuses = [];

	for (const index of range(5)) {
		const answer = await login(`wrong password number ${index}`);

		statuses.push(answer.status);
		if (answer.status === 429)
			assert.ok(Number(answer.headers['retry-after']) > 0);
	}
	assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
	assert.equal((await login(PASSWORD)).status, 429);
});

test('chats_per_hour_per_address and connections_per_address', async () => {
	const server = await startServer({ limits: { chats_per_hour_per_address: 3, connections_per_address: 10 } });
	const visitors = [];

	for (const index of range(4)) {
		const visitor = await openVisitor(server);

		visitors.push(visitor);
		const answer = await visitor.peer.call('message', { text: 'x' });

		assert.equal(answer.type === 'ack', index < 3, JSON.stringify(answer));
		if (index === 3)
			assert.equal(answer.code, 'rate_limited');
	}
	const sockets = [];

	for (const _ of range(20)) {
		const raw = await openRaw(server).catch(() => null);

		if (raw) {
			await raw.write('GET /healthz HTTP/1.1\r\n');
			sockets.push(raw);
		}
	}
	// One that was turned away before we looked is not among them.
	await until(() => 20 - sockets.filter((raw) => !raw.isClosed).length >= 10, 'connections past the limit are closed');
	for (const visitor of visitors)
		await visitor.peer.settle();
	for (const raw of sockets)
		raw.destroy();
	await Promise.all(visitors.map((visitor) => visitor.peer.terminate()));
	await until(async () => (await server.request('GET', '/healthz')).status === 200, 'there is room again');
	await server.stop();
});

test('send_queue_bytes: who does not read is closed with 1013 or cut, the talk goes on for others', { timeout: 120000 }, async () => {
	const server = await startServer({ limits: { send_queue_bytes: 65536, send_queue_soft_bytes: 16384, socket_send_bytes: 32768 } });
	const visitor = await openVisitor(server);

	await visitor.say('first');
	const stalled = await openRawWebsocket(server);

	await stalled.write(encodeFrame(JSON.stringify({ type: 'hello', token: visitor.token, after: 0 })));
	await stalled.until((bytes) => bytes.includes('welcome'), 'welcome');
	stalled.socket.pause();
	await pool(range(2000), 4, (index) => visitor.say('x'.repeat(7900), { id: `m${index}` }));
	stalled.socket.resume();
	await stalled.waitClosed('the slow reader is closed');
	assert.ok([1013, undefined].includes(closeCodeOf(stalled)), `closed with ${closeCodeOf(stalled)}`);
	await visitor.caughtUp(2001);
	const again = await openVisitor(server, { token: visitor.token });

	await again.caughtUp(2001);
	await again.close();
	await visitor.close();
	await server.stop();
});

test('a long talk of long messages is replayed in full: nobody is closed for what the server chose to send', { timeout: 120000 }, async () => {
	const server = await startServer();
	const visitor = await openVisitor(server);

	await pool(range(200), 10, (index) => visitor.say('語'.repeat(5000), { id: `m${index}` }));
	const again = await openVisitor(server, { token: visitor.token });

	await again.caughtUp(200);
	again.peer.send({ type: 'history', after: 0 });
	await again.peer.settle();
	assert.ok(again.peer.isOpen);
	await again.close();
	await visitor.close();
	await server.stop();
});

test('an unknown limit or a bad value is a wrong usage: exit 2, and the text says which', async () => {
	for (const limit of ['no_such_limit=1', 'messages_per_10s=many', 'messages_per_10s', 'messages_per_10s=-1']) {
		const { code, stderr } = await runCommand(['serve', '--listen', '127.0.0.1:0', '--data', '/nonexistent/x', '--limit', limit]);

		assert.equal(code, 2, `${limit}: ${stderr}`);
		assert.ok(stderr.includes(limit.split('=')[0]), stderr);
	}
});
