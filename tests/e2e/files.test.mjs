/* SPDX-License-Identifier: MIT */
// Text files from a visitor and from an agent: who may send and who may read them, how they are served, and what is
// taken out of them. And secrets in messages, and what a page tells of itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { cookieOf, httpRequest } from '../support/http.mjs';
import { ORIGIN, PASSWORD } from '../support/server.mjs';

const FILES = '/api/v1/files';
const TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: x\n';
const KEY = `ghp_${'aB3dE5gH7j'.repeat(4)}`;
const desk = useDesk({ people: { dana: {} }, limits: { files_per_ticket: 3, file_bytes: 100_000 } });

let ids = 0;

const agent = () => ({ authorization: `Bearer ${desk.people.dana.token}` });

function send(visitor, body, { headers = {}, origin = ORIGIN, ...more } = {}) {
	return httpRequest(desk.server, 'POST', FILES, {
		body,
		headers: {
			origin, authorization: `Visitor ${visitor.token}`, 'content-type': 'text/plain; charset=utf-8',
			'idempotency-key': `f-${++ids}`, 'x-file-name': 'paste-1.log', ...headers,
		},
		...more,
	});
}

function fetchFile(ticket, seq, headers) {
	return httpRequest(desk.server, 'GET', `${FILES}/${ticket}/${seq}`, { headers });
}

async function chat() {
	const visitor = await desk.visitor();
	const ack = await visitor.say('it hangs');

	return { visitor, ticket: ack.ticket };
}

test('a file is an entry of the log for its visitor and for agents, and is served as text', async () => {
	const { visitor, ticket } = await chat();
	const answer = await send(visitor, TRACE);

	assert.equal(answer.status, 201, answer.text);
	assert.equal(answer.json.ticket, ticket);
	assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
	await visitor.caughtUp(answer.json.seq);
	const entry = visitor.log.entries.find(({ seq }) => seq === answer.json.seq);
	assert.equal(entry.kind, 'file');
	assert.equal(entry.title, 'paste-1.log');
	assert.equal(entry.url, `${FILES}/${ticket}/${entry.seq}`);
	assert.equal(entry.size, TRACE.length);
	assert.equal(entry.lines, 3);
	assert.equal(entry.text, TRACE.trim());
	assert.equal(entry.removed, undefined);

	for (const headers of [{ authorization: `Visitor ${visitor.token}`, origin: ORIGIN }, agent()]) {
		const file = await fetchFile(ticket, entry.seq, headers);

		assert.equal(file.status, 200);
		assert.equal(file.text, TRACE);
		assert.equal(file.headers['content-type'], 'text/plain; charset=utf-8');
		assert.equal(file.headers['content-disposition'], 'attachment; filename="paste-1.log"');
		assert.equal(file.headers['x-content-type-options'], 'nosniff');
		assert.match(file.headers['content-security-policy'], /sandbox/);
		assert.equal(file.headers['cache-control'], 'no-store');
	}
});

test('to anybody else there is no file: the answers are the same, whatever there is', async () => {
	const { visitor, ticket } = await chat();
	const { seq } = (await send(visitor, TRACE)).json;
	const other = await desk.visitor();
	const elsewhere = { authorization: `Visitor ${visitor.token}`, origin: 'https://evil.example' };
	const wrong = [
		[ticket, seq, { authorization: `Visitor ${other.token}`, origin: ORIGIN }],
		[ticket, 1, { authorization: `Visitor ${visitor.token}`, origin: ORIGIN }],
		[ticket, 999, { authorization: `Visitor ${visitor.token}`, origin: ORIGIN }],
		[999_999, 2, { authorization: `Visitor ${other.token}`, origin: ORIGIN }],
		[ticket, seq, { authorization: 'Visitor AAAA' }],
		[ticket, seq, elsewhere],
		['x', seq, { authorization: `Visitor ${visitor.token}` }],
	];
	const bodies = new Set();

	for (const [number, place, headers] of wrong) {
		const answer = await fetchFile(number, place, headers);

		assert.equal(answer.status, 404, JSON.stringify(headers));
		bodies.add(answer.text);
	}
	assert.equal(bodies.size, 1);
	assert.equal((await fetchFile(ticket, seq, {})).status, 401);
	assert.equal((await fetchFile(999_999, 1, {})).status, 401);
	assert.equal((await fetchFile(ticket, seq, { authorization: 'Bearer nonsense' })).status, 401);
	assert.equal((await fetchFile(ticket, seq, elsewhere)).headers['access-control-allow-origin'], undefined);
});

test('the same id again is the same file', async () => {
	const { visitor } = await chat();
	const first = await send(visitor, 'one', { headers: { 'idempotency-key': 'same' } });
	const again = await send(visitor, 'two', { headers: { 'idempotency-key': 'same' } });

	assert.equal(again.json.seq, first.json.seq);
	assert.equal(again.json.duplicate, true);
	const file = await fetchFile(first.json.ticket, first.json.seq, agent());
	assert.equal(file.text, 'one');
});

test('what is refused', async () => {
	const { visitor } = await chat();
	const rows = [
		['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x62]), {}, 400],
		['a NUL', 'a\0b', {}, 400],
		['nothing to read', ' \n ', {}, 400],
		['nothing', '', {}, 400],
		['no token', 'x', { headers: { authorization: '' } }, 401],
		['a wrong token', 'x', { headers: { authorization: 'Visitor nonsense' } }, 401],
		['an agent\'s token', 'x', { headers: agent() }, 401],
		['another origin', 'x', { origin: 'https://evil.example' }, 403],
		['no id', 'x', { headers: { 'idempotency-key': '' } }, 400],
		['too long', 'x'.repeat(100_001), {}, 413],
	];

	for (const [what, body, options, status] of rows)
		assert.equal((await send(visitor, body, options)).status, status, what);
	assert.equal((await httpRequest(desk.server, 'PUT', FILES, { body: 'x' })).status, 405);
	assert.equal((await send(visitor, 'x'.repeat(100_000))).status, 201);
	/* Other paths keep their own limit. */
	const answer = await httpRequest(desk.server, 'POST', '/api/v1/tickets', { body: 'x'.repeat(70_000) });
	assert.equal(answer.status, 413);
});

test('a page of the documentation may ask first, another one may not', async () => {
	const ask = (origin) => httpRequest(desk.server, 'OPTIONS', FILES, {
		headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
	});
	const yes = await ask(ORIGIN);

	assert.equal(yes.status, 204);
	assert.equal(yes.headers['access-control-allow-origin'], ORIGIN);
	assert.match(yes.headers['access-control-allow-headers'], /authorization.*idempotency-key.*x-file-name/);
	const no = await ask('https://evil.example');
	assert.equal(no.status, 403);
	assert.equal(no.headers['access-control-allow-origin'], undefined);
});

test('a ticket holds so many files, and messages go on', async () => {
	const { visitor } = await chat();

	for (let i = 0; i < 3; i++)
		assert.equal((await send(visitor, `file ${i}`)).status, 201);
	const answer = await send(visitor, 'one more');
	assert.equal(answer.status, 413);
	assert.equal(answer.json.code, 'too_large');
	assert.match(answer.json.detail, /as many files/);
	await visitor.say('and a message');
});

test('names are cleaned, in the entry and in the header', async () => {
	const { visitor, ticket } = await chat();
	const { json } = await send(visitor, 'x', { headers: { 'x-file-name': encodeURIComponent('../Protokoll "März"\r\n.log') } });

	await visitor.caughtUp(json.seq);
	assert.equal(visitor.log.entries.at(-1).title, '.._Protokoll "März"  .log');
	const file = await fetchFile(ticket, json.seq, agent());
	assert.match(file.headers['content-disposition'], /^attachment; filename="[A-Za-z0-9._-]+"$/);
});

test('an agent sends one on a ticket: the visitor reads it, and what looks like a secret is out', async () => {
	const { visitor, ticket } = await chat();
	const put = (body, headers) => httpRequest(desk.server, 'POST', FILES, {
		body, headers: { 'content-type': 'text/plain', 'idempotency-key': `a-${++ids}`, 'x-file-name': 'fix.patch', 'x-ticket': String(ticket), ...headers },
	});
	const { status, json } = await put(`+ key ${KEY}\n`, agent());

	assert.equal(status, 201);
	assert.equal(json.ticket, ticket);
	await visitor.caughtUp(json.seq);
	const entry = visitor.log.entries.find(({ seq }) => seq === json.seq);
	assert.deepEqual([entry.kind, entry.title, entry.from.role, entry.removed], ['file', 'fix.patch', 'agent', 1]);
	assert.equal((await fetchFile(ticket, json.seq, { authorization: `Visitor ${visitor.token}`, origin: ORIGIN })).text, '+ key [removed: GitHub token]\n');
	const same = { ...agent(), 'idempotency-key': 'agent-same' };
	assert.equal((await put(KEY, { ...same, 'x-keep-secrets': 'yes' })).status, 201);
	assert.equal((await put('other', same)).json.duplicate, true);
	assert.ok((await desk.api('dana', 'GET', `/api/v1/tickets/${ticket}`)).json.ticket.first_response_at > 0, 'it is an answer');
});

test('an agent\'s file that is refused', async () => {
	const { visitor, ticket } = await chat();
	const login = await desk.server.request('POST', '/api/v1/session', { body: { email: desk.people.dana.email, password: PASSWORD } });
	const cookie = cookieOf(login);
	const rows = [
		['no such ticket', { ...agent(), 'x-ticket': '999999' }, 404],
		['no number', { ...agent(), 'x-ticket': 'x' }, 404],
		['nobody', {}, 401],
		['a visitor\'s token', { authorization: `Visitor ${visitor.token}`, origin: ORIGIN }, 401],
		['the cookie from a page elsewhere', { cookie, origin: 'https://evil.example' }, 403],
		['the cookie from the documentation', { cookie, origin: ORIGIN }, 403],
		['the cookie from nowhere', { cookie }, 403],
		['no text', { ...agent(), body: 'a\0b' }, 400],
	];

	for (const [what, { body = 'x', ...headers }, status] of rows) {
		const answer = await httpRequest(desk.server, 'POST', FILES, {
			body, headers: { 'content-type': 'text/plain', 'idempotency-key': `r-${++ids}`, 'x-ticket': String(ticket), ...headers },
		});

		assert.equal(answer.status, status, what);
	}
	const own = await httpRequest(desk.server, 'POST', FILES, {
		body: 'x', headers: { 'content-type': 'text/plain', 'idempotency-key': `r-${++ids}`, 'x-ticket': String(ticket), cookie, origin: desk.server.url },
	});
	assert.equal(own.status, 201);
});

test('ux 31: secrets in a file and in a message are taken out before they are kept, unless the visitor wants them sent', async () => {
	const { visitor, ticket } = await chat();
	const file = (await send(visitor, `export TOKEN=${KEY}\nnext\n`)).json;
	const message = await visitor.say(`my token is ${KEY}, is it right?`);
	const asIs = await visitor.say(`an example: ${KEY}`, { keep_secrets: true });
	const fileAsIs = (await send(visitor, KEY, { headers: { 'x-keep-secrets': 'yes' } })).json;

	await visitor.caughtUp(fileAsIs.seq);
	const entry = (seq) => visitor.log.entries.find((one) => one.seq === seq);
	assert.equal((await fetchFile(ticket, file.seq, agent())).text, 'export TOKEN=[removed: token]\nnext\n');
	assert.equal(entry(file.seq).removed, 1);
	assert.equal(entry(message.seq).text, 'my token is [removed: GitHub token], is it right?');
	assert.equal(entry(message.seq).removed, 1);
	assert.equal(entry(asIs.seq).text, `an example: ${KEY}`);
	assert.equal(entry(asIs.seq).removed, undefined);
	assert.equal((await fetchFile(ticket, fileAsIs.seq, agent())).text, KEY);
});

test('a secret is not in the title either', async () => {
	const visitor = await desk.visitor();
	const ack = await visitor.say(`${KEY} is refused`);
	const { json } = await desk.api('dana', 'GET', `/api/v1/tickets/${ack.ticket}`);

	assert.equal(json.ticket.title, '[removed: GitHub token] is refused');
	assert.equal(JSON.stringify(json).includes(KEY), false);
});

test('what a page tells of itself is kept with the ticket, and what it is not told is not', async () => {
	const visitor = await desk.visitor({}, {
		context: {
			anchor: 'oauth', project: 'api', version: '2.3', selection: `curl -H "X-Api-Key: 7f8e9d0c1b2a3948576a"\n  -v`,
			language: 'en-US', zone: 'America/New_York', viewport: { width: 1280, height: 720 }, browser: 'Chromium', referrer: 'https://search.example',
			shoe_size: 43,
		},
	});
	const { ticket } = await visitor.say('which header?');
	const get = async () => (await desk.api('dana', 'GET', `/api/v1/tickets/${ticket}`)).json.context;

	assert.deepEqual(await get(), {
		anchor: 'oauth', project: 'api', version: '2.3', selection: 'curl -H "X-Api-Key: [removed: key]"\n  -v',
		language: 'en-US', zone: 'America/New_York', viewport: { width: 1280, height: 720 }, browser: 'Chromium', referrer: 'https://search.example',
	});
	visitor.peer.send({ type: 'page', url: 'https://docs.example.gov/other', context: { version: '2.4' } });
	await visitor.say('and here?');
	assert.deepEqual(await get(), { version: '2.4' });
	const plain = await desk.visitor();
	const other = await plain.say('nothing told');
	assert.equal((await desk.api('dana', 'GET', `/api/v1/tickets/${other.ticket}`)).json.context, null);
});

for (const [what, context] of [
	['a selection of 2,001 characters', { selection: 'x'.repeat(2001) }],
	['a viewport that is a string', { viewport: '1280x720' }],
	['a version that is a number', { version: 2 }],
	['a list', []],
]) {
	test(`refused as context: ${what}`, async () => {
		const visitor = await desk.visitor();
		const at = visitor.peer.mark();

		visitor.peer.send({ type: 'page', url: 'https://docs.example.gov/x', context });
		assert.equal((await visitor.waitFor('error', { from: at })).code, 'bad_request');
	});
}
