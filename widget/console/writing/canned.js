/* SPDX-License-Identifier: MIT */
// Ready-made replies of the policy: where a slash asks for them, which fit, and what is filled in.
// A {name} that nothing is known for stays in the text, and the message waits until it is replaced.

const NAME = /\{([a-z][a-z0-9_ ]{0,30})\}/g;
const TRIGGER = /(?:^|\s)\/([\p{L}\p{N}_-]{0,30})$/u;
const SHOWN_MAX = 8;

/** The slash that is being typed: {start, query}, or null. Only at the start of a line or after a space. */
export function findSlash(text, caret) {
  const found = TRIGGER.exec(text.slice(Math.max(0, caret - 32), caret));

  return found && { start: caret - found[1].length - 1, query: found[1].toLowerCase() };
}

function fits(reply, query) {
  return query === '' || reply.id.startsWith(query)
    || reply.title.toLowerCase().split(/\s+/).some((word) => word.startsWith(query));
}

/* Those of the ticket's topic first, then those for any, then the others. */
const rank = (reply, topic) => (reply.topic === topic && topic ? 0 : reply.topic ? 2 : 1);

export function findCanned(replies, query, topic) {
  return replies.filter((reply) => fits(reply, query))
    .map((reply, place) => ({ reply, place }))
    .sort((a, b) => rank(a.reply, topic) - rank(b.reply, topic) || a.place - b.place)
    .slice(0, SHOWN_MAX)
    .map(({ reply }) => reply);
}

/** What the names stand for on this ticket; absent: nothing is known. */
export function cannedValues({ ticket, page, agent, policy }) {
  const topic = policy?.topics?.find(({ id }) => id === ticket.topic);

  return {
    visitor: ticket.visitor?.name || undefined,
    email: ticket.visitor?.email || undefined,
    agent: agent?.name || undefined,
    ticket: `#${ticket.number}`,
    title: ticket.title || undefined,
    topic: topic?.name || ticket.topic || undefined,
    page: page?.title || page?.url || undefined,
    desk: policy?.name || undefined,
  };
}

/** {text, open}: the text with what is known, and the names that are left. */
export function fillCanned(text, values) {
  const open = new Set();
  const filled = text.replace(NAME, (whole, name) => {
    if (values[name] !== undefined)
      return values[name];
    open.add(name);
    return whole;
  });

  return { text: filled, open: [...open] };
}

/** Where names of `open` still stand in the text, in order: [{name, start, end}]. */
export function openPlaces(text, open) {
  const wanted = new Set(open);

  return [...text.matchAll(NAME)].filter(([, name]) => wanted.has(name))
    .map((match) => ({ name: match[1], start: match.index, end: match.index + match[0].length }));
}
