/* SPDX-License-Identifier: MIT */
// What the palette finds: shortcuts that can be carried out now, views, tickets by number or
// words, and whatever a view adds (ready-made replies, pages of the documentation).

import { api } from './desk/api.js';
import { policy } from './desk/policy.js';
import { fits } from './fits.js';
import { SHORTCUTS, canDo, keyText, keysOf, perform } from './keys.js';
import { go } from './router.js';
import { visitorName } from './ticket/names.js';
import { findCanned } from './writing/canned.js';

const TICKETS_MAX = 6;

const sources = new Set();

/** A view's own entries: `find(words)` gives [{label, hint, group, act}] or a promise of them;
    with `first`, before all others. The answer takes it back. */
export function addPaletteSource(find, { first = false } = {}) {
  const source = { find, first };

  sources.add(source);
  return () => sources.delete(source);
}

/** What can be told at once. */
export function findCommands(words) {
  return SHORTCUTS.filter(({ id, label, group }) => canDo(id) && id !== 'palette' && fits(`${label} ${group}`, words))
    .map(({ id, label, group }) => ({ label, hint: keysOf(id) && keyText(keysOf(id)), group, act: () => perform(id) }));
}

/** Ready-made replies of the policy, those of the topic first. */
export function findReplies(words, topic, act) {
  const fitting = (policy.value?.canned ?? []).filter(({ title, text }) => fits(`${title} ${text}`, words));

  return findCanned(fitting, '', topic).map((reply) => ({ label: reply.title, group: 'Ready-made replies', act: () => act(reply) }));
}

async function tickets(words) {
  const number = /^#?(\d+)$/.exec(words.trim())?.[1];

  if (words.trim() === '')
    return [];
  if (number)
    return [{ label: `Open ticket #${number}`, group: 'Tickets', act: () => go('tickets', Number(number)) }];
  const { items } = await api.get('/tickets', { q: words.trim(), limit: TICKETS_MAX });
  return items.map((ticket) => ({
    label: `#${ticket.number} ${ticket.title}`, hint: visitorName(ticket), group: 'Tickets', act: () => go('tickets', ticket.number),
  }));
}

const settled = async (work) => {
  try {
    return await work;
  } catch {
    return []; /* the others are still worth showing */
  }
};


/** All of it. */
export async function findEntries(words) {
  const mine = [...sources];
  const own = (first) => Promise.all(mine.filter((source) => source.first === first).map((source) => settled(source.find(words)))).then((lists) => lists.flat());

  const [before, after, found] = await Promise.all([own(true), own(false), settled(tickets(words))]);
  return [...before, ...findCommands(words), ...after, ...found];
}
