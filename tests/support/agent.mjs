/* SPDX-License-Identifier: MIT */
// An agent on one connection: hello, presence, offers, and the logs of its tickets.

import { agentPeer } from './peer.mjs';
import { TicketLog } from './log.mjs';

export class Agent {
	constructor(server, person, options = {}) {
		this.server = server;
		this.person = person;
		this.options = options;
		this.logs = new Map();
		this.tickets = new Map(); // ticket objects by number, the newest word
	}

	async open(hello = {}) {
		this.peer = agentPeer(this.server, { token: this.person.token, ...this.options });
		this.peer.listeners.add((frame) => this.onFrame(frame));
		await this.peer.opened;
		this.peer.send({ type: 'hello', ...hello });
		this.welcome = await this.peer.waitFor('welcome');
		return this;
	}

	onFrame(frame) {
		if (frame.ticket && typeof frame.ticket === 'object')
			this.tickets.set(frame.ticket.number, frame.ticket);
		if (frame.type === 'offer')
			for (const entry of frame.messages)
				this.logOf(frame.ticket.number).add(entry);
		if (frame.type === 'message' && this.logOf(frame.ticket).add(frame) && this.options.repair !== false)
			this.peer.send({ type: 'history', ticket: frame.ticket, after: this.logOf(frame.ticket).last });
	}

	logOf(ticket) {
		if (!this.logs.has(ticket))
			this.logs.set(ticket, new TicketLog(ticket));
		return this.logs.get(ticket);
	}

	async available(capacity) {
		await this.peer.ok('presence', { state: 'available', capacity });
		return this;
	}

	async presence(state, capacity) {
		await this.peer.ok('presence', { state, capacity });
		return this;
	}

	// The next offer since `from`, of `ticket` if given.
	offer(ticket, options) {
		return this.peer.waitFor((frame) => frame.type === 'offer' &&
			(ticket === undefined || frame.ticket.number === ticket), options);
	}

	// Waits for the offer and accepts it.
	async take(ticket, options) {
		const offer = await this.offer(ticket, options);

		await this.peer.ok('accept', { ticket: offer.ticket.number });
		return offer;
	}

	say(ticket, text, fields = {}) {
		return this.peer.ok('message', { ticket, text, ...fields });
	}

	note(ticket, text) {
		return this.peer.ok('note', { ticket, text });
	}

	closeTicket(ticket, resolution = 'answered', fields = {}) {
		return this.peer.ok('close', { ticket, resolution, ...fields });
	}

	async caughtUp(ticket, seq) {
		const log = this.logOf(ticket);

		if (log.last < seq)
			await this.peer.waitFor(() => log.last >= seq, { from: this.peer.mark() });
	}

	waitFor(test, options) {
		return this.peer.waitFor(test, options);
	}

	close() {
		return this.peer?.close();
	}
}

export function openAgent(server, person, options, hello) {
	return new Agent(server, person, options).open(hello);
}
