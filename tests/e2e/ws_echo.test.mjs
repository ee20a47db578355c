/* SPDX-License-Identifier: MIT */
// The connections over real sockets: order of answers, close codes, deadlines, bounded memory.
// Built with MODE=asan, the server's exit also says that nothing was leaked.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { WebSocket } from '../support/packages.mjs';
import { rssBytes } from '../support/proc.mjs';
import { closeCodeOf, decodeFrames, encodeFrame, openRaw, openRawWebsocket } from '../support/raw.mjs';
import { ROOT } from '../support/server.mjs';
import { range, until, within } from '../support/wait.mjs';

const BINARY = process.env.WS_ECHO ?? join(ROOT, 'build', 'ws-echo');
const MIB = 1 << 20;
const children = new Set();

after(() => {
	for (const child of children)
		child.kill('SIGKILL');
});

async function start(limits = {}) {
	const args = Object.entries(limits).flatMap(([name, value]) => ['--limit', `${name}=${value}`]);
	const child = spawn(BINARY, ['--listen', '127.0.0.1:0', ...args]);
	const server = { child, pid: child.pid, port: 0, stderr: '', exit: once(child, 'exit') };
	let line = '';

	children.add(child);
	child.stderr.on('data', (chunk) => (server.stderr += chunk));
	child.stdout.on('data', (chunk) => (line += chunk));
	await until(() => /:(\d+)\n/.test(line), 'ws-echo listens');
	server.port = Number(/:(\d+)\n/.exec(line)[1]);
	server.stop = async () => {
		child.kill('SIGTERM');
		const [code, signal] = await within(server.exit, 'ws-echo ends');

		children.delete(child);
		assert.deepEqual([code, signal], [0, null], server.stderr);
	};
	return server;
}

async function withServer(limits, body) {
	const server = await start(limits);

	await body(server);
	await server.stop();
}

async function exchange(server, text) {
	const raw = await openRaw(server);

	await raw.write(text);
	await raw.waitClosed();
	return raw.received.toString('latin1');
}

const echoOf = (server, lines = []) => openRawWebsocket(server, '/', lines);
const frames = (raw) => decodeFrames(raw.received);
const isEcho = (raw, text) => frames(raw).some((frame) => frame.payload.toString() === text);

async function assertServes(server) {
	const raw = await echoOf(server);

	await raw.write(encodeFrame('still here'));
	await raw.until(() => isEcho(raw, 'still here'), 'echo to somebody else');
	raw.destroy();
}

test('pipelined requests are answered in their order, also around one that takes its time', async () => {
	await withServer({}, async (server) => {
		const answer = await exchange(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' +
			'GET /later HTTP/1.1\r\nHost: a\r\n\r\n' +
			'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc' +
			'GET /later HTTP/1.1\r\nHost: a\r\n\r\n' +
			'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
		const bodies = answer.split(/HTTP\/1\.1 200 OK\r\n/).slice(1)
			.map((part) => part.slice(part.indexOf('\r\n\r\n') + 4));

		assert.deepEqual(bodies, ['ws-echo', 'later', '3', 'later', '']);
		assert.match(answer, /Content-Length: 7\r\nConnection: close\r\n\r\n$/);
	});
});

test('a peer that shuts its end first gets its answer', async () => {
	await withServer({}, async (server) => {
		for (const path of ['/', '/later']) {
			const raw = await openRaw(server);

			raw.socket.end(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
			await raw.waitClosed();
			assert.match(raw.received.toString(), /^HTTP\/1\.1 200 OK/, path);
		}
		const three = await openRaw(server);

		three.socket.end('GET /later HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2) + 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET');
		await three.waitClosed();
		assert.equal(three.received.toString().match(/HTTP\/1\.1 200 OK/g)?.length, 3);
	});
});

test('what comes behind a refused request is not answered', async () => {
	const smuggled = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
	const refused = [
		['HTTP/1.1 400', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
		['HTTP/1.1 400', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n'],
		['HTTP/1.1 400', 'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n'],
		['HTTP/1.1 400', 'GET / HTTP/1.1\nHost: a\n\n'],
		['HTTP/1.1 413', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n'],
		['HTTP/1.1 505', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n'],
	];

	await withServer({}, async (server) => {
		for (const [status, request] of refused) {
			const answer = await exchange(server, request + smuggled);

			assert.ok(answer.startsWith(status), `${JSON.stringify(request)}: ${answer}`);
			assert.equal(answer.split('HTTP/1.1 ').length, 2, answer);
		}
	});
});

test('100 Continue comes before the body', async () => {
	await withServer({}, async (server) => {
		const raw = await openRaw(server);

		await raw.write('POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
		assert.ok(await raw.until((bytes) => bytes.includes('HTTP/1.1 100 Continue\r\n\r\n'), '100'));
		await raw.write('ab');
		assert.ok(await raw.until((bytes) => bytes.includes('HTTP/1.1 200 OK'), '200'));
		raw.destroy();
	});
});

test('slow heads and slow bodies are closed, silence before a request too', async () => {
	await withServer({ header_ms: 2000, idle_ms: 2000, body_bytes_per_s: 1000 }, async (server) => {
		const begun = Date.now();
		const raws = [];

		// Each says its first words as soon as it is connected: these have their deadline too.
		for (const words of ['', 'GET / HTTP/1.1\r\nHost: a\r\nX: ',
			'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n']) {
			const raw = await openRaw(server);

			raw.socket.write(words);
			raws.push(raw);
		}
		const [silent, slowHead, slowBody, kept] = raws;
		const drip = setInterval(() => {
			slowHead.socket.write('x');
			slowBody.socket.write('x');
		}, 50);

		for (const raw of raws)
			await raw.waitClosed();
		clearInterval(drip);
		assert.ok(Date.now() - begun >= 1900, 'not before the deadline');
		assert.equal(silent.received.length, 0);
		assert.match(slowHead.received.toString(), /^HTTP\/1\.1 408/);
		assert.match(slowBody.received.toString(), /^HTTP\/1\.1 408/);
		assert.match(kept.received.toString(), /^HTTP\/1\.1 200/);
	});
});

test('handshakes: protocol, refusals, frames right behind the request', async () => {
	const request = (lines) => ['GET / HTTP/1.1', 'Host: a', 'Upgrade: websocket', 'Connection: Upgrade', ...lines,
		'', ''].join('\r\n');
	const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

	await withServer({}, async (server) => {
		assert.match(await exchange(server, request([key, 'Sec-WebSocket-Version: 8'])),
			/^HTTP\/1\.1 426 [^]*Sec-WebSocket-Version: 13\r\n/);
		assert.match(await exchange(server, request(['Sec-WebSocket-Key: short', 'Sec-WebSocket-Version: 13'])),
			/^HTTP\/1\.1 400 /);
		const raw = await openRaw(server);

		await raw.write(Buffer.concat([Buffer.from(request([key, 'Sec-WebSocket-Version: 13',
			'Sec-WebSocket-Protocol: chat, tierbell.v1'])), encodeFrame('early')]));
		assert.ok(await raw.until((bytes) => bytes.includes('early'), 'echo of the early frame'));
		const eager = await openRaw(server);

		await eager.write(Buffer.concat([Buffer.from(request([key, 'Sec-WebSocket-Version: 13'])),
			...range(2000).map((i) => encodeFrame(String(i).padStart(200, '0')))]));
		await eager.until((bytes) => bytes.length >= 129 + 2000 * 204, 'all echoes');
		eager.received = eager.received.subarray(eager.received.indexOf('\r\n\r\n') + 4);
		assert.deepEqual(frames(eager).map((frame) => Number(frame.payload.toString())), range(2000));
		eager.destroy();

		assert.match(raw.received.toString('latin1'),
			/^HTTP\/1\.1 101 [^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\nSec-WebSocket-Protocol: tierbell\.v1\r\n\r\n/);
		raw.destroy();
	});
});

test('a browser-like client: text, binary, ping, close codes both ways', async () => {
	await withServer({}, async (server) => {
		for (const code of [1000, 1001, 3000, 4999]) {
			const client = new WebSocket(`ws://127.0.0.1:${server.port}/`, 'tierbell.v1');
			const received = [];

			client.on('message', (data, isBinary) => received.push(isBinary ? data : data.toString()));
			await once(client, 'open');
			assert.equal(client.protocol, 'tierbell.v1');
			client.send('grüße');
			client.send(Buffer.from([0, 255]));
			client.send('x'.repeat(MIB));
			client.ping('p');
			await once(client, 'pong');
			await until(() => received.length === 3, 'three echoes');
			assert.equal(received[0], 'grüße');
			assert.deepEqual([...received[1]], [0, 255]);
			assert.equal(received[2].length, MIB);
			client.close(code, 'bye');
			const [got] = await once(client, 'close');

			assert.equal(got, code);
		}
	});
});

test('broken frames end with their code, also byte by byte', async () => {
	const broken = [
		[1002, encodeFrame('x', { mask: false })],
		[1002, encodeFrame('x', { rsv: 4 })],
		[1002, encodeFrame('x', { opcode: 3 })],
		[1002, encodeFrame('x', { opcode: 0 })],
		[1002, encodeFrame('x', { opcode: 9, fin: false })],
		[1002, encodeFrame('x'.repeat(126), { opcode: 9 })],
		[1002, encodeFrame(Buffer.from([3]), { opcode: 8 })],
		[1007, encodeFrame(Buffer.from([0xff]))],
		[1009, encodeFrame('x', { length: 2 ** 40 })],
		[1012, encodeFrame(Buffer.from([3, 0xf4]), { opcode: 8 })],
	];

	await withServer({}, async (server) => {
		for (const [code, bytes] of broken) {
			for (const step of [bytes.length, 1]) {
				const raw = await echoOf(server);

				for (let at = 0; at < bytes.length && !raw.isClosed; at += step)
					await raw.write(bytes.subarray(at, at + step));
				await raw.waitClosed();
				assert.equal(closeCodeOf(raw), code, bytes.subarray(0, 16).toString('hex'));
			}
		}
	});
});

test('an echo is not overtaken by the close that follows its message', async () => {
	await withServer({}, async (server) => {
		const raw = await echoOf(server);
		const count = 200;

		await raw.write(Buffer.concat([...range(count).map((i) => encodeFrame(String(i))),
			encodeFrame(Buffer.from([3, 232]), { opcode: 8 })]));
		await raw.waitClosed();
		const got = frames(raw);

		assert.deepEqual(got.slice(0, count).map((frame) => frame.payload.toString()), range(count).map(String));
		assert.equal(closeCodeOf(raw), 1000);
	});
});

test('too many fragments, pings or bytes end with 1008 and 1009', async () => {
	await withServer({ fragments: 16, control_frames_per_10s: 10, message_bytes: 1000 }, async (server) => {
		const fragments = await echoOf(server);
		const pings = await echoOf(server);
		const bytes = await echoOf(server);

		await fragments.write(Buffer.concat(range(17).map((i) =>
			encodeFrame('x', { opcode: i === 0 ? 1 : 0, fin: false }))));
		await pings.write(Buffer.concat(range(11).map(() => encodeFrame('', { opcode: 9 }))));
		await bytes.write(Buffer.concat(range(3).map((i) =>
			encodeFrame('x'.repeat(400), { opcode: i === 0 ? 1 : 0, fin: false }))));
		for (const raw of [fragments, pings, bytes])
			await raw.waitClosed();
		assert.equal(closeCodeOf(fragments), 1008);
		assert.equal(closeCodeOf(pings), 1008);
		assert.equal(closeCodeOf(bytes), 1009);
		await assertServes(server);
	});
});

test('headers that lie and one-byte fragments cost no memory', async () => {
	await withServer({ message_bytes: 16 * MIB }, async (server) => {
		const liars = await Promise.all(range(100).map(() => echoOf(server)));
		const before = rssBytes(server.pid);

		for (const raw of liars)
			await raw.write(encodeFrame('x', { opcode: 2, length: 15 * MIB }));
		const fragmenter = await echoOf(server);
		const fragment = encodeFrame('x', { opcode: 0, fin: false });

		await fragmenter.write(encodeFrame('x', { opcode: 2, fin: false }));
		await fragmenter.write(Buffer.concat(range(60000).map(() => fragment)));
		await fragmenter.write(encodeFrame('x', { opcode: 0 }));
		await fragmenter.until(() => frames(fragmenter).some((frame) => frame.payload.length === 60002), 'its echo');
		const grown = rssBytes(server.pid) - before;

		assert.ok(grown < 24 * MIB, `grown by ${grown} bytes`);
		for (const raw of [...liars, fragmenter])
			raw.destroy();
	});
});

test('a reader that stalls is closed with 1013, others do not notice', async () => {
	await withServer({ send_queue_bytes: 262144, linger_ms: 500 }, async (server) => {
		const raw = await openRawWebsocket(server, '/burst', []);
		const before = rssBytes(server.pid);

		raw.socket.pause();
		for (let i = 0; i < 200 && !server.stderr.includes('slow'); i++) {
			await raw.write(encodeFrame('1000'));
			await assertServes(server);
		}
		await until(() => server.stderr.includes('slow'), 'the stalled reader is given up');
		const grown = rssBytes(server.pid) - before;

		assert.ok(grown < 32 * MIB, `grown by ${grown} bytes`);
		raw.destroy();
	});
});

test('a reader that is only slow gets all of it', async () => {
	await withServer({ send_queue_bytes: 64 * MIB }, async (server) => {
		const raw = await openRawWebsocket(server, '/burst', []);

		raw.socket.pause();
		await raw.write(encodeFrame('20000'));
		await assertServes(server);
		raw.socket.resume();
		assert.ok(await raw.until((bytes) => bytes.length === 20000 * 1004, 'all frames'));
		raw.destroy();
	});
});

test('silence is asked for a sign of life, then given up', async () => {
	await withServer({ ping_ms: 500, silence_ms: 6000, linger_ms: 300 }, async (server) => {
		const mute = await echoOf(server);
		const lively = new WebSocket(`ws://127.0.0.1:${server.port}/`);
		let pings = 0;

		lively.on('ping', () => pings++);
		await once(lively, 'open');
		await mute.waitClosed();
		assert.equal(frames(mute)[0].opcode, 9);
		assert.equal(closeCodeOf(mute), 1001);
		await until(() => pings >= 3, 'three pings to the one that answers');
		assert.equal(lively.readyState, WebSocket.OPEN);
		lively.terminate();
	});
});

test('half a message is not waited for', async () => {
	await withServer({ message_ms: 1000 }, async (server) => {
		const half = await echoOf(server);
		const whole = await echoOf(server);

		await half.write(encodeFrame('abc').subarray(0, 7));
		await whole.write(encodeFrame('abc'));
		await half.waitClosed();
		assert.equal(closeCodeOf(half), 1008);
		assert.ok(!whole.isClosed);
		whole.destroy();
	});
});

test('connections of an address are counted, and again free when one goes', async () => {
	await withServer({ connections_per_address: 3 }, async (server) => {
		const three = await Promise.all(range(3).map(() => echoOf(server)));

		assert.match(await exchange(server, ''), /^HTTP\/1\.1 429/);
		three[0].destroy();
		const fourth = await until(() => echoOf(server), 'room again');

		for (const raw of [...three, fourth])
			raw.destroy();
	});
});

test('beyond the limit of connections nobody is let in, who is in stays', async () => {
	await withServer({ connections: 3 }, async (server) => {
		const three = await Promise.all(range(3).map(() => echoOf(server)));
		const fourth = await openRaw(server);

		await fourth.waitClosed();
		await three[2].write(encodeFrame('in'));
		await three[2].until(() => isEcho(three[2], 'in'), 'echo');
		for (const raw of three)
			raw.destroy();
	});
});

test('it stops at once when nobody is there, and cuts who stays', async () => {
	const server = await start();
	const idle = await openRaw(server);
	const socket = await echoOf(server);

	await idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await idle.until((bytes) => bytes.includes('ws-echo'), 'answer');
	await server.stop();
	await idle.waitClosed();
	await socket.waitClosed();
});
