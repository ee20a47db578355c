/* SPDX-License-Identifier: MIT */
// The HTTP API: sessions are in auth.test.mjs; here tickets, people online, health, metrics
// and what is served to browsers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import { assertDense } from '../support/log.mjs';
import { newId } from '../support/peer.mjs';
import { pool, range, until } from '../support/wait.mjs';

const desk = useDesk({
	people: {
		dana: { name: 'Dana' }, eli: { name: 'Eli' }, sam: { name: 'Sam', role: 'supervisor', tier: 2 },
		root: { role: 'admin', tier: 3 },
	},
});

const api = (...args) => desk.api('dana', ...args);

async function create(fields = {}, key = newId()) {
	return api('POST', '/api/v1/tickets', {
		body: { channel: 'phone', title: 'A call', text: 'They called', ...fields },
		headers: { 'idempotency-key': key },
	});
}

async function listAll(query) {
	const items = [];
	let next = '';

	do {
		const { status, json } = await api('GET', `/api/v1/tickets?${query}${next && `&cursor=${encodeURIComponent(next)}`}`);

		assert.equal(status, 200, query);
		items.push(...json.items);
		next = json.next;
	} while (next);
	return items;
}

test('a ticket from a phone call: created once per Idempotency-Key, with its fields', async () => {
	const key = newId();
	const first = await create({ title: 'Cannot log in', priority: 'high', topic: 'access-request', tags: ['login'],
		visitor: { name: 'Vic', email: 'vic@example.gov' } }, key);

	assert.equal(first.status, 201);
	const number = first.json.ticket?.number ?? first.json.number;

	assert.ok(number > 0, first.text);
	assert.match(first.headers.location ?? `/api/v1/tickets/${number}`, new RegExp(`/${number}$`));
	const second = await create({ title: 'Cannot log in' }, key);

	assert.ok([200, 201].includes(second.status));
	assert.equal(second.json.ticket?.number ?? second.json.number, number);
	const { ticket, messages } = await desk.server.ticket(desk.people.dana, number);

	assert.equal(ticket.channel, 'phone');
	assert.equal(ticket.title, 'Cannot log in');
	assert.equal(ticket.priority, 'high');
	assert.deepEqual(ticket.tags, ['login']);
	assert.equal(ticket.visitor.name, 'Vic');
	assert.equal(messages[0].text, 'They called');
});

test('members of a later version are passed over', async (t) => {
	t.after(() => desk.clear());
	const made = await create({ mood: 'calm', status: 'closed', visitor: { name: 'Vic', verified: true } });
	const { ticket } = made.json;

	assert.equal(made.status, 201, made.text);
	assert.deepEqual([ticket.status, ticket.visitor.verified], ['new', false]);
	const set = await api('PATCH', `/api/v1/tickets/${ticket.number}`, { body: { title: 'T', mood: 'calm' } });

	assert.deepEqual([set.status, set.json.ticket.title], [200, 'T']);
	assert.equal((await api('PATCH', `/api/v1/tickets/${ticket.number}`, { body: { titel: 'T' } })).status, 400, 'nothing to set');
	assert.equal((await api('POST', `/api/v1/tickets/${ticket.number}/messages`, { body: { text: 'x', mood: 'calm' } })).status, 201);
});

test('a key in quotes is the key', async (t) => {
	t.after(() => desk.clear());
	const key = newId();
	const bare = await create({ title: 'Quoted' }, key);
	const quoted = await create({ title: 'Quoted' }, `"${key}"`);

	assert.equal(quoted.json.ticket.number, bare.json.ticket.number);
});

test('fifty creates at once with one key make one ticket', async () => {
	const key = newId();
	const answers = await Promise.all(range(50).map(() => create({ title: 'Race' }, key)));
	const numbers = new Set(answers.map(({ json }) => json.ticket?.number ?? json.number));

	assert.equal(numbers.size, 1);
});

const badBodies = [
	['no body', undefined, [400, 411, 415]], ['not JSON', '{', 400], ['a list', '[]', 400], ['a key twice', '{"text":"a","text":"b","channel":"phone"}', 400],
	['no text', { channel: 'phone', title: 'x' }, 400], ['an unknown channel', { channel: 'fax', text: 'x' }, 400],
	['an unknown priority', { channel: 'phone', text: 'x', priority: 'asap' }, 400],
	['a title that is an object', { channel: 'phone', text: 'x', title: {} }, 400],
	['8,001 characters', { channel: 'phone', text: 'x'.repeat(8001) }, [400, 413]],
	['100 kB', { channel: 'phone', text: 'x', more: 'x'.repeat(100000) }, 413],
	['depth 20', `{"channel":"phone","text":"x","more":${'['.repeat(20)}${']'.repeat(20)}}`, 400],
];

for (const [what, body, status] of badBodies) {
	test(`a ticket is not created from ${what}`, async () => {
		const answer = await api('POST', '/api/v1/tickets', { body });

		assert.ok([status].flat().includes(answer.status), `${answer.status} ${answer.text}`);
		assert.match(answer.headers['content-type'], /^application\/problem\+json/);
		assert.ok(['bad_request', 'too_large'].includes(answer.json.code), answer.text);
		assert.equal(answer.json.status, answer.status);
	});
}

test('a reply and a note: on the ticket in order, once per key', async (t) => {
	t.after(() => desk.clear());
	const { visitor, agent, ticket } = await desk.chat('dana');
	const key = newId();
	const path = `/api/v1/tickets/${ticket}/messages`;
	const reply = await api('POST', path, { body: { text: 'by HTTP' }, headers: { 'idempotency-key': key } });

	assert.ok([200, 201].includes(reply.status), reply.text);
	const again = await api('POST', path, { body: { text: 'by HTTP' }, headers: { 'idempotency-key': key } });

	assert.equal(again.json.seq, reply.json.seq);
	const note = await api('POST', path, { body: { kind: 'note', text: 'inside' } });

	assert.ok([200, 201].includes(note.status), note.text);
	await visitor.waitFor({ type: 'message', text: 'by HTTP' });
	await agent.waitFor({ type: 'message', kind: 'note', text: 'inside' });
	await visitor.peer.settle();
	assert.ok(!JSON.stringify(visitor.peer.frames).includes('inside'));
	const { messages } = await desk.server.ticket(desk.people.dana, ticket);

	assertDense(messages);
	assert.equal(messages.filter((entry) => entry.text === 'by HTTP').length, 1);
	assert.equal((await api('POST', '/api/v1/tickets/999999/messages', { body: { text: 'x' } })).status, 404);
	assert.equal((await api('POST', path, { body: { text: '' } })).status, 400);
});

test('PATCH changes fields and says what changed; bad values change nothing', async (t) => {
	t.after(() => desk.clear());
	const { ticket } = await desk.chat('dana');
	const patch = (body) => api('PATCH', `/api/v1/tickets/${ticket}`, { body });
	const answer = await patch({ title: 'New title', priority: 'medium', tags: ['a', 'b'] });

	assert.equal(answer.status, 200);
	const { ticket: record, changes } = await desk.server.ticket(desk.people.dana, ticket);

	assert.equal(record.title, 'New title');
	assert.equal(record.priority, 'medium');
	assert.deepEqual(record.tags, ['a', 'b']);
	// Triage has said its own when the ticket was opened: here it is what the agent did.
	assert.deepEqual(changes.filter(({ actor, field }) => actor.startsWith('agent:') && ['title', 'priority', 'tags'].includes(field))
		.map(({ field, to }) => [field, to]).sort(),
		[['priority', 'medium'], ['tags', 'a b'], ['title', 'New title']]);
	for (const body of [{ priority: 'x' }, { status: 'x' }, { title: '' }, { title: 5 }, { tags: [1] }, [], { status: 'resolved' }])
		assert.ok([400, 409].includes((await patch(body)).status), JSON.stringify(body));
	assert.deepEqual((await desk.server.ticket(desk.people.dana, ticket)).ticket, record);
	assert.equal((await api('PATCH', '/api/v1/tickets/999999', { body: { title: 'x' } })).status, 404);
});

test('lists: pages by cursor give every ticket once, also while new ones come', async () => {
	const made = await pool(range(25), 5, async (index) => {
		const { json } = await create({ title: `paged ${index}`, tags: ['paged'] });

		return json.ticket?.number ?? json.number;
	});
	const seen = [];
	let next = '';

	do {
		const { json } = await api('GET', `/api/v1/tickets?tag=paged&limit=7${next && `&cursor=${encodeURIComponent(next)}`}`);

		assert.ok(json.items.length <= 7);
		seen.push(...json.items.map((ticket) => ticket.number));
		next = json.next;
		await create({ title: 'in between', tags: ['paged-too'] });
	} while (next);
	assert.deepEqual([...seen].sort((a, b) => a - b), [...made].sort((a, b) => a - b));
});

test('lists: those of people, tokens and saved lists come in pages, too', async () => {
	for (const name of ['one', 'two', 'three'])
		await desk.api('root', 'POST', '/api/v1/lists', { body: { name, query: 'status=open' } });
	for (const path of ['/api/v1/agents', '/api/v1/agents/online', '/api/v1/tokens', '/api/v1/lists']) {
		const whole = (await desk.api('root', 'GET', path)).json;
		const items = [];
		let cursor = '';

		assert.equal(whole.next, null, path);
		do {
			const { json } = await desk.api('root', 'GET', `${path}?limit=1${cursor}`);

			assert.equal(json.items.length, Math.min(1, whole.items.length), path);
			items.push(...json.items);
			cursor = json.next === null ? null : `&cursor=${json.next}`;
		} while (cursor !== null);
		assert.deepEqual(items.map(({ id }) => id), whole.items.map(({ id }) => id), path);
		for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=x'])
			assert.equal((await desk.api('root', 'GET', `${path}?${query}`)).status, 400, `${path} ${query}`);
	}
});

test('lists: filters', async () => {
	const { json } = await create({ title: 'filtered', priority: 'critical', topic: 'security', channel: 'email', tags: ['only-this'] });
	const number = json.ticket?.number ?? json.number;

	for (const query of ['priority=critical', 'topic=security', 'channel=email', 'tag=only-this', 'status=new&tag=only-this', 'tier=1&tag=only-this'])
		assert.ok((await listAll(`${query}&limit=200`)).some((ticket) => ticket.number === number), query);
	for (const query of ['priority=low', 'status=resolved', 'tier=3', 'tag=none'])
		assert.ok(!(await listAll(`${query}&limit=200`)).some((ticket) => ticket.number === number), query);
});

for (const query of ['status=bogus', 'priority=x', 'tier=9', 'tier=x', 'limit=0', 'limit=201', 'limit=x', 'cursor=%00%01', 'cursor=abc',
	'sort=drop%20table', 'due_before=x', 'agent=x%27--', 'channel=fax']) {
	test(`lists: 400 for ${query}`, async () => {
		const answer = await api('GET', `/api/v1/tickets?${query}`);

		assert.equal(answer.status, 400, answer.text);
		assert.equal(answer.json.code, 'bad_request');
	});
}

test('full text finds a message that was acked just before', async (t) => {
	t.after(() => desk.clear());
	const visitor = await desk.visitor();

	for (const index of range(10)) {
		const word = `zebrafish${index}x${Date.now().toString(36)}`;
		const { ticket } = await visitor.say(`the word is ${word}`);
		const { json } = await api('GET', `/api/v1/tickets?q=${word}`);

		assert.deepEqual(json.items.map((item) => item.number), [ticket], word);
	}
});

test('full text takes what people type, quotes and operators included', async () => {
	await create({ title: 'NEAR misses', text: 'a "quoted" AND-ed C++ error (500) 100% *' });
	for (const q of ['"', 'a AND', 'NEAR(', '*', "'; DROP TABLE ticket; --", '(((', 'title:x', '^', 'a"b', '-', '%', '\u00e9', 'x'.repeat(500), ''])
		assert.ok([200, 400].includes((await api('GET', `/api/v1/tickets?q=${encodeURIComponent(q)}`)).status), q);
	const found = await api('GET', `/api/v1/tickets?q=${encodeURIComponent('quoted error')}`);

	assert.ok(found.json.items.some((ticket) => ticket.title === 'NEAR misses'));
});

test('a foreign ticket and one that is not there look the same', async () => {
	const missing = ['999999', '0', '18446744073709551616', '-1', 'x', '1;drop', '..', '%2e%2e'];

	for (const number of missing)
		assert.equal((await api('GET', `/api/v1/tickets/${number}`)).status, 404, number);
});

test('agents online: who is there, on which tier, with which load', async (t) => {
	await desk.clear(); // what other tests created rings, too
	t.after(() => desk.clear());
	const { agent } = await desk.chat('dana');
	const { status, json } = await api('GET', '/api/v1/agents/online');

	assert.equal(status, 200);
	const me = (json.items ?? json).find((one) => one.name === 'Dana');

	assert.equal(me.tier, 1);
	assert.equal(me.load, 1);
	assert.equal(me.state ?? me.presence, 'available');
	await agent.presence('offline');
	await until(async () => {
		const now = await api('GET', '/api/v1/agents/online');
		const one = (now.json.items ?? now.json).find((item) => item.name === 'Dana');

		return !one || (one.state ?? one.presence) === 'offline';
	}, 'Dana is not online any more');
});

test('healthz and readyz are 200; metrics are Prometheus text with what operators need', async () => {
	assert.equal((await desk.server.request('GET', '/healthz')).status, 200);
	assert.equal((await desk.server.request('GET', '/readyz')).status, 200);
	const { status, text, headers } = await desk.server.request('GET', '/metrics');

	assert.equal(status, 200);
	assert.match(headers['content-type'], /^text\/plain/);
	const names = new Set();

	for (const line of text.trim().split('\n')) {
		if (line.startsWith('#'))
			continue;
		assert.match(line, /^[a-z_:][a-z0-9_:]*(\{[^{}]*\})? -?[0-9.e+]+$/i, line);
		names.add(line.split(/[ {]/)[0]);
	}
	for (const part of [/connection|socket/, /chat/, /queue|waiting/, /ack/, /store|commit/, /redis|bus/, /memory|resident/])
		assert.ok([...names].some((name) => part.test(name)), `${part} in ${[...names].join(' ')}`);
});

test('wrong methods and unknown paths', async () => {
	for (const [method, path, statuses] of [
		['GET', '/no/such/thing', [404]], ['PUT', '/api/v1/tickets', [404, 405]], ['DELETE', '/api/v1/tickets/1', [404, 405]],
		['POST', '/healthz', [404, 405]], ['GET', '/api/v1/', [404]], ['GET', '/api/v2/tickets', [404]],
		['GET', '/../../etc/passwd', [400, 404]], ['GET', '/%2e%2e/%2e%2e/etc/passwd', [400, 404]],
		['GET', '/console/..%2f..%2fMakefile', [400, 404]], ['GET', '/widget.js/', [404]], ['GET', '/widget.js%00', [400, 404]],
		['GET', '/ws/visitor', [400, 403, 426]],
	]) {
		const answer = await api(method, path);

		assert.ok(statuses.includes(answer.status), `${method} ${path}: ${answer.status}`);
		assert.ok(!answer.text.includes('root:'), path);
	}
});

test('static files: ETag and 304, compressed variants, security headers', async () => {
	const plain = await desk.server.request('GET', '/widget.js');

	assert.equal(plain.status, 200);
	assert.match(plain.headers['content-type'], /javascript/);
	assert.equal(plain.headers['x-content-type-options'], 'nosniff');
	assert.ok(plain.headers['cache-control']);
	assert.ok(plain.headers.etag);
	const cached = await desk.server.request('GET', '/widget.js', { headers: { 'if-none-match': plain.headers.etag } });

	assert.equal(cached.status, 304);
	assert.equal(cached.bytes.length, 0);
	const { gunzipSync, brotliDecompressSync } = await import('node:zlib');

	for (const [encoding, unpack] of [['gzip', gunzipSync], ['br', brotliDecompressSync]]) {
		const packed = await desk.server.request('GET', '/widget.js', { headers: { 'accept-encoding': encoding } });

		assert.equal(packed.headers['content-encoding'], encoding);
		assert.match(packed.headers.vary, /accept-encoding/i);
		assert.deepEqual(unpack(packed.bytes), plain.bytes);
	}
	const none = await desk.server.request('GET', '/widget.js', { headers: { 'accept-encoding': 'gzip;q=0, br;q=0' } });

	assert.equal(none.headers['content-encoding'], undefined);
	const head = await desk.server.request('HEAD', '/widget.js');

	assert.equal(head.status, 200);
	assert.equal(Number(head.headers['content-length']), plain.bytes.length);
	assert.equal(head.bytes.length, 0);
	const page = await desk.server.request('GET', '/console/');

	assert.equal(page.status, 200);
	assert.match(page.headers['content-security-policy'], /default-src 'none'/);
	assert.match(page.headers['content-security-policy'], /object-src 'none'/);
	assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/);
	assert.doesNotMatch(page.headers['content-security-policy'], /unsafe-inline|unsafe-eval/);
	assert.equal(page.headers['referrer-policy'], 'no-referrer');
});
