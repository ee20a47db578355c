/* SPDX-License-Identifier: MIT */
// Exactly once and in order: the same id again is the same entry, and one visitor has one
// open ticket, however many tabs say the first word at the same time.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { assertDense } from '../support/log.mjs';
import { newId } from '../support/peer.mjs';
import { randomFrom, range } from '../support/wait.mjs';

const desk = useDesk({
	limits: { sockets_per_visitor: 0, sockets_per_agent: 0 },
	people: { dana: {}, root: { role: 'admin', tier: 3 } },
});

test('the same id again: the same seq, duplicate, nothing stored or delivered twice', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const first = await visitor.say('once', { id: 'twice' });
	const second = await visitor.say('once', { id: 'twice' });
	const third = await visitor.say('another text under the same id', { id: 'twice' });

	for (const again of [second, third]) {
		assert.equal(again.seq, first.seq);
		assert.equal(again.ticket, ticket);
		assert.equal(again.at, first.at);
		assert.equal(again.duplicate, true);
	}
	const mark = await visitor.say('mark');

	await agent.caughtUp(ticket, mark.seq);
	assert.equal(agent.logOf(ticket).repeats, 0);
	assert.equal(agent.logOf(ticket).texts.filter((text) => text === 'once').length, 1);
	const { messages } = await desk.server.ticket(desk.people.dana, ticket);

	assertDense(messages);
	assert.equal(messages.filter((entry) => entry.text === 'once').length, 1);
});

test('ids are counted by author: agent and visitor may use the same', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const mine = await visitor.say('visitor', { id: 'same' });
	const theirs = await agent.say(ticket, 'agent', { id: 'same' });

	assert.notEqual(mine.seq, theirs.seq);
	assert.equal(theirs.duplicate, undefined);
});

test('sent again after a reconnect: the ack of the first time', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor();
	const first = await visitor.say('first', { id: 'r1' });

	await visitor.peer.terminate();
	const again = await desk.visitor({ token: visitor.token });
	const second = await again.say('first', { id: 'r1' });

	assert.equal(second.seq, first.seq);
	assert.equal(second.ticket, first.ticket);
	assert.equal(second.duplicate, true);
});

test('agent frames are idempotent too: note, close, transfer, escalate, set, accept', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');

	for (const [type, fields] of [['note', { text: 'n' }], ['message', { text: 'm' }], ['set', { title: 'T' }],
		['escalate', { reason: 'r' }]]) {
		const id = newId();

		await agent.peer.ok(type, { ticket, id, ...fields });
		const before = await desk.server.ticket(desk.people.dana, ticket);
		const answer = await agent.peer.call(type, { ticket, id, ...fields });

		assert.equal(answer.type, 'ack', `${type} again: ${JSON.stringify(answer)}`);
		assert.deepEqual((await desk.server.ticket(desk.people.dana, ticket)).messages, before.messages, type);
	}
});

test('what one sender sends at once is stored in the order sent', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const texts = range(300).map((index) => `message ${index}`);
	const acks = await Promise.all(texts.map((text) => visitor.say(text)));
	const seqs = acks.map((ack) => ack.seq);

	assert.deepEqual(seqs, [...seqs].sort((a, b) => a - b), 'acks in the order sent');
	await agent.caughtUp(ticket, seqs[seqs.length - 1]);
	assert.deepEqual(agent.logOf(ticket).texts.slice(-300), texts);
});

test('every fourth message sent twice, from both sides at once: nothing lost, nothing doubled', async (t) => {
	t.after(() => desk.clear());
	const random = randomFrom(7);
	const { agent, visitor, ticket } = await desk.chat('dana');
	const said = [];

	await Promise.all(range(400).map(async (index) => {
		const id = newId();
		const say = () => index % 2 ? visitor.say(`v${index}`, { id }) : agent.say(ticket, `a${index}`, { id });
		const answers = await Promise.all(random() < 0.25 ? [say(), say()] : [say()]);

		assert.equal(new Set(answers.map((answer) => answer.seq)).size, 1);
		said.push(answers[0].seq);
	}));
	assert.equal(new Set(said).size, 400);
	await visitor.caughtUp(Math.max(...said));
	await agent.caughtUp(ticket, Math.max(...said));
	const { messages } = await desk.server.ticket(desk.people.dana, ticket);

	assertDense(messages);
	assert.equal(messages.filter((entry) => /^[va]\d+$/.test(entry.text ?? '')).length, 400);
	assert.deepEqual(visitor.log.texts, agent.logOf(ticket).texts);
});

test('1,000 parallel first messages of one visitor over 50 tabs open one ticket', { timeout: 240000 }, async (t) => {
	t.after(() => desk.clear());
	const first = await desk.visitor();
	const tabs = [first, ...await Promise.all(range(49).map(() => desk.visitor({ token: first.token })))];
	const acks = await Promise.all(range(1000).map((index) => tabs[index % 50].say(`first ${index}`)));
	const tickets = new Set(acks.map((ack) => ack.ticket));

	assert.equal(tickets.size, 1);
	assert.deepEqual(acks.map((ack) => ack.seq).sort((a, b) => a - b), range(1000).map((index) => index + 1));
	for (const tab of tabs)
		await tab.caughtUp(1000);
	for (const tab of tabs)
		assert.deepEqual(tab.log.entries.map((entry) => entry.text), first.log.entries.map((entry) => entry.text));
	const { messages } = await desk.server.ticket(desk.people.root, acks[0].ticket);

	assertDense(messages);
	assert.equal(messages.length, 1000);
});

test('200 parallel ends of one chat from both sides end it once', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	await Promise.all(range(100).flatMap(() => [
		visitor.peer.call('close'), agent.peer.call('close', { ticket, resolution: 'answered' })]));
	const { messages, ticket: record } = await desk.server.ticket(desk.people.dana, ticket);

	assert.equal(record.status, 'resolved');
	assert.equal(record.resolution, 'answered');
	assertDense(messages);
	// The visitor's end and then the agent's resolution are two entries at most.
	assert.ok(messages.filter((entry) => entry.event === 'closed').length <= 2);
});
