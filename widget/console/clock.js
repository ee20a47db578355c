/* SPDX-License-Identifier: MIT */
// The server's time, told by one timer: `now` moves every 15 s, `seconds` every second while
// somebody looks at it. Chips and countdowns read these and have no timers of their own.

import { signal } from '@preact/signals';

const SECOND_MS = 1000;
const CALM_MS = 15 * SECOND_MS;

let offset = 0;
let timer = 0;
let hurried = false;

export const now = signal(Date.now());
export const seconds = signal(Date.now(), {
  watched() {
    hurried = true;
    beat();
  },
  unwatched() {
    hurried = false;
  },
});

export const serverTime = () => Date.now() + offset;

/** What the server's clock shows at this moment. */
export function setServerTime(at) {
  offset = at - Date.now();
  now.value = at;
  beat();
}

function beat() {
  const at = serverTime();
  const step = hurried ? SECOND_MS : CALM_MS;

  clearTimeout(timer);
  timer = setTimeout(beat, step - (at % step));
  seconds.value = at;
  if (Math.abs(at - now.peek()) >= CALM_MS || at % CALM_MS < SECOND_MS)
    now.value = at;
}

/* A tab that slept shows the time at once when it is looked at again. */
if (globalThis.document) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible')
      return;
    now.value = serverTime();
    beat();
  });
}
beat();
