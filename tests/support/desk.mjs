/* SPDX-License-Identifier: MIT */
// The shape of most suites: one server for the file, people with tokens, and chats between an
// agent and a visitor that ring, are accepted and are cleaned up.

import { after, before } from 'node:test';

import { openAgent } from './agent.mjs';
import { Server } from './server.mjs';
import { openVisitor } from './visitor.mjs';

// A server for all tests of the file. `people`: {key: {name, tier, role}}; each is then
// desk.people.key with a token. What was opened with desk.agent and desk.visitor is closed
// by desk.clear(), which every test may call at its end. `ready(desk)` is awaited before the
// first test.
export function useDesk({ people = {}, ready = () => {}, ...options } = {}) {
	const desk = new Desk(options);

	before(async () => {
		await desk.server.start();
		const keys = Object.keys(people);
		const added = await desk.server.addAgents(keys.map((key) => ({ name: key, ...people[key] })));

		keys.forEach((key, index) => (desk.people[key] = added[index]));
		await ready(desk);
	}, { timeout: 120000 });
	after(async () => {
		await desk.clear();
		await desk.server.stop();
	}, { timeout: 120000 });
	return desk;
}

class Desk {
	constructor(options) {
		this.server = new Server(options);
		this.people = {};
		this.opened = [];
	}

	async agent(key, { capacity, state = 'available', ...options } = {}, hello) {
		const agent = await openAgent(this.server, this.people[key], options, hello);

		this.opened.push(agent);
		if (state)
			await agent.presence(state, capacity);
		return agent;
	}

	async visitor(options, hello) {
		const visitor = await openVisitor(this.server, options, hello);

		this.opened.push(visitor);
		return visitor;
	}

	// A chat that was asked, offered and accepted. `agent`: a key, or an agent that is open.
	async chat(agent, { text = 'How do I get an API key?', visitor } = {}) {
		const holder = typeof agent === 'string' ? await this.agent(agent) : agent;
		const guest = visitor ?? await this.visitor();
		const from = holder.peer.mark();
		const { ticket } = await guest.say(text);

		await holder.take(ticket, { from });
		await guest.waitFor({ type: 'status', ticket, state: 'active' });
		return { agent: holder, visitor: guest, ticket };
	}

	api(key, method, path, options) {
		return this.server.api(this.people[key], method, path, options);
	}

	// Ends what is open: chats are closed, so that they do not ring in the next test, then
	// the connections.
	async clear() {
		const admin = Object.values(this.people).find((person) => person.role === 'admin');
		const opened = this.opened.splice(0);

		for (const one of opened.filter((client) => client.peer?.isOpen && client.person))
			await one.presence('offline').catch(() => {});
		if (admin)
			await this.closeAll(admin);
		await Promise.all(opened.map((client) => client.peer?.terminate()));
	}

	async closeAll(admin) {
		const lists = await Promise.all(['new', 'open', 'pending'].map((status) =>
			this.server.api(admin, 'GET', `/api/v1/tickets?status=${status}&limit=200`)));
		const live = lists.flatMap(({ json }) => json?.items ?? []);

		if (live.length === 0)
			return;
		const closer = await openAgent(this.server, admin);

		for (const { number } of live)
			await closer.peer.call('close', { ticket: number, resolution: 'spam' });
		await closer.close();
	}
}
