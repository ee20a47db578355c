/* SPDX-License-Identifier: MIT */
// Which ticket this console shows, and whether its agent writes there: said to the server whenever it
// changes, so that colleagues on the same ticket know.

import { signal } from '@preact/signals';

import { send } from './line.js';
import { put } from './state.js';

const STILL_MS = 6000;

/** Who else looks at a ticket, by number: [{id, name, typing}]. */
export const viewers = signal(new Map());

let shown = 0;
let typing = false;
let said = '0';
let timer = 0;

export const takers = {
  viewers(frame) {
    put(viewers, frame.ticket, frame.agents);
  },
};

function tell() {
  const ticket = document.visibilityState === 'hidden' ? 0 : shown;
  const now = ticket === 0 ? '0' : `${ticket}${typing ? 't' : ''}`;

  if (now !== said && send({ type: 'viewing', ticket, typing: ticket !== 0 && typing }))
    said = now;
}

document.addEventListener('visibilitychange', tell);

/** The ticket on the screen, 0: none. */
export function showTicket(number) {
  shown = number;
  typing = false;
  tell();
}

/** Something is written there, or not; it stops by itself when nothing more is. */
export function tellWriting(on) {
  clearTimeout(timer);
  typing = on && shown !== 0;
  if (typing)
    timer = setTimeout(() => tellWriting(false), STILL_MS);
  tell();
}

/** A new connection knows nothing yet. */
export function tellViewing() {
  said = '0';
  viewers.value = new Map();
  tell();
}
