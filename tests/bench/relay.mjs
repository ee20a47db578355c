/* SPDX-License-Identifier: MIT */
// The peer of the bench: a plain relay with Node `ws` and Redis publish/subscribe, as it is
// written everywhere. It stores nothing, acks nothing and parses nothing: a message of one side
// goes to the channel of the other, and whoever subscribes to that writes it to the socket.
//
//   node relay.mjs PORT REDIS_SOCKET      paths: /v/N and /a/N are the two sides of pair N

import { createServer } from 'node:http';

import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';

const [port, socketPath] = process.argv.slice(2);
const publisher = new Redis({ path: socketPath });
const subscriber = new Redis({ path: socketPath });
const sockets = new Map(); // channel -> websocket

subscriber.on('message', (channel, text) => sockets.get(channel)?.send(text));

const server = createServer((request, response) => response.end('ready'));
const websockets = new WebSocketServer({ server, perMessageDeflate: false });

websockets.on('connection', (socket, request) => {
	const [, side, pair] = request.url.split('/');
	const mine = `${side}/${pair}`;
	const theirs = `${side === 'v' ? 'a' : 'v'}/${pair}`;

	sockets.set(mine, socket);
	subscriber.subscribe(mine);
	socket.on('message', (data) => publisher.publish(theirs, data.toString()));
	socket.on('close', () => {
		sockets.delete(mine);
		subscriber.unsubscribe(mine);
	});
	socket.on('error', () => {});
});
server.listen(Number(port), '127.0.0.1');
