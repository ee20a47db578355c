/* SPDX-License-Identifier: MIT */
// Every frame that a visitor can send, with good and with bad input.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { visitorPeer } from '../support/peer.mjs';
import { ORIGIN } from '../support/server.mjs';
import { openVisitor } from '../support/visitor.mjs';

const desk = useDesk({ people: { dana: {}, root: { role: 'admin', tier: 3 } } });

const CODES = ['bad_request', 'unauthorized', 'forbidden', 'not_found', 'conflict', 'too_large',
	'rate_limited', 'unavailable'];

// [what, the frame, the code of the error]: each leaves the connection open.
const refused = [
	['not JSON', 'hello there', 'bad_request'],
	['an array', '[{"type":"message"}]', 'bad_request'],
	['a string', '"message"', 'bad_request'],
	['a number', '17', 'bad_request'],
	['null', 'null', 'bad_request'],
	['nothing', '', 'bad_request'],
	['no type', '{"id":"a"}', 'bad_request'],
	['a type that is no string', '{"type":7}', 'bad_request'],
	['an unknown type', '{"type":"dance","id":"a"}', 'bad_request'],
	['a frame of agents', '{"type":"note","id":"a","ticket":1,"text":"x"}', 'bad_request'],
	['a presence', '{"type":"presence","id":"a","state":"available"}', 'bad_request'],
	['a key twice', '{"type":"message","id":"a","text":"x","text":"y"}', 'bad_request'],
	['bytes after the object', '{"type":"message","id":"a","text":"x"} {}', 'bad_request'],
	['a message without id', { type: 'message', text: 'x' }, 'bad_request'],
	['an empty id', { type: 'message', id: '', text: 'x' }, 'bad_request'],
	['an id of 65 characters', { type: 'message', id: 'a'.repeat(65), text: 'x' }, 'bad_request'],
	['an id with a blank', { type: 'message', id: 'a b', text: 'x' }, 'bad_request'],
	['an id that is a number', { type: 'message', id: 5, text: 'x' }, 'bad_request'],
	['a message without text', { type: 'message', id: 'a' }, 'bad_request'],
	['an empty text', { type: 'message', id: 'a', text: '' }, 'bad_request'],
	['a text that is an object', { type: 'message', id: 'a', text: { $ne: null } }, 'bad_request'],
	['a text that is a number', { type: 'message', id: 'a', text: 1 }, 'bad_request'],
	['a text with a NUL', '{"type":"message","id":"a","text":"x\\u0000y"}', 'bad_request'],
	['a lone surrogate', '{"type":"message","id":"a","text":"\\ud800"}', 'bad_request'],
	['a flag that is no boolean', { type: 'message', id: 'a', text: 'x', flags: { data_exposed: 'yes' } }, 'bad_request'],
	['tags that are no list', { type: 'message', id: 'a', text: 'x', tags: 'x' }, 'bad_request'],
	['a tag that is too long', { type: 'message', id: 'a', text: 'x', tags: ['x'.repeat(48)] }, 'bad_request'],
	['flags that are a list', { type: 'message', id: 'a', text: 'x', flags: [] }, 'bad_request'],
	['a text of 8,001 characters', { type: 'message', id: 'a', text: 'x'.repeat(8001) }, 'too_large'],
	['typing that is no boolean', { type: 'typing', on: 'yes' }, 'bad_request'],
	['a read mark that is no number', { type: 'read', seq: 'x' }, 'bad_request'],
	['a negative read mark', { type: 'read', seq: -1 }, 'bad_request'],
	['a history cursor that is no number', { type: 'history', after: {} }, 'bad_request'],
	['a rating of 0', { type: 'rate', id: 'a', score: 0 }, 'bad_request'],
	['a rating of 6', { type: 'rate', id: 'a', score: 6 }, 'bad_request'],
	['a rating of 4.5', { type: 'rate', id: 'a', score: 4.5 }, 'bad_request'],
	['a rating before any chat', { type: 'rate', id: 'a', score: 4 }, 'conflict'],
	['an end before any chat', { type: 'close', id: 'a' }, 'conflict'],
	['solved without an article', { type: 'solved', id: 'a' }, 'bad_request'],
	['JSON of depth 9', `{"type":"message","id":"a","text":"x","more":${'['.repeat(9)}${']'.repeat(9)}}`, 'bad_request'],
	['JSON of 600 tokens', `{"type":"message","id":"a","text":"x","more":[${'0,'.repeat(600)}0]}`, 'bad_request'],
];

for (const [what, frame, code] of refused) {
	test(`refused and the connection stays: ${what}`, async () => {
		const visitor = await desk.visitor();
		const from = visitor.peer.mark();
		const text = typeof frame === 'string' ? frame : JSON.stringify(frame);

		visitor.peer.sendText(text);
		const error = await visitor.waitFor('error', { from });

		assert.equal(error.code, code);
		assert.equal(typeof error.message, 'string');
		if (typeof frame === 'object' && typeof frame.id === 'string' && /^[\w-]{1,64}$/.test(frame.id))
			assert.equal(error.id, frame.id);
		await visitor.say('still here');
		await visitor.peer.terminate();
	});
}

test('error messages are sentences for people and say nothing of the inside', async () => {
	const visitor = await desk.visitor();

	for (const [, frame] of refused)
		visitor.peer.sendText(typeof frame === 'string' ? frame : JSON.stringify(frame));
	await visitor.peer.settle();
	const errors = visitor.peer.frames.filter((frame) => frame.type === 'error');

	assert.ok(errors.length >= refused.length);
	for (const error of errors) {
		assert.ok(CODES.includes(error.code), error.code);
		assert.match(error.message, /^[A-Z`][^{}<>\\]{5,200}\.$/);
		assert.doesNotMatch(error.message, /sqlite|redis|json_|\.c\b|0x|errno|jansson/i);
		for (const key of Object.keys(error))
			assert.ok(['type', 'id', 'code', 'message', 'retry_after_ms'].includes(key), key);
	}
	await visitor.close();
});

test('whatever is said before hello is refused', async () => {
	const peer = visitorPeer(desk.server);

	await peer.opened;
	peer.send({ type: 'message', id: 'early', text: 'x' });
	const error = await peer.waitFor('error');

	assert.ok(['bad_request', 'unauthorized'].includes(error.code), error.code);
	await peer.terminate();
});

test('a second hello is refused or harmless, never another visitor', async () => {
	const visitor = await desk.visitor();
	const { ticket } = await visitor.say('one');
	const from = visitor.peer.mark();

	visitor.peer.send({ type: 'hello', after: 0 });
	await visitor.peer.settle();
	const again = await visitor.say('two');

	assert.equal(again.ticket, ticket);
	assert.ok(visitor.peer.frames.slice(from).filter((frame) => frame.type === 'welcome').length <= 1);
	await visitor.close();
});

test('unknown fields are ignored', async () => {
	const visitor = await desk.visitor({}, { future: { x: 1 } });
	const ack = await visitor.peer.ok('message', { text: 'x', color: 'red' });

	assert.equal(ack.seq, 1);
	await visitor.close();
});

test('an unknown, broken or foreign token is answered with a fresh one', async () => {
	const other = await desk.visitor();

	await other.say('mine');
	for (const token of ['x', 'A'.repeat(43), '', other.token.slice(0, -2) + 'zz', `${other.token}x`]) {
		const visitor = await desk.visitor({ token });

		assert.notEqual(visitor.token, token);
		assert.equal(visitor.welcome.chat, null, `a chat with token ${token}`);
		await visitor.close();
	}
	await other.close();
});

test('all of Unicode comes out as it went in, in the log and in the ticket', async () => {
	const texts = ['日本語 русский العربية', '👩‍👩‍👧‍👦 e\u0301 \u202eabc\u202c', '"quotes" \\ back / slash', 'tab\tnew\nline',
		'<script>alert(1)</script>', "'; DROP TABLE ticket; --", '\u2028\u2029\ufffd', '👍'.repeat(2000)];
	const visitor = await desk.visitor();

	for (const text of texts)
		await visitor.say(text);
	await visitor.caughtUp(texts.length);
	assert.deepEqual(visitor.log.texts, texts);
	const { messages } = await desk.server.ticket(desk.people.dana, visitor.ticket);

	assert.deepEqual(messages.map((entry) => entry.text), texts);
	await visitor.close();
});

test('a text of 8,000 characters passes', async () => {
	const visitor = await desk.visitor();
	const text = 'x'.repeat(8000);

	await visitor.say(text);
	await visitor.caughtUp(1);
	assert.equal(visitor.log.texts[0], text);
	await visitor.close();
});

test('the visitor\'s own answers raise the priority', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor();
	const { ticket } = await visitor.say('All is down', { flags: { production_stopped: true } });

	assert.equal((await desk.server.ticket(desk.people.dana, ticket)).ticket.priority, 'high');
	await visitor.say('and leaking', { flags: { data_exposed: true } });
	assert.equal((await desk.server.ticket(desk.people.dana, ticket)).ticket.priority, 'critical');
});

test('the tags of a page stand first on the ticket that its message opens, and once', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor();
	const { ticket } = await visitor.say('The pipeline is red on my pull request', { tags: ['vets-api', 'ci'] });
	const { tags } = (await desk.server.ticket(desk.people.dana, ticket)).ticket;

	assert.deepEqual(tags.slice(0, 2), ['vets-api', 'ci']);
	assert.equal(new Set(tags).size, tags.length);
	await visitor.say('still red', { tags: ['later'] });
	assert.deepEqual((await desk.server.ticket(desk.people.dana, ticket)).ticket.tags, tags, 'a running chat keeps its own');
});

test('a token is known to another page of ours only with the origin that it was issued to', async (t) => {
	t.after(() => desk.clear());
	const page = await desk.visitor();
	const { ticket } = await page.say('Continue me in a window');
	const own = { origin: desk.server.url, token: page.token };
	const chatOf = async (hello) => {
		const window = await openVisitor(desk.server, own, hello);
		await window.close();
		return window.welcome.chat?.ticket;
	};

	assert.equal(await chatOf({}), undefined, 'a token is bound to its origin');
	for (const token_origin of ['https://evil.example.com', desk.server.url, 'x'.repeat(255)])
		assert.equal(await chatOf({ token_origin }), undefined, token_origin);
	const window = await openVisitor(desk.server, own, { token_origin: ORIGIN });
	assert.equal(window.welcome.chat.ticket, ticket);
	await window.close();
	const again = await openVisitor(desk.server, { origin: desk.server.url, token: window.token });
	assert.equal(again.welcome.chat.ticket, ticket, 'the new token is the window\'s own');
	await again.close();
});

test('page: the agent is told where the visitor is', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	visitor.peer.send({ type: 'page', url: 'https://docs.example.gov/next', title: 'Next' });
	await agent.waitFor((frame) => ['page', 'ticket'].includes(frame.type) &&
		JSON.stringify(frame).includes('https://docs.example.gov/next') && JSON.stringify(frame).includes(String(ticket)));
});

test('rate: once per ticket, may be changed, only after the end', async (t) => {
	t.after(() => desk.clear());
	const { visitor, ticket } = await desk.chat('dana');

	assert.equal((await visitor.peer.call('rate', { score: 4 })).code, 'conflict');
	await visitor.peer.ok('close');
	await visitor.peer.ok('rate', { score: 2 });
	await visitor.peer.ok('rate', { score: 4, comment: 'better in the end' });
	assert.equal((await desk.server.ticket(desk.people.dana, ticket)).ticket.rating, 4);
	assert.ok(!visitor.peer.frames.some((frame) => frame.event === 'rated'), 'a rating is for agents only');
});

test('close: by the visitor, once; the chat is over for both', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	await visitor.peer.ok('close');
	await visitor.waitFor({ type: 'status', state: 'closed' });
	await agent.waitFor((frame) => frame.type === 'message' && frame.ticket === ticket && frame.event === 'closed');
	assert.equal((await visitor.peer.call('close')).code, 'conflict');
	assert.equal((await agent.peer.call('message', { ticket, text: 'late' })).code, 'conflict');
	await agent.closeTicket(ticket, 'answered');
	assert.equal((await desk.server.ticket(desk.people.dana, ticket)).ticket.resolution, 'answered');
});

test('solved: a request answered by documentation goes on record without a chat', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor();

	await visitor.peer.ok('solved', { id: 's1', article: 'https://docs.example.gov/keys', query: 'api key' });
	const again = await visitor.peer.ok('solved', { id: 's1', article: 'https://docs.example.gov/keys', query: 'api key' });
	const { json } = await desk.api('root', 'GET', '/api/v1/tickets?status=resolved&limit=200');
	const solved = json.items.filter((ticket) => ticket.resolution === 'docs_self');

	assert.equal(solved.length, 1, `again: ${JSON.stringify(again)}`);
});

test('two tabs of one visitor see the same, and each other\'s messages', async (t) => {
	t.after(() => desk.clear());
	const first = await desk.visitor();

	await first.say('from the first tab');
	const second = await desk.visitor({ token: first.token });

	await second.caughtUp(1);
	const { seq } = await second.say('from the second tab', { id: 'tab2' });

	await first.caughtUp(seq);
	await second.caughtUp(seq);
	assert.deepEqual(first.log.texts, second.log.texts);
	assert.equal(second.log.entries[1].id, 'tab2', 'the own message carries its id');
});

test('one visitor never reads or moves what another one has', async (t) => {
	t.after(() => desk.clear());
	const { visitor, ticket } = await desk.chat('dana', { text: 'a secret of the first' });
	const other = await desk.visitor();

	for (const frame of [
		{ type: 'history', after: 0, ticket }, { type: 'read', seq: 1, ticket }, { type: 'typing', on: true, ticket },
		{ type: 'close', id: 'c', ticket }, { type: 'rate', id: 'r', score: 1, ticket }])
		other.peer.send(frame);
	await other.peer.settle();
	const own = await other.peer.ok('message', { text: 'x', ticket });

	assert.notEqual(own.ticket, ticket);
	assert.ok(!JSON.stringify(other.peer.frames).includes('a secret of the first'));
	await visitor.peer.settle();
	assert.ok(!visitor.peer.frames.some((frame) => frame.state === 'closed'));
});
