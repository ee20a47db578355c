/* SPDX-License-Identifier: MIT */
// Bytes on a TCP connection, for what no well-behaved client can be made to send.

import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';

import { ORIGIN } from './server.mjs';
import { within } from './wait.mjs';

export class RawSocket {
	constructor(server) {
		this.received = Buffer.alloc(0);
		this.waiters = new Set();
		this.isClosed = false;
		this.socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
		this.opened = new Promise((resolve, reject) => {
			this.socket.once('connect', () => resolve(this));
			this.socket.once('error', reject);
		});
		this.opened.catch(() => {});
		this.socket.on('error', () => {});
		this.socket.on('data', (chunk) => {
			this.append(chunk);
			this.wake();
		});
		this.closed = new Promise((resolve) => this.socket.once('close', () => {
			this.isClosed = true;
			this.wake();
			resolve();
		}));
	}

	get received() {
		return this.store.subarray(0, this.length);
	}

	set received(bytes) {
		this.store = bytes;
		this.length = bytes.length;
	}

	// A burst of megabytes comes in many chunks: not all is copied for each.
	append(chunk) {
		if (this.length + chunk.length > this.store.length) {
			const grown = Buffer.alloc(2 * (this.length + chunk.length));

			this.store.copy(grown, 0, 0, this.length);
			this.store = grown;
		}
		chunk.copy(this.store, this.length);
		this.length += chunk.length;
	}

	wake() {
		for (const waiter of [...this.waiters])
			waiter();
	}

	write(bytes) {
		return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
	}

	// Waits until check(received) is true; ends too when the peer closes (then false).
	async until(check, what = 'bytes', timeout) {
		await within(new Promise((resolve) => {
			const look = () => {
				if (check(this.received) || this.isClosed) {
					this.waiters.delete(look);
					resolve();
				}
			};

			this.waiters.add(look);
			look();
		}), `${what}; got ${JSON.stringify(this.received.toString('latin1').slice(0, 300))}`, timeout);
		return Boolean(check(this.received));
	}

	waitClosed(what = 'the server closes the connection', timeout) {
		return within(this.closed, what, timeout);
	}

	destroy() {
		this.socket.destroy();
	}
}

export async function openRaw(server) {
	return new RawSocket(server).opened;
}

export function upgradeRequest(server, path = '/ws/visitor', lines = [`Origin: ${ORIGIN}`]) {
	return [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, 'Upgrade: websocket',
		'Connection: Upgrade', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
		'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: tierbell.v1', ...lines, '', ''].join('\r\n');
}

// A raw socket past the upgrade; `received` then holds websocket bytes only.
export async function openRawWebsocket(server, path, lines) {
	const raw = await openRaw(server);

	await raw.write(upgradeRequest(server, path, lines));
	await raw.until((bytes) => bytes.includes('\r\n\r\n'), 'answer to the upgrade');
	const end = raw.received.indexOf('\r\n\r\n') + 4;

	raw.head = raw.received.subarray(0, end).toString('latin1');
	raw.received = raw.received.subarray(end);
	if (!raw.head.startsWith('HTTP/1.1 101'))
		throw new Error(`not upgraded: ${raw.head}`);
	return raw;
}

// One websocket frame as a client sends it. Every part can be wrong on purpose.
export function encodeFrame(payload, { opcode = 1, fin = true, mask = true, rsv = 0, length } = {}) {
	const body = Buffer.isBuffer(payload) ? Buffer.from(payload) : Buffer.from(payload ?? '');
	const size = length ?? body.length;
	const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
	const maskBit = mask ? 0x80 : 0;
	let head;

	if (size < 126) {
		head = Buffer.from([first, maskBit | size]);
	} else if (size < 65536) {
		head = Buffer.from([first, maskBit | 126, size >> 8, size & 255]);
	} else {
		head = Buffer.alloc(10);
		head[0] = first;
		head[1] = maskBit | 127;
		head.writeBigUInt64BE(BigInt(size), 2);
	}
	if (!mask)
		return Buffer.concat([head, body]);
	const key = randomBytes(4);

	for (let i = 0; i < body.length; i++)
		body[i] ^= key[i & 3];
	return Buffer.concat([head, key, body]);
}

// The complete frames in `bytes` as a server sends them: [{opcode, fin, payload}].
export function decodeFrames(bytes) {
	const frames = [];
	let at = 0;

	while (at + 2 <= bytes.length) {
		let size = bytes[at + 1] & 0x7f;
		let head = 2;

		if (size === 126) {
			if (at + 4 > bytes.length)
				break;
			size = bytes.readUInt16BE(at + 2);
			head = 4;
		} else if (size === 127) {
			if (at + 10 > bytes.length)
				break;
			size = Number(bytes.readBigUInt64BE(at + 2));
			head = 10;
		}
		if (at + head + size > bytes.length)
			break;
		frames.push({
			opcode: bytes[at] & 0x0f, fin: (bytes[at] & 0x80) !== 0,
			payload: bytes.subarray(at + head, at + head + size),
		});
		at += head + size;
	}
	return frames;
}

export function messagesOf(raw) {
	return decodeFrames(raw.received).filter((frame) => frame.opcode === 1)
		.map((frame) => JSON.parse(frame.payload.toString('utf8')));
}

// The code of the close frame that came, 1005 for an empty one, undefined for none.
export function closeCodeOf(raw) {
	const close = decodeFrames(raw.received).find((frame) => frame.opcode === 8);

	if (!close)
		return undefined;
	return close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
}

export function hello(fields = {}) {
	return encodeFrame(JSON.stringify({ type: 'hello', after: 0, ...fields }));
}
