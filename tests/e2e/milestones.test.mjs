/* SPDX-License-Identifier: MIT */
// Milestones on the real binary: due times of seconds that fire once over kills, the word of an agent
// that meets one, and what people and other programs are told.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { Server, openAlways, writePolicy } from '../support/server.mjs';
import { delay, until } from '../support/wait.mjs';

const WITHIN_S = 4;

// A critical ticket is mitigated within seconds; nothing else is due for long.
function short(policy) {
	openAlways(policy);
	policy.milestones[0].within = `${WITHIN_S} s`;
	policy.milestones[0].notify = 'supervisor';
	for (const { targets } of Object.values(policy.channels))
		targets.critical.first_response = '1 h';
}

async function startWith(t, change) {
	const server = new Server({});

	t.after(() => server.stop(), { timeout: 60000 });
	server.policy = writePolicy(change);
	return server.start();
}

async function agentOf(t, ...args) {
	const one = await openAgent(...args);

	t.after(() => one.peer.terminate());
	return one;
}

const fired = (server) => server.metric('tierbell_timers_fired_total', 'kind="milestone"');

async function request(server, person, priority, text = 'It hangs') {
	const { status, json } = await server.api(person, 'POST', '/api/v1/tickets', { body: { channel: 'portal', text, priority } });

	assert.equal(status, 201);
	return json.ticket;
}

const patch = (server, person, number, body) => server.api(person, 'PATCH', `/api/v1/tickets/${number}`, { body });

describe('milestones of seconds', { concurrency: 3 }, () => {
	test('one is warned of and missed once, over a kill, and who leads the desk is told', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [lee, dana] = await server.addAgents([{ name: 'Lee', role: 'supervisor', tier: 2 }, { name: 'Dana' }]);
		const lead = await agentOf(t, server, lee);
		const ticket = await request(server, dana, 'critical');
		const [own] = ticket.milestones;

		assert.deepEqual([own.id, own.since, own.due, own.done_at], ['mitigate', ticket.created_at, ticket.created_at + WITHIN_S * 1000, null]);
		const warning = await lead.waitFor((frame) => frame.type === 'alert' && frame.rule === 'mitigate');

		assert.match(warning.why, /^Mitigation due /);
		// A machine that was busy may have come past its time, and then only that is told.
		const already = / passed/.test(warning.why) ? 1 : await fired(server) - 1;

		server.kill('SIGKILL');
		await server.ended;
		const passed = own.due <= Date.now() ? 1 : 0;

		await delay(Math.max(0, own.due - Date.now()) + 200);
		await server.start();
		await until(async () => await fired(server) >= 1 - passed &&
			await server.metric('tierbell_timer_lag_seconds') === 0, 'it was missed');
		assert.ok(await fired(server) <= 1 - already, 'not again');
		await server.crash();
		await until(async () => await server.metric('tierbell_timer_lag_seconds') === 0, 'nothing is left');
		await delay(1000);
		assert.equal(await fired(server), 0, 'it does not fire again');
	});

	test('one that is missed calls who is on duty on Tier 3, and the ticket goes there', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [lee, dana] = await server.addAgents([{ name: 'Lee', role: 'supervisor', tier: 2 }, { name: 'Dana' }]);
		const lead = await agentOf(t, server, lee);
		const { number, milestones: [own] } = await request(server, dana, 'critical');
		const page = await lead.waitFor({ type: 'alert', ticket: number, level: 'page' });
		const { ticket, changes } = await server.ticket(dana, number);

		assert.deepEqual([page.rule, page.emergency, ticket.tier], ['X14', false, 3]);
		assert.match(page.why, /Mitigation due .* passed/);
		assert.ok(Date.now() >= own.due, 'not early');
		assert.ok(changes.some(({ field, why }) => field === 'needed_tier' && why.startsWith('X14')), 'the audit says why');
		await patch(server, dana, number, { done: 'mitigate', reason: 'rolled back' });
		await until(async () => (await server.ticket(dana, number)).changes.some(({ field, why }) => field === 'page_acknowledged' && why === 'done'),
			'nobody is called any more');
	});

	test('a frame says which: warning, then breach', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [lee, dana] = await server.addAgents([{ name: 'Lee', role: 'supervisor', tier: 2 }, { name: 'Dana' }]);
		const lead = await agentOf(t, server, lee);
		const { number, milestones: [own] } = await request(server, dana, 'critical');
		const breach = await lead.waitFor({ type: 'due', ticket: number, level: 'breach' });

		assert.deepEqual([breach.target, breach.milestone, breach.at], ['milestone', 'mitigate', own.due]);
		assert.ok(Date.now() >= own.due, 'not early');
	});

	test('done in time: nothing is missed; taken back it is', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, short);
		const [lee, dana] = await server.addAgents([{ name: 'Lee', role: 'supervisor', tier: 2 }, { name: 'Dana' }]);
		const lead = await agentOf(t, server, lee);
		const one = await request(server, dana, 'critical'), two = await request(server, dana, 'critical');
		const done = await patch(server, dana, one.number, { done: 'mitigate', reason: 'rolled back' });

		assert.equal(done.status, 200);
		assert.ok(done.json.ticket.milestones[0].done_at >= one.created_at);
		assert.equal((await patch(server, dana, two.number, { done: 'mitigate' })).status, 200);
		assert.equal((await patch(server, dana, two.number, { undone: 'mitigate' })).json.ticket.milestones[0].done_at, null);
		await lead.waitFor({ type: 'due', ticket: two.number, level: 'breach' });
		await delay(1000);
		const late = (await server.ticket(dana, two.number)).ticket.milestones[0];
		const { ticket, changes } = await server.ticket(dana, one.number);

		assert.equal(late.done_at, null);
		const missed = lead.peer.frames.filter(({ type, level }) => type === 'due' && level === 'breach').map((frame) => frame.ticket);

		assert.deepEqual(missed, [two.number], 'the other, once');
		assert.equal(ticket.milestones[0].due, one.milestones[0].due, 'kept, to compare');
		const [change] = changes.filter(({ field }) => field === 'done');

		assert.deepEqual([change.actor, change.to, change.why], ['agent:Dana', 'mitigate', 'rolled back']);
	});

	test('it goes with the priority, counted from creation; others have none', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, openAlways);
		const dana = await server.addAgent({ name: 'Dana' });
		const { number, created_at: at, milestones } = await request(server, dana, 'low');

		assert.equal(milestones, undefined);
		const raised = (await patch(server, dana, number, { priority: 'critical' })).json.ticket;

		assert.equal(raised.milestones[0].due, at + 4 * 3600 * 1000);
		assert.equal((await patch(server, dana, number, { priority: 'low' })).json.ticket.milestones, undefined);
		assert.equal((await patch(server, dana, number, { done: 'mitigate' })).status, 400);
		for (const body of [{ done: '' }, { done: 7 }, { done: 'x'.repeat(17) }, { undone: [] }])
			assert.equal((await patch(server, dana, number, body)).status, 400, JSON.stringify(body));
	});

	test('words of a leaked key start the report, and the list is sorted by it', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, openAlways);
		const dana = await server.addAgent({ name: 'Dana' });
		const first = await request(server, dana, 'critical');
		const second = await request(server, dana, 'low', 'Our production api key was pushed to a public repo on GitHub');
		const report = second.milestones.find(({ id }) => id === 'security-report');

		assert.equal(report.due, second.created_at + 3600 * 1000);
		for (const number of [first.number, second.number])
			await patch(server, dana, number, { priority: 'critical' });
		await server.api(dana, 'POST', `/api/v1/tickets/${first.number}/messages`, { body: { text: 'On it.' } });
		await server.api(dana, 'POST', `/api/v1/tickets/${second.number}/messages`, { body: { text: 'On it.' } });
		const { json } = await server.api(dana, 'GET', '/api/v1/tickets?sort=due');

		assert.deepEqual(json.items.map(({ number }) => number), [second.number, first.number]);
	});

	test('the published policy names them', { timeout: 120000 }, async (t) => {
		const server = await startWith(t, openAlways);
		const dana = await server.addAgent({ name: 'Dana' });
		const { milestones } = (await server.api(dana, 'GET', '/api/v1/policy')).json;

		assert.deepEqual(milestones.map(({ id, name, within, runs }) => [id, name, within.seconds, runs]), [
			['mitigate', 'Mitigation', 4 * 3600, 'with_ticket'], ['security-report', 'Security report', 3600, 'always'],
		]);
		assert.match((await server.request('GET', '/help/policy')).text, /the time for Mitigation has passed and it is not done/);
	});
});
