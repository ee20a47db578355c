/* SPDX-License-Identifier: MIT */
// Many visitors and agents who talk through whatever happens, and the check at the end that
// both sides and the record tell the same story.

import assert from 'node:assert/strict';

import { assertDense, assertSameAsRecord, essence, levelWith } from './log.mjs';
import { AgentSession, VisitorSession } from './session.mjs';
import { pool, randomFrom } from './wait.mjs';

export class Crowd {
	// `lines`: a thing with a port for visitors, by default the server itself.
	constructor(server, people, { seed = 1, capacity = 10, resend = 0.25 } = {}) {
		this.server = server;
		this.random = randomFrom(seed);
		this.capacity = capacity;
		this.overload = null;
		this.replies = new Set();
		this.agents = people.map((person) => new AgentSession(server, person, {
			capacity, random: this.random, resend,
			onEntry: (ticket, entry, agent) => this.reply(ticket, entry, agent),
		}));
		this.options = { random: this.random, resend };
		this.visitors = [];
	}

	// An agent answers every question once, whoever of the agents has the chat by then.
	reply(ticket, entry, agent) {
		if (agent.mine.size > agent.capacity)
			this.overload ??= `${agent.person.name} has ${agent.mine.size} chats of ${agent.capacity}`;
		if (entry.kind !== 'text' || entry.from.role !== 'visitor' || !entry.text.startsWith('question'))
			return;
		const key = `${ticket}/${entry.seq}`;

		if (this.replies.has(key))
			return;
		this.replies.add(key);
		agent.when(() => agent.mine.has(ticket)).then(() => agent.say(ticket, `answer to ${entry.seq}`));
	}

	addVisitor() {
		const visitor = new VisitorSession(this.server, this.options);

		this.visitors.push(visitor);
		return visitor;
	}

	// Asks `count` questions, each when the one before is answered (or `goOn` says enough).
	async converse(visitor, count, goOn = () => true) {
		for (let index = 0; index < count && goOn(); index++) {
			const { ticket, seq } = await visitor.say(`question ${index}`);

			visitor.chat ??= ticket;
			await visitor.when(() => visitor.log?.texts.includes(`answer to ${seq}`));
		}
	}

	get failure() {
		return [...this.visitors, ...this.agents].map((one) => one.failure).find(Boolean);
	}

	// Everything acked is in the record, where and as it was acked; nothing twice, no gaps; and
	// both sides end with the record's transcript.
	async check(reader, { agents = true } = {}) {
		assert.ifError(this.failure);
		assert.equal(this.overload, null);
		let entries = 0;

		await pool(this.visitors, 8, async (visitor) => {
			const { messages } = await levelWith(this.server, reader, visitor.log);

			entries += messages.length;
			assertDense(messages);
			assertSameAsRecord(visitor.log, messages);
			this.checkAcks(visitor, messages);
			const texts = messages.filter((entry) => entry.kind === 'text').map((entry) => `${entry.from.role} ${entry.text}`);

			assert.equal(new Set(texts).size, texts.length, `something is twice in ${visitor.chat}`);
			if (agents)
				this.checkAgents(visitor.chat, messages);
		});
		return entries;
	}

	checkAcks(visitor, messages) {
		for (const [id, ack] of visitor.acks) {
			if (!ack.seq)
				continue;
			const entry = messages[ack.seq - 1];

			assert.ok(entry, `acked ${id} as seq ${ack.seq}, lost`);
			assert.equal(entry.at, ack.at);
			if (entry.id !== undefined)
				assert.equal(entry.id, id);
		}
	}

	checkAgents(ticket, messages) {
		const bySeq = new Map(messages.map((entry) => [entry.seq, entry]));

		for (const agent of this.agents) {
			const log = agent.logs.get(ticket);

			for (const entry of log?.entries ?? [])
				assert.deepEqual(essence(entry), essence(bySeq.get(entry.seq)));
		}
	}

	async stop() {
		await Promise.all([...this.visitors, ...this.agents].map((one) => one.stop()));
	}
}
