/* SPDX-License-Identifier: MIT */
// A TCP relay that a test puts in front of the server to cut, hold or chop connections.

import { connect, createServer } from 'node:net';

import { inOrder } from './wait.mjs';

// Of what passes, each chunk is held for up to so long: as a slow network does.
const LAG_MS = Number(process.env.TIERBELL_TEST_LAG_MS ?? 0);

// A socket that is shutting down cannot be reset any more: libuv refuses, Node then never closes
// the handle, and the process spins at its end.
function reset(socket) {
	if (socket.writableEnded)
		socket.destroy();
	else
		socket.resetAndDestroy();
}

export class Relay {
	// `onBytes(direction, chunk, link)` may act on what passes; direction is 'up' or 'down'.
	constructor(target, { onBytes = () => {} } = {}) {
		this.target = target;
		this.onBytes = onBytes;
		this.links = new Set();
		this.refuse = false;
		this.held = ''; // 'up', 'down' or 'either': what is not passed on
	}

	async start() {
		this.server = createServer({ noDelay: true }, (client) => this.accept(client));
		await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.port = this.server.address().port;
		return this;
	}

	accept(client) {
		if (this.refuse) {
			client.resetAndDestroy();
			return;
		}
		const upstream = connect({ port: this.target.port, host: '127.0.0.1', noDelay: true });
		const link = { client, upstream, up: 0, down: 0, dead: false };

		link.cut = () => {
			link.dead = true;
			reset(client);
			reset(upstream);
			this.links.delete(link);
		};
		this.links.add(link);
		this.join(link, client, upstream, 'up');
		this.join(link, upstream, client, 'down');
		this.pause(link);
	}

	join(link, from, to, direction) {
		const pass = LAG_MS ? inOrder(LAG_MS, () => !link.dead && !to.destroyed) : (act) => act();

		from.on('data', (chunk) => {
			const allowed = this.onBytes(direction, chunk, link);

			if (link.dead)
				return;
			link[direction] += chunk.length;
			pass(() => to.write(allowed ?? chunk));
		});
		from.on('end', () => pass(() => to.end()));
		from.on('error', () => link.cut());
		from.on('close', () => pass(() => to.destroy()));
	}

	// Ends all connections at once, without a word.
	cut() {
		for (const link of [...this.links])
			link.cut();
	}

	// Nothing passes, but nothing is closed, nor on what is connected later; with a direction, only what
	// goes there.
	hold(direction = 'either') {
		this.held = direction;
		for (const link of this.links)
			this.pause(link);
	}

	pause({ client, upstream }) {
		if (this.held && this.held !== 'down')
			client.pause();
		if (this.held && this.held !== 'up')
			upstream.pause();
	}

	// What was held passes, and all that follows.
	release() {
		this.held = '';
		for (const { client, upstream } of this.links) {
			client.resume();
			upstream.resume();
		}
	}

	async stop() {
		this.cut();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

export function startRelay(target, options) {
	return new Relay(target, options).start();
}
