/* SPDX-License-Identifier: MIT */
// What the commands of slash.js do. Each gives what is shown for it, or null.

import { leftText, milestoneName } from '../../shared/sla.js';
import { clock } from '../../shared/time.js';
import { addNote } from '../desk/outgoing.js';
import { setFields } from '../desk/tickets.js';
import { agentName, STATUS } from '../ticket/names.js';

function trackLines(ticket) {
  const lines = [`On record since ${clock(ticket.created_at)}: everything that is written here is kept.`,
    `Status: ${STATUS[ticket.status]}. Agent: ${agentName(ticket.agent) || 'nobody'}.`];

  if (ticket.first_response_at)
    lines.push(`First reply given ${clock(ticket.first_response_at)}.`);
  else if (ticket.first_response_due)
    lines.push(`First reply due ${clock(ticket.first_response_due)}.`);
  for (const { id, due, done_at: done } of ticket.milestones ?? []) {
    if (due && !done)
      lines.push(`${milestoneName(id)} due ${clock(due)}.`);
  }
  if (ticket.resolution_left)
    lines.push(`Resolution paused, ${leftText(ticket.resolution_left, { whole: true })}.`);
  if (ticket.resolution_due)
    lines.push(`Resolution due ${clock(ticket.resolution_due)}.`);
  return lines;
}

const LISTS = {
  category: { field: 'tag', many: 'tags', one: 'The category', none: 'No categories yet.', title: 'Categories' },
  link: { field: 'link', many: 'links', one: 'The link', none: 'No links yet.', title: 'Links' },
};

async function changeList(chat, { name, verb, words }) {
  const { field, many, one, none, title } = LISTS[name];
  const now = chat.ticket.value[many] ?? [];
  const line = words.replace(/\s+/g, ' ');

  if (verb === 'list')
    return { title: now.length > 0 ? title : none, lines: now };
  if (verb === 'add' && now.includes(line))
    return { title: `${one} is there already.`, lines: now };
  if (verb === 'remove' && !now.includes(line))
    return { title: `There is none called "${line}".`, lines: now, kind: 'problem' };
  await setFields(chat.number, { [`${verb}_${field}`]: line });
  return { title: `${one} "${line}" is ${verb === 'add' ? 'added' : 'removed'}.` };
}

/** @param {object} to: onDialog(name, given), onMode(mode) */
const acts = {
  track: (chat) => ({ title: `Ticket #${chat.number}`, lines: trackLines(chat.ticket.value) }),
  async title(chat, { words }) {
    await setFields(chat.number, { title: words.replace(/\s+/g, ' ') });
    return { title: 'The title is changed.' };
  },
  category: changeList,
  link: changeList,
  note(chat, { words }) {
    addNote(chat, words);
    return null;
  },
  resolve: (chat, command, { onDialog }) => onDialog('close'),
  escalate: (chat, { words }, { onDialog }) => onDialog('escalate', { reason: words }),
  transfer: (chat, { words }, { onDialog }) => onDialog('transfer', { note: words }),
  help: () => ({ title: 'Commands', help: true }),
};

/** Does the command; rejects with a sentence when the server refuses it. */
export async function runSlash(chat, command, to) {
  return await acts[command.name](chat, command, to) ?? null;
}
