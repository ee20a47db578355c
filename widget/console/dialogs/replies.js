/* SPDX-License-Identifier: MIT */
// Who hands a ticket on may have said something a moment ago. That goes first, and is in what the dialog
// begins with.

import { useEffect, useRef, useState } from 'preact/hooks';

import { whenSent } from '../desk/outgoing.js';
import { connection, me } from '../desk/state.js';
import { html } from '../html.js';
import { summaryFor } from '../ticket/handover.js';
import { withOutgoing } from '../ticket/on_its_way.js';

/** The log of a chat as it will be when all that was written is on record. */
export const logOf = (chat) => withOutgoing(chat.entries.value, chat.outgoing.value, me.value.name);

/** {first, line}: `await first()` before what the dialog does, `line` where it says what it waits for. It
    rejects when something is refused, unless `anyway`, and when the dialog is left. */
export function useReplies(chat) {
  const [waits, setWaits] = useState(false);
  const [left] = useState(() => new AbortController());

  useEffect(() => () => left.abort(), []);

  async function first({ anyway = false } = {}) {
    setWaits(true);
    try {
      await whenSent(chat, { anyway, signal: left.signal });
    } finally {
      setWaits(false);
    }
  }

  const text = connection.value === 'open' ? 'Sending your message first ...'
    : 'Your message goes first. There is no connection: both are sent when it is back.';

  return { first, line: html`<p class="muted" role="status">${waits && chat.outgoing.value.length > 0 ? text : ''}</p>` };
}

/** What whoever takes over has to know: as it can be told from the log, until somebody writes in it.
    {value, set, now}: `now()` is the text of this moment, in a function that has waited, too. */
export function useSummary(chat, begun = '') {
  const written = useRef(begun || null);
  const [, redraw] = useState(0);
  const now = () => written.current ?? summaryFor(chat.ticket.value, logOf(chat), chat.page.value ?? chat.ticket.value.page);

  function set(text) {
    written.current = text;
    redraw((times) => times + 1);
  }

  return { value: now(), set, now };
}
