/* SPDX-License-Identifier: MIT */
// 200 chats between 200 visitors and 20 agents at once, all through the routing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Crowd } from '../support/crowd.mjs';
import { useDesk } from '../support/desk.mjs';
import { delay, range, until, within } from '../support/wait.mjs';

const AGENTS = range(20).map((index) => `agent${String(index).padStart(2, '0')}`);
const PATIENCE = 240000;

const desk = useDesk({
	people: { ...Object.fromEntries(AGENTS.map((name) => [name, {}])), root: { role: 'admin', tier: 3 } },
});

async function onlineNow() {
	const { json } = await desk.api('root', 'GET', '/api/v1/agents/online');

	return (json.items ?? json).filter((one) => one.tier === 1 && (one.state ?? one.presence) === 'available');
}

async function waitingNow() {
	const { json } = await desk.api('root', 'GET', '/api/v1/tickets?status=new&limit=200');

	return json.items.length;
}

// Looks on until `stop`: load within capacity at every moment, and never for longer than a
// few rounds of looking somebody who waits while there is room and nothing moves.
async function watch(capacity, seen) {
	let together = 0;
	let last = '';

	while (!seen.stop) {
		const [online, waiting] = [await onlineNow(), await waitingNow()];
		const room = online.reduce((sum, one) => sum + Math.max(0, capacity - one.load), 0);

		for (const one of online)
			seen.peak = Math.max(seen.peak, one.load);
		const picture = JSON.stringify([waiting, online.map(({ name, load }) => [name, load])]);

		together = waiting > 0 && room > 0 && picture === last ? together + 1 : 0;
		last = picture;
		seen.longest = Math.max(seen.longest, together);
		await delay(200);
	}
}

test('200 visitors, 20 agents with room for 10 each: all at once, equal transcripts', { timeout: PATIENCE }, async (t) => {
	t.after(() => desk.clear());
	const crowd = new Crowd(desk.server, AGENTS.map((name) => desk.people[name]), { capacity: 10, resend: 0.05 });
	const seen = { peak: 0, longest: 0 };

	await until(async () => (await onlineNow()).length === 20, 'all agents are available');
	const watching = watch(10, seen);
	const visitors = range(200).map(() => crowd.addVisitor());

	await within(Promise.all(visitors.map((visitor) => crowd.converse(visitor, 5))), 'all have talked', PATIENCE);
	assert.deepEqual(crowd.agents.map((agent) => agent.mine.size), AGENTS.map(() => 10), 'spread evenly');
	seen.stop = true;
	await watching;
	assert.ok(seen.peak <= 10, `a load of ${seen.peak}`);
	await crowd.check(desk.people.root);
	await Promise.all(visitors.map((visitor) => visitor.deliver('close', {})));
	await until(async () => (await onlineNow()).every((one) => one.load === 0), 'all loads are 0 again');
	await crowd.stop();
});

test('200 visitors, 20 agents with room for 4: those who wait are served as room comes', { timeout: PATIENCE }, async (t) => {
	t.after(() => desk.clear());
	const crowd = new Crowd(desk.server, AGENTS.map((name) => desk.people[name]), { capacity: 4, resend: 0.05, seed: 2 });
	const seen = { peak: 0, longest: 0, waited: false };

	await until(async () => (await onlineNow()).length === 20, 'all agents are available');
	const watching = watch(4, seen);
	const visitors = range(200).map(() => crowd.addVisitor());

	await within(Promise.all(visitors.map(async (visitor) => {
		await crowd.converse(visitor, 3);
		await visitor.deliver('close', {});
		seen.waited ||= visitors.some(({ status }) => status?.state === 'waiting');
	})), 'all were served', PATIENCE);
	seen.stop = true;
	await watching;
	assert.ok(seen.waited, 'some had to wait until others were through');
	assert.ok(seen.peak <= 4, `a load of ${seen.peak}`);
	assert.ok(seen.longest <= 10, `${seen.longest} looks in a row with room and somebody waiting`);
	await crowd.check(desk.people.root);
	await crowd.stop();
});
