/* SPDX-License-Identifier: MIT */
// Who may come in, and how somebody is put out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { cookieOf } from '../support/http.mjs';
import { RefusedError, agentPeer, visitorPeer } from '../support/peer.mjs';
import { ORIGIN, PASSWORD } from '../support/server.mjs';
import { within } from '../support/wait.mjs';

const desk = useDesk({ people: { dana: { name: 'Dana' }, sam: { role: 'supervisor', tier: 2 }, root: { role: 'admin', tier: 3 } } });

async function refusal(peer) {
	try {
		await peer.opened;
	} catch (error) {
		assert.ok(error instanceof RefusedError, String(error));
		return error.status;
	}
	await peer.terminate();
	return 'let in';
}

function login(fields = {}, headers = {}) {
	return desk.server.request('POST', '/api/v1/session', {
		body: { email: 'dana@example.gov', password: PASSWORD, ...fields },
		headers: { origin: desk.server.url, ...headers },
	});
}

const foreignOrigins = [
	['none', null], ['null', 'null'], ['another host', 'https://evil.example.com'],
	['a subdomain', 'https://x.docs.example.gov'], ['a suffix', 'https://docs.example.gov.evil.com'],
	['a prefix', 'https://evildocs.example.gov'], ['http for https', 'http://docs.example.gov'],
	['another port', 'https://docs.example.gov:8443'], ['a path', 'https://docs.example.gov/x'],
	['credentials', 'https://docs.example.gov@evil.com'], ['upper case scheme and a blank', ' HTTPS://docs.example.gov x'],
	['empty', ''], ['two in one', 'https://docs.example.gov, https://evil.com'], ['file', 'file://'],
];

for (const [what, origin] of foreignOrigins) {
	test(`a visitor with this Origin is refused with 403: ${what}`, async () => {
		assert.equal(await refusal(visitorPeer(desk.server, { origin })), 403);
	});
}

test('the allowed origin and the server\'s own are let in', async () => {
	assert.equal(await refusal(visitorPeer(desk.server, { origin: ORIGIN })), 'let in');
	assert.equal(await refusal(visitorPeer(desk.server, { origin: desk.server.url })), 'let in');
});

const noAgent = [
	['nothing', {}], ['an unknown token', { token: 'A'.repeat(43) }], ['an empty token', { headers: { authorization: 'Bearer ' } }],
	['basic', { headers: { authorization: 'Basic ZGFuYTp4' } }], ['an unknown cookie', { cookie: 'tierbell=abc', origin: 'own' }],
	['a token in the URL', { query: true }], ['a token with a NUL', { headers: { authorization: 'Bearer a%00b' } }],
	['a very long token', { token: 'x'.repeat(3000) }],
];

for (const [what, options] of noAgent) {
	test(`an agent with ${what} is refused with 401 before the upgrade`, async () => {
		const origin = options.origin === 'own' ? desk.server.url : undefined;
		const path = options.query ? `/ws/agent?token=${desk.people.dana.token}` : '/ws/agent';
		const peer = options.query
			? new (agentPeer(desk.server, { token: 'x' }).constructor)(desk.server, path)
			: agentPeer(desk.server, { ...options, origin });

		assert.equal(await refusal(peer), 401);
	});
}

test('login gives a cookie that is HttpOnly and SameSite=Strict; it opens the API and the socket; logout ends both', async () => {
	const answer = await login();

	assert.ok([200, 201].includes(answer.status), String(answer.status));
	const [line] = answer.headers['set-cookie'];

	assert.match(line, /HttpOnly/i);
	assert.match(line, /SameSite=Strict/i);
	assert.match(line, /Path=\//i);
	assert.ok(!answer.text.includes('argon2'));
	const cookie = cookieOf(answer);
	const me = await desk.server.request('GET', '/api/v1/session', { headers: { cookie } });

	assert.equal(me.status, 200);
	assert.equal(me.json.agent.name, 'Dana');
	const peer = agentPeer(desk.server, { cookie, origin: desk.server.url });

	await peer.opened;
	peer.send({ type: 'hello' });
	await peer.waitFor('welcome');
	const out = await desk.server.request('DELETE', '/api/v1/session', { headers: { cookie, origin: desk.server.url } });

	assert.ok([200, 204].includes(out.status), String(out.status));
	const { code } = await within(peer.closed, 'the socket of a session that ended closes');

	assert.equal(code, 1008);
	assert.equal((await desk.server.request('GET', '/api/v1/session', { headers: { cookie } })).status, 401);
	assert.equal(await refusal(agentPeer(desk.server, { cookie, origin: desk.server.url })), 401);
});

test('a cookie without the same origin opens no socket', async () => {
	const cookie = cookieOf(await login());

	for (const origin of [undefined, 'null', 'https://evil.example.com', ORIGIN, `http://127.0.0.1:${desk.server.port + 1}`])
		assert.ok([401, 403].includes(await refusal(agentPeer(desk.server, { cookie, origin }))), String(origin));
});

test('every login gives another session; a cookie that came along is never adopted', async () => {
	const fixed = `x${'0'.repeat(42)}`;
	const first = await login({}, { cookie: `tierbell_session=${fixed}; __Host-tierbell=${fixed}; session=${fixed}` });
	const second = await login();

	assert.notEqual(cookieOf(first), cookieOf(second));
	assert.ok(!cookieOf(first).includes(fixed));
});

const badLogins = [
	['a wrong password', { password: 'wrong horse battery staple' }, 401],
	['an unknown person', { email: 'nobody@example.gov' }, 401],
	['an empty password', { password: '' }, [400, 401]],
	['no password', { password: undefined }, 400],
	['a password that is an object', { password: { $ne: '' } }, 400],
	['an e-mail that is a list', { email: ['dana@example.gov'] }, 400],
	['a very long password', { password: 'x'.repeat(5000) }, [400, 401, 413]],
	['SQL in the e-mail', { email: "dana@example.gov' OR 1=1 --" }, [400, 401]],
];

for (const [what, fields, status] of badLogins) {
	test(`no login with ${what}`, async () => {
		const answer = await login(fields);

		assert.ok([status].flat().includes(answer.status), String(answer.status));
		assert.equal(answer.headers['set-cookie'], undefined);
		assert.match(answer.headers['content-type'], /application\/problem\+json/);
	});
}

test('a wrong password and an unknown person get the same answer', async () => {
	const wrong = await login({ password: 'wrong horse battery staple' });
	const unknown = await login({ email: 'nobody@example.gov' });

	assert.equal(wrong.text, unknown.text);
	assert.equal(wrong.status, unknown.status);
});

const csrf = [
	['a foreign origin', { origin: 'https://evil.example.com' }],
	['a documentation site', { origin: ORIGIN }],
	['the origin null', { origin: 'null' }],
	['no origin', {}],
	['a form body', { origin: 'own', 'content-type': 'application/x-www-form-urlencoded' }],
	['a text body', { origin: 'own', 'content-type': 'text/plain' }],
];

for (const [what, headers] of csrf) {
	test(`a write with a cookie is refused with ${what}`, async () => {
		const cookie = cookieOf(await login());
		const own = headers.origin === 'own' ? { origin: desk.server.url } : {};
		const answer = await desk.server.request('POST', '/api/v1/tickets', {
			body: '{"title":"x","text":"x","channel":"phone"}', headers: { cookie, ...headers, ...own },
		});

		assert.ok([400, 403, 415].includes(answer.status), String(answer.status));
	});
}

test('login itself is refused from a foreign origin', async () => {
	assert.equal((await login({}, { origin: 'https://evil.example.com' })).status, 403);
});

test('no answer of the API allows another origin to read it with the cookie', async () => {
	const cookie = cookieOf(await login());
	const answer = await desk.server.request('GET', '/api/v1/session', { headers: { cookie, origin: 'https://evil.example.com' } });

	assert.equal(answer.headers['access-control-allow-credentials'], undefined);
	assert.notEqual(answer.headers['access-control-allow-origin'], '*');
});

test('disabling an agent closes all sockets with 1008 and ends tokens and sessions', async () => {
	const gone = await desk.server.addAgent({ name: 'Gone Soon' });
	const cookie = cookieOf(await login({ email: gone.email }));
	const sockets = [agentPeer(desk.server, { token: gone.token }), agentPeer(desk.server, { cookie, origin: desk.server.url })];

	for (const peer of sockets) {
		await peer.opened;
		peer.send({ type: 'hello' });
		await peer.waitFor('welcome');
	}
	await desk.server.runOk(['agent', 'disable', '--email', gone.email]);

	for (const peer of sockets)
		assert.equal((await within(peer.closed, 'the socket closes')).code, 1008);
	assert.equal((await desk.server.api(gone, 'GET', '/api/v1/session')).status, 401);
	assert.equal((await desk.server.request('GET', '/api/v1/session', { headers: { cookie } })).status, 401);
	assert.equal(await refusal(agentPeer(desk.server, { token: gone.token })), 401);
	assert.equal((await login({ email: gone.email })).status, 401);
});

test('a new password needs the old one, ends the other logins and leaves this one and the tokens', async () => {
	const person = await desk.server.addAgent({ name: 'New Word' });
	const fresh = 'a longer battery of horses';
	const mine = cookieOf(await login({ email: person.email }));
	const other = cookieOf(await login({ email: person.email }));
	const socket = agentPeer(desk.server, { cookie: other, origin: desk.server.url });
	const change = (body) => desk.server.request('PATCH', '/api/v1/session', { headers: { cookie: mine, origin: desk.server.url }, body });
	const session = (cookie) => desk.server.request('GET', '/api/v1/session', { headers: { cookie } });

	await socket.opened;
	assert.equal((await change({ password: 'not it at all', new_password: fresh })).status, 403);
	assert.equal((await change({ password: PASSWORD, new_password: 'short' })).status, 400);
	assert.equal((await change({ password: PASSWORD, new_password: PASSWORD })).status, 400);
	assert.equal((await session(other)).status, 200);
	const done = await change({ password: PASSWORD, new_password: fresh });

	assert.equal(done.status, 200);
	assert.equal(done.json.agent.must_change_password, false);
	assert.equal((await within(socket.closed, 'the other socket closes')).code, 1008);
	assert.equal((await session(other)).status, 401);
	assert.equal((await session(mine)).status, 200);
	assert.equal((await desk.server.api(person, 'GET', '/api/v1/session')).status, 200);
	assert.equal((await login({ email: person.email })).status, 401);
	assert.ok([200, 201].includes((await login({ email: person.email, password: fresh })).status));
});

test('a visitor\'s token is no credential for anything else', async () => {
	const visitor = await desk.visitor();

	await visitor.say('x');
	assert.equal(await refusal(agentPeer(desk.server, { token: visitor.token })), 401);
	assert.equal((await desk.server.request('GET', '/api/v1/tickets', { headers: { authorization: `Bearer ${visitor.token}` } })).status, 401);
	await visitor.close();
});

const closed = [['GET', '/api/v1/tickets'], ['POST', '/api/v1/tickets'], ['GET', '/api/v1/tickets/1'],
	['PATCH', '/api/v1/tickets/1'], ['POST', '/api/v1/tickets/1/messages'], ['GET', '/api/v1/session'],
	['GET', '/api/v1/agents/online'], ['GET', '/api/v1/tickets/999999']];

for (const [method, path] of closed) {
	test(`401 without a credential: ${method} ${path}`, async () => {
		const body = method === 'GET' ? undefined : {};
		const answer = await desk.server.request(method, path, { body });

		assert.equal(answer.status, 401);
		assert.equal(answer.json.code, 'unauthorized');
	});
}

test('secrets are not in the record as they are, nor in the log', async () => {
	const { readFileSync, readdirSync } = await import('node:fs');
	const { join } = await import('node:path');
	const cookie = cookieOf(await login()).split('=')[1];
	const secrets = [desk.people.dana.token, PASSWORD, cookie];
	const files = readdirSync(desk.server.data, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile()).map((entry) => join(entry.path ?? entry.parentPath, entry.name));

	assert.ok(files.length > 0);
	for (const file of files) {
		const bytes = readFileSync(file);

		for (const secret of secrets)
			assert.ok(!bytes.includes(secret), `${file} has a secret`);
	}
	for (const secret of secrets)
		assert.ok(!desk.server.log.includes(secret), 'the log has a secret');
});
