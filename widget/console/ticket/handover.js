/* SPDX-License-Identifier: MIT */
// Handing a ticket on: what the next one has to know, and what they read of it first.

import { plainText } from '../../shared/md_text.js';

const PROBLEM_MAX = 300;
const TRIED_MAX = 3;
const TRIED_LENGTH = 120;
const REASON_MAX_BYTES = 500;

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
const said = (entries, role) => entries.filter((entry) => entry.kind === 'text' && entry.from.role === role);

/** A summary to begin with: problem, tried, environment, links. */
export function summaryFor(ticket, entries, page = ticket.page) {
  const [question] = said(entries, 'visitor');
  const tried = said(entries, 'agent').slice(-TRIED_MAX).map((entry) => `- ${cut(plainText(entry.text), TRIED_LENGTH)}`);
  const pages = entries.filter((entry) => entry.kind === 'article').map((entry) => entry.url);
  const links = [...new Set([...ticket.links ?? [], ...pages])];

  return [
    `**Problem:** ${cut(plainText(question?.text ?? ticket.title ?? ''), PROBLEM_MAX)}`,
    `**Tried:** ${tried.length > 0 ? `\n${tried.join('\n')}` : ''}`,
    `**Environment:** ${[page?.title, page?.url].filter(Boolean).join(', ')}`,
    `**Links:** ${links.length > 0 ? `\n${links.map((link) => `- ${link}`).join('\n')}` : 'none'}`,
  ].join('\n');
}

/** Does it say more than the headings that it began with? */
export const saysSomething = (summary) => summary.replace(/\*\*\w+:\*\*|none|[-\s]/g, '').length >= 10;

/** One line for the record: the criteria that hold, then words of one's own. */
export function reasonFrom(criteria, words) {
  const line = [...criteria, words].map((part) => part.trim().replace(/\s+/g, ' ')).filter(Boolean).join(' ');
  const bytes = new TextEncoder().encode(line);

  return bytes.length <= REASON_MAX_BYTES ? line
    : `${new TextDecoder().decode(bytes.slice(0, REASON_MAX_BYTES - 3)).replace(/�+$/, '')}…`;
}

/** The newest hand-over of a log: {event, note}, or null. The note is what came with the event. */
export function findHandover(entries) {
  const at = entries.findLastIndex((entry) => entry.kind === 'event' && ['escalated', 'transferred'].includes(entry.event));

  if (at === -1)
    return null;
  const event = entries[at];
  const before = entries[at - 1];

  return { event, note: before?.kind === 'note' && before.at === event.at && before.from.name === event.from.name ? before : null };
}

const UNITS = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];

const several = (count, unit) => `${Number(count.toFixed(1))} ${unit}${count === 1 ? '' : 's'}`;

/** "30 minutes of opening hours", "50 opening hours" (a day has fewer than 24 of them), "1 day"; null:
    nothing is promised. */
export function promiseText(promise) {
  const seconds = promise?.seconds;

  if (!seconds)
    return null;
  if (promise.clock !== 'business') {
    const [unit, size] = UNITS.find(([, of]) => seconds % of === 0);
    return several(seconds / size, unit);
  }
  if (seconds >= 3600)
    return several(seconds / 3600, 'opening hour');
  return `${seconds < 60 ? several(seconds, 'second') : several(seconds / 60, 'minute')} of opening hours`;
}

/** Who is on a tier, from GET /agents/online: {available, load, capacity}. */
export function tierLoad(agents, tier) {
  const here = agents.filter((agent) => agent.tier === tier);

  return {
    available: here.filter((agent) => agent.state === 'available').length,
    load: here.reduce((sum, agent) => sum + (agent.load ?? 0), 0),
    capacity: here.reduce((sum, agent) => sum + (agent.capacity ?? 0), 0),
  };
}
