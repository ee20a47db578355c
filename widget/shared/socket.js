/* SPDX-License-Identifier: MIT */
// A websocket of tierbell.v1 that stays: connects, says hello, answers pings, notices silence,
// and comes back with full-jitter back-off, at once when the browser is online or visible again.
//
//   idle --start--> connecting --welcome--> open
//                      ^  |                  |
//                      |  '----- close ------'--> waiting --delay, online, visible--> connecting
//   stop() from any state --> idle

export const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 30_000;
export const SILENCE_MS = 60_000;
const CONNECT_MS = 15_000;

/** Full jitter: anything between nothing and the doubled step, so a crowd does not come back as one. */
export function backoffDelay(attempt, random = Math.random) {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** attempt);
}

/**
 * @param {object} options
 *   url        where to
 *   hello      () => the hello frame
 *   onFrame    (frame) for everything but ping and bye
 *   onState    (state) on each change: idle, connecting, open, waiting
 *   onRefused  (event) the server ended it for good (1008)
 *   WebSocket  for tests
 */
export function createSocket({ url, hello, onFrame, onState, onRefused, WebSocket = globalThis.WebSocket,
  random = Math.random, wake = globalThis }) {
  let socket = null;
  let state = 'idle';
  let attempt = 0;
  let minDelay = 0;
  let timer = 0;
  let watchdog = 0;
  let lastHeard = 0;

  function move(to) {
    if (state === to)
      return;
    state = to;
    onState?.(to);
  }

  /* Silence is a dead peer: the browser itself may take minutes to see it. */
  function heard() {
    lastHeard = Date.now();
    clearTimeout(watchdog);
    watchdog = setTimeout(drop, state === 'connecting' ? CONNECT_MS : SILENCE_MS);
  }

  function receive(text) {
    let frame;

    heard();
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.type === 'ping')
      send({ type: 'pong' });
    if (frame.type === 'bye') {
      minDelay = frame.retry_after_ms ?? 0;
      return;
    }
    if (frame.type === 'welcome') {
      attempt = 0;
      move('open');
      heard();
    }
    onFrame(frame);
  }

  function connect() {
    clearTimeout(timer);
    move('connecting');
    const mine = new WebSocket(url, 'tierbell.v1');
    socket = mine;
    heard();
    mine.onopen = () => mine === socket && send(hello());
    mine.onmessage = (event) => mine === socket && receive(event.data);
    mine.onclose = (event) => mine === socket && closed(event);
    mine.onerror = () => {};
  }

  function closed(event) {
    socket = null;
    clearTimeout(watchdog);
    if (event.code === 1008)
      onRefused?.(event);
    if (state !== 'idle')
      retry();
  }

  function retry() {
    const delay = minDelay * (0.5 + random() / 2) + backoffDelay(attempt++, random);

    minDelay = 0;
    clearTimeout(timer);
    timer = setTimeout(connect, delay);
    move('waiting');
  }

  /* Ends the connection as if the network had: the next one starts by itself. */
  function drop() {
    const old = socket;

    if (!old)
      return;
    socket = null;
    clearTimeout(watchdog);
    old.close();
    retry();
  }

  function wakeUp() {
    if (globalThis.document?.visibilityState === 'hidden')
      return;
    if (state === 'waiting')
      connect();
    else if (state === 'open' && Date.now() - lastHeard > SILENCE_MS)
      drop();
  }

  function send(frame) {
    if (socket?.readyState !== 1)
      return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function listen(how) {
    wake[how]?.('online', wakeUp);
    wake[how]?.('pageshow', wakeUp);
    wake.document?.[how]('visibilitychange', wakeUp);
  }

  return {
    start() {
      if (state !== 'idle')
        return;
      listen('addEventListener');
      connect();
    },
    stop() {
      const old = socket;

      listen('removeEventListener');
      clearTimeout(timer);
      clearTimeout(watchdog);
      socket = null;
      move('idle');
      old?.close(1000);
    },
    /** A new connection at once, with a new hello. */
    restart() {
      const old = socket;

      if (state === 'idle')
        return;
      socket = null;
      old?.close(1000);
      connect();
    },
    /** True when it was handed to an open connection; that does not mean that it arrived. */
    send: (frame) => state === 'open' && send(frame),
    drop,
  };
}
