/* SPDX-License-Identifier: MIT */
// The figures of the wall, from what the server's lists say. No figure is guessed: where there is
// nothing to count it is null.

import { isPressing, slaState } from '../../shared/sla.js';

/** How old the figures on the wall get before they are asked for again. */
export const WALL_EVERY_MS = 2000;
/** So old they are said to be. */
export const STALE_MS = 10_000;

const ENDED = new Set(['resolved', 'closed']);

/** Tickets at risk and late, the most pressing first: [{ticket, sla}]. */
export function pressing(tickets, now) {
  return tickets.map((ticket) => ({ ticket, sla: slaState(ticket, now) }))
    .filter(({ sla }) => isPressing(sla))
    .sort((a, b) => a.sla.due - b.sla.due || a.ticket.number - b.ticket.number);
}

/** [{topic, label, value}], the most first; what is left over as "others", without a topic. `name`: of a
    topic's id. */
export function byTopic(tickets, { name = (id) => id, most = 8 } = {}) {
  const counts = new Map();

  for (const ticket of tickets)
    counts.set(ticket.topic || '', (counts.get(ticket.topic || '') ?? 0) + 1);
  const bars = [...counts].map(([topic, value]) => ({ topic, label: topic ? name(topic) : 'no topic', value }))
    .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1));
  const rest = bars.slice(most).reduce((sum, { value }) => sum + value, 0);

  return rest > 0 ? [...bars.slice(0, most), { topic: '', label: 'others', value: rest }] : bars;
}

/** Of tickets that came today: {count, ended, abandoned, rated, score}. Abandoned: the customer ended
    it before anybody answered. */
export function today(tickets) {
  const ended = tickets.filter(({ status }) => ENDED.has(status));
  const abandoned = ended.filter((ticket) => !ticket.first_response_at && !ticket.resolution).length;
  const rated = tickets.filter(({ rating }) => rating > 0);

  return {
    count: tickets.length, ended: ended.length, abandoned, rated: rated.length,
    share: tickets.length > 0 ? abandoned / tickets.length : null,
    score: rated.length > 0 ? rated.reduce((sum, { rating }) => sum + rating, 0) / rated.length : null,
  };
}

/** {load, capacity} of all tiers; "–": who is there is not known now. */
export function room({ tiers }) {
  const sum = (member) => tiers.reduce((all, tier) => (all === null || tier[member] === null ? null : all + tier[member]), 0);

  return { load: sum('load') ?? '–', capacity: sum('capacity') ?? '–' };
}
