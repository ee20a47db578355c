/* SPDX-License-Identifier: MIT */
// What an agent has said and is not on record yet, as the entries that it will be.

import { beginning, measure } from '../../shared/paste.js';

/** `item`: of the outbox; `name`: of its agent. */
export function entryOf({ frame, at }, name) {
  const from = { role: 'agent', name };

  if (frame.type === 'file') {
    const { lines, bytes } = measure(frame.body);
    return { at, from, kind: 'file', title: frame.name, text: beginning(frame.body), lines, size: bytes };
  }
  return { at, from, kind: frame.type === 'note' ? 'note' : frame.kind ?? 'text', text: frame.text, url: frame.url };
}

export const isRefused = (item) => item.state === 'failed';

/** A log and what will stand at its end, if nothing of it is refused. */
export const withOutgoing = (entries, items, name) =>
  [...entries, ...items.filter((item) => !isRefused(item)).map((item) => ({ ...entryOf(item, name), seq: item.frame.id }))];
