/* SPDX-License-Identifier: MIT */
// The figures of the wall, and the token that reads nothing else.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { RefusedError, agentPeer } from '../support/peer.mjs';
import { ROOT } from '../support/server.mjs';
import { until } from '../support/wait.mjs';
import { pressing } from '../../widget/console/ticket/figures.js';

const desk = useDesk({
	people: { dana: { name: 'Dana Quillfeather' }, eli: { name: 'Eli Marchbanks' }, wu: { name: 'Wu Tarrant', tier: 2 }, root: { name: 'Root Adminson', role: 'admin', tier: 3 } },
	policy: (policy) => {
		policy.channels.phone.targets.critical.first_response = '1 s';
		policy.channels.phone.targets.high.first_response = '10 min';
		policy.channels.phone.targets.medium.first_response = '16 min';
		policy.channels.phone.targets.low.first_response = '3 h';
	},
	ready: async (ready) => {
		const { json } = await ready.api('root', 'POST', '/api/v1/tokens', { body: { scope: 'wall', label: 'screen' } });

		ready.screen = { token: json.secret, id: json.token.id };
	},
});

const wall = async () => (await desk.server.api(desk.screen, 'GET', '/api/v1/wall')).json;

const phone = (priority, more) => desk.api('dana', 'POST', '/api/v1/tickets', {
	body: { channel: 'phone', title: 'Zanzibar outage', text: 'Zanzibar is down', priority, visitor: { name: 'Quentin Ledbetter', email: 'quentin.ledbetter@example.gov' }, ...more },
});

const leaves = (value) => (value !== null && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [value]);

/* Every call below /api/v1 that asks who somebody is, from the server's own tables. */
function routes() {
	const folder = join(ROOT, 'server', 'adapter');
	const found = [];

	for (const name of readdirSync(folder).filter((file) => /^api_.*\.c$/.test(file))) {
		const rows = readFileSync(join(folder, name), 'utf8').matchAll(/\{"(\/[\w/#]+)",\s*METHOD_(\w+),\s*(true|false)/g);

		for (const [, path, method, open] of rows) {
			if (open === 'false')
				found.push([method, path.replace('#', '1')]);
		}
	}
	return found;
}

test('the figures follow: who waits, how urgent, who is there; nothing in them is a word', async () => {
	const before = await wall();
	const agent = await desk.agent('dana', { capacity: 5 });
	const other = await desk.agent('eli', { capacity: 2, state: 'busy' });
	const away = await desk.agent('wu', { state: 'away' });

	assert.equal(before.open, 0);
	const { ticket } = await desk.chat(agent, { text: 'Zanzibar?', visitor: await desk.visitor({}, { user: { name: 'Ottoline Fenwick', email: 'ottoline@example.gov' } }) });

	await agent.presence('busy', 5);
	await phone('low');
	const figures = await until(async () => {
		const now = await wall();

		return now.tiers[0].load === 1 && now.tiers[1].away === 1 && now;
	}, 'the wall knows who has what');

	assert.ok(ticket > 0);
	assert.equal(figures.open, 2);
	assert.equal(figures.by_priority.low + figures.by_priority.medium + figures.by_priority.high + figures.by_priority.critical, 2);
	assert.equal(figures.waiting, 1);
	assert.deepEqual([figures.tiers[0].available, figures.tiers[0].busy, figures.tiers[0].away, figures.tiers[0].capacity], [0, 2, 0, 7]);
	assert.deepEqual([figures.tiers[1].available, figures.tiers[1].busy, figures.tiers[1].away], [0, 0, 1]);
	assert.ok(leaves(figures).every((leaf) => leaf === null || typeof leaf === 'number'), JSON.stringify(figures));
	assert.doesNotMatch(JSON.stringify(figures), /zanzibar|quentin|ottoline|dana|eli|wu|tarrant|example/i);
	await Promise.all([agent, other, away].map((one) => one.presence('offline')));
	await desk.clear();
});

test('at risk and breached are what the chips of the tickets say', async () => {
	for (const priority of ['low', 'medium', 'high', 'critical', 'critical'])
		await phone(priority);
	const both = async () => {
		const { json } = await desk.api('root', 'GET', '/api/v1/tickets?status=new,open,pending&limit=200');
		const figures = await wall();
		const late = pressing(json.items, figures.at).filter(({ sla }) => sla.state === 'breached').length;

		return { figures, late, near: pressing(json.items, figures.at).length - late };
	};
	const { figures, late, near } = await until(async () => {
		const now = await both();

		return now.late === 2 && now;
	}, 'two targets pass');

	assert.equal(figures.breached, late);
	assert.equal(figures.at_risk, near);
	assert.equal(figures.open, 5);
	await desk.clear();
});

test('without the switchboard the tickets are counted all the same', async () => {
	await phone('low');
	await desk.server.redis('CLIENT', 'PAUSE', '2000').catch(() => {});
	const figures = await wall();

	assert.equal(figures.open, 1);
	assert.ok(figures.tiers.every((tier) => tier.available === null || tier.available === 0));
	await until(async () => (await wall()).tiers.every((tier) => tier.available === 0), 'the switchboard is back');
	await desk.clear();
});

test('every other call is answered 403 to the screen\'s token', async () => {
	const all = routes();

	assert.ok(all.length >= 19, String(all.length));
	for (const [method, path] of all.filter(([, path]) => path !== '/wall')) {
		const body = ['POST', 'PATCH'].includes(method) ? {} : undefined;
		const { status, json } = await desk.server.api(desk.screen, method, `/api/v1${path}`, { body });

		assert.equal(status, 403, `${method} ${path}`);
		assert.equal(json.code, 'forbidden');
	}
	assert.equal((await desk.server.api(desk.screen, 'GET', '/api/v1/files/1/1')).status, 403, 'files');
	await assert.rejects(agentPeer(desk.server, { token: desk.screen.token }).opened, (error) => error instanceof RefusedError && error.status === 403);
	assert.equal((await desk.server.api(desk.screen, 'HEAD', '/api/v1/wall')).status, 200);
});

test('who is logged in reads the wall too, and nobody else', async () => {
	assert.equal((await desk.api('dana', 'GET', '/api/v1/wall')).status, 200);
	assert.equal((await desk.server.request('GET', '/api/v1/wall')).status, 401);
	assert.equal((await desk.server.request('GET', `/api/v1/wall?token=${desk.screen.token}`)).status, 401);
	assert.equal(desk.server.log.includes(desk.screen.token), false);
	await desk.api('root', 'DELETE', `/api/v1/tokens/${desk.screen.id}`);
	assert.equal((await desk.server.api(desk.screen, 'GET', '/api/v1/wall')).status, 401);
});
