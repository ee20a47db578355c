/* SPDX-License-Identifier: MIT */
// The line to the server: one socket, and commands that are answered once on it.

import { newId } from '../../shared/ids.js';
import { createSocket } from '../../shared/socket.js';
import { serverTime } from '../clock.js';
import { expired, lastHeard, me, notify } from './state.js';

let socket = null;
const pending = new Map();

/** hello: () => the first frame; onFrame(frame), onState(state). */
export function pickUp({ hello, onFrame, onState }) {
  socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/ws/agent`,
    hello,
    onFrame: (frame) => {
      lastHeard.value = serverTime();
      onFrame(frame);
    },
    onState,
    onRefused: expire,
  });
  socket.start();
}

export function hangUp() {
  socket?.stop();
  socket = null;
}

/** Sent now or not at all. */
export const send = (frame) => socket?.send(frame) ?? false;
/** Begins anew: nothing is heard on it any more. */
export const dropLine = () => socket.drop();
/** Goes on after the session had run out. */
export const goOn = () => socket.start();

/** The session has run out: everything stays on the screen, and what was written with it, until
    somebody logs in again. */
export function expire() {
  if (!me.value)
    return;
  socket?.stop();
  expired.value = true;
}

/** A command that is answered once: resolves with the ack, rejects with the server's sentence. */
export function command(frame) {
  const id = newId();

  return new Promise((resolve, reject) => {
    if (!send({ ...frame, id })) {
      reject(new Error('There is no connection right now.'));
      return;
    }
    pending.set(id, { resolve, reject });
  });
}

/** An ack or an error: of a command, or of nothing that is known here. */
export function settle(frame) {
  const waiting = pending.get(frame.id);

  pending.delete(frame.id);
  if (frame.type === 'ack')
    waiting?.resolve(frame);
  else if (waiting)
    waiting.reject(Object.assign(new Error(frame.message), { code: frame.code }));
  else
    notify(frame.message, 'error');
}

/** The line is down, and nobody knows what became of what was asked. */
export function giveUpCommands() {
  for (const { reject } of pending.values())
    reject(new Error('The connection was lost before the server answered. Look, and try again.'));
  pending.clear();
}
