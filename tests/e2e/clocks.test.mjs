/* SPDX-License-Identifier: MIT */
// Targets of seconds on the real binary: they fire at their time, once, whatever happens to the
// server; people are told; and the policy can be changed while it runs.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { Server, openAlways, writePolicy } from '../support/server.mjs';
import { delay, pace, range, until } from '../support/wait.mjs';
import { openVisitor } from '../support/visitor.mjs';

const FIRST_S = 4;

// Every chat and every form wants an answer within FIRST_S.
function short(policy) {
	openAlways(policy);
	for (const channel of ['chat', 'portal'])
		for (const priority of ['low', 'medium', 'high'])
			policy.channels[channel].targets[priority].first_response = `${FIRST_S} s`;
}

// What a failed test left open must not keep the others waiting.
async function startWith(t, change) {
	const server = new Server({});

	t.after(() => server.stop(), { timeout: 60000 });
	server.policy = writePolicy(change);
	return server.start();
}

async function kept(t, opening) {
	const one = await opening;

	t.after(() => one.peer.terminate());
	return one;
}

const agentOf = (t, ...args) => kept(t, openAgent(...args));
const visitorOf = (t, ...args) => kept(t, openVisitor(...args));

function fired(server, kind) {
	return server.metric('tierbell_timers_fired_total', `kind="${kind}"`);
}

async function request(server, person, text = 'How do I start?', more = {}) {
	const { status, json } = await server.api(person, 'POST', '/api/v1/tickets', { body: { channel: 'portal', text, ...more } });

	assert.equal(status, 201);
	return json.ticket;
}

// What it takes to put a word of an agent on record and to tell of it: as much as a clock's needs.
async function paceOf(server, person, agent) {
	const { number } = await request(server, person, 'Beside all this', { priority: 'critical' });

	return pace(() => agent.note(number, 'tick'));
}

// Each waits for clocks on a server of its own, so they wait side by side.
describe('targets of seconds', { concurrency: 3 }, () => {
	test('a target warns at 75 % and breaches at its second, once, and who leads the desk hears of it', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [lee, dana] = await server.addAgents([{ name: 'Lee', role: 'supervisor', tier: 2 }, { name: 'Dana' }]);
		const lead = await agentOf(t, server, lee);
		const agent = await agentOf(t, server, dana);
		const late = [];
		const warned = [];
		const machine = await paceOf(server, dana, agent);

		await Promise.all(range(5).map(async (number) => {
			await delay(number * 150);
			const visitor = await visitorOf(t, server);
			const { at, ticket } = await visitor.say(`How do I start, number ${number}?`);
			const status = await visitor.waitFor((frame) => frame.type === 'status' && frame.first_response_due);

			assert.equal(status.first_response_due, at + FIRST_S * 1000);
			const warning = await agent.waitFor({ type: 'due', ticket });

			assert.ok(Date.now() >= at + FIRST_S * 750, 'not early');
			assert.deepEqual([warning.target, warning.at], ['first_response', status.first_response_due]);
			// A server that was held up until both were due tells the breach alone.
			if (warning.level === 'warning')
				warned.push(ticket);
			for (const one of [lead, agent]) {
				await one.waitFor({ type: 'due', ticket, level: 'breach' });
				assert.ok(Date.now() >= status.first_response_due, 'not early');
			}
			late.push(Date.now() - status.first_response_due);
			await visitor.close();
		}));
		const slowest = await machine.stop();

		// One that was held up by a busy machine says nothing about the server.
		assert.ok(Math.min(...late) <= 1000 + slowest, `late by ${late} ms, a note took up to ${slowest} ms`);
		assert.ok(warned.length > 0, 'warned of before');
		await delay(1000);
		for (const { peer } of [lead, agent])
			assert.equal(peer.frames.filter((frame) => frame.type === 'due' && frame.level === 'breach').length, 5);
		assert.ok(!lead.peer.frames.some((frame) => frame.level === 'warning'), 'a warning is for who can answer');
		assert.equal(await fired(server, 'first_response_breach'), 5);
		await until(async () => await server.metric('tierbell_timer_lag_seconds') === 0, 'nothing is left');
	});

	test('killed before it is due it fires after the start, killed after it fired it does not again', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const dana = await server.addAgent({ name: 'Dana' });
		const tickets = await Promise.all(range(40).map((n) => request(server, dana, `Request ${n}`)));
		const due = tickets.map((ticket) => ticket.first_response_due);
		const already = await fired(server, 'first_response_breach'); // on a machine that took its time

		server.kill('SIGKILL');
		await server.ended;
		const passed = due.filter((at) => at <= Date.now()).length; // may have fired before the kill

		await delay(Math.max(0, Math.max(...due) - Date.now()) + 200);
		await server.start();
		await until(async () => await fired(server, 'first_response_breach') >= 40 - passed &&
			await server.metric('tierbell_timer_lag_seconds') === 0, 'all have breached');
		assert.ok(await fired(server, 'first_response_breach') <= 40 - already, 'none that had fired before');
		await server.crash();
		await until(async () => await server.metric('tierbell_timer_lag_seconds') === 0, 'nothing is left');
		await delay(1500);
		assert.equal(await fired(server, 'first_response_breach'), 0, 'none fires again');
	});

	test('in the middle of it: every kill lets the rest go up, and none twice', { timeout: 180000 }, async (t) => {
		const server = await startWith(t, short);
		const dana = await server.addAgent({ name: 'Dana' });
		const numbers = [];

		for (const n of range(60)) {
			numbers.push((await request(server, dana, `Request ${n}`)).number);
			await delay(20);
		}
		// What nobody picks up goes to Tier 2 at twice its target: all that within a second.
		for (const pause of [2 * FIRST_S * 1000 - 1500, 300, 300]) {
			await delay(pause);
			await server.crash();
		}
		await until(async () => {
			const { json } = await server.api(dana, 'GET', '/api/v1/tickets?tier=2&limit=200');

			return json.items.length === 60;
		}, 'all are on Tier 2');
		await delay(1000);
		for (const number of numbers) {
			const { messages, changes } = await server.ticket(dana, number);

			assert.equal(messages.filter((entry) => entry.event === 'escalated').length, 1);
			assert.equal(changes.filter((change) => change.field === 'tier').length, 1, JSON.stringify(changes));
		}
	});

	test('exposed data is paged within 5 s, shown to who was not there, and rests when acknowledged', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [ines, dana] = await server.addAgents([{ name: 'Ines', tier: 3 }, { name: 'Dana' }]);
		const incident = await agentOf(t, server, ines);
		const front = await agentOf(t, server, dana);
		const visitor = await visitorOf(t, server);
		const machine = await paceOf(server, dana, front);
		const asked = Date.now();
		const { ticket } = await visitor.say('Please look at this', { flags: { data_exposed: true } });
		const alert = await incident.waitFor({ type: 'alert', ticket, level: 'page' });
		const took = Date.now() - asked;
		const { changes } = await server.ticket(dana, ticket);
		const called = changes.filter(({ field }) => field === 'page');

		assert.deepEqual(called.map(({ actor, to }) => [actor, to]), [['system', alert.to]]);
		assert.match(called[0].why, /attempt 1$/);
		const slowest = await machine.stop();

		assert.ok(took <= 5000 + slowest, `after ${took} ms, a note took up to ${slowest} ms`);
		assert.ok(alert.rule && alert.to && alert.why, JSON.stringify(alert));
		const event = await visitor.waitFor({ type: 'message', event: 'incident' });

		assert.ok(event.text.length > 0, 'the visitor is asked for the facts');
		await until(() => server.log.includes(`warn page ticket=${ticket} `), 'the log says so');
		assert.doesNotMatch(server.log, /Please look at this/);
		await until(async () => await server.metric('tierbell_pages_open') === 1, 'so does the metric');
		await server.crash();
		const back = await agentOf(t, server, ines);

		await back.waitFor({ type: 'alert', ticket, level: 'page' });
		await back.peer.ok('acknowledge', { ticket });
		await until(async () => await server.metric('tierbell_pages_open') === 0, 'it is acknowledged');
		const { ticket: paged } = await server.ticket(dana, ticket);

		assert.equal(paged.priority, 'critical');
		assert.ok(paged.immediate && paged.pages >= 1 && paged.page_acknowledged_at);
	});

	const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

	test('while it is closed the widget is told the next opening and the promise', { timeout: 120000 }, async (t) => {
		const opens = new Date(Date.now() + 2 * 86400000);

		opens.setUTCHours(9, 0, 0, 0);
		const server = await startWith(t, (policy) => {
			policy.calendars.support = {
				zone: 'Etc/UTC', known_until: '2040-12-31', holidays: [], closed: [], freeze: [], special: [],
				week: Object.fromEntries(DAYS.map((day, n) => [day, n === opens.getUTCDay() ? ['09:00-10:00'] : []])),
			};
		});
		const visitor = await visitorOf(t, server);
		const { desk } = visitor.welcome;
		const promised = Date.now() + desk.first_response_s * 1000;

		assert.equal(desk.open, false);
		assert.equal(desk.opens_at, opens.getTime());
		assert.ok(Math.abs(promised - (opens.getTime() + 15 * 60000)) < 60000, `${desk.first_response_s} s`);
		const { ticket } = await visitor.say('How do I start?');
		const status = await visitor.waitFor((frame) => frame.type === 'status' && frame.on_duty === false);

		assert.deepEqual([status.ticket, status.opens_at, status.first_response_due],
			[ticket, opens.getTime(), opens.getTime() + { low: 15, medium: 10 }[status.priority] * 60000]);
	});

	test('a policy with a mistake leaves the running one; a good one holds for who asks from then on', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, openAlways);
		const dana = await server.addAgent({ name: 'Dana' });
		const before = await request(server, dana);
		const good = readFileSync(server.policy, 'utf8');

		async function promise() {
			const visitor = await visitorOf(t, server);

			await visitor.close();
			return visitor.welcome.desk.first_response_s;
		}

		async function reload(text, said) {
			const from = server.log.length;

			writeFileSync(server.policy, text);
			server.kill('SIGHUP');
			await until(() => said.test(server.log.slice(from)), `${said} in the log`);
		}

		assert.equal(await promise(), 15 * 60);
		for (const broken of [good.slice(0, -5), good.replace('"15 bmin"', '"15 parsecs"'), good.replace('"first_response"', '"first_respones"')]) {
			assert.notEqual(broken, good);
			await reload(broken, /error reload\.refused/);
			assert.equal(await promise(), 15 * 60);
			assert.equal(await server.metric('tierbell_policy_version'), 1);
		}
		await reload(good.replaceAll('"15 bmin"', '"20 bmin"'), /policy\.adopted id=2/);
		assert.equal(await promise(), 20 * 60);
		const after = await request(server, dana);

		assert.deepEqual([before.policy, after.policy], [1, 2]);
		await server.crash();
		assert.equal(await server.metric('tierbell_policy_version'), 2, 'the same text is the same version');
		assert.equal((await server.ticket(dana, before.number)).ticket.policy, 1);
	});
});
