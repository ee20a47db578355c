/* SPDX-License-Identifier: MIT */
// A visitor on one connection: hello, the log of the chat, and shorthands.

import { visitorPeer } from './peer.mjs';
import { TicketLog } from './log.mjs';

export class Visitor {
	constructor(server, options = {}) {
		this.server = server;
		this.options = options;
		this.token = options.token;
		this.logs = new Map();
	}

	// Connects and says hello. `after` defaults to what this visitor has seen.
	async open({ after, ...hello } = {}) {
		this.peer = visitorPeer(this.server, this.options);
		this.peer.listeners.add((frame) => this.onFrame(frame));
		await this.peer.opened;
		this.peer.send({
			type: 'hello', token: this.token, after: after ?? this.log?.last ?? 0, ticket: this.ticket,
			page: { url: 'https://docs.example.gov/guide', title: 'Guide' }, locale: 'en', ...hello,
		});
		this.welcome = await this.peer.waitFor('welcome');
		return this;
	}

	onFrame(frame) {
		if (frame.type === 'welcome')
			this.token = frame.token;
		if (frame.type !== 'message')
			return;
		if (!this.logs.has(frame.ticket))
			this.logs.set(frame.ticket, new TicketLog(frame.ticket));
		this.log = this.logs.get(frame.ticket);
		if (this.log.add(frame) && this.options.repair !== false)
			this.peer.send({ type: 'history', after: this.log.last });
	}

	get ticket() {
		return this.log?.ticket;
	}

	// Says something and returns the ack.
	say(text, fields = {}) {
		return this.peer.ok('message', { text, ...fields });
	}

	// Waits until the log has everything up to `seq`.
	async caughtUp(seq) {
		if ((this.log?.last ?? 0) < seq)
			await this.peer.waitFor(() => (this.log?.last ?? 0) >= seq, { from: this.peer.mark() });
	}

	waitFor(test, options) {
		return this.peer.waitFor(test, options);
	}

	close() {
		return this.peer?.close();
	}
}

export function openVisitor(server, options, hello) {
	return new Visitor(server, options).open(hello);
}
