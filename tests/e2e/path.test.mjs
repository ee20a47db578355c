/* SPDX-License-Identifier: MIT */
// The main job, from the wire to the ticket: a developer asks, it rings at an agent, the agent
// answers and closes, and the whole talk stands in the ticket.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { assertSameAsRecord } from '../support/log.mjs';

const desk = useDesk({ people: { dana: { name: 'Dana Ames' }, root: { role: 'admin', tier: 3 } } });

test('a question is asked, offered, accepted, answered, closed, rated and stands as a ticket', async (t) => {
	t.after(() => desk.clear());
	const agent = await desk.agent('dana');
	const visitor = await desk.visitor({}, {
		page: { url: 'https://docs.example.gov/api/keys', title: 'API keys' },
		user: { name: 'Vera', email: 'vera@example.gov' },
	});

	assert.equal(visitor.welcome.protocol, 1);
	assert.equal(visitor.welcome.chat, null);
	assert.ok(visitor.welcome.token.length >= 22, 'a token of 128 bits or more');
	assert.ok(visitor.welcome.limits.message_bytes >= 16384);
	assert.equal(typeof visitor.welcome.desk.name, 'string');

	const question = await visitor.say('How do I get an API key?', { id: 'q1' });
	const { ticket } = question;

	assert.equal(question.seq, 1);
	assert.ok(Math.abs(question.at - Date.now()) < 60000);
	assert.equal(question.duplicate, undefined);

	const offer = await agent.offer(ticket);

	assert.equal(offer.ticket.status, 'new');
	assert.equal(offer.ticket.channel, 'chat');
	assert.equal(offer.ticket.visitor.name, 'Vera');
	assert.equal(offer.ticket.page.url, 'https://docs.example.gov/api/keys');
	assert.deepEqual(offer.messages.map((entry) => [entry.seq, entry.text]), [[1, 'How do I get an API key?']]);
	assert.ok(offer.expires_at > Date.now());

	await agent.peer.ok('accept', { ticket });
	const assigned = await agent.waitFor({ type: 'assigned' });

	assert.equal(assigned.ticket.number, ticket);
	const active = await visitor.waitFor({ type: 'status', state: 'active' });

	assert.equal(active.agent.name, 'Dana Ames');

	agent.peer.send({ type: 'typing', ticket, on: true });
	await visitor.waitFor({ type: 'typing', on: true });
	visitor.peer.send({ type: 'typing', on: true });
	await agent.waitFor({ type: 'typing', ticket, on: true });

	const answer = await agent.say(ticket, 'In the console, under Access.');

	await visitor.caughtUp(answer.seq);
	visitor.peer.send({ type: 'read', seq: answer.seq });
	await agent.waitFor({ type: 'read', ticket, seq: answer.seq });
	const page = await agent.peer.ok('message', {
		ticket, kind: 'article', url: 'https://docs.example.gov/api/keys#new', title: 'New keys', text: 'See here',
	});
	await visitor.caughtUp(page.seq);
	await visitor.peer.ok('page_opened', { seq: page.seq });
	await agent.waitFor({ type: 'message', ticket, event: 'page_opened', page: page.seq });
	const thanks = await visitor.say('That worked, thank you!');

	await agent.caughtUp(ticket, thanks.seq);
	await agent.closeTicket(ticket, 'docs_sent', { articles: ['https://docs.example.gov/api/keys#new'] });
	const closed = await visitor.waitFor({ type: 'status', state: 'closed' });

	assert.equal(closed.survey, true);
	await visitor.peer.ok('rate', { score: 5, comment: 'quick' });

	const { status, json } = await desk.api('dana', 'GET', `/api/v1/tickets/${ticket}`);

	assert.equal(status, 200);
	assert.equal(json.ticket.status, 'resolved');
	assert.equal(json.ticket.resolution, 'docs_sent');
	assert.equal(json.ticket.rating, 5);
	assert.deepEqual(json.ticket.articles.map((article) => article.url ?? article),
		['https://docs.example.gov/api/keys#new']);
	assert.ok(json.ticket.first_response_at >= json.ticket.created_at);
	assertSameAsRecord(visitor.log, json.messages);
	assert.deepEqual(json.messages.filter((entry) => entry.kind === 'text').map((entry) => [entry.from.role, entry.text]), [
		['visitor', 'How do I get an API key?'],
		['agent', 'In the console, under Access.'],
		['visitor', 'That worked, thank you!'],
	]);
	assert.deepEqual(json.messages.filter((entry) => entry.kind === 'event').map((entry) => entry.event),
		['assigned', 'page_opened', 'closed', 'rated']);
	assert.ok(json.changes.some((change) => change.field === 'agent' && change.to === 'Dana Ames' && change.why),
		'the assignment says why');
});

test('a visitor who asks before anybody is there waits, sees a place in the queue, and is offered at once', async (t) => {
	t.after(() => desk.clear());
	const first = await desk.visitor();
	const second = await desk.visitor();
	const a = await first.say('first');
	const b = await second.say('second');
	const waiting = await first.waitFor({ type: 'status', state: 'waiting', ticket: a.ticket });

	assert.equal(waiting.tier, 1);
	await first.waitFor({ type: 'status', state: 'waiting', position: 1 });
	await second.waitFor({ type: 'status', state: 'waiting', position: 2 });
	const agent = await desk.agent('dana', { capacity: 1 });

	await agent.take(a.ticket);
	await second.waitFor({ type: 'status', state: 'waiting', position: 1 });
	await agent.closeTicket(a.ticket);
	await agent.take(b.ticket);
	await second.waitFor({ type: 'status', state: 'active' });
});

test('an ended chat is followed by a new ticket, the old one stays as it is', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	await visitor.peer.ok('close');
	await visitor.waitFor({ type: 'status', state: 'closed', ticket });
	const before = await desk.server.ticket(desk.people.dana, ticket);
	const next = await visitor.say('Another question');

	assert.notEqual(next.ticket, ticket);
	assert.equal(next.seq, 1);
	await agent.take(next.ticket);
	const after = await desk.server.ticket(desk.people.dana, ticket);

	assert.deepEqual(after.messages, before.messages);
});
