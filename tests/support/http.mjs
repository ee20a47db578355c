/* SPDX-License-Identifier: MIT */
// Plain HTTP with every header in the caller's hand (fetch forbids some of them).

import { request } from 'node:http';

import { PATIENCE_MS } from './wait.mjs';

// {status, headers, text, json}. `body`: an object goes as JSON, a string as it is.
export function httpRequest(server, method, path, { headers = {}, body, timeout = PATIENCE_MS } = {}) {
	const isText = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
	const payload = isText ? body : JSON.stringify(body);
	const all = { ...headers };

	if (payload !== undefined) {
		if (!Object.keys(all).some((name) => name.toLowerCase() === 'content-type'))
			all['content-type'] = 'application/json';
		all['content-length'] = Buffer.byteLength(payload);
	}
	return new Promise((resolve, reject) => {
		const call = request({
			host: '127.0.0.1', port: server.port, method, path, headers: all, timeout, agent: false,
		}, (response) => {
			const chunks = [];

			response.on('data', (chunk) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
		});

		call.on('timeout', () => call.destroy(new Error(`no answer to ${method} ${path}`)));
		call.on('error', reject);
		call.end(payload);
	});
}

function answerOf(response, bytes) {
	const text = bytes.toString('utf8');
	let json;

	if (/json/.test(response.headers['content-type'] ?? '')) {
		try {
			json = JSON.parse(text);
		} catch {
			json = undefined;
		}
	}
	return { status: response.statusCode, headers: response.headers, bytes, text, json };
}

// The cookie of a `Set-Cookie` as a `Cookie` header.
export function cookieOf(answer) {
	return (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
}
