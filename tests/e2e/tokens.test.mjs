/* SPDX-License-Identifier: MIT */
// API tokens one by one: who may see, name and end which, and that an end holds at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { cookieOf } from '../support/http.mjs';
import { agentPeer } from '../support/peer.mjs';
import { PASSWORD } from '../support/server.mjs';
import { within } from '../support/wait.mjs';

const HOUR_MS = 3_600_000;
const desk = useDesk({
	people: { dana: { name: 'Dana' }, eli: { name: 'Eli' }, sam: { role: 'supervisor', tier: 2 }, root: { role: 'admin', tier: 3 } },
	limits: { tokens_per_agent: 4 },
});

const mine = async (key, query = '') => (await desk.api(key, 'GET', `/api/v1/tokens${query}`)).json.items;
const idOf = async (key) => (await desk.api(key, 'GET', '/api/v1/session')).json.agent.id;

async function create(key, ...more) {
	const { stdout } = await desk.server.runOk(['token', 'create', '--email', desk.people[key].email, ...more]);

	return stdout.trim();
}

async function open(token) {
	const peer = agentPeer(desk.server, { token });

	await peer.opened;
	peer.send({ type: 'hello' });
	await peer.waitFor('welcome');
	return peer;
}

test('an agent sees its own tokens: label, scope, made, used, ends, sockets; never the secret', async () => {
	const secret = await create('dana', '--label', 'nightly export', '--days', '2');
	const peer = await open(secret);
	const token = (await mine('dana')).find(({ label }) => label === 'nightly export');

	assert.equal(token.scope, 'full');
	assert.equal(token.agent, await idOf('dana'));
	assert.equal(token.sockets, 1);
	assert.equal(token.expires_at - token.created_at, 48 * HOUR_MS);
	assert.deepEqual(Object.keys(token).sort(), ['agent', 'created_at', 'expires_at', 'id', 'label', 'scope', 'sockets', 'used_at']);
	assert.equal(JSON.stringify(await mine('dana')).includes(secret), false);
	assert.ok((await mine('eli')).every(({ label }) => label !== 'nightly export'));
	await peer.close();
	await desk.api('dana', 'DELETE', `/api/v1/tokens/${token.id}`);
});

test('the time of use is on record, and not moved by every call', async () => {
	const secret = await create('dana', '--label', 'used');
	const token = async () => (await mine('dana')).find(({ label }) => label === 'used');

	assert.equal((await token()).used_at, null);
	await desk.server.api({ token: secret }, 'GET', '/api/v1/session');
	const first = await within((async () => {
		for (;;) {
			const { used_at: at } = await token();

			if (at)
				return at;
		}
	})(), 'the use is on record');
	const before = await desk.server.metric('tierbell_store_commits_total');

	for (let i = 0; i < 20; i++)
		await desk.server.api({ token: secret }, 'GET', '/api/v1/session');
	assert.equal((await token()).used_at, first);
	assert.equal(await desk.server.metric('tierbell_store_commits_total'), before);
	await desk.api('dana', 'DELETE', `/api/v1/tokens/${(await token()).id}`);
});

test('a revoked token loses its sockets at once, with 1008, and nobody else\'s', async () => {
	const secrets = [await create('dana', '--label', 'goes'), await create('dana', '--label', 'stays')];
	const [gone, kept] = await Promise.all(secrets.map(open));
	const cookie = cookieOf(await desk.server.request('POST', '/api/v1/session', { body: { email: desk.people.dana.email, password: PASSWORD } }));
	const login = agentPeer(desk.server, { cookie, origin: desk.server.url });

	await login.opened;
	const { id } = (await mine('dana')).find(({ label }) => label === 'goes');

	assert.equal((await desk.api('dana', 'DELETE', `/api/v1/tokens/${id}`)).status, 204);
	assert.equal((await within(gone.closed, 'its socket closes')).code, 1008);
	assert.equal((await desk.server.api({ token: secrets[0] }, 'GET', '/api/v1/session')).status, 401);
	assert.equal((await desk.server.api({ token: secrets[1] }, 'GET', '/api/v1/session')).status, 200);
	assert.equal((await desk.server.request('GET', '/api/v1/session', { headers: { cookie } })).status, 200);
	assert.ok(kept.isOpen && login.isOpen);
	assert.equal((await desk.api('dana', 'DELETE', `/api/v1/tokens/${id}`)).status, 404);
	await Promise.all([kept.close(), login.close()]);
	await desk.api('dana', 'DELETE', `/api/v1/tokens/${(await mine('dana')).find(({ label }) => label === 'stays').id}`);
});

test('others\' tokens: an administrator lists, names and ends them; to everybody else they do not exist', async () => {
	await create('eli', '--label', 'old name');
	const eli = await idOf('eli');
	const { id } = (await mine('root', `?agent=${eli}`)).find(({ label }) => label === 'old name');
	const path = `/api/v1/tokens/${id}`;

	for (const key of ['dana', 'sam']) {
		assert.equal((await desk.api(key, 'GET', `/api/v1/tokens?agent=${eli}`)).status, 403, key);
		assert.equal((await desk.api(key, 'PATCH', path, { body: { label: 'x' } })).status, 404, key);
		assert.equal((await desk.api(key, 'DELETE', path)).status, 404, key);
	}
	assert.equal((await desk.api('root', 'PATCH', path, { body: { label: 'new name' } })).json.token.label, 'new name');
	assert.equal((await desk.api('eli', 'PATCH', path, { body: { label: 'my name' } })).json.token.label, 'my name');
	assert.equal((await desk.api('root', 'DELETE', path)).status, 204);
	assert.equal((await mine('eli')).some((token) => token.id === id), false);
	assert.equal((await desk.api('root', 'GET', '/api/v1/tokens?agent=999999')).status, 404);
	assert.equal((await desk.api('root', 'GET', '/api/v1/tokens?agent=none')).status, 400);
});

const wrong = [
	['no label', { scope: 'wall' }], ['an empty label', { scope: 'wall', label: ' ' }],
	['a label of 64 bytes', { scope: 'wall', label: 'x'.repeat(64) }], ['no scope', { label: 'x' }], ['an unknown scope', { scope: 'some', label: 'x' }],
	['no days', { scope: 'wall', label: 'x', days: 0 }], ['days for ever', { scope: 'wall', label: 'x', days: 3651 }], ['a stray member', { scope: 'wall', label: 'x', agent: 1 }],
];

for (const [what, body] of wrong) {
	test(`a token is not made over HTTP: ${what}`, async () => {
		assert.equal((await desk.api('root', 'POST', '/api/v1/tokens', { body })).status, 400);
	});
}

test('over HTTP an administrator makes tokens for the wall, and nobody any with all rights', async () => {
	const make = (key, scope) => desk.api(key, 'POST', '/api/v1/tokens', { body: { scope, label: 'screen', days: 30 } });

	for (const key of ['dana', 'sam'])
		assert.equal((await make(key, 'wall')).status, 403, key);
	assert.equal((await make('root', 'full')).status, 403);
	const { status, json } = await make('root', 'wall');

	assert.equal(status, 201);
	assert.match(json.secret, /^[\w-]{43}$/);
	assert.equal(json.token.scope, 'wall');
	await desk.api('root', 'DELETE', `/api/v1/tokens/${json.token.id}`);
});

test('an agent has so many tokens at most', async () => {
	for (let i = 0; i < 3; i++)
		await create('sam', '--label', `number ${i}`);
	const more = await desk.server.run(['token', 'create', '--email', desk.people.sam.email]);

	assert.equal(more.code, 1);
	assert.match(more.stderr, /as many tokens as there may be/);
	await desk.api('sam', 'DELETE', `/api/v1/tokens/${(await mine('sam'))[1].id}`);
	await create('sam');
});

test('the command line lists, names and revokes', async () => {
	const { email } = desk.people.eli;
	const secret = await create('eli', '--label', 'by hand', '--days', '1');
	const list = async () => (await desk.server.runOk(['token', 'list', '--email', email])).stdout;
	const [, id] = /^(\d+) .*by hand$/m.exec(await list());

	assert.equal((await list()).includes(secret), false);
	assert.match(await list(), /^\d+ +full +made \d{4}-\d\d-\d\d \d\d:\d\d +used never +ends \d{4}-\d\d-\d\d \d\d:\d\d +by hand$/m);
	await desk.server.runOk(['token', 'label', '--id', id, '--label', 'of the robot']);
	assert.match(await list(), /of the robot$/m);
	const peer = await open(secret);

	assert.equal((await desk.server.runOk(['token', 'revoke', '--id', id])).stdout, `revoked ${id}\n`);
	assert.equal((await within(peer.closed, 'its socket closes')).code, 1008);
	assert.equal((await desk.server.run(['token', 'revoke', '--id', id])).code, 1);
	for (const words of [['revoke'], ['revoke', '--id', 'x'], ['label', '--id', '1'], ['list'], ['create', '--email', email, '--days', 'x'], ['create', '--email', email, '--days', '0'], ['create', '--email', email, '--days', '3651'], ['create', '--email', email, '--scope', 'some']])
		assert.equal((await desk.server.run(['token', ...words])).code, 2, words.join(' '));
});
