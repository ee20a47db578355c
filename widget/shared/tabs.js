/* SPDX-License-Identifier: MIT */
// One tab of the browser holds the socket (the leader, by a Web Lock); the others follow it
// over a BroadcastChannel. Without locks (plain http, old browsers) every tab leads itself.

/**
 * @param {object} options
 *   name      of the lock and the channel
 *   onLead    () this tab holds the socket from now on
 *   onResign  () and now no more
 *   onSay     (message) another tab said something
 */
export function createTabs({ name, onLead, onResign, onSay, locks = globalThis.navigator?.locks,
  Channel = globalThis.BroadcastChannel, page = globalThis }) {
  const shared = Boolean(locks && Channel);
  let channel = null;
  let leading = false;
  let release = null;
  let waiting = null;

  function lead() {
    leading = true;
    onLead();
    return new Promise((resolve) => {
      release = resolve;
    });
  }

  function resign() {
    if (leading) {
      leading = false;
      onResign?.();
    }
    release?.();
    release = null;
  }

  function join() {
    if (!shared) {
      lead();
      return;
    }
    channel ??= new Channel(name);
    channel.onmessage = (event) => onSay(event.data);
    waiting = new AbortController();
    locks.request(name, { signal: waiting.signal }, lead).catch((error) => {
      if (error.name !== 'AbortError')
        lead();
    });
  }

  /* A page in the back-forward cache must not sit on the lock. */
  const onHide = () => {
    waiting?.abort();
    resign();
  };
  const onShow = (event) => event.persisted && join();

  return {
    join() {
      page.addEventListener('pagehide', onHide);
      page.addEventListener('pageshow', onShow);
      join();
    },
    leave() {
      page.removeEventListener('pagehide', onHide);
      page.removeEventListener('pageshow', onShow);
      waiting?.abort();
      resign();
      channel?.close();
      channel = null;
    },
    say(message) {
      channel?.postMessage(message);
    },
    get leading() {
      return leading;
    },
  };
}
