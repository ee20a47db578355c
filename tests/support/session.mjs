/* SPDX-License-Identifier: MIT */
// Clients that live through anything: they reconnect with back-off, resume by seq, keep an
// outbox until the ack and send it again, sometimes also without need. What the widget and
// the console do, without a page around it.

import assert from 'node:assert/strict';

import { TicketLog } from './log.mjs';
import { RefusedError, agentPeer, newId, visitorPeer } from './peer.mjs';
import { PATIENCE_MS, delay, within } from './wait.mjs';

class Session {
	constructor(server, { random = Math.random, resend = 0 } = {}) {
		this.server = server;
		this.random = random;
		this.resend = resend; // share of frames that are sent twice on purpose
		this.outbox = new Map(); // id -> {frame, resolve}
		this.acks = new Map(); // id -> first ack
		this.duplicates = 0;
		this.reconnects = 0;
		this.refused = [];
		this.failure = null;
		this.watchers = new Set();
		this.running = true;
		this.loop = this.run();
		this.loop.catch((error) => {
			this.failure = error;
			for (const look of [...this.watchers])
				look();
		});
	}

	async run() {
		let wait = 50;

		await null; // the subclass's constructor comes first
		while (this.running) {
			const peer = this.connect();

			this.line = peer; // open or not: what stop() ends
			try {
				await peer.opened;
				peer.listeners.add((frame) => this.guard(peer, frame));
				peer.send(this.hello());
				await peer.waitFor('welcome', { timeout: 10000 });
				wait = 50;
				this.peer = peer;
				this.afterWelcome(peer);
				for (const { frame } of this.outbox.values())
					peer.send(frame);
				await peer.closed;
			} catch (error) {
				if (error instanceof RefusedError && error.status < 500)
					throw error;
				peer.socket.terminate();
			}
			this.peer = null;
			this.reconnects++;
			if (this.running)
				await delay(this.random() * wait);
			wait = Math.min(wait * 2, 500);
		}
	}

	guard(peer, frame) {
		try {
			this.onFrame(peer, frame);
		} catch (error) {
			this.failure ??= error;
		}
		for (const look of [...this.watchers])
			look();
	}

	// Sends until it is acked; gives the ack. A refusal that waiting helps is waited out.
	deliver(type, fields) {
		const id = newId('s');
		const frame = { type, id, ...fields };

		return new Promise((resolve) => {
			this.outbox.set(id, { frame, resolve });
			if (this.peer?.isOpen) {
				this.peer.send(frame);
				if (this.random() < this.resend)
					this.peer.send(frame);
			}
		});
	}

	onAnswer(peer, frame) {
		const item = this.outbox.get(frame.id);

		if (frame.type === 'ack') {
			const first = this.acks.get(frame.id);

			if (frame.duplicate)
				this.duplicates++;
			if (first?.seq && frame.seq) // an accept that came again has none
				assert.equal(frame.seq, first.seq, `another seq for the same id ${frame.id}`);
			this.acks.set(frame.id, first ?? frame);
		} else if (['unavailable', 'rate_limited'].includes(frame.code)) {
			setTimeout(() => {
				if (this.outbox.has(frame.id) && peer.isOpen)
					peer.send(this.outbox.get(frame.id).frame);
			}, frame.retry_after_ms ?? 100);
			return;
		} else {
			this.refused.push(frame);
		}
		if (item) {
			this.outbox.delete(frame.id);
			item.resolve(frame);
		}
	}

	// Resolves when check() is true, looked at after every frame; an end of the session or of
	// patience rejects.
	when(check, timeout = 8 * PATIENCE_MS) {
		const promise = new Promise((resolve, reject) => {
			const look = () => {
				if (!check() && !this.failure)
					return;
				this.watchers.delete(look);
				if (this.failure)
					reject(this.failure);
				else
					resolve();
			};

			this.watchers.add(look);
			look();
		});

		promise.catch(() => {});
		return within(promise, `a session sees: ${check}`, timeout);
	}

	async stop() {
		this.running = false;
		this.line?.socket.terminate();
		await this.loop;
	}
}

export class VisitorSession extends Session {
	constructor(server, options) {
		super(server, options);
		this.chat = null;
		this.logs = new Map();
	}

	connect() {
		return visitorPeer(this.server);
	}

	hello() {
		return { type: 'hello', token: this.token, after: this.log?.last ?? 0,
			page: { url: 'https://docs.example.gov/load', title: 'Load' }, locale: 'en' };
	}

	afterWelcome() {}

	get log() {
		return this.chat === null ? undefined : this.logs.get(this.chat);
	}

	onFrame(peer, frame) {
		if (frame.type === 'welcome') {
			this.token = frame.token;
		} else if (frame.type === 'message') {
			this.chat = frame.ticket;
			if (!this.logs.has(frame.ticket))
				this.logs.set(frame.ticket, new TicketLog(frame.ticket));
			if (this.log.add(frame))
				peer.send({ type: 'history', after: this.log.last });
		} else if (frame.type === 'status') {
			this.status = frame;
		} else if ((frame.type === 'ack' || frame.type === 'error') && frame.id) {
			this.onAnswer(peer, frame);
		} else if (frame.type === 'ping' && this.log && frame.seq > this.log.last) {
			peer.send({ type: 'history', after: this.log.last });
		}
	}

	say(text) {
		return this.deliver('message', { text });
	}
}

export class AgentSession extends Session {
	// `onEntry(ticket, entry, agent)` for every new public message of a visitor.
	constructor(server, person, { capacity = 10, onEntry = () => {}, ...options } = {}) {
		super(server, options);
		this.person = person;
		this.capacity = capacity;
		this.onEntry = onEntry;
		this.logs = new Map();
		this.mine = new Set();
		this.offers = 0;
	}

	connect() {
		return agentPeer(this.server, { token: this.person.token });
	}

	hello() {
		return { type: 'hello',
			after: Object.fromEntries([...this.logs].map(([ticket, log]) => [ticket, log.last])) };
	}

	afterWelcome(peer) {
		peer.send({ type: 'presence', id: newId('p'), state: 'available', capacity: this.capacity });
	}

	logOf(ticket) {
		if (!this.logs.has(ticket))
			this.logs.set(ticket, new TicketLog(ticket));
		return this.logs.get(ticket);
	}

	learn(peer, ticket, entry) {
		const log = this.logOf(ticket);
		const before = log.last;

		if (log.add(entry))
			peer?.send({ type: 'history', ticket, after: log.last });
		for (let seq = before + 1; seq <= log.last; seq++)
			this.onEntry(ticket, log.bySeq.get(seq), this);
	}

	onFrame(peer, frame) {
		if (frame.type === 'welcome') {
			this.id = frame.agent.id;
			this.mine = new Set(frame.chats.map((ticket) => ticket.number));
		} else if (frame.type === 'offer') {
			this.offers++;
			for (const entry of frame.messages)
				this.learn(peer, frame.ticket.number, entry);
			this.deliver('accept', { ticket: frame.ticket.number });
		} else if (frame.type === 'assigned') {
			this.mine.add(frame.ticket.number ?? frame.ticket);
		} else if (frame.type === 'unassigned') {
			this.mine.delete(frame.ticket.number ?? frame.ticket);
		} else if (frame.type === 'message') {
			this.learn(peer, frame.ticket, frame);
		} else if ((frame.type === 'ack' || frame.type === 'error') && frame.id) {
			this.onAnswer(peer, frame);
		}
	}

	say(ticket, text) {
		return this.deliver('message', { ticket, text });
	}
}
