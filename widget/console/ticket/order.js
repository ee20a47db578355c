/* SPDX-License-Identifier: MIT */
// In which order a list of tickets stands, and how it stands still while somebody points at it.
// Reading a chat and assigning it move nothing.

const FAR = Number.MAX_SAFE_INTEGER;
const PRIORITIES = ['critical', 'high', 'medium', 'low'];

function targetDue(ticket) {
  if (ticket.resolved_at || ticket.paused || ticket.status === 'pending')
    return FAR;
  return (ticket.first_response_at ? ticket.resolution_due : ticket.first_response_due) ?? FAR;
}

const nextDue = (ticket) => (ticket.milestones ?? []).filter(({ due, done_at: done }) => due && !done)
  .reduce((least, { due }) => Math.min(least, due), targetDue(ticket));

const KEYS = {
  due: nextDue,
  priority: (ticket) => PRIORITIES.indexOf(ticket.priority),
  oldest: (ticket) => ticket.created_at ?? 0,
  newest: (ticket) => -(ticket.created_at ?? 0),
};

export const SORTS = { due: 'Due first', priority: 'Priority', oldest: 'Oldest first', newest: 'Newest first' };

/** Numbers of the tickets in order; equal ones by number, so that the order is one. */
export function sortTickets(tickets, by = 'due') {
  const key = KEYS[by] ?? KEYS.due;

  return [...tickets]
    .sort((a, b) => key(a) - key(b) || nextDue(a) - nextDue(b) || a.number - b.number)
    .map((ticket) => ticket.number);
}

/* Length of the longest run of rising numbers, gaps allowed: rows that need not move. */
function risingRun(places) {
  const ends = [];

  for (const place of places) {
    const at = ends.findIndex((end) => end >= place);
    ends[at < 0 ? ends.length : at] = place;
  }
  return ends.length;
}

/** How many rows came, went or moved past others. */
export function countUpdates(shown, wanted) {
  const place = new Map(shown.map((number, i) => [number, i]));
  const stayed = wanted.filter((number) => place.has(number)).map((number) => place.get(number));
  const gone = shown.length - stayed.length;
  const come = wanted.length - stayed.length;

  return gone + come + stayed.length - risingRun(stayed);
}

/** The order to show: the wanted one, unless the list is held and shows something already. */
export function holdOrder(shown, wanted, held) {
  const frozen = held && shown.length > 0;

  return frozen ? { order: shown, updates: countUpdates(shown, wanted) } : { order: wanted, updates: 0 };
}

/** Which rows of a long list are worth having in the page: [from, to). */
export function visibleRange({ count, rowHeight, scrollTop, height, spare = 8 }) {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);

  return [Math.min(from, count), to];
}
