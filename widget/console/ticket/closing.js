/* SPDX-License-Identifier: MIT */
// What a close begins with: the pages that were sent, tags that suggest themselves.

import { sentPages } from './log_rows.js';

export const ARTICLES_MAX = 4;
const TAGS_MAX = 10;
const TAG_MAX = 47;
const SUGGESTED_MAX = 5;
/* Says nothing: every request has some topic. */
const VAGUE = new Set(['something-else', 'docs', 'documentation', 'index', 'guide', 'help', 'en', 'html']);

/** Pages that were sent in this chat, newest last; those alone that the customer opened, if there are any:
    {urls, opened}. */
export function sentArticles(entries) {
  const pages = [...sentPages(entries).values()];
  const read = pages.filter(({ openedAt }) => openedAt > 0);
  const urls = (read.length > 0 ? read : pages).map(({ url }) => url);

  return { urls: [...new Set(urls)].slice(-ARTICLES_MAX), opened: read.length > 0 };
}

function pathWords(url) {
  try {
    return new URL(url).pathname.toLowerCase().split('/')
      .map((part) => part.replace(/\.(html?|md)$/, '')).filter((part) => /^[a-z][a-z0-9-]{2,30}$/.test(part));
  } catch {
    return [];
  }
}

/** Tags that the topic and the page suggest and the ticket does not have yet. */
export function suggestTags(ticket, page) {
  const words = [ticket.topic, ...pathWords(page?.url).reverse()];

  return [...new Set(words)].filter((word) => word && !VAGUE.has(word) && !(ticket.tags ?? []).includes(word)).slice(0, SUGGESTED_MAX);
}

/** What was written as a list: {tags} or {error}. */
export function readTags(text) {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim().replace(/\s+/g, ' ')).filter(Boolean))];

  if (tags.length === 0)
    return { error: 'Give it at least one tag: reports count by them.' };
  if (tags.length > TAGS_MAX)
    return { error: `At most ${TAGS_MAX} tags.` };
  const long = tags.find((tag) => new TextEncoder().encode(tag).length > TAG_MAX);

  return long ? { error: `"${long}" is too long for a tag.` } : { tags };
}
