/* SPDX-License-Identifier: MIT */
// Who a page says its visitor is: signed with the desk's key, or somebody's word.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { ORIGIN, Server, startServer, temporaryFolder } from '../support/server.mjs';
import { openVisitor } from '../support/visitor.mjs';
import { until } from '../support/wait.mjs';

const KEY = 'the secret that docs and desk share';
const folder = temporaryFolder();
const hmac = (text, key = KEY) => createHmac('sha256', key).update(text).digest('hex');

function keyFile(name, content, mode = 0o600) {
	const path = join(folder, name);

	writeFileSync(path, content);
	chmodSync(path, mode);
	return path;
}

const keyPath = keyFile('key', `${KEY}\n`);
const desk = useDesk({
	people: { dana: {}, root: { role: 'admin', tier: 3 } },
	args: ['--log', 'debug'], env: { TIERBELL_IDENTITY_KEY_FILE: keyPath },
});
const email = 'ana@example.gov';
const signed = { name: 'Ana', email, hmac: hmac(email) };
const stored = async (ticket) => (await desk.server.ticket(desk.people.dana, ticket)).ticket.visitor;
const counted = (result) => desk.server.metric('tierbell_identities_total', `result="${result}"`);
const again = (visitor, user) => desk.visitor({ token: visitor.token }, { user });

/* [what, the user of the hello, verified, what is counted] */
const cases = [
	['the address is signed', signed, true, 'right'],
	['id and address are signed together', { id: '42', email, hmac: hmac(`42\n${email}`) }, true, 'right'],
	['nothing is signed', { email }, false, null],
	['an empty signature is none', { email, hmac: '' }, false, null],
	['a signature of another address', { email, hmac: hmac('bob@example.gov') }, false, 'wrong'],
	['a signature with another key', { email, hmac: hmac(email, `${KEY}.`) }, false, 'wrong'],
	['a signature in upper case', { email, hmac: hmac(email).toUpperCase() }, false, 'wrong'],
	['a signature that is cut', { email, hmac: hmac(email).slice(0, 63) }, false, 'wrong'],
	['a signature that goes on', { email, hmac: `${hmac(email)}0` }, false, 'wrong'],
	['a signature of the address alone, where there is an id', { id: '42', email, hmac: hmac(email) }, false, 'wrong'],
	['a signature of the id alone', { id: '42', email, hmac: hmac('42') }, false, 'wrong'],
	['the address of somebody whose id looks like it', { email, hmac: hmac(`${email}\n`) }, false, 'wrong'],
	['the address written otherwise', { email: 'Ana@example.gov', hmac: hmac(email) }, false, 'wrong'],
	['an id alone', { id: '42', hmac: hmac('42') }, false, 'wrong'],
];

for (const [what, user, verified, counts] of cases) {
	test(`${verified ? 'verified' : 'not verified'}: ${what}`, async (t) => {
		t.after(() => desk.clear());
		const before = { right: await counted('right'), wrong: await counted('wrong') };
		const visitor = await desk.visitor({}, { user });
		const { ticket } = await visitor.say('Who am I?');

		assert.equal((await stored(ticket)).verified, verified);
		assert.equal((await stored(ticket)).email, user.email ?? null);
		assert.ok(!visitor.peer.frames.some(({ type }) => type === 'error'), 'a visitor hears nothing of it');
		for (const result of ['right', 'wrong'])
			assert.equal(await counted(result) - before[result], counts === result ? 1 : 0, result);
	});
}

test('verified holds for every ticket of the session, and for what opens one', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor({}, { user: signed });
	const first = await visitor.say('One.');

	await visitor.peer.ok('close');
	const second = await visitor.say('Two.', { new: true });

	assert.notEqual(second.ticket, first.ticket);
	assert.equal((await stored(second.ticket)).verified, true);
	await visitor.peer.ok('close');
	const other = await again(visitor);
	const third = await other.say('Three, from a tab that says nothing.', { new: true });

	assert.equal((await stored(third.ticket)).verified, true);
	const solving = await desk.visitor({}, { user: signed });

	await solving.peer.ok('solved', { article: 'https://docs.example.gov/keys', query: 'key' });
	const { json } = await desk.api('root', 'GET', '/api/v1/tickets?status=resolved&limit=1');

	assert.equal(json.items[0].visitor.verified, true);
	const uploading = await desk.visitor({}, { user: signed });
	const file = await desk.server.request('POST', '/api/v1/files', {
		body: 'a log',
		headers: {
			origin: ORIGIN, authorization: `Visitor ${uploading.token}`, 'content-type': 'text/plain; charset=utf-8',
			'idempotency-key': 'f1', 'x-file-name': 'a.log',
		},
	});

	assert.equal(file.status, 201, file.text);
	assert.equal((await stored(file.json.ticket)).verified, true);
});

test('the open ticket follows what a later hello proves, and its agent sees it at once', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor({}, { user: { name: 'Ana', email } });
	const { agent, ticket } = await desk.chat('dana', { visitor });
	const seen = (from, verified) => agent.waitFor((frame) => frame.type === 'ticket' && frame.ticket.number === ticket &&
		frame.ticket.visitor.verified === verified, { from });

	assert.equal((await stored(ticket)).verified, false);
	let from = agent.peer.mark();

	await again(visitor, signed);
	await seen(from, true);
	assert.equal((await stored(ticket)).verified, true);
	from = agent.peer.mark();
	const bob = await again(visitor, { email: 'bob@example.gov' });

	await seen(from, false);
	assert.deepEqual(await stored(ticket), { name: 'Ana', email: 'bob@example.gov', verified: false });
	await bob.say('I am Bob.');
	assert.equal((await stored(ticket)).verified, false);
	const { changes } = await desk.server.ticket(desk.people.dana, ticket);

	assert.deepEqual(changes.filter(({ field }) => field === 'verified').map(({ from: was, to, actor }) => [was, to, actor]),
		[['no', 'yes', 'system'], ['yes', 'no', 'system']]);
	from = agent.peer.mark();
	await again(visitor, { email: 'bob@example.gov', hmac: hmac('bob@example.gov') });
	await seen(from, true);
});

test('the log says that a signature was wrong, and of whom nothing', async (t) => {
	t.after(() => desk.clear());
	const wrong = hmac('x');

	await desk.visitor({}, { user: { name: 'Quentin', id: 'id-of-quentin', email: 'quentin@example.gov', hmac: wrong } });
	await until(() => /identity\.wrong conn=\d+/.test(desk.server.log), 'the line');
	assert.doesNotMatch(desk.server.log, /quentin/i);
	assert.ok(!desk.server.log.includes(wrong) && !desk.server.log.includes(KEY));
});

test('SIGHUP reads the key again; one that cannot be used leaves the old one', async (t) => {
	const log = (text) => until(() => desk.server.log.includes(text), text);
	const check = async (user) => {
		const { ticket } = await (await desk.visitor({}, { user })).say('Hello');

		return (await stored(ticket)).verified;
	};

	t.after(() => desk.clear());
	keyFile('key', 'short');
	desk.server.kill('SIGHUP');
	await log('reload.refused');
	assert.equal(await check(signed), true);
	keyFile('key', 'another secret, of next month\r\n');
	desk.server.kill('SIGHUP');
	await log('server.reloaded');
	assert.equal(await check(signed), false);
	assert.equal(await check({ email, hmac: hmac(email, 'another secret, of next month') }), true);
});

test('without a key nobody is verified, and nothing is counted as wrong', async () => {
	const server = await startServer();
	const dana = await server.addAgent({ name: 'Dana' });
	const visitor = await openVisitor(server, {}, { user: signed });
	const { ticket } = await visitor.say('Who am I?');

	assert.equal((await server.ticket(dana, ticket)).ticket.visitor.verified, false);
	assert.equal(await server.metric('tierbell_identities_total'), 0);
	await visitor.close();
	await server.stop();
});

/* [what, the file, what the sentence says; null: it starts] */
const files = [
	['one that is not there', () => join(folder, 'none'), /cannot read the identity key .*none: no such file/],
	['a folder', () => {
		mkdirSync(join(folder, 'folder'), { mode: 0o700, recursive: true });
		return join(folder, 'folder');
	}, /is not a file/],
	['an empty one', () => keyFile('k0', ''), /16 to 1024 bytes/],
	['15 bytes and a line end', () => keyFile('k15', `${'k'.repeat(15)}\n`), /16 to 1024 bytes/],
	['15 bytes and two line ends, of which one is taken away', () => keyFile('k15b', `${'k'.repeat(14)}\n\n`), /16 to 1024 bytes/],
	['1,025 bytes', () => keyFile('k1025', 'k'.repeat(1025)), /16 to 1024 bytes/],
	['a large one', () => keyFile('large', 'k'.repeat(100000)), /16 to 1024 bytes/],
	['one that everybody may read', () => keyFile('open', `${KEY}\n`, 0o604), /open to everybody on this machine; run chmod o=/],
	['one that everybody may write', () => keyFile('writable', `${KEY}\n`, 0o602), /open to everybody on this machine/],
	['16 bytes, for the group as well', () => keyFile('k16', `${'k'.repeat(16)}\n`, 0o640), null],
	['1,024 bytes and a line end of Windows', () => keyFile('k1024', `${'k'.repeat(1024)}\r\n`), null],
];

for (const [what, path, sentence] of files) {
	test(`--identity-key ${sentence ? 'is refused' : 'is taken'}: ${what}`, async () => {
		const file = path();
		const server = new Server({ args: ['--identity-key', file] });

		if (!sentence) {
			await server.start();
			await server.stop();
			return;
		}
		await assert.rejects(server.start(), /the server ended at its start/);
		assert.equal((await server.ended).code, 1);
		await until(() => sentence.test(server.log), 'it says why');
		assert.ok(!server.log.includes(KEY) && !server.log.includes('kkkk'));
	});
}
