/* SPDX-License-Identifier: MIT */
// One websocket that speaks tierbell.v1: frames that came are kept, and can be waited for.

import { WebSocket } from './packages.mjs';
import { ORIGIN } from './server.mjs';
import { PATIENCE_MS, inOrder, within } from './wait.mjs';

// To find what only a busy machine finds: each frame, and the end, is seen up to so long after it came.
const LATE_MS = Number(process.env.TIERBELL_TEST_LATE_MS ?? 0);

let counter = 0;

export function newId(prefix = 't') {
	return `${prefix}-${process.pid.toString(36)}-${Date.now().toString(36)}-${(counter++).toString(36)}`;
}

export class RefusedError extends Error {
	constructor(status, headers) {
		super(`upgrade refused with ${status}`);
		this.status = status;
		this.headers = headers;
	}
}

export class Peer {
	// `server` has a port: a server, or a relay in front of one.
	constructor(server, path, { headers = {}, protocol = 'tierbell.v1', autoPong = true } = {}) {
		this.frames = [];
		this.waiters = new Set();
		this.autoPong = autoPong;
		this.listeners = new Set();
		this.socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocol,
			{ headers: { host: `127.0.0.1:${(server.target ?? server).port}`, ...headers }, perMessageDeflate: false, handshakeTimeout: PATIENCE_MS });
		this.opened = new Promise((resolve, reject) => {
			this.socket.once('open', () => resolve(this));
			this.socket.once('unexpected-response', (request, response) => {
				response.resume();
				request.destroy();
				reject(new RefusedError(response.statusCode, response.headers));
			});
			this.socket.once('error', reject);
		});
		this.opened.catch(() => {});
		const see = LATE_MS ? inOrder(LATE_MS) : (act) => act();

		this.closed = new Promise((resolve) => {
			this.socket.once('close', (code, reason) => see(() => this.onClose(resolve, code, String(reason))));
		});
		this.socket.on('error', () => {});
		this.socket.on('message', (data) => see(() => this.onMessage(String(data))));
	}

	onClose(resolve, code, reason) {
		this.closeCode = code;
		this.closeReason = reason;
		resolve({ code, reason });
		for (const waiter of this.waiters)
			waiter.reject(new Error(`closed with ${code} ${reason} while waiting for ${waiter.what}`));
		this.waiters.clear();
	}

	onMessage(text) {
		const frame = JSON.parse(text);

		this.frames.push(frame);
		if (frame.type === 'ping' && this.autoPong && this.isOpen)
			this.send({ type: 'pong' });
		for (const listener of this.listeners)
			listener(frame);
		for (const waiter of [...this.waiters]) {
			if (waiter.test(frame)) {
				this.waiters.delete(waiter);
				waiter.resolve(frame);
			}
		}
	}

	get isOpen() {
		return this.socket.readyState === WebSocket.OPEN;
	}

	// A place in the stream of frames, for `from` of waitFor.
	mark() {
		return this.frames.length;
	}

	send(frame) {
		this.socket.send(JSON.stringify(frame));
	}

	sendText(text) {
		this.socket.send(text);
	}

	// The first frame from `from` on (0: since the connection began) that passes `test`, which is
	// a type, an object that is part of it, or a function.
	waitFor(test, { from = 0, timeout = PATIENCE_MS } = {}) {
		const check = toTest(test);
		const what = `${typeof test === 'function' ? test.toString() : JSON.stringify(test)}`;
		const found = this.frames.slice(from).find(check);

		if (found)
			return Promise.resolve(found);
		if (this.closeCode !== undefined)
			return Promise.reject(new Error(`closed with ${this.closeCode}, waiting for ${what}`));
		const promise = new Promise((resolve, reject) => {
			this.waiters.add({ test: check, what, resolve, reject });
		});

		return within(promise, `frame ${what}; last frames: ${JSON.stringify(this.frames.slice(-5)).slice(0, 1500)}`,
			timeout);
	}

	// Sends a frame with an id; the answer is its ack or its error.
	call(type, fields = {}) {
		const id = fields.id ?? newId();
		const from = this.mark();

		this.send({ type, ...fields, id });
		return this.waitFor((frame) => (frame.type === 'ack' || frame.type === 'error') && frame.id === id,
			{ from });
	}

	async ok(type, fields) {
		const answer = await this.call(type, fields);

		if (answer.type !== 'ack')
			throw new Error(`${type} was refused: ${JSON.stringify(answer)}`);
		return answer;
	}

	// Everything sent before is handled when this returns: the answer to a frame of no type.
	async settle() {
		const answer = await this.call('x-settle');

		if (answer.code !== 'bad_request')
			throw new Error(`an unknown type was answered with ${JSON.stringify(answer)}`);
	}

	close(code = 1000) {
		this.socket.close(code);
		return within(this.closed, 'websocket closed');
	}

	terminate() {
		this.socket.terminate();
		return this.closed;
	}
}

function isPart(part, whole) {
	if (part === null || typeof part !== 'object')
		return part === whole;
	return whole !== null && typeof whole === 'object' &&
		Object.entries(part).every(([key, value]) => isPart(value, whole[key]));
}

export function toTest(test) {
	if (typeof test === 'function')
		return test;
	if (typeof test === 'string')
		return (frame) => frame.type === test;
	return (frame) => isPart(test, frame);
}

export function visitorPeer(server, { origin = ORIGIN, headers = {}, ...options } = {}) {
	return new Peer(server, '/ws/visitor',
		{ headers: origin === null ? headers : { origin, ...headers }, ...options });
}

export function agentPeer(server, { token, cookie, origin, headers = {}, ...options } = {}) {
	const all = { ...headers };

	if (token)
		all.authorization = `Bearer ${token}`;
	if (cookie)
		all.cookie = cookie;
	if (origin)
		all.origin = origin;
	return new Peer(server, '/ws/agent', { headers: all, ...options });
}
