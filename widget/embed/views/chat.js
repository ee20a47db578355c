/* SPDX-License-Identifier: MIT */
// The log on screen: entries in order, then what is still on its way. Each row is made once and
// changed only when what it shows has changed, so that a reader's place is never lost.

import { parse, safeUrl, toNodes } from '../../shared/md.js';
import { beginning, measure } from '../../shared/paste.js';
import { el, setText } from '../dom.js';
import { isMessage } from '../session.js';
import { createFileCard, docCard } from './cards.js';

const GROUP_MS = 2 * 60_000;
const NEAR_END_PX = 40;

/** A state change as the visitor reads it. */
export function eventText(t, entry) {
  const tier = entry.tier ?? '';
  const name = entry.agent?.name ?? t('chat.agent');
  const key = `event.${entry.event}`;

  if (entry.text)
    return entry.text; /* said in the policy's own words */
  return t(key, { tier, name }) === key ? t('event.other') : t(key, { tier, name });
}

export function authorName(t, from) {
  if (from.role === 'visitor')
    return t('chat.you');
  return from.name || t(from.role === 'agent' ? 'chat.agent' : 'chat.system');
}

/* Code is named, not spelled. */
function spokenText(t, text) {
  const box = el('div', {}, ...toNodes(parse(text), document, {}));

  for (const node of box.querySelectorAll('p, li, br, .code'))
    node.className ? node.replaceWith(t('code.spoken')) : node.after(' ');
  return box.textContent;
}

/** What an entry of the log is to those who hear it. */
export function spokenEntry(t, entry) {
  if (entry.kind === 'file')
    return t('file.spoken', { name: entry.title, lines: entry.lines });
  return spokenText(t, entry.text || entry.title || '');
}

export function createChat({ t, clock, session, load, onScrolledToEnd }) {
  const labels = {
    copy: t('code.copy'), copied: t('code.copied'), code: t('code.label'), wrap: t('code.wrap'),
    paint: (code, language, text) => load('highlight', (part) => part.paint(code, language, text)),
  };
  const fileCard = createFileCard({ t, session });
  const list = el('ol', { class: 'rows' });
  const typing = el('p', { class: 'typing', hidden: true });
  const log = el('div', {
    class: 'log', role: 'log', tabindex: 0, 'aria-live': 'off', 'aria-label': t('chat.log'), onscroll: scrolled,
  }, list, typing);
  const jump = el('button', { type: 'button', class: 'jump', hidden: true, onclick: toEnd });
  const node = el('div', { class: 'log-box' }, log, jump);
  const rows = new Map();
  const opened = new Set(); /* seq of pages */
  let wasAtEnd = true;
  let height = 0;
  let below = 0;

  function atEnd() {
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
  }

  /* What is written below, or comes later, does not push the newest message out of sight. */
  new ResizeObserver(() => {
    height = log.clientHeight;
    if (wasAtEnd)
      log.scrollTop = log.scrollHeight;
  }).observe(log);

  function scrolled() {
    const end = atEnd();

    /* It has another height, of which the observer is about to hear: nobody has scrolled. */
    if (log.clientHeight === height)
      wasAtEnd = end;
    if (!end)
      return;
    below = 0;
    jump.hidden = true;
    onScrolledToEnd();
  }

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    scrolled();
  }

  function model() {
    const { state } = session;
    const known = session.log.entries();
    const items = known.map((entry) => ({ key: entry.id ?? `s${entry.seq}`, entry }));

    for (const ack of state.acked.values())
      items.push({ key: ack.id, entry: ownEntry(ack.frame, ack.at), mark: 'chat.delivered' });
    for (const item of session.outbox.items()) {
      if (isMessage(item.frame))
        items.push({ key: item.frame.id, entry: ownEntry(item.frame, item.at), pending: item });
    }
    const own = items.findLast((item) => item.entry.from.role === 'visitor' && item.entry.seq);
    if (own)
      own.mark = state.agentRead >= own.entry.seq ? 'chat.read' : 'chat.delivered';
    return items.map((item, i) => ({ ...item, joined: joins(items[i - 1], item) }));
  }

  function ownEntry(frame, at) {
    const entry = { at, kind: 'text', from: { role: 'visitor' }, text: frame.text };

    if (frame.type !== 'file')
      return entry;
    const { lines, bytes } = measure(frame.body);

    return { ...entry, kind: 'file', title: frame.name, text: beginning(frame.body), lines, size: bytes };
  }

  function joins(before, item) {
    return Boolean(before) && before.entry.kind !== 'event' && item.entry.kind !== 'event' &&
      before.entry.from.role === item.entry.from.role && before.entry.from.name === item.entry.from.name &&
      item.entry.at - before.entry.at < GROUP_MS;
  }

  function pendingText(pending) {
    if (pending.state === 'failed')
      return t('chat.failed', { reason: pending.error ?? t('error.generic') });
    if (pending.until > Date.now())
      return t('chat.limited', { reason: pending.error, count: Math.ceil((pending.until - Date.now()) / 1000) });
    return t(session.state.connection === 'open' ? 'chat.sending' : 'chat.waiting');
  }

  function time(at) {
    return el('time', { datetime: new Date(at).toISOString() }, clock(at));
  }

  function makeRow(item) {
    const { entry } = item;

    if (entry.kind === 'event' && !entry.text) {
      return el('li', { class: 'event' }, eventText(t, entry), ' ',
        time(entry.at));
    }
    const own = entry.from.role === 'visitor';
    const head = el('p', { class: item.joined ? 'author unseen' : 'author' }, el('b', { class: 'who' }, authorName(t, entry.kind === 'event' ? { role: 'system' } : entry.from)), ' ',
      time(entry.at));

    return el('li', { class: own ? 'row own' : 'row' }, head, body(entry), foot(item));
  }

  function body(entry) {
    const box = el('div', { class: 'bubble' });

    if (entry.kind === 'file') {
      box.append(fileCard(entry));
    } else {
      if (entry.kind === 'article' && safeUrl(entry.url))
        box.append(docCard(t, entry, () => openPage(entry)));
      if (entry.text)
        box.append(...toNodes(parse(entry.text), document, labels));
      if (entry.kind === 'article' && entry.from.role === 'agent')
        box.append(helped());
    }
    if (entry.removed)
      box.append(el('p', { class: 'state removed' }, t('chat.removed', { count: entry.removed })));
    return box;
  }

  /* Its agent would like to know. The server takes it once, so this is for the line alone. */
  function openPage({ from, seq }) {
    if (from.role !== 'agent' || !seq || opened.has(seq))
      return;
    opened.add(seq);
    session.put({ type: 'page_opened', seq });
  }

  /* Whether a page helped is worth knowing: two that did not bring the next tier in. */
  function helped() {
    const row = el('p', { class: 'state' }, t('chat.helped'), ' ', ...[true, false].map((yes) => el('button', {
      type: 'button', class: 'link', onclick: () => {
        session.put({ type: 'helped', yes });
        setText(row, t('chat.thanks'));
      },
    }, t(yes ? 'chat.yes' : 'chat.no'))));

    return row;
  }

  function foot(item) {
    if (item.pending?.state === 'failed') {
      return el('p', { class: 'state failed' }, pendingText(item.pending), ' ',
        ...['retry', 'remove'].map((what) => el('button', {
          type: 'button', class: 'link', onclick: () => session.outbox[what](item.key),
        }, t(`chat.${what}`))));
    }
    if (item.pending)
      return el('p', { class: 'state' }, pendingText(item.pending));
    return item.mark && el('p', { class: 'state' }, t(item.mark));
  }

  function signature(item) {
    return [item.mark, item.joined, item.entry.seq, item.pending?.state, item.pending && pendingText(item.pending)].join();
  }

  function place(items) {
    let at = list.firstElementChild;

    for (const item of items) {
      const sign = signature(item);
      const row = rows.get(item.key);

      if (row?.sign === sign && row.node === at) {
        at = at.nextElementSibling;
        continue;
      }
      const node = row?.sign === sign ? row.node : makeRow(item);
      if (row && row.node !== node) {
        if (row.node === at)
          at = at.nextElementSibling;
        row.node.remove();
      }
      list.insertBefore(node, at);
      rows.set(item.key, { node, sign });
    }
  }

  /* `stay`: the reader was at the end, and wants to be there. */
  function update(stay) {
    const items = model();
    const before = list.childElementCount;
    const keys = new Set(items.map((item) => item.key));

    for (const [key, row] of rows) {
      if (!keys.has(key)) {
        row.node.remove();
        rows.delete(key);
      }
    }
    place(items);
    typing.hidden = session.state.typing === null;
    setText(typing, typing.hidden ? '' : t('chat.typing', { name: session.state.typing || t('chat.agent') }));
    if (stay) {
      log.scrollTop = log.scrollHeight;
    } else if (list.childElementCount > before) {
      below += list.childElementCount - before;
      jump.hidden = false;
      setText(jump, t('chat.jump', { count: below }));
    }
  }

  return { node, update, toEnd, atEnd };
}
