/* SPDX-License-Identifier: MIT */
// Every frame that an agent can send, with good and with bad input, and who may send it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { publicEntries } from '../support/log.mjs';

const desk = useDesk({
	people: {
		dana: { name: 'Dana' }, eli: { name: 'Eli' }, tess: { name: 'Tess', tier: 2 },
		sam: { name: 'Sam', role: 'supervisor', tier: 2 }, root: { role: 'admin', tier: 3 },
	},
});

// [what, frame (ticket: 'mine' is a live one), code]
const refused = [
	['not JSON', '{', 'bad_request'],
	['an unknown type', { type: 'sing', id: 'a' }, 'bad_request'],
	['a frame of visitors', { type: 'rate', id: 'a', score: 3 }, 'bad_request'],
	['presence without id', { type: 'presence', state: 'away' }, 'bad_request'],
	['presence in no known state', { type: 'presence', id: 'a', state: 'asleep' }, 'bad_request'],
	['a capacity of 0', { type: 'presence', id: 'a', state: 'available', capacity: 0 }, 'bad_request'],
	['a capacity of 101', { type: 'presence', id: 'a', state: 'available', capacity: 101 }, 'bad_request'],
	['a capacity that is text', { type: 'presence', id: 'a', state: 'available', capacity: '5' }, 'bad_request'],
	['accept without ticket', { type: 'accept', id: 'a' }, 'bad_request'],
	['accept of a ticket that is text', { type: 'accept', id: 'a', ticket: 'one' }, 'bad_request'],
	['accept of a ticket that is not there', { type: 'accept', id: 'a', ticket: 999999 }, 'not_found'],
	['decline of a ticket that is not there', { type: 'decline', id: 'a', ticket: 999999 }, 'not_found'],
	['decline of what is mine', { type: 'decline', id: 'a', ticket: 'mine' }, 'conflict'],
	['a message to no ticket', { type: 'message', id: 'a', text: 'x' }, 'bad_request'],
	['a message to a ticket that is not there', { type: 'message', id: 'a', ticket: 999999, text: 'x' }, 'not_found'],
	['a message to a negative ticket', { type: 'message', id: 'a', ticket: -1, text: 'x' }, 'bad_request'],
	['a message of an unknown kind', { type: 'message', id: 'a', ticket: 'mine', text: 'x', kind: 'event' }, 'bad_request'],
	['a message that poses as a note', { type: 'message', id: 'a', ticket: 'mine', text: 'x', kind: 'note' }, 'bad_request'],
	['an article without url', { type: 'message', id: 'a', ticket: 'mine', kind: 'article', text: 'x' }, 'bad_request'],
	['an article with a javascript url', { type: 'message', id: 'a', ticket: 'mine', kind: 'article', url: 'javascript:alert(1)' }, 'bad_request'],
	['an empty message', { type: 'message', id: 'a', ticket: 'mine', text: '' }, 'bad_request'],
	['8,001 characters', { type: 'message', id: 'a', ticket: 'mine', text: 'x'.repeat(8001) }, 'too_large'],
	['an empty note', { type: 'note', id: 'a', ticket: 'mine', text: '' }, 'bad_request'],
	['set of an unknown priority', { type: 'set', id: 'a', ticket: 'mine', priority: 'urgent' }, 'bad_request'],
	['set of an unknown status', { type: 'set', id: 'a', ticket: 'mine', status: 'gone' }, 'bad_request'],
	['set to resolved', { type: 'set', id: 'a', ticket: 'mine', status: 'resolved' }, 'conflict'],
	['set of tags that are no list', { type: 'set', id: 'a', ticket: 'mine', tags: 'x' }, 'bad_request'],
	['set of an empty title', { type: 'set', id: 'a', ticket: 'mine', title: '' }, 'bad_request'],
	['transfer to nobody', { type: 'transfer', id: 'a', ticket: 'mine', note: 'x' }, 'bad_request'],
	['transfer to tier 4', { type: 'transfer', id: 'a', ticket: 'mine', to: { tier: 4 } }, 'bad_request'],
	['transfer to an agent who is not there', { type: 'transfer', id: 'a', ticket: 'mine', to: { agent: 999999 } }, 'not_found'],
	['escalate without reason', { type: 'escalate', id: 'a', ticket: 'mine' }, 'bad_request'],
	['escalate to tier 9', { type: 'escalate', id: 'a', ticket: 'mine', reason: 'x', tier: 9 }, 'bad_request'],
	['escalate downwards', { type: 'escalate', id: 'a', ticket: 'mine', reason: 'x', tier: 1 }, 'conflict'],
	['close without resolution', { type: 'close', id: 'a', ticket: 'mine' }, 'bad_request'],
	['close with an unknown resolution', { type: 'close', id: 'a', ticket: 'mine', resolution: 'done' }, 'bad_request'],
	['docs sent, but none named', { type: 'close', id: 'a', ticket: 'mine', resolution: 'docs_sent' }, 'bad_request'],
];

test('frames that are refused leave chat and connection as they were', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const before = await desk.server.ticket(desk.people.dana, ticket);

	for (const [what, frame, code] of refused) {
		await t.test(what, async () => {
			const from = agent.peer.mark();
			const text = typeof frame === 'string' ? frame
				: JSON.stringify({ ...frame, ...(frame.ticket === 'mine' ? { ticket } : {}) });

			agent.peer.sendText(text);
			const error = await agent.waitFor((answer) => ['error', 'ack'].includes(answer.type), { from });

			assert.equal(error.code, code, JSON.stringify(error));
			if (frame.id)
				assert.equal(error.id, frame.id);
		});
	}
	assert.deepEqual(await desk.server.ticket(desk.people.dana, ticket), before);
	const { seq } = await agent.say(ticket, 'still here');

	await visitor.caughtUp(seq);
});

test('notes are seen by agents and never reach a visitor, live, by history, resumed or in a new tab', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const secret = 'the customer is on the old contract';

	await agent.note(ticket, secret);
	const { seq } = await agent.say(ticket, 'one moment');

	await visitor.caughtUp(seq);
	assert.equal(visitor.log.bySeq.get(seq).prev, seq - 2, 'prev passes over the note');
	visitor.peer.send({ type: 'history', after: 0 });
	await visitor.peer.settle();
	const tab = await desk.visitor({ token: visitor.token }, { after: 0 });

	await tab.caughtUp(seq);
	await tab.peer.settle();
	assert.ok(!JSON.stringify([visitor.peer.frames, tab.peer.frames]).includes('old contract'));
	assert.ok(!tab.peer.frames.some((frame) => frame.kind === 'note'));
	await agent.caughtUp(ticket, seq);
	const { messages } = await desk.server.ticket(desk.people.eli, ticket);

	assert.ok(messages.some((entry) => entry.kind === 'note' && entry.text === secret));
	assert.deepEqual(publicEntries(messages).map((entry) => entry.seq), tab.log.entries.map((entry) => entry.seq));
});

test('seen: a reply that came in between is a conflict, one\'s own is not', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const supervisor = await desk.agent('sam', { state: null });
	const first = await supervisor.say(ticket, 'I had a look');
	const late = await agent.peer.call('message', { ticket, text: 'mine', seen: first.seq - 1 });

	assert.equal(late.code, 'conflict');
	const now = await agent.say(ticket, 'mine', { seen: first.seq });

	await agent.say(ticket, 'and more', { seen: now.seq - 1 });
});

test('set: fields change for all who look, and the change is on record', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const from = agent.peer.mark();

	await agent.peer.ok('set', { ticket, title: 'Keys', priority: 'high', topic: 'access-request', tags: ['api', 'keys'] });
	const word = await agent.waitFor((frame) => frame.type === 'ticket' && frame.ticket.title === 'Keys', { from });

	assert.equal(word.ticket.priority, 'high');
	assert.deepEqual(word.ticket.tags, ['api', 'keys']);
	await agent.peer.ok('set', { ticket, status: 'pending' });
	const { ticket: record, changes } = await desk.server.ticket(desk.people.dana, ticket);

	assert.equal(record.status, 'pending');
	assert.ok(changes.some((change) => change.field === 'priority' && change.to === 'high' && /Dana/.test(change.actor)));
	assert.ok(changes.some((change) => change.field === 'title' && change.to === 'Keys'));
});

test('set: the reason that was given is why, for every field', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const fields = { title: 'Keys', priority: 'high', topic: 'access-request', tags: ['api'], status: 'pending', add_link: 'https://docs.example.gov/keys' };

	await agent.peer.ok('set', { ticket, ...fields, reason: 'she called' });
	const { changes } = await desk.server.ticket(desk.people.dana, ticket);

	for (const field of ['title', 'priority', 'topic', 'tags', 'status', 'link'])
		assert.equal(changes.findLast((change) => change.field === field).why, 'she called', field);
});

test('transfer to an agent: the receiver has it with the note, the sender does not, the visitor is told', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const receiver = await desk.agent('eli', { state: 'away' });

	await agent.peer.ok('transfer', { ticket, to: { agent: receiver.welcome.agent.id }, note: 'please see the key' });
	await agent.waitFor((frame) => frame.type === 'unassigned' && (frame.ticket.number ?? frame.ticket) === ticket);
	await receiver.waitFor((frame) => frame.type === 'assigned' && frame.ticket.number === ticket);
	await receiver.waitFor((frame) => frame.type === 'message' && frame.kind === 'note' && frame.text === 'please see the key');
	await visitor.waitFor({ type: 'status', state: 'active', agent: { name: 'Eli' } });
	const { seq } = await receiver.say(ticket, 'Eli here');

	await visitor.caughtUp(seq);
	assert.ok(!JSON.stringify(visitor.peer.frames).includes('please see the key'));
	assert.equal((await agent.peer.call('close', { ticket, resolution: 'answered' })).code, 'forbidden');
});

test('transfer to a tier: it rings there', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const tier2 = await desk.agent('tess');

	await agent.peer.ok('transfer', { ticket, to: { tier: 2 }, note: 'needs a look at the pipeline' });
	const offer = await tier2.take(ticket);

	assert.equal(offer.ticket.tier, 2);
	assert.ok(offer.messages.some((entry) => entry.kind === 'note'));
	await visitor.waitFor({ type: 'status', state: 'active', agent: { name: 'Tess' } });
});

test('escalate: the tier rises, the visitor keeps the chat open, the reason stays inside', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');

	await agent.peer.ok('escalate', { ticket, reason: 'looks like an outage to me' });
	await agent.waitFor((frame) => frame.type === 'unassigned' && (frame.ticket.number ?? frame.ticket) === ticket);
	await visitor.waitFor({ type: 'status', state: 'waiting', tier: 2 });
	await visitor.say('I am still here');
	const tier2 = await desk.agent('tess');
	const offer = await tier2.take(ticket);

	assert.equal(offer.ticket.tier, 2);
	assert.ok(offer.messages.some((entry) => entry.event === 'escalated'));
	const { seq } = await tier2.say(ticket, 'Looking');

	await visitor.caughtUp(seq);
	assert.ok(visitor.log.entries.some((entry) => entry.event === 'escalated'));
	assert.ok(!JSON.stringify(visitor.peer.frames).includes('looks like an outage'));
	assert.equal((await tier2.peer.call('escalate', { ticket, reason: 'x', tier: 2 })).code, 'conflict');
});

test('who may close: its agent or who leads; a critical incident not by tier 1', async (t) => {
	t.after(() => desk.clear());
	const { ticket } = await desk.chat('dana');
	const other = await desk.agent('eli', { state: null });

	assert.equal((await other.peer.call('close', { ticket, resolution: 'answered' })).code, 'forbidden');
	assert.equal((await other.peer.call('transfer', { ticket, to: { tier: 2 } })).code, 'forbidden');
	assert.equal((await other.peer.call('escalate', { ticket, reason: 'x' })).code, 'forbidden');
	const supervisor = await desk.agent('sam', { state: null });

	await supervisor.closeTicket(ticket, 'duplicate');
	assert.equal((await supervisor.peer.call('close', { ticket, resolution: 'answered' })).code, 'conflict');
});

for (const resolution of ['answered', 'docs_self', 'docs_missing', 'fixed', 'routed', 'feature_request',
	'duplicate', 'no_reply', 'spam']) {
	test(`close with the resolution ${resolution}`, async (t) => {
		t.after(() => desk.clear());
		const { agent, visitor, ticket } = await desk.chat('dana');

		await agent.closeTicket(ticket, resolution);
		await visitor.waitFor({ type: 'status', state: 'closed' });
		assert.equal((await desk.server.ticket(desk.people.dana, ticket)).ticket.resolution, resolution);
	});
}

test('watch: a supervisor reads along until unwatch', async (t) => {
	t.after(() => desk.clear());
	const { agent, ticket } = await desk.chat('dana');
	const supervisor = await desk.agent('sam', { state: null });

	supervisor.peer.send({ type: 'watch', ticket });
	await supervisor.peer.settle();
	const one = await agent.say(ticket, 'one');

	await supervisor.caughtUp(ticket, one.seq);
	supervisor.peer.send({ type: 'unwatch', ticket });
	await supervisor.peer.settle();
	const two = await agent.say(ticket, 'two');

	await agent.caughtUp(ticket, two.seq);
	await supervisor.peer.settle();
	assert.equal(supervisor.logOf(ticket).last, one.seq);
});

test('all sockets of an agent see the same; welcome lists what is mine, then replays it', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const { seq } = await visitor.say('two');

	await agent.caughtUp(ticket, seq);
	const tab = await desk.agent('dana', { state: null });

	assert.deepEqual(tab.welcome.chats.map((chat) => chat.number), [ticket]);
	assert.equal(tab.welcome.presence, 'available');
	assert.equal(tab.welcome.agent.name, 'Dana');
	assert.equal(tab.welcome.agent.tier, 1);
	assert.equal(tab.welcome.agent.role, 'agent');
	await tab.caughtUp(ticket, seq);
	const partial = await desk.agent('dana', { state: null, repair: false }, { after: { [ticket]: seq - 1 } });

	await partial.waitFor({ type: 'message', seq });
	await partial.peer.settle();
	assert.deepEqual(partial.peer.frames.filter((frame) => frame.type === 'message').map((frame) => frame.seq), [seq]);
	const said = await partial.say(ticket, 'from the third');

	await agent.caughtUp(ticket, said.seq);
	await tab.caughtUp(ticket, said.seq);
});

test('read marks: a new connection knows them, another agent begins anew', async (t) => {
	t.after(() => desk.clear());
	const { agent, visitor, ticket } = await desk.chat('dana');
	const { seq } = await visitor.say('two');

	await agent.caughtUp(ticket, seq);
	agent.peer.send({ type: 'read', ticket, seq });
	await visitor.waitFor({ type: 'read', seq });
	const tab = await desk.agent('dana', { state: null });

	assert.deepEqual(tab.welcome.chats[0].read, { visitor: seq, agent: seq });
	const eli = await desk.agent('eli', { state: 'busy' });

	await agent.peer.ok('transfer', { ticket, to: { agent: eli.welcome.agent.id } });
	const { ticket: given } = await eli.waitFor('assigned');

	assert.equal(given.read.agent, 0);
	const again = await desk.agent('eli', { state: null });

	assert.equal(again.welcome.chats[0].read.agent, 0);
});

test('queue: per tier, at most once a second', async (t) => {
	t.after(() => desk.clear());
	const agent = await desk.agent('dana', { state: 'away' });
	const visitor = await desk.visitor();
	const from = agent.peer.mark();

	await visitor.say('anybody?');
	const queue = await agent.waitFor((frame) => frame.type === 'queue' &&
		JSON.stringify(frame).includes('"waiting":1'), { from });

	assert.ok(JSON.stringify(queue).includes('oldest_wait_s'));
	assert.ok(JSON.stringify(queue).includes('agents_available'));
});
