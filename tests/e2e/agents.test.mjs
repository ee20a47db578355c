/* SPDX-License-Identifier: MIT */
// Administration of agents: who may, what it does, and that it holds at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { within } from '../support/wait.mjs';

const desk = useDesk({ people: {
	dana: { name: 'Dana' }, eli: { name: 'Eli' }, finn: { name: 'Finn' }, sam: { role: 'supervisor', tier: 2 }, root: { role: 'admin', tier: 3 },
} });
const fresh = (name) => ({ name, email: `${name.toLowerCase()}@example.gov`, tier: 1, password: 'first-time-1' });
const login = (email, password) => desk.server.request('POST', '/api/v1/session', { body: { email, password } });

async function idOf(name) {
	const { json } = await desk.api('root', 'GET', '/api/v1/agents');

	return json.items.find((agent) => agent.name === name).id;
}

const matrix = [
	['GET', () => '/api/v1/agents', undefined, { dana: 403, sam: 403, root: 200 }],
	['POST', () => '/api/v1/agents', (key) => fresh(`New${key}`), { dana: 403, sam: 403, root: 201 }],
	['PATCH', async () => `/api/v1/agents/${await idOf('Finn')}`, () => ({ name: 'Finn' }), { dana: 403, sam: 403, root: 200 }],
	['PATCH', () => '/api/v1/agents/999999', () => ({ name: 'X' }), { dana: 403, sam: 403, root: 404 }],
	['DELETE', async () => `/api/v1/agents/${await idOf('Finn')}`, undefined, { dana: 405, sam: 405, root: 405 }],
];

for (const [method, path, body, answers] of matrix) {
	test(`${method} ${path.toString().replace(/.*(\/api[^`']*).*/, '$1')}: only for administrators`, async () => {
		for (const [key, status] of Object.entries(answers))
			assert.equal((await desk.api(key, method, await path(), { body: body?.(key) })).status, status, key);
		assert.equal((await desk.server.request(method, await path(), { body: body?.('x') })).status, method === 'DELETE' ? 405 : 401, 'nobody');
	});
}

const wrong = [
	['without a name', { name: undefined }], ['without a tier', { tier: undefined }], ['a tier 4', { tier: 4 }], ['a tier that is text', { tier: '1' }],
	['an unknown role', { role: 'boss' }], ['a short password', { password: 'short' }], ['no address', { email: 'nobody' }], ['a stray member', { admin: true }],
];

for (const [what, change] of wrong) {
	test(`an agent is not added: ${what}`, async () => {
		assert.equal((await desk.api('root', 'POST', '/api/v1/agents', { body: { ...fresh('Wrong'), ...change } })).status, 400);
	});
}

test('a new agent logs in with the one-time password, and is asked to change it', async () => {
	const { json } = await desk.api('root', 'POST', '/api/v1/agents', { body: { ...fresh('Gita'), role: 'supervisor' } });

	assert.equal(json.agent.must_change_password, true);
	assert.equal(JSON.stringify(json).includes('first-time-1'), false, 'it is not told again');
	const { status, json: session } = await login('gita@example.gov', 'first-time-1');
	assert.equal(status, 200);
	assert.equal(session.agent.role, 'supervisor');
	assert.equal((await desk.api('root', 'POST', '/api/v1/agents', { body: fresh('Gita') })).status, 409);
});

test('disabled: sockets close, login and token end; enabled: the login works again', async (t) => {
	t.after(() => desk.clear());
	const dana = await desk.agent('dana');
	const id = await idOf('Dana');

	assert.equal((await desk.api('root', 'PATCH', `/api/v1/agents/${id}`, { body: { disabled: true } })).status, 200);
	assert.equal((await within(dana.peer.closed, 'the socket closes')).code, 1008);
	assert.equal((await desk.api('dana', 'GET', '/api/v1/session')).status, 401);
	assert.equal((await login('dana@example.gov', desk.people.dana.password)).status, 401);
	await desk.api('root', 'PATCH', `/api/v1/agents/${id}`, { body: { disabled: false } });
	assert.equal((await login('dana@example.gov', desk.people.dana.password)).status, 200);
});

test('another tier: the socket closes, and the next one is of that tier', async (t) => {
	t.after(() => desk.clear());
	const eli = await desk.agent('eli');

	await desk.api('root', 'PATCH', `/api/v1/agents/${await idOf('Eli')}`, { body: { tier: 2, name: 'Eli Stone' } });
	await within(eli.peer.closed, 'the socket closes');
	const again = await desk.agent('eli');
	assert.deepEqual({ tier: again.welcome.agent.tier, name: again.welcome.agent.name }, { tier: 2, name: 'Eli Stone' });
	const { json } = await desk.api('root', 'GET', '/api/v1/agents/online');
	assert.deepEqual(json.items.filter(({ name }) => name === 'Eli Stone').map(({ tier }) => tier), [2]);
});

test('a new password and a revocation end what there was', async () => {
	const id = await idOf('Finn');

	assert.equal((await desk.api('root', 'PATCH', `/api/v1/agents/${id}`, { body: { password: 'second-time-2' } })).status, 200);
	assert.equal((await login('finn@example.gov', desk.people.finn.password)).status, 401);
	assert.equal((await login('finn@example.gov', 'second-time-2')).json.agent.must_change_password, true);
	assert.equal((await desk.api('finn', 'GET', '/api/v1/session')).status, 200, 'a token is not made of the password');
	await desk.api('root', 'PATCH', `/api/v1/agents/${id}`, { body: { revoke: true } });
	assert.equal((await desk.api('finn', 'GET', '/api/v1/session')).status, 401);
});

test('nobody takes their own rights: one administrator always stays', async () => {
	const { json } = await desk.api('root', 'GET', '/api/v1/session');
	const path = `/api/v1/agents/${json.agent.id}`;

	for (const body of [{ role: 'agent' }, { disabled: true }, { password: 'another-one-3' }])
		assert.equal((await desk.api('root', 'PATCH', path, { body })).status, 409);
	assert.equal((await desk.api('root', 'PATCH', path, { body: { name: 'Root' } })).status, 200);
});
