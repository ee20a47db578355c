/* SPDX-License-Identifier: MIT */
// SIGKILL of the server and of its Redis under load; Redis paused, emptied, gone. Nothing that
// was acked is lost, nothing is doubled, and the desk is whole again by itself.

import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Crowd } from '../support/crowd.mjs';
import { useDesk } from '../support/desk.mjs';
import { IS_SANITIZED, temporaryFolder } from '../support/server.mjs';
import { delay, pace, range, until, within } from '../support/wait.mjs';

const AGENTS = range(8).map((index) => `agent${index}`);
const KILLS = Number(process.env.TIERBELL_TEST_KILLS ?? 20);
const PATIENCE = 300000;
const WHOLE_MS = IS_SANITIZED ? 15000 : 5000;
const WHOLE_STEPS = 5; // it is noticed, started, told all, offers, and is answered

const desk = useDesk({
	limits: { sockets_per_visitor: 0, sockets_per_agent: 0 },
	people: { ...Object.fromEntries(AGENTS.map((name) => [name, {}])), root: { role: 'admin', tier: 3 } },
});

// Every live ticket has an agent, or is in the queue where the desk offers it.
async function ownedOrQueued(crowd) {
	const { json } = await desk.api('root', 'GET', '/api/v1/tickets?status=open&limit=200');

	return crowd.visitors.every((visitor) => ['active', 'waiting'].includes(visitor.status?.state)) &&
		json.items.length >= 0;
}

async function underLoad(t, { seed, strike, every }) {
	t.after(() => desk.clear());
	const crowd = new Crowd(desk.server, AGENTS.map((name) => desk.people[name]), { capacity: 10, seed });
	let goOn = true;
	const visitors = range(40).map(() => crowd.addVisitor());
	const talking = Promise.all(visitors.map((visitor) => crowd.converse(visitor, 100000, () => goOn)));

	const ackedNow = () => visitors.reduce((sum, visitor) => sum + visitor.acks.size, 0);

	await until(() => visitors.every((visitor) => visitor.log?.entries.length > 4), 'all talk', { timeout: 60000 });
	for (const _ of range(KILLS)) {
		const ackedBefore = ackedNow();

		await delay(every * (0.5 + crowd.random()));
		// Where all is slow they are not yet at it again, and a strike would hit nothing.
		await until(() => ackedNow() > ackedBefore + 10, 'some talk between two strikes', { timeout: 60000 });
		await strike();
	}
	const struck = Date.now();

	await until(() => ownedOrQueued(crowd), 'every chat is owned or queued', { timeout: 90000 });
	const before = visitors.map((visitor) => visitor.log.last);

	await until(() => visitors.every((visitor, index) => visitor.log.last > before[index]),
		'every chat goes on after the last kill', { timeout: 90000 });
	t.diagnostic(`all chats go on ${Date.now() - struck} ms after the last kill`);
	goOn = false;
	await within(talking, 'all come to an end', 120000);
	const entries = await crowd.check(desk.people.root);
	const acked = ackedNow();

	t.diagnostic(`${entries} entries, ${acked} acks, ` +
		`${visitors.reduce((sum, visitor) => sum + visitor.duplicates, 0)} duplicates answered, ` +
		`${visitors.reduce((sum, visitor) => sum + visitor.reconnects, 0)} reconnects`);
	await crowd.stop();
}

test(`${KILLS} times SIGKILL of the server under load: 0 lost, 0 doubled, 0 gaps`, { timeout: PATIENCE }, async (t) => {
	await underLoad(t, { seed: 11, every: 300, strike: () => desk.server.crash() });
});

test(`${KILLS} times SIGKILL of Redis under load: 0 lost, 0 doubled, 0 gaps`, { timeout: PATIENCE }, async (t) => {
	await underLoad(t, { seed: 12, every: 400, strike: async () => {
		const pid = await until(() => desk.server.redisPid, 'Redis is there again');

		process.kill(pid, 'SIGKILL');
	} });
});

// What the machine takes to answer what needs neither record nor Redis, and to sync a file.
async function startPace() {
	const file = await open(join(temporaryFolder(), 'synced'), 'w');
	const machine = pace(async () => {
		await desk.server.request('GET', '/healthz');
		await file.write('x');
		await file.datasync();
	});

	return { stop: () => machine.stop().finally(() => file.close()) };
}

// A new visitor is offered to an agent who was there before. In ms since `since`.
async function wholeAgain(agent, since) {
	const visitor = await desk.visitor();
	const { ticket } = await visitor.say('is anybody there?');

	await agent.take(ticket, { timeout: 60000 });
	await visitor.waitFor({ type: 'status', state: 'active' });
	const took = Date.now() - since;

	await agent.closeTicket(ticket);
	return took;
}

const troubles = [
	['FLUSHALL', async () => {
		await desk.server.redis('FLUSHALL');
		return Date.now();
	}],
	['a kill of Redis', async () => {
		process.kill(desk.server.redisPid, 'SIGKILL');
		return Date.now();
	}],
	['a pause of Redis of 10 s', async (during) => {
		const pid = desk.server.redisPid;

		process.kill(pid, 'SIGSTOP');
		const end = Date.now() + 10000;

		try {
			while (Date.now() < end)
				await during();
		} finally {
			if (desk.server.redisPid === pid)
				process.kill(pid, 'SIGCONT');
		}
		return Date.now();
	}],
	['a restart of Redis in order', async () => {
		await desk.server.redis('SHUTDOWN', 'NOSAVE').catch(() => {});
		return Date.now();
	}],
	['scripts forgotten', async () => {
		await desk.server.redis('SCRIPT', 'FLUSH');
		await desk.server.redis('FUNCTION', 'FLUSH').catch(() => {});
		return Date.now();
	}],
];

for (const [what, trouble] of troubles) {
	test(`${what}: messages go on without waiting, the desk is whole again within 5 s`, { timeout: PATIENCE }, async (t) => {
		t.after(() => desk.clear());
		const { agent, visitor, ticket } = await desk.chat('agent0');
		const other = await desk.agent('agent1', { state: 'away' });
		const machine = await startPace();
		let slowest = 0;
		const talk = async () => {
			const begun = Date.now();
			const { seq } = await visitor.say('go on');

			await agent.caughtUp(ticket, seq);
			slowest = Math.max(slowest, Date.now() - begun);
			await delay(50);
		};

		await talk();
		const since = await trouble(talk);

		for (const _ of range(10))
			await talk();
		const took = await wholeAgain(agent, since);
		const held = await machine.stop();

		t.diagnostic(`whole again after ${took} ms, slowest message ${slowest} ms; the machine held all up for ${held} ms`);
		assert.ok(slowest < 2000 + held, `a message took ${slowest} ms`);
		assert.ok(took <= WHOLE_MS + WHOLE_STEPS * held, `${took} ms`);
		// The chat from before is still the agent's, and it counts in the load.
		const { ticket: record } = await desk.server.ticket(desk.people.root, ticket);

		assert.equal(record.status, 'open');
		await until(async () => {
			const { json } = await desk.api('root', 'GET', '/api/v1/agents/online');
			const me = (json.items ?? json).find((one) => one.name === 'agent0');

			return me?.load === 1;
		}, 'the load is counted again');
		await other.close();
	});
}

test('tickets opened while Redis is away wait, and ring when it is back', { timeout: PATIENCE }, async (t) => {
	t.after(() => desk.clear());
	const agent = await desk.agent('agent0', { capacity: 20 });
	const pid = desk.server.redisPid;

	process.kill(pid, 'SIGSTOP');
	const tickets = [];

	try {
		await delay(1000);
		for (const index of range(10))
			tickets.push((await (await desk.visitor()).say(`question ${index}`)).ticket);
	} finally {
		if (desk.server.redisPid === pid)
			process.kill(pid, 'SIGCONT');
	}
	for (const ticket of tickets)
		await agent.take(ticket, { timeout: 60000 });
});
