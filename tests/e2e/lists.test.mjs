// SPDX-License-Identifier: MIT
// Lists of tickets that agents save: one's own, the same wherever one is logged in, and not without end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { openAgent } from '../support/agent.mjs';

const desk = useDesk({ people: { dana: {}, eli: {} }, limits: { saved_lists: 2 } });

const call = (key, method, path = '', body = undefined) => desk.api(key, method, `/api/v1/lists${path}`, { body });
const named = async (key) => (await call(key, 'GET')).json.items.map(({ name, query }) => `${name}?${query}`);

test('a list is saved, changed, told to all sockets of its agent, and forgotten', async () => {
	const [one, two, other] = [await openAgent(desk.server, desk.people.dana), await openAgent(desk.server, desk.people.dana),
		await openAgent(desk.server, desk.people.eli)];
	const { status, json } = await call('dana', 'POST', '', { name: 'Night', query: 'tag=night&sort=due' });

	assert.deepEqual([status, json.list.name, json.list.query], [201, 'Night', 'tag=night&sort=due']);
	await one.waitFor({ type: 'lists' });
	await two.waitFor({ type: 'lists' });
	assert.equal((await call('dana', 'POST', '', { name: 'Night', query: 'tag=day' })).json.list.id, json.list.id);
	assert.deepEqual(await named('dana'), ['Night?tag=day']);
	assert.deepEqual(await named('eli'), []);
	assert.equal((await call('eli', 'DELETE', `/${json.list.id}`)).status, 404);
	assert.equal((await call('dana', 'DELETE', `/${json.list.id}`)).status, 204);
	assert.deepEqual(await named('dana'), []);
	assert.ok(!other.peer.frames.some(({ type }) => type === 'lists'), 'others hear nothing of it');
	for (const agent of [one, two, other])
		await agent.close();
});

test('there are so many, of so many bytes', async () => {
	for (const [name, status] of [['a', 201], ['b', 201], ['c', 409], ['a', 201]])
		assert.equal((await call('dana', 'POST', '', { name, query: 'q=1' })).status, status, name);
	for (const body of [{ name: '', query: 'q' }, { name: 'x'.repeat(128), query: 'q' }, { name: 'n', query: 'x'.repeat(1024) },
	 { name: 'n' }, { query: 'q' }, { name: 'n', query: 'q', id: 4 }, { name: 3, query: 'q' }])
		assert.equal((await call('dana', 'POST', '', body)).status, 400, JSON.stringify(body).slice(0, 60));
	assert.deepEqual(await named('dana'), ['a?q=1', 'b?q=1']);
});

test('nobody who is not logged in has lists', async () => {
	for (const [method, path] of [['GET', ''], ['POST', ''], ['DELETE', '/1']])
		assert.equal((await desk.server.request(method, `/api/v1/lists${path}`)).status, 401);
});
