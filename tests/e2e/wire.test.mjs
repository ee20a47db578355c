/* SPDX-License-Identifier: MIT */
// What the protocol says of all frames alike, tried without the helpers that repair: each is answered
// once when it has an id, and who reads is never left without an entry.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { visitorPeer } from '../support/peer.mjs';

const desk = useDesk({ people: { dana: {}, sam: { role: 'supervisor' }, root: { role: 'admin', tier: 3 } } });

const silent = { repair: false };

// The answers to `id`, after everything sent before them was handled.
async function answers(peer, id) {
	await peer.settle();
	return peer.frames.filter((frame) => ['ack', 'error'].includes(frame.type) && frame.id === id);
}

async function answeredOnce(peer, type, fields = {}) {
	const answer = await peer.call(type, { ...fields, id: `once-${type}` });

	assert.equal((await answers(peer, `once-${type}`)).length, 1, type);
	return answer;
}

// An ended chat of tier 3 with `said` messages, then another one with `next`; the entries of each are
// so many and the end.
async function twoChats(t, { said, next, end = true }) {
	t.after(() => desk.clear());
	const visitor = await desk.visitor(silent);
	const tickets = [];

	for (const count of [said, next]) {
		const { ticket } = await visitor.say('How do I start?', { new: true });

		for (let i = 1; i < count; i++)
			await visitor.say(`more ${i}`);
		if (count === said || end)
			await visitor.peer.ok('close');
		tickets.push(ticket);
	}
	return { visitor, tickets };
}

async function entriesAfter(hello) {
	const reader = await desk.visitor(silent, hello);

	await reader.peer.ok('history', { after: 1e9 });
	return reader.peer.frames.filter(({ type }) => type === 'message');
}

test('whatever a visitor sends with an id is answered, once', async (t) => {
	t.after(() => desk.clear());
	const fresh = await desk.visitor(silent);

	for (const [type, fields] of [['typing', { on: true }], ['read', { seq: 1 }], ['page', {}], ['history', {}], ['pong', {}]])
		assert.equal((await answeredOnce(fresh.peer, type, fields)).type, 'ack', `${type} before any chat`);
	const { visitor } = await desk.chat('dana', { visitor: await desk.visitor(silent) });

	for (const [type, fields] of [['typing', { on: true }], ['read', { seq: 1 }], ['page', { url: 'https://docs.example.gov/b' }], ['history', { after: 0 }], ['pong', {}]])
		assert.equal((await answeredOnce(visitor.peer, type, fields)).type, 'ack', type);
	assert.equal((await answeredOnce(visitor.peer, 'hello')).code, 'bad_request', 'a second one');
});

test('whatever an agent sends with an id is answered, once', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const sam = await desk.agent('sam', { state: null });
	const ask = async (one, type, fields) => (({ type: answer, code }) => code ?? answer)(await answeredOnce(one.peer, type, fields));

	for (const [type, fields] of [['typing', { ticket, on: true }], ['read', { ticket, seq: 1 }], ['history', { ticket, after: 0 }], ['pong', {}], ['viewing', { ticket }], ['watch', { ticket: 999999 }]])
		assert.equal(await ask(agent, type, fields), type === 'watch' ? 'forbidden' : 'ack', type);
	assert.equal(await ask(sam, 'watch', { ticket }), 'ack');
	assert.equal(await ask(sam, 'unwatch', { ticket }), 'ack');
	for (const type of ['history', 'watch'])
		assert.equal((await sam.peer.call(type, { ticket: 999999 })).code, 'not_found', `${type} of no ticket`);
});

test('the answer to history comes behind what was asked for', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor(silent);

	for (let i = 0; i < 150; i++)
		await visitor.say(`line ${i}`);
	await visitor.caughtUp(150); // what was said comes behind its ack, and is no history
	const from = visitor.peer.mark();

	await visitor.peer.ok('history', { after: 10 });
	assert.deepEqual(visitor.peer.frames.slice(from).filter(({ type }) => type === 'message').map(({ seq }) => seq),
		Array.from({ length: 140 }, (_, i) => i + 11));
});

test('hello with an id is acknowledged behind its welcome', async (t) => {
	t.after(() => desk.clear());
	for (const open of [() => desk.visitor(silent, { id: 'h1' }), () => desk.agent('dana', { state: null }, { id: 'h1' })]) {
		const { peer } = await open();

		await peer.waitFor({ type: 'ack', id: 'h1' });
		assert.deepEqual(peer.frames.map(({ type }) => type).filter((type) => ['welcome', 'ack'].includes(type)), ['welcome', 'ack']);
	}
});

test('what cannot be read is refused under its id', async (t) => {
	t.after(() => desk.clear());
	const { peer } = await desk.visitor(silent);

	for (const [i, rest] of ['"text":"\\ud83d"', '"text":"a\\u0000b"', '"text":"x","n":1e999', `"text":"x","n":${2n ** 64n}`, '"text":"x","text":"y"', `"x":${'['.repeat(20)}${']'.repeat(20)}`, '"text":'].entries()) {
		peer.sendText(`{"type":"message","id":"broken-${i}",${rest}}`);
		assert.equal((await peer.waitFor({ type: 'error', id: `broken-${i}` })).code, 'bad_request', rest);
	}
});

test('a page or an address that cannot be shown keeps nobody from asking', async (t) => {
	t.after(() => desk.clear());
	for (const hello of [{ page: { url: '/guide', title: 'Guide' } }, { page: { url: 'javascript:alert(1)', title: 'x' } }, { page: { url: `https://docs.example.gov/${'x'.repeat(2000)}` } }, { user: { name: 'Ann', email: 'ann at home' } }]) {
		const visitor = await desk.visitor(silent, hello);
		const { ticket } = await visitor.say('May I ask?');
		const stored = (await desk.server.ticket(desk.people.dana, ticket)).ticket;

		assert.equal(hello.page ? stored.page : stored.visitor.email, null, JSON.stringify(hello).slice(0, 60));
		if (hello.user)
			assert.equal(stored.visitor.name, 'Ann');
		await visitor.close();
	}
});

test('a tab that slept through a chat reads the next one from its beginning', async (t) => {
	for (const end of [true, false]) {
		const { visitor, tickets: [first, second] } = await twoChats(t, { said: 2, next: 5, end });
		const entries = await entriesAfter({ token: visitor.token, after: 3, ticket: first });

		assert.deepEqual(entries.map(({ ticket, seq }) => [ticket, seq]), Array.from({ length: end ? 6 : 5 }, (_, i) => [second, i + 1]));
	}
});

test('a cursor beyond the end of an ended chat is of another one', async (t) => {
	const { visitor, tickets: [, second] } = await twoChats(t, { said: 6, next: 2 });
	const entries = await entriesAfter({ token: visitor.token, after: 7 });

	assert.deepEqual(entries.map(({ ticket, seq }) => [ticket, seq]), [[second, 1], [second, 2], [second, 3]]);
});

test('who asks for history beyond the end still hears what is said next', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana', { visitor: await desk.visitor(silent) });

	await visitor.peer.ok('history', { after: 1000000 });
	await agent.peer.ok('history', { ticket, after: 1000000 });
	const { seq } = await agent.say(ticket, 'still there?');

	await visitor.waitFor({ type: 'message', ticket, seq });
	await agent.waitFor({ type: 'message', ticket, seq });
});

test('the tier of an ended chat is where it ended', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('sam');

	await agent.peer.ok('escalate', { ticket, reason: 'needs a hand', tier: 3 });
	await visitor.peer.ok('close');
	await visitor.close();
	const again = await desk.visitor(silent, { token: visitor.token });

	assert.equal(again.welcome.chat.tier, 3);
});

test('what is about tickets waits for the welcome, and is told so', async (t) => {
	t.after(() => desk.clear());
	const { visitor } = await desk.chat('dana');
	const peer = visitorPeer(desk.server);

	await peer.opened;
	peer.send({ type: 'hello', token: visitor.token });
	const answer = await peer.call('history', { after: 0 });

	assert.ok(answer.type === 'ack' || answer.code === 'unavailable', JSON.stringify(answer));
	await peer.terminate();
});
