/* SPDX-License-Identifier: MIT */
// An offer rings until it is answered by anybody or runs out: sound again and again,
// and a notice of the desktop for who asked for it. All of it stops with the offer.

import { effect } from '@preact/signals';

import { isDisturbable, offers, unreadTotal } from './desk/state.js';
import { prefs } from './prefs.js';
import { sound } from './sound.js';
import { PRIORITY } from './ticket/names.js';

const AGAIN_MS = 4000;

const shown = new Map(); /* notices of the desktop, by ticket */
let timer = 0;

function notice({ ticket }) {
  const notification = new Notification('A chat is offered to you', {
    body: `Ticket #${ticket.number}, ${PRIORITY[ticket.priority]} priority, Tier ${ticket.tier}`,
    tag: `tierbell-${ticket.number}`,
  });

  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  return notification;
}

function showNotices(open) {
  const wanted = prefs.value.notify && isDisturbable.value && globalThis.Notification?.permission === 'granted';

  for (const [number, offer] of open) {
    if (wanted && !shown.has(number) && document.visibilityState === 'hidden')
      shown.set(number, notice(offer));
  }
  for (const [number, notification] of shown) {
    if (open.has(number))
      continue;
    notification.close();
    shown.delete(number);
  }
}

function ring() {
  sound('offer');
  timer = setTimeout(ring, AGAIN_MS);
}

/** Once, at the start. */
export function startRinging() {
  effect(() => {
    const open = offers.value;

    showNotices(open);
    if (open.size > 0 && timer === 0) {
      ring();
    } else if (open.size === 0) {
      clearTimeout(timer);
      timer = 0;
    }
  });
  let unread = 0;
  effect(() => {
    if (unreadTotal.value > unread && document.visibilityState === 'hidden')
      sound('message');
    unread = unreadTotal.value;
  });
}

/** On a click of the agent only. */
export async function askForNotices() {
  return globalThis.Notification ? await Notification.requestPermission() : 'unsupported';
}
