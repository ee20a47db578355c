/* SPDX-License-Identifier: MIT */
// The log of a conversation: days, the line above what is unread, what is on its way.
//
// A long one opens with its end; the rest comes in above it part by part, so that the browser's own search
// finds everything. What is off the screen is not laid out (content-visibility).

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { discard, retry } from '../../desk/outgoing.js';
import { connection, me } from '../../desk/state.js';
import { html } from '../../html.js';
import { crossing, dayText, isNews, rowsOf, sentPages, unreadFrom } from '../../ticket/log_rows.js';
import { visitorName } from '../../ticket/names.js';
import { entryOf, isRefused } from '../../ticket/on_its_way.js';
import { useLeftOut, useNodes } from '../entries.js';
import { Entry, Markdown } from '../entry.js';

const NEAR_END_PX = 60;
const ABOVE_PX = 8; /* left free above where a log opens */
const OPENING_FRAMES = 4;

/* Where the reader left a log above its end: the entry at the top, by ticket. */
const places = new Map();

function Crossed({ chat, seen }) {
  return crossing(chat.entries.value, seen ?? 0, me.value.name).map((entry) => html`
    <blockquote class="crossed" key=${entry.seq}><b>${entry.from.name}</b><${Markdown} text=${entry.text || entry.url} /></blockquote>`);
}

function Outgoing({ chat, item, onEdit }) {
  const { frame } = item;
  const conflict = item.code === 'conflict';

  function edit() {
    onEdit(frame.type === 'note' ? 'note' : 'reply', frame.text);
    discard(frame.id);
  }

  const failed = isRefused(item) && html`
    <div class="unsent" role="group" aria-label="Not sent">
      <p>${conflict ? 'Not sent: somebody replied while you were writing.' : `Not sent: ${item.error}`}</p>
      ${conflict && html`<${Crossed} chat=${chat} seen=${frame.seen} />`}
      <button class="plain" onClick=${() => retry(chat, frame.id)}>${conflict ? 'Send anyway' : 'Try again'}</button>
      ${frame.type === 'file' ? html`<button class="plain" onClick=${() => discard(frame.id)}>Discard</button>` : html`<button class="plain" onClick=${edit}>Edit</button>`}
    </div>`;
  const waits = html`<p class="muted">${connection.value === 'open' ? 'Sending ...' : 'Waiting for connection'}</p>`;

  return html`<${Entry} entry=${entryOf(item, me.value.name)} foot=${failed || waits} />`;
}

function keepPlace(number, box, atEnd) {
  const edge = box.offsetTop + box.scrollTop + ABOVE_PX;
  const top = [...box.querySelectorAll('.entry[data-seq]')].find((entry) => entry.offsetTop + entry.offsetHeight > edge);

  places.set(number, atEnd ? undefined : Number(top?.dataset.seq));
}

export function Log({ chat, onEdit }) {
  const box = useRef(null);
  const follow = useRef(true);
  const height = useRef(0);
  const opening = useRef(0); /* frames in which its place may still move */
  const [below, setBelow] = useState(null); /* seq of the newest entry when the agent went up */
  const entries = chat.entries.value;
  const [unread] = useState(() => ({ seq: unreadFrom(entries, chat.unread.value), count: chat.unread.value }));
  const begin = unread.seq || places.get(chat.number);
  const from = useLeftOut(entries.length, { again: follow.current, least: begin && entries.filter(({ seq }) => seq >= begin).length });
  const visitor = visitorName(chat.ticket.value);
  const node = useNodes(visitor, sentPages(entries));
  const own = entries.findLast((entry) => entry.from.role === 'agent' && entry.kind !== 'event' && entry.kind !== 'note');
  const read = own && chat.visitorRead.value >= own.seq;
  const fresh = below === null ? 0 : entries.filter((entry) => entry.seq > below && isNews(entry)).length;

  const toEnd = () => {
    box.current.scrollTop = box.current.scrollHeight;
  };

  useLayoutEffect(() => {
    if (follow.current)
      toEnd();
  }, [entries, chat.outgoing.value, chat.typing.value]);

  /* What came in above pushes nothing away. */
  useLayoutEffect(() => {
    const { current: node_ } = box;

    if (follow.current)
      toEnd();
    else if (height.current > 0)
      node_.scrollTop += node_.scrollHeight - height.current;
    height.current = node_.scrollHeight;
  }, [from]);

  /* It opens where the unread begins, or where it was left. For some frames more: what comes on the
     screen is laid out then, and until then its height is guessed. */
  useLayoutEffect(() => {
    const place = box.current.querySelector('.unread-line') ?? box.current.querySelector(`[data-seq="${places.get(chat.number)}"]`);
    const { number } = chat;
    const show = () => {
      box.current.scrollTop = place.offsetTop - box.current.offsetTop - ABOVE_PX;
      opening.current--;
      if (opening.current > 0) {
        frame = requestAnimationFrame(show);
        return;
      }
      follow.current = true; /* unless it shows otherwise now */
      scrolled();
    };
    let frame = 0;

    if (place) {
      opening.current = OPENING_FRAMES;
      follow.current = false;
      show();
    }
    return () => {
      cancelAnimationFrame(frame);
      keepPlace(number, box.current, follow.current);
    };
  }, []);

  /* The composer grows, the window changes: who is at the end stays there. */
  useEffect(() => {
    const watch = new ResizeObserver(() => follow.current && box.current && toEnd());

    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  function scrolled() {
    if (!box.current || opening.current > 0) /* a last word of a log that is gone */
      return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;

    height.current = scrollHeight;
    if (near === follow.current)
      return;
    follow.current = near;
    setBelow(near ? null : entries.at(-1)?.seq ?? 0);
  }

  function jump() {
    follow.current = true;
    setBelow(null);
    toEnd();
    box.current.focus({ preventScroll: true });
  }

  const rows = rowsOf(entries, { from, unreadSeq: unread.seq, unreadCount: unread.count });

  return html`
    <div class="log-frame">
      <div class="log" role="log" aria-label="Conversation with ${visitor}" aria-busy=${from > 0 ? 'true' : undefined} tabindex="0" ref=${box} onScroll=${scrolled}>
        <ol>
          ${rows.map((row) => (row.kind === 'day' ? html`<li class="day" key=${`d${row.at}`}><span>${dayText(row.at)}</span></li>`
            : row.kind === 'unread' ? html`<li class="unread-line" key="unread"><span>${row.count === 1 ? '1 unread message' : `${row.count} unread messages`}</span></li>`
              : node(row.entry, row.entry === own && html`<p class="muted">${read ? 'Read' : 'Delivered'}</p>`, row.joined)))}
          ${chat.outgoing.value.map((item) => html`<${Outgoing} key=${item.frame.id} chat=${chat} item=${item} onEdit=${onEdit} />`)}
        </ol>
        <p class="typing" aria-live="off">${chat.typing.value ? `${visitor} is typing ...` : ''}</p>
      </div>
      ${below !== null && html`
        <button type="button" class="jump" onClick=${jump}>${fresh === 0 ? 'To the newest' : fresh === 1 ? '1 new message' : `${fresh} new messages`}<span aria-hidden="true"> ↓</span></button>`}
    </div>`;
}
