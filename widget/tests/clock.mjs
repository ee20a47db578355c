// SPDX-License-Identifier: MIT
// A clock that stands still until the test moves it: timeouts and Date.now. Node's own differs
// between the versions that have to work.

/** For one test; without one, for the whole file. */
export function stopClock(t) {
  const real = { setTimeout, clearTimeout, now: Date.now };
  const timers = new Map();
  let now = 1_800_000_000_000;
  let count = 0;

  globalThis.setTimeout = (work, delay = 0) => {
    timers.set(++count, { work, at: now + delay });
    return count;
  };
  globalThis.clearTimeout = (id) => timers.delete(id);
  Date.now = () => now;
  t?.after(() => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.now;
  });

  return {
    tick(ms) {
      const end = now + ms;

      for (;;) {
        const [next] = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at);
        if (!next)
          break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].work();
      }
      now = end;
    },
  };
}
