/* SPDX-License-Identifier: MIT */
// Peers that break the rules: each is closed with the right code, memory stays bounded, and a
// chat that goes on beside them is not harmed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useDesk } from '../support/desk.mjs';
import {
	closeCodeOf, decodeFrames, encodeFrame, hello, messagesOf, openRaw, openRawWebsocket, upgradeRequest,
} from '../support/raw.mjs';
import { rssBytes } from '../support/proc.mjs';
import { IS_SANITIZED as isSanitized, isAlive } from '../support/server.mjs';
import { randomFrom, range, until } from '../support/wait.mjs';

let witness; // the chat beside
const desk = useDesk({
	limits: { sockets_per_visitor: 0, hello_s: 3, header_ms: 3000, message_ms: 5000 },
	people: { dana: { name: 'Dana' }, root: { role: 'admin', tier: 3 } },
	ready: async () => {
		witness = await desk.chat('dana');
	},
});
const MB = 1024 * 1024;

// The chat beside still works; how long a message takes there and back, in ms.
async function unharmed() {
	const begun = Date.now();
	const { seq } = await witness.visitor.say('am I well?');

	await witness.agent.caughtUp(witness.ticket, seq);
	assert.ok(isAlive(desk.server.pid));
	return Date.now() - begun;
}

const text = (value) => encodeFrame(value);
const broken = [
	['an unmasked frame', [encodeFrame('{}', { mask: false })], 1002],
	['RSV1 set', [encodeFrame('{}', { rsv: 4 })], 1002],
	['RSV2 and RSV3 set', [encodeFrame('{}', { rsv: 3 })], 1002],
	['opcode 3', [encodeFrame('{}', { opcode: 3 })], 1002],
	['opcode 11', [encodeFrame('', { opcode: 11 })], 1002],
	['a continuation of nothing', [encodeFrame('x', { opcode: 0 })], 1002],
	['a text inside a fragmented text', [encodeFrame('{"ty', { fin: false }), text('{}')], 1002],
	['a fragmented ping', [encodeFrame('x', { opcode: 9, fin: false })], 1002],
	['a ping of 126 bytes', [encodeFrame('x'.repeat(126), { opcode: 9 })], 1002],
	['a length in 8 bytes that fits in 2', [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, 0])], 1002],
	['a length with the top bit', [Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])], [1002, 1009]],
	['a header that says 2 GiB', [encodeFrame('{', { length: 2 ** 31 })], 1009],
	['a header that says 1 MiB', [encodeFrame('{', { length: MB })], 1009],
	['16 KiB and one byte', [text(`"${'x'.repeat(16384)}"`)], 1009],
	['fragments that add up to 17 KiB', [encodeFrame('x'.repeat(9000), { fin: false }), encodeFrame('x'.repeat(9000), { opcode: 0 })], 1009],
	['invalid UTF-8', [encodeFrame(Buffer.from([0x22, 0xc3, 0x28, 0x22]))], 1007],
	['an overlong NUL', [encodeFrame(Buffer.from([0x22, 0xc0, 0x80, 0x22]))], 1007],
	['a surrogate in UTF-8', [encodeFrame(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))], 1007],
	['UTF-8 cut at the end', [encodeFrame(Buffer.from([0x22, 0xe2, 0x82]))], 1007],
	['a close with one byte', [encodeFrame(Buffer.from([3]), { opcode: 8 })], 1002],
	['a close with code 1005', [encodeFrame(Buffer.from([3, 237]), { opcode: 8 })], 1002],
	['a close with code 999', [encodeFrame(Buffer.from([3, 231]), { opcode: 8 })], 1002],
	['a close with bad UTF-8', [encodeFrame(Buffer.from([3, 232, 0xff, 0xfe]), { opcode: 8 })], 1007],
];

for (const [what, frames, codes] of broken) {
	test(`closed with ${codes}: ${what}`, async () => {
		for (const first of [null, hello()]) {
			const raw = await openRawWebsocket(desk.server);

			if (first) {
				await raw.write(first);
				await raw.until((bytes) => bytes.includes('welcome'), 'welcome');
			}
			await raw.write(Buffer.concat(frames));
			await raw.until(() => closeCodeOf(raw) !== undefined, 'a close frame');
			assert.ok([codes].flat().includes(closeCodeOf(raw)), `${closeCodeOf(raw)}`);
			await raw.waitClosed();
		}
		await unharmed();
	});
}

test('a binary frame is no JSON text: bad_request, the connection stays', async () => {
	const raw = await openRawWebsocket(desk.server);

	await raw.write(hello());
	await raw.write(encodeFrame('{"type":"message","id":"b","text":"x"}', { opcode: 2 }));
	await raw.until(() => messagesOf(raw).some((frame) => frame.type === 'error' && frame.code === 'bad_request'), 'an error');
	assert.ok(!messagesOf(raw).some((frame) => frame.type === 'ack'));
	raw.destroy();
});

test('after a proper close the same code comes back and the connection ends', async () => {
	const raw = await openRawWebsocket(desk.server);

	await raw.write(encodeFrame(Buffer.from([3, 232]), { opcode: 8 }));
	await raw.waitClosed();
	assert.equal(closeCodeOf(raw), 1000);
});

test('frames in single bytes, and all in one write, say the same', async () => {
	const stream = Buffer.concat([hello(), text(JSON.stringify({ type: 'message', id: 'one', text: 'byte by byte' })),
		encodeFrame('{"type":"mes', { fin: false }), encodeFrame('p', { opcode: 9 }),
		encodeFrame('sage","id":"two","text":"in fragments"}', { opcode: 0 })]);
	const done = (raw) => () => messagesOf(raw).filter((frame) => frame.type === 'ack').length === 2;
	const slow = await openRawWebsocket(desk.server);

	for (const byte of stream)
		await slow.write(Buffer.from([byte]));
	await slow.until(done(slow), 'two acks');
	const fast = await openRawWebsocket(desk.server);

	await fast.write(stream);
	await fast.until(done(fast), 'two acks');
	for (const raw of [slow, fast]) {
		assert.equal(decodeFrames(raw.received).filter((frame) => frame.opcode === 10 && frame.payload.toString() === 'p').length, 1);
		raw.destroy();
	}
});

test('one-byte fragments: no growth, and an end', async () => {
	const before = rssBytes(desk.server.pid);
	const raws = await Promise.all(range(20).map(() => openRawWebsocket(desk.server)));
	const flood = Buffer.concat([encodeFrame('"', { fin: false }), ...range(15000).map(() => encodeFrame('x', { opcode: 0, fin: false }))]);

	await Promise.all(raws.map((raw) => raw.write(flood)));
	await unharmed();
	const grown = rssBytes(desk.server.pid) - before;

	assert.ok(grown < (isSanitized ? 200 : 20) * MB, `${(grown / MB).toFixed(1)} MB more`);
	for (const raw of raws)
		raw.destroy();
});

test('headers that lie about the length cost nothing: 200 connections that say 16 KiB and send nothing', async () => {
	const before = rssBytes(desk.server.pid);
	const raws = await Promise.all(range(200).map(() => openRawWebsocket(desk.server)));

	await Promise.all(raws.map((raw) => raw.write(encodeFrame('{', { length: 16000 }))));
	await unharmed();
	const grown = rssBytes(desk.server.pid) - before;

	assert.ok(grown < (isSanitized ? 200 : 200 * 128 * 1024 / MB) * MB, `${(grown / MB).toFixed(1)} MB more`);
	for (const raw of raws)
		raw.destroy();
});

test('a ping flood to a peer that never reads: bounded, and the others do not wait', async () => {
	const before = rssBytes(desk.server.pid);
	const raws = await Promise.all(range(10).map(() => openRawWebsocket(desk.server)));
	const pings = Buffer.concat(range(20000).map(() => encodeFrame('x'.repeat(100), { opcode: 9 })));

	for (const raw of raws) {
		raw.socket.pause();
		raw.socket.write(pings);
	}
	for (const _ of range(20))
		await unharmed();
	const grown = rssBytes(desk.server.pid) - before;

	assert.ok(grown < (isSanitized ? 200 : 20) * MB, `${(grown / MB).toFixed(1)} MB more`);
	for (const raw of raws)
		raw.destroy();
});

const bombs = [
	['16 KB of [', '['.repeat(16000)],
	['16 KB of {"a":', '{"a":'.repeat(3200)],
	['empty lists', `{"type":"message","id":"a","text":"x","l":[${'[],'.repeat(5000)}[]]}`],
	['empty objects', `{"type":"message","id":"a","text":"x","l":[${'{},'.repeat(5000)}{}]}`],
	['two thousand keys', `{${range(1500).map((i) => `"k${i}":1`).join(',')}}`],
	['a key twice', '{"type":"typing","on":true,"on":false}'],
	['a long number', `{"type":"read","seq":${'9'.repeat(10000)}}`],
	['an exponent', '{"type":"read","seq":1e999999}'],
	['escapes', `{"type":"message","id":"a","text":"${'\\u0000'.repeat(2000)}"}`],
	['a long type', JSON.stringify({ type: 'x'.repeat(15000) })],
	['a prototype', '{"type":"message","id":"a","__proto__":{"text":"x"}}'],
];

test('JSON bombs: bad_request each, the connection stays, no growth', async () => {
	const before = rssBytes(desk.server.pid);
	const visitor = await desk.visitor();

	for (const [what, bomb] of bombs) {
		const from = visitor.peer.mark();

		visitor.peer.sendText(bomb);
		const error = await visitor.waitFor('error', { from });

		assert.equal(error.code, 'bad_request', what);
	}
	for (const [, bomb] of bombs)
		for (const _ of range(50))
			visitor.peer.sendText(bomb);
	await visitor.peer.settle();
	await unharmed();
	const grown = rssBytes(desk.server.pid) - before;

	assert.ok(grown < (isSanitized ? 200 : 10) * MB, `${(grown / MB).toFixed(1)} MB more`);
	await visitor.close();
});

test('5,000 frames of nonsense: only known codes, nothing of the inside, nobody dies', async () => {
	const random = randomFrom(99);
	const pick = (list) => list[Math.floor(random() * list.length)];
	const values = ['1', '-1', '1.5', '"x"', 'null', 'true', '[]', '{}', '"\\u0000"', '9007199254740993', `"${'x'.repeat(500)}"`];
	const types = ['hello', 'message', 'typing', 'read', 'page', 'history', 'rate', 'solved', 'close', 'pong', 'presence', 'accept', 'set', 'note', '', 'constructor'];
	const keys = ['id', 'text', 'on', 'seq', 'url', 'title', 'after', 'score', 'comment', 'article', 'query', 'flags', 'ticket', 'token', 'page', 'user', 'locale'];
	let visitor = await desk.visitor();

	for (const round of range(50)) {
		for (const _ of range(100)) {
			const fields = range(Math.floor(random() * 6)).map(() => `"${pick(keys)}":${pick(values)}`);

			visitor.peer.sendText(`{${[`"type":"${pick(types)}"`, ...fields].join(',')}}`.slice(0, random() < 0.1 ? 20 : undefined));
		}
		await visitor.peer.settle();
		const bad = visitor.peer.frames.filter((frame) => frame.type === 'error' &&
			!['bad_request', 'conflict', 'not_found', 'too_large', 'rate_limited', 'forbidden', 'unauthorized'].includes(frame.code));

		assert.deepEqual(bad, [], `round ${round}`);
		await visitor.peer.terminate();
		visitor = await desk.visitor();
	}
	await unharmed();
});

const head = (lines) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
const host = () => `Host: 127.0.0.1:${desk.server.port}`;
const badRequests = [
	['no Host', () => head(['GET /healthz HTTP/1.1'])],
	['two Hosts', () => head(['GET /healthz HTTP/1.1', host(), host()])],
	['an empty Host with a blank', () => head(['GET /healthz HTTP/1.1', 'Host: a b'])],
	['a Transfer-Encoding', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Transfer-Encoding: chunked'])],
	['Transfer-Encoding and Content-Length', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Content-Length: 4', 'Transfer-Encoding: chunked'])],
	['an empty Transfer-Encoding', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Transfer-Encoding:'])],
	['two Content-Lengths', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Content-Length: 4', 'Content-Length: 5'])],
	['a negative Content-Length', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Content-Length: -1'])],
	['a Content-Length with a plus', () => head(['POST /api/v1/session HTTP/1.1', host(), 'Content-Length: +4'])],
	['a Content-Length of 30 digits', () => head(['POST /api/v1/session HTTP/1.1', host(), `Content-Length: ${'9'.repeat(30)}`])],
	['a folded line', () => head(['GET /healthz HTTP/1.1', host(), 'X-A: b', ' c'])],
	['a bare LF', () => Buffer.from(`GET /healthz HTTP/1.1\n${host()}\n\n`)],
	['a bare CR in a header', () => head(['GET /healthz HTTP/1.1', host(), 'X-A: b\rc'])],
	['a NUL in a header', () => head(['GET /healthz HTTP/1.1', host(), 'X-A: b\0c'])],
	['a blank before the colon', () => head(['GET /healthz HTTP/1.1', host(), 'X-A : b'])],
	['an empty header name', () => head(['GET /healthz HTTP/1.1', host(), ': b'])],
	['HTTP/2.0', () => head(['GET /healthz HTTP/2.0', host()])],
	['HTTP/0.9', () => Buffer.from('GET /healthz\r\n\r\n')],
	['a method in lower case', () => head(['get /healthz HTTP/1.1', host()])],
	['CONNECT', () => head(['CONNECT 127.0.0.1:80 HTTP/1.1', host()])],
	['GET *', () => head(['GET * HTTP/1.1', host()])],
	['two blanks in the request line', () => head(['GET  /healthz HTTP/1.1', host()])],
	['noise', () => Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 13, 10, 13, 10])],
	['17 KB of headers', () => head(['GET /healthz HTTP/1.1', host(), `X-A: ${'b'.repeat(17000)}`])],
	['200 headers', () => head(['GET /healthz HTTP/1.1', host(), ...range(200).map((i) => `X-${i}: b`)])],
	['a path of 20 KB', () => head([`GET /${'a'.repeat(20000)} HTTP/1.1`, host()])],
];

for (const [what, request] of badRequests) {
	test(`HTTP refused once and closed: ${what}`, async () => {
		const raw = await openRaw(desk.server);

		await raw.write(Buffer.concat([request(), Buffer.from('0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')]));
		await raw.waitClosed();
		const answer = raw.received.toString('latin1');
		const statuses = [...answer.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((match) => Number(match[1]));

		assert.ok(statuses.length <= 1, `one answer at most: ${answer.slice(0, 300)}`);
		if (statuses.length)
			assert.ok([400, 404, 405, 411, 413, 414, 421, 431, 501, 505].includes(statuses[0]), answer.slice(0, 100));
		assert.ok(!answer.includes('tierbell_'), 'the smuggled request was not answered');
	});
}

const badUpgrades = [
	['no key', (request) => request.replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
	['a key that is too short', (request) => request.replace(/(Sec-WebSocket-Key: ).*/, '$1abc='), 400],
	['version 8', (request) => request.replace('Version: 13', 'Version: 8'), [400, 426]],
	['POST', (request) => request.replace('GET', 'POST'), [400, 404, 405, 411, 426]],
	['HTTP/1.0', (request) => request.replace('HTTP/1.1', 'HTTP/1.0'), [400, 426, 505]],
	['no Connection', (request) => request.replace('Connection: Upgrade\r\n', ''), [400, 426]],
];

for (const [what, change, status] of badUpgrades) {
	test(`no upgrade with ${what}`, async () => {
		const raw = await openRaw(desk.server);

		await raw.write(change(upgradeRequest(desk.server)));
		await raw.until((bytes) => bytes.includes('\r\n\r\n'), 'an answer');
		assert.ok([status].flat().includes(Number(raw.received.toString('latin1').slice(9, 12))), raw.received.toString('latin1').slice(0, 60));
		raw.destroy();
	});
}

test('slow headers, slow bodies and silent websockets are closed; meanwhile all works', { timeout: 90000 }, async () => {
	const raws = await Promise.all(range(100).map(() => openRaw(desk.server)));
	const silent = await Promise.all(range(20).map(() => openRawWebsocket(desk.server)));
	const body = await openRaw(desk.server);
	const begun = Date.now();

	await body.write(`POST /api/v1/session HTTP/1.1\r\n${host()}\r\nOrigin: ${desk.server.url}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`);
	const drip = setInterval(() => {
		for (const raw of raws)
			if (!raw.isClosed)
				raw.write('X');
	}, 500);

	await Promise.all(raws.map((raw) => raw.write('GET / HT')));
	await unharmed();
	await Promise.all(raws.map((raw) => raw.waitClosed('the slow header is closed', 40000)));
	clearInterval(drip);
	await Promise.all(silent.map((raw) => raw.waitClosed('the silent websocket is closed', 40000)));
	for (const raw of silent)
		assert.equal(closeCodeOf(raw), 1008);
	await body.waitClosed('the slow body is closed', 60000);
	assert.ok(Date.now() - begun >= 2500, 'not before the time limit');
	await unharmed();
});

test('fifty stalled readers of a busy chat: bounded, closed, the chat goes on', { timeout: 120000 }, async () => {
	const { visitor, agent, ticket } = witness;
	const before = rssBytes(desk.server.pid);
	const stalled = await Promise.all(range(50).map(async () => {
		const raw = await openRawWebsocket(desk.server);

		await raw.write(hello({ token: visitor.token, after: visitor.log.last }));
		await raw.until((bytes) => bytes.includes('welcome'), 'welcome');
		raw.socket.pause();
		return raw;
	}));
	let peak = 0;

	for (const round of range(40)) {
		const { seq } = await agent.say(ticket, `${round} ${'x'.repeat(7900)}`);

		await Promise.all(range(20).map((index) => agent.say(ticket, `${round}.${index} ${'y'.repeat(7900)}`)));
		await visitor.caughtUp(seq);
		peak = Math.max(peak, rssBytes(desk.server.pid));
	}
	const grown = peak - before;

	assert.ok(grown < (isSanitized ? 600 : 50) * MB, `${(grown / MB).toFixed(1)} MB more`);
	await unharmed();
	for (const raw of stalled)
		raw.socket.resume();
	await Promise.all(stalled.map((raw) => raw.waitClosed('the stalled reader is closed')));
	await until(() => visitor.log.last === agent.logOf(ticket).last, 'both have all');
	assert.deepEqual(visitor.log.texts, agent.logOf(ticket).texts);
});

test('half-open and reset connections leave nothing behind', async () => {
	const { openFiles } = await import('../support/proc.mjs');

	await unharmed();
	const before = openFiles(desk.server.pid);

	for (const _ of range(10)) {
		const raws = await Promise.all(range(50).map(() => openRaw(desk.server)));

		for (const [index, raw] of raws.entries()) {
			if (index % 3 === 0)
				raw.socket.write(upgradeRequest(desk.server).slice(0, 20 + index));
			if (index % 2)
				raw.socket.resetAndDestroy();
			else
				raw.destroy();
		}
	}
	await until(() => openFiles(desk.server.pid) <= before + 5, 'file descriptors are back');
	await unharmed();
});
