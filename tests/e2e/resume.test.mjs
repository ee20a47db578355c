/* SPDX-License-Identifier: MIT */
// Connections are cut everywhere, on both sides; who comes back gets exactly what is missing.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { useDesk } from '../support/desk.mjs';
import { assertDense, assertSameAsRecord, essence, levelWith } from '../support/log.mjs';
import { startRelay } from '../support/relay.mjs';
import { AgentSession, VisitorSession } from '../support/session.mjs';
import { randomFrom, range, until } from '../support/wait.mjs';
import { openVisitor } from '../support/visitor.mjs';

const random = randomFrom(20240301);
const lines = {}; // relays and a session of the agent, for all tests

const desk = useDesk({
	people: { dana: { name: 'Dana' }, root: { role: 'admin', tier: 3 } },
	ready: async ({ server, people }) => {
		lines.visitor = await startRelay(server);
		lines.agent = await startRelay(server);
		lines.dana = new AgentSession(lines.agent, people.dana, { capacity: 100, random });
	},
});

after(async () => {
	await lines.dana?.stop();
	await lines.visitor?.stop();
	await lines.agent?.stop();
});

// The scripted session. Each step ends when it is acked, over as many connections as it takes.
const script = [
	['visitor asks', ({ visitor }) => visitor.say('How do I log in?')],
	['agent has it', ({ visitor }) => lines.dana.when(() => lines.dana.mine.has(visitor.chat))],
	['agent answers', ({ visitor }) => lines.dana.say(visitor.chat, 'With your key.')],
	['agent notes', ({ visitor }) => lines.dana.deliver('note', { ticket: visitor.chat, text: 'new here' })],
	['visitor replies', ({ visitor }) => visitor.say('Which key?')],
	['both at once', ({ visitor }) => Promise.all([
		visitor.say('This one?'), lines.dana.say(visitor.chat, 'The blue one.')])],
	['fields change', ({ visitor }) => lines.dana.deliver('set', { ticket: visitor.chat, title: 'Login' })],
	['visitor thanks', ({ visitor }) => visitor.say('Thanks!')],
	['agent closes', ({ visitor }) => lines.dana.deliver('close', { ticket: visitor.chat, resolution: 'answered' })],
];

// Plays the script; `cut(step, index)` is called when a step has been sent and not yet awaited.
async function play(cut = () => {}) {
	const visitor = new VisitorSession(lines.visitor, { random });

	try {
		for (const [index, [, step]] of script.entries()) {
			const done = step({ visitor });

			await cut(index, visitor);
			await done;
			if (index === 0)
				await visitor.when(() => visitor.chat !== null);
		}
		return await compare(visitor);
	} finally {
		await visitor.stop();
	}
}

async function compare(visitor) {
	const { messages } = await levelWith(desk.server, desk.people.root, visitor.log);

	assertDense(messages);
	// A closed ticket is no longer the agent's: what it has is a prefix without gaps.
	const agentLog = lines.dana.logOf(visitor.chat);

	await until(() => agentLog.last >= messages.length - 1 || agentLog.early.size === 0, 'the agent has all');
	assertSameAsRecord(visitor.log, messages);
	assert.deepEqual(agentLog.entries.map(essence), messages.slice(0, agentLog.last).map(essence));
	assert.ifError(visitor.failure);
	assert.ifError(lines.dana.failure);
	assert.equal(messages.filter((entry) => entry.kind === 'text').length, 6);
	return messages;
}

test('without a cut', async () => {
	await play();
});

for (const who of ['visitor', 'agent', 'both']) {
	for (const [index, [name]] of script.entries()) {
		test(`${who} cut at: ${name}`, async () => {
			for (const moment of ['sent', 'acked']) {
				await play(async (at) => {
					if (at !== index)
						return;
					if (moment === 'acked')
						await new Promise((resolve) => setTimeout(resolve, 5));
					for (const line of who === 'both' ? ['visitor', 'agent'] : [who])
						lines[line].cut();
				});
			}
		});
	}
}

test('cut in the middle of frames: after any number of bytes, in both directions', { timeout: 180000 }, async () => {
	for (const round of range(60)) {
		const direction = round % 2 ? 'up' : 'down';
		const line = round % 4 < 2 ? lines.visitor : lines.agent;
		let left = Math.floor(random() * 3000);

		line.onBytes = (way, chunk, link) => {
			if (way !== direction || left < 0)
				return undefined;
			left -= chunk.length;
			if (left >= 0)
				return undefined;
			// What came before the cut still arrives, then the line is dead.
			const part = chunk.subarray(0, Math.max(0, chunk.length + left));

			(direction === 'up' ? link.upstream : link.client).write(part, () => link.cut());
			return Buffer.alloc(0);
		};
		await play();
	}
	lines.visitor.onBytes = () => undefined;
	lines.agent.onBytes = () => undefined;
});

test('a reader that resumes gets exactly the entries after the last one it saw, once', async () => {
	const visitor = await openVisitor(desk.server);

	for (const index of range(20))
		await visitor.say(`message ${index}`);
	await visitor.caughtUp(20);
	for (const last of [0, 1, 7, 19, 20]) {
		const again = await openVisitor(desk.server, { token: visitor.token, repair: false },
			{ after: last, ticket: visitor.ticket });

		await again.say(`mark ${last}`, { id: `mark-${last}` });
		await again.waitFor({ type: 'message', text: `mark ${last}` });
		const seqs = again.peer.frames.filter((frame) => frame.type === 'message').map((frame) => frame.seq);
		const top = Math.max(...seqs);
		const expected = range(top - last).map((index) => last + 1 + index);

		// The agent may have been assigned meanwhile: everything up to the mark counts.
		assert.deepEqual(seqs, expected);
		await again.close();
	}
	await visitor.close();
});

test('history sends what is missing, for visitors and agents', async () => {
	const visitor = await openVisitor(desk.server, { repair: false });
	const { ticket } = await visitor.say('one');

	for (const text of ['two', 'three', 'four'])
		await visitor.say(text);
	const { seq } = await visitor.say('five');

	await visitor.waitFor({ type: 'message', seq });
	const from = visitor.peer.mark();

	visitor.peer.send({ type: 'history', after: 2 });
	await visitor.waitFor({ type: 'message', seq }, { from });
	// An agent may be assigned meanwhile, which is an entry too: what comes after the fifth text is news.
	const again = visitor.peer.frames.slice(from).filter((frame) => frame.type === 'message' && frame.seq <= seq)
		.map((frame) => frame.seq);

	assert.deepEqual(again, range(seq - 2).map((index) => index + 3));
	const agent = await openAgent(desk.server, desk.people.root, { repair: false });
	const mark = agent.peer.mark();

	agent.peer.send({ type: 'history', ticket, after: 1 });
	await agent.waitFor({ type: 'message', ticket, seq }, { from: mark });
	await agent.close();
	await visitor.close();
});

test('a hundred random drops of both sides during a talk of 300 messages', { timeout: 180000 }, async () => {
	const visitor = new VisitorSession(lines.visitor, { random, resend: 0.25 });

	await visitor.say('start');
	await visitor.when(() => visitor.chat !== null);
	await lines.dana.when(() => lines.dana.mine.has(visitor.chat));
	let running = true;
	const cutter = (async () => {
		for (let cuts = 0; running && cuts < 100; cuts++) {
			await new Promise((resolve) => setTimeout(resolve, 20 + random() * 80));
			(random() < 0.5 ? lines.visitor : lines.agent).cut();
		}
	})();

	for (const index of range(150))
		await Promise.all([visitor.say(`v${index}`), lines.dana.say(visitor.chat, `a${index}`)]);
	running = false;
	await cutter;
	const { messages } = await levelWith(desk.server, desk.people.root, visitor.log);

	assertDense(messages);
	const texts = messages.filter((entry) => entry.kind === 'text').map((entry) => entry.text);

	assert.equal(texts.length, 301);
	assert.equal(new Set(texts).size, 301);
	await until(() => lines.dana.logOf(visitor.chat).last >= messages.length, 'the agent has all, too');
	assertSameAsRecord(visitor.log, messages);
	assert.ifError(visitor.failure ?? lines.dana.failure);
	await visitor.stop();
});
