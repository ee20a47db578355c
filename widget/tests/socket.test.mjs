// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import { stopClock } from './clock.mjs';
import { createSocket } from '../shared/socket.js';
import { createTabs } from '../shared/tabs.js';

/* A websocket that the test answers for. */
function lines() {
  const made = [];

  class Line {
    constructor(url, protocol) {
      Object.assign(this, { url, protocol, readyState: 0, sent: [] });
      made.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code) {
      this.closedWith = code ?? 1000;
      this.readyState = 3;
    }
    opens() {
      this.readyState = 1;
      this.onopen();
    }
    says(frame) {
      this.onmessage({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    }
    breaks(code = 1006) {
      this.readyState = 3;
      this.onclose({ code });
    }
  }
  return { made, Line, last: () => made.at(-1) };
}

function setup(t, options = {}) {
  const clock = stopClock(t);
  const { made, Line, last } = lines();
  const frames = [];
  const states = [];
  const wake = new EventTarget();
  const socket = createSocket({
    url: 'ws://x/ws/visitor', hello: () => ({ type: 'hello', after: 7 }), WebSocket: Line, random: () => 0.5, wake,
    onFrame: (frame) => frames.push(frame), onState: (state) => states.push(state), ...options,
  });

  t.after(() => socket.stop());
  return { socket, made, last, frames, states, wake, clock };
}

test('socket: says hello first, is open with the welcome', (t) => {
  const { socket, last, states } = setup(t);

  socket.start();
  assert.equal(last().protocol, 'tierbell.v1');
  last().opens();
  assert.deepEqual(last().sent, [{ type: 'hello', after: 7 }]);
  assert.equal(socket.send({ type: 'typing' }), false);
  last().says({ type: 'welcome' });
  assert.equal(socket.send({ type: 'typing' }), true);
  assert.deepEqual(states, ['connecting', 'open']);
});

test('socket: answers a ping, ignores what is no JSON', (t) => {
  const { socket, last, frames } = setup(t);

  socket.start();
  last().opens();
  last().says({ type: 'welcome' });
  last().says('{broken');
  last().says({ type: 'ping', seq: 9 });
  assert.deepEqual(last().sent.at(-1), { type: 'pong' });
  assert.deepEqual(frames.map((frame) => frame.type), ['welcome', 'ping']);
});

test('socket: comes back with a growing pause, at once when the browser is online', (t) => {
  const { clock, socket, made, last, wake } = setup(t);

  socket.start();
  for (const pause of [250, 500, 1000]) {
    last().breaks();
    const before = made.length;
    clock.tick(pause - 1);
    assert.equal(made.length, before);
    clock.tick(1);
    assert.equal(made.length, before + 1);
  }
  last().breaks();
  const before = made.length;
  wake.dispatchEvent(new Event('online'));
  assert.equal(made.length, before + 1);
});

test('socket: a welcome makes the pause short again', (t) => {
  const { clock, socket, made, last } = setup(t);

  socket.start();
  last().breaks();
  clock.tick(250);
  last().opens();
  last().says({ type: 'welcome' });
  last().breaks();
  clock.tick(250);
  assert.equal(made.length, 3);
});

test('socket: gives up on a peer that is silent for a minute', (t) => {
  const { clock, socket, made, last, states } = setup(t);

  socket.start();
  last().opens();
  last().says({ type: 'welcome' });
  clock.tick(59_000);
  last().says({ type: 'ping' });
  clock.tick(59_999);
  assert.equal(states.at(-1), 'open');
  clock.tick(1);
  assert.equal(states.at(-1), 'waiting');
  assert.equal(made[0].closedWith, 1000);
});

test('socket: after bye it keeps the pause that the server asked for', (t) => {
  const { clock, socket, made, last } = setup(t);

  socket.start();
  last().opens();
  last().says({ type: 'welcome' });
  last().says({ type: 'bye', retry_after_ms: 4000 });
  last().breaks(1012);
  clock.tick(2999);
  assert.equal(made.length, 1);
  clock.tick(1000);
  assert.equal(made.length, 2);
});

test('socket: 1008 is told', (t) => {
  let refused = 0;
  const { socket, last } = setup(t, { onRefused: () => refused++ });

  socket.start();
  last().opens();
  last().breaks(1008);
  assert.equal(refused, 1);
});

test('socket: a late event of an old connection changes nothing', (t) => {
  const { socket, made, last, states } = setup(t);

  socket.start();
  last().opens();
  last().says({ type: 'welcome' });
  socket.restart();
  const [old] = made;
  old.onclose({ code: 1000 });
  last().opens();
  last().says({ type: 'welcome' });
  assert.equal(states.at(-1), 'open');
  assert.equal(made.length, 2);
});

/* Web Locks of one browser. */
function lockManager() {
  const queue = [];
  let held = false;

  function next() {
    if (held || queue.length === 0)
      return;
    const { work, signal, resolve } = queue.shift();
    if (signal?.aborted)
      return next();
    held = true;
    Promise.resolve(work()).then(() => {
      held = false;
      resolve();
      next();
    });
  }
  return {
    request: (name, { signal }, work) => new Promise((resolve) => {
      queue.push({ work, signal, resolve });
      next();
    }),
  };
}

test('tabs: one leads, the next takes over when it leaves', async () => {
  const locks = lockManager();
  const log = [];
  class Channel {
    postMessage() {}
    close() {}
  }
  const tab = (name) => createTabs({
    name: 'x', locks, Channel, page: new EventTarget(), onSay() {},
    onLead: () => log.push(`${name} leads`), onResign: () => log.push(`${name} resigns`),
  });
  const a = tab('a');
  const b = tab('b');

  a.join();
  b.join();
  assert.deepEqual(log, ['a leads']);
  a.leave();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(log, ['a leads', 'a resigns', 'b leads']);
  assert.equal(b.leading, true);
});

test('tabs: without locks every tab leads', () => {
  let led = 0;
  const tabs = createTabs({ name: 'x', locks: null, Channel: null, page: new EventTarget(), onLead: () => led++, onSay() {} });

  tabs.join();
  tabs.say({ type: 'sync' });
  assert.equal(led, 1);
});
