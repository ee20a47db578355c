/* SPDX-License-Identifier: MIT */
// The list of customers: who may see it, who is found by what, and its pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';

const desk = useDesk({ people: { dana: { name: 'Dana' }, sam: { role: 'supervisor', tier: 2 } } });
const PATH = '/api/v1/customers';

async function asked(name, email) {
	const { status, json } = await desk.api('dana', 'POST', '/api/v1/tickets', {
		body: { channel: 'phone', title: 'A call', text: 'Somebody called', visitor: { name, email } },
	});

	assert.equal(status, 201);
	return json.ticket;
}

async function find(query) {
	const { status, json } = await desk.api('dana', 'GET', `${PATH}?${new URLSearchParams(query)}`);

	assert.equal(status, 200);
	return json;
}

const names = async (q) => (await find({ q })).items.map(({ name }) => name);

test('customers are for agents alone', async () => {
	const visitor = await desk.visitor({}, { user: { name: 'Vera', email: 'vera@example.gov' } });

	await visitor.say('Who reads this?');
	assert.equal((await desk.server.request('GET', PATH)).status, 401);
	assert.equal((await desk.server.request('GET', PATH, { headers: { authorization: 'Bearer nobody' } })).status, 401);
	for (const who of ['dana', 'sam'])
		assert.equal((await desk.api(who, 'GET', PATH)).status, 200, who);
	assert.equal((await desk.api('dana', 'POST', PATH, { body: {} })).status, 405);
	assert.deepEqual(await names('vera@'), ['Vera']);
});

test('a customer is one row, with what leads to the tickets', async () => {
	const ana = await desk.visitor({}, { user: { name: 'Ana Ruiz', email: 'ana.ruiz@example.gov' } });
	const { agent, ticket } = await desk.chat('dana', { visitor: ana });

	await agent.closeTicket(ticket, 'answered');
	const second = await asked('', 'ANA.RUIZ@example.gov');
	const { items, next } = await find({ q: 'ana ruiz' });
	assert.equal(next, null);
	assert.deepEqual(items, [{
		number: second.number, name: 'Ana Ruiz', email: 'ANA.RUIZ@example.gov', verified: false, tickets: 2, open: 1,
		last_asked_at: second.created_at,
	}]);
	const { json } = await desk.api('dana', 'GET', `/api/v1/tickets?customer=${items[0].number}`);
	assert.deepEqual(json.items.map(({ number }) => number), [second.number, ticket]);
});

test('wildcards of SQL, quotes and marks are characters like others', async () => {
	await asked('Percy 50%', 'percy@example.gov');
	await asked('Under_Score', 'under@example.gov');
	await asked("Miles O'Brien", 'miles@example.gov');
	assert.deepEqual(await names('%'), ['Percy 50%']);
	assert.deepEqual(await names('_'), ['Under_Score']);
	assert.deepEqual(await names("o'b"), ["Miles O'Brien"]);
	for (const q of ['p%y', 'Under?Score', '*', '\\%', '"', "' OR 1=1 --"])
		assert.deepEqual(await names(q), [], q);
});

test('pages: each customer once, the newest first; parameters are strict', async () => {
	const expected = [];

	for (let i = 0; i < 7; i++) {
		await asked(`Pageant ${i}`, `pageant${i}@example.gov`);
		await asked(`Pageant ${i}`, `pageant${i}@example.gov`);
		expected.unshift(`Pageant ${i}`);
	}
	for (const limit of [1, 3, 7, 50]) {
		const found = [];
		let cursor;

		do {
			const { items, next } = await find({ q: 'pageant', limit, ...(cursor && { cursor }) });

			assert.ok(items.length <= limit);
			found.push(...items.map(({ name }) => name));
			cursor = next;
		} while (cursor);
		assert.deepEqual(found, expected, `${limit} a page`);
	}
	for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=', 'cursor=zzz', `q=${'a'.repeat(256)}`])
		assert.equal((await desk.api('dana', 'GET', `${PATH}?${query}`)).status, 400, query);
});
