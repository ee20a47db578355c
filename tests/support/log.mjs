/* SPDX-License-Identifier: MIT */
// What one reader knows of one ticket's log, with the rules of the protocol checked as the
// entries arrive: the same seq is always the same entry, and prev says what is missing.

import assert from 'node:assert/strict';

import { until } from './wait.mjs';

// What must be the same for every reader: not `prev` (by reader) and not `id` (the sender's).
export function essence(entry) {
	return {
		seq: entry.seq, at: entry.at, kind: entry.kind, event: entry.event,
		role: entry.from?.role, name: entry.from?.name, text: entry.text ?? '',
		url: entry.url, title: entry.title,
	};
}

export class TicketLog {
	constructor(ticket) {
		this.ticket = ticket;
		this.bySeq = new Map();
		this.last = 0; // the newest seq up to which nothing is missing
		this.repeats = 0; // entries that came again
		this.early = new Map(); // came before their prev
	}

	// true: something before it is missing, ask for `history` after `last`.
	add(entry) {
		const known = this.bySeq.get(entry.seq);

		if (known) {
			assert.deepEqual(essence(entry), essence(known), `seq ${entry.seq} of ${this.ticket} changed`);
			this.repeats++;
			return false;
		}
		this.early.set(entry.seq, entry);
		this.settle();
		return this.early.size > 0;
	}

	settle() {
		for (;;) {
			const next = [...this.early.values()].find((entry) => entry.prev <= this.last && entry.seq > this.last);

			if (!next)
				return;
			assert.equal(next.prev, this.last, `prev of seq ${next.seq} of ${this.ticket}`);
			this.early.delete(next.seq);
			this.bySeq.set(next.seq, next);
			this.last = next.seq;
		}
	}

	get entries() {
		return [...this.bySeq.values()].sort((a, b) => a.seq - b.seq);
	}

	get texts() {
		return this.entries.filter((entry) => entry.kind === 'text').map((entry) => entry.text);
	}
}

// The transcript of `GET /api/v1/tickets/N` as a visitor may see it.
export function publicEntries(messages) {
	return messages.filter((entry) => entry.kind !== 'note' && !['rated', 'page_opened'].includes(entry.event));
}

// The record's {ticket, messages, changes} when a visitor's log is level with it: an entry may come to both
// while they are looked at.
export function levelWith(server, reader, log) {
	return until(async () => {
		const record = await server.ticket(reader, log.ticket);

		return publicEntries(record.messages).at(-1).seq === log.last && record;
	}, `the visitor of ${log.ticket} has all`);
}

// No gap, no double, and every public entry names the public one before it.
export function assertDense(messages) {
	assert.deepEqual(messages.map((entry) => entry.seq), messages.map((_, index) => index + 1),
		'seq is 1, 2, 3 ... without gaps');
}

// A visitor saw exactly what the record says.
export function assertSameAsRecord(log, messages) {
	assertDense(messages);
	assert.deepEqual(log.entries.map(comparable), publicEntries(messages).map(comparable));
}

// Reasons and the like are for agents: only what both sides are told is compared.
export function comparable(entry) {
	const { name, ...rest } = essence(entry);

	return rest.role === 'system' ? rest : { ...rest, name: name ?? '' };
}
