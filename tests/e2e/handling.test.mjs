/* SPDX-License-Identifier: MIT */
// What an agent does with a ticket besides answering: links and tags over frames and HTTP, a summary
// that goes up with it, and a close that is taken back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';

const desk = useDesk({
	people: { dana: { name: 'Dana' }, eli: { name: 'Eli' }, theo: { name: 'Theo', tier: 2 }, root: { role: 'admin', tier: 3 } },
});

const ticketOf = (number) => desk.server.ticket(desk.people.dana, number);
const changesOf = async (number, field) => (await ticketOf(number)).changes.filter((change) => change.field === field);

test('links and single tags: by frame and by HTTP, on record with who did it', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const patch = (body) => desk.api('dana', 'PATCH', `/api/v1/tickets/${ticket}`, { body });

	await agent.peer.ok('set', { ticket, add_link: 'https://docs.example.gov/tokens' });
	assert.deepEqual((await patch({ add_link: 'PR 12 (the fix)' })).json.ticket.links,
		['https://docs.example.gov/tokens', 'PR 12 (the fix)']);
	assert.deepEqual((await patch({ remove_link: 'https://docs.example.gov/tokens', add_tag: 'tokens' })).json.ticket.links,
		['PR 12 (the fix)']);
	assert.ok((await ticketOf(ticket)).ticket.tags.includes('tokens'));
	const links = await changesOf(ticket, 'link');

	assert.deepEqual(links.map(({ from, to }) => [from || '', to || '']), [
		['', 'https://docs.example.gov/tokens'], ['', 'PR 12 (the fix)'], ['https://docs.example.gov/tokens', ''],
	]);
	assert.ok(links.every(({ actor }) => actor === 'agent:Dana'));
	for (const body of [{ add_link: '' }, { add_link: 'x'.repeat(512) }, { add_link: 7 }, { remove_tag: [] }])
		assert.equal((await patch(body)).status, 400, JSON.stringify(body));
});

test('two agents who add a tag at the same time both keep theirs', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');

	await Promise.all(['one', 'two', 'three', 'four'].map((tag) => (tag.length % 2 === 1
		? agent.peer.ok('set', { ticket, add_tag: tag })
		: desk.api('eli', 'PATCH', `/api/v1/tickets/${ticket}`, { body: { add_tag: tag } }))));
	const { tags } = (await ticketOf(ticket)).ticket;

	for (const tag of ['one', 'two', 'three', 'four'])
		assert.ok(tags.includes(tag), `${tag} in ${tags}`);
});

test('a summary is in the offer of the next tier, and in nothing that the customer gets', async (t) => {
	t.after(() => desk.clear());
	const theo = await desk.agent('theo');
	const { agent, visitor, ticket } = await desk.chat('dana');

	await agent.peer.ok('escalate', { ticket, reason: 'needs secretlogs', note: 'Tried: secretplum' });
	const offer = await theo.take(ticket);

	assert.deepEqual(offer.messages.slice(-2).map(({ kind, event, text, reason }) => [kind, event ?? text, reason ?? '']),
		[['note', 'Tried: secretplum', ''], ['event', 'escalated', 'needs secretlogs']]);
	const { seq } = await theo.say(ticket, 'I have it now.');

	await visitor.caughtUp(seq);
	const again = await desk.visitor({ token: visitor.token }, { after: 0 });

	await again.caughtUp(seq);
	assert.ok(!JSON.stringify([visitor.peer.frames, again.peer.frames]).includes('secret'));
});

test('a close is taken back: the chat goes on, and both are on record', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	assert.equal(agent.welcome.limits.undo_s, 10);
	await agent.closeTicket(ticket, 'answered', { tags: ['tokens'] });
	await visitor.waitFor({ type: 'status', ticket, state: 'closed' });
	const from = visitor.peer.mark();

	await agent.peer.ok('undo', { ticket });
	await visitor.waitFor({ type: 'status', ticket, state: 'active' }, { from });
	const { seq } = await agent.say(ticket, 'One more thing.');

	await visitor.caughtUp(seq);
	const { ticket: now } = await ticketOf(ticket);

	assert.deepEqual([now.status, now.resolution, now.resolved_at, now.reopened, now.tags], ['open', null, null, 0, ['tokens']]);
	assert.equal((await changesOf(ticket, 'status')).at(-1).why, 'the closing was taken back');
	assert.equal((await agent.peer.call('undo', { ticket })).code, 'conflict');
});

test('the other tickets of a customer: by visitor and by address, for agents only', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor({}, { user: { name: 'Ana', email: 'ana@example.gov' } });
	const { ticket: first } = await desk.chat('dana', { visitor, text: 'A question of Ana' });
	const call = await desk.api('dana', 'POST', '/api/v1/tickets', {
		body: { channel: 'phone', title: 'A call', text: 'Ana called', visitor: { email: 'ANA@example.gov' } },
	});
	const other = await desk.api('dana', 'POST', '/api/v1/tickets', {
		body: { channel: 'phone', title: 'Bob', text: 'Bob called', visitor: { email: 'bob@example.gov' } },
	});
	const list = async (query) => (await desk.api('dana', 'GET', `/api/v1/tickets?${query}`)).json.items.map(({ number }) => number);

	assert.deepEqual(await list(`customer=${first}`), [call.json.ticket.number, first]);
	assert.deepEqual(await list(`customer=${first}&channel=chat`), [first]);
	assert.deepEqual(await list(`customer=${other.json.ticket.number}`), [other.json.ticket.number]);
	assert.equal((await desk.api('dana', 'GET', '/api/v1/tickets?customer=x')).status, 400);
	assert.equal((await desk.server.request('GET', `/api/v1/tickets?customer=${first}`)).status, 401);
});
