/* SPDX-License-Identifier: MIT */
// What a log shows between its entries: where a day begins, and where the agent has not read yet.

const dayOf = (at) => new Date(at).toDateString();

/* The day that `at` is in. To ask a date for its day takes long, and a log asks with each entry. */
function daySpan(at) {
  const date = new Date(at);
  const from = date.setHours(0, 0, 0, 0);

  return { from, to: date.setDate(date.getDate() + 1) };
}

/** "Today", "Yesterday", else the date; in the reader's zone. */
export function dayText(at, now = Date.now(), locale = undefined) {
  const day = dayOf(at);

  if (day === dayOf(now))
    return 'Today';
  if (day === dayOf(now - 24 * 60 * 60_000))
    return 'Yesterday';
  return new Date(at).toLocaleDateString(locale, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
}

const JOINED_MS = 2 * 60_000;

/* What the same person says right after the other: its name is told once. */
const joins = (entry, before) =>
  entry.kind !== 'event' && entry.kind === before?.kind && entry.from.role === before.from.role && entry.from.name === before.from.name
  && entry.at - before.at < JOINED_MS;

/**
 * [{kind: 'day', at} | {kind: 'unread', count} | {kind: 'entry', entry, joined}] of the entries from
 * index `from`. A day shows where it changes, and above the very first entry when it is not today.
 */
export function rowsOf(entries, { from = 0, unreadSeq = 0, unreadCount = 0, now = Date.now() } = {}) {
  const rows = [];
  let day = daySpan(entries[from - 1]?.at ?? now);

  for (let i = from; i < entries.length; i++) {
    const entry = entries[i];

    if (entry.at < day.from || entry.at >= day.to) {
      rows.push({ kind: 'day', at: entry.at });
      day = daySpan(entry.at);
    }
    if (entry.seq === unreadSeq)
      rows.push({ kind: 'unread', count: unreadCount });
    rows.push({ kind: 'entry', entry, joined: rows.at(-1)?.kind === 'entry' && joins(entry, entries[i - 1]) });
  }
  return rows;
}

/** `entries` as they came again, those that are as they were in `before` being the same objects: nobody has
    to look at them anew. */
export function keepSame(before, entries) {
  const known = new Map(before.map((entry) => [entry.seq, entry]));

  return entries.map((entry) => {
    const was = known.get(entry.seq);

    return was && JSON.stringify(was) === JSON.stringify(entry) ? was : entry;
  });
}

/** What the customer wrote or did, and an agent has to read: that a page was opened is no such thing. */
export const isNews = (entry) => entry.from.role === 'visitor' && entry.event !== 'page_opened';

/** A page by its title, else by its address. */
export const pageTitle = ({ title, url }) => title || url.replace(/^https?:\/\//, '');

/** Pages that were sent, by the seq of their entries: {url, title, openedAt}, 0: not so far. */
export function sentPages(entries) {
  const pages = new Map();

  for (const entry of entries) {
    if (entry.kind === 'article' && entry.from.role === 'agent')
      pages.set(entry.seq, { url: entry.url, title: pageTitle(entry), openedAt: 0 });
    if (entry.event === 'page_opened' && pages.has(entry.page))
      pages.get(entry.page).openedAt = entry.at;
  }
  return pages;
}

/** Where the newest `count` messages of the customer begin; 0: there are none. */
export function unreadFrom(entries, count) {
  let left = count;

  for (let i = entries.length - 1; i >= 0 && left > 0; i--) {
    if (isNews(entries[i]) && --left === 0)
      return entries[i].seq;
  }
  return 0;
}

/** Replies of colleagues that came after `seen`: what a reply that was held back has crossed. */
export const crossing = (entries, seen, me) => entries.filter((entry) =>
  entry.seq > seen && entry.from.role === 'agent' && ['text', 'article'].includes(entry.kind) && entry.from.name !== me);
