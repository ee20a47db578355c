/* SPDX-License-Identifier: MIT */
// What was written and is not yet on record. An item stays in storage until the server's ack,
// keeps its id over every retry (the server stores an id once), and leaves in order: the next
// one goes only when the one before it is acked or has failed.
//
// Each item has its own key, so two tabs never overwrite each other's.

import { newId } from './ids.js';

const ACK_MS = 10_000;
const FILE_MS = 60_000; /* it is larger, and goes over HTTP */
const ITEM = 'out:';

/**
 * @param {object} options
 *   store     createStore()
 *   send      (frame) => boolean, false while there is no connection
 *   onChange  () after every change of `items()`
 *   onAck     (item, ack)
 *   onStall   () no answer in time: the connection is worth nothing
 */
export function createOutbox({ store, send, onChange, onAck, onStall }) {
  let inFlight = null;
  let timer = 0;
  let count = 0;

  function items() {
    return store.keys(ITEM).map((key) => ({ key, ...store.get(key) })).filter((item) => item.frame);
  }

  function update(key, change) {
    const { key: _, ...item } = { ...store.get(key), ...change };

    store.set(key, item);
  }

  function pump() {
    if (inFlight)
      return;
    const next = items().find((item) => item.state !== 'failed');

    if (!next || !send(next.frame))
      return;
    inFlight = next;
    clearTimeout(timer);
    timer = setTimeout(stalled, next.frame.type === 'file' ? FILE_MS : ACK_MS);
  }

  function stalled() {
    inFlight = null;
    onStall?.();
  }

  function settle() {
    clearTimeout(timer);
    inFlight = null;
  }

  function acked(frame) {
    const item = items().find((candidate) => candidate.frame.id === frame.id);

    if (!item)
      return false;
    store.remove(item.key);
    if (inFlight?.frame.id === frame.id)
      settle();
    onAck?.(item, frame);
    onChange?.();
    pump();
    return true;
  }

  /* Where waiting helps, it waits; anything else is for the person who wrote it. */
  function refused(frame) {
    const item = items().find((candidate) => candidate.frame.id === frame.id);

    if (!item)
      return false;
    if (inFlight?.frame.id === frame.id)
      settle();
    if (frame.code === 'rate_limited' || frame.code === 'unavailable') {
      const wait = frame.retry_after_ms ?? 2000;

      timer = setTimeout(pump, wait);
      if (frame.code === 'rate_limited') {
        update(item.key, { error: frame.message, until: Date.now() + wait });
        onChange?.();
      }
      return true;
    }
    update(item.key, { state: 'failed', code: frame.code, error: frame.message });
    onChange?.();
    pump();
    return true;
  }

  return {
    items,
    /** Puts the frame (without id) at the end; returns its id. */
    add(frame) {
      const id = newId();
      const place = `${Date.now().toString(36).padStart(9, '0')}${(count++ % 46656).toString(36).padStart(3, '0')}`;

      store.set(ITEM + place + id, { frame: { ...frame, id }, at: Date.now() });
      onChange?.();
      pump();
      return id;
    },
    /** An ack or error that answers one of the items: true. */
    answer: (frame) => (frame.type === 'ack' ? acked(frame) : refused(frame)),
    /** The connection is there: everything that was on its way goes again, with its old id. */
    resume() {
      settle();
      pump();
    },
    /** The connection is gone. */
    pause: settle,
    /** Try a failed one again, with changes to the frame if need be. */
    retry(id, change = {}) {
      const item = items().find((candidate) => candidate.frame.id === id);

      if (!item)
        return;
      update(item.key, { frame: { ...item.frame, ...change }, state: undefined, error: undefined });
      onChange?.();
      pump();
    },
    remove(id) {
      for (const item of items()) {
        if (item.frame.id === id)
          store.remove(item.key);
      }
      if (inFlight?.frame.id === id)
        settle();
      onChange?.();
      pump();
    },
    pump,
  };
}
