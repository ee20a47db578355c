/* SPDX-License-Identifier: MIT */
// Why a ticket is where it is, in sentences, from what the record keeps: who got it and who else was
// there, what triage saw, which clock runs how long, how it was handed on.

import { leftText, milestoneName } from '../../shared/sla.js';
import { clock, span } from '../../shared/time.js';
import { promiseText } from './handover.js';
import { CHANNEL, PRIORITY, RESOLUTION, STATUS } from './names.js';

const FIELD = {
  title: 'the title', priority: 'the priority', topic: 'the topic', tags: 'the tags', status: 'the status', tier: 'the tier',
  agent: 'the agent', link: 'the links', parent: 'the incident it belongs to', resolution: 'the outcome', approval: 'the approval',
  needed_tier: 'the tier that has to solve it', stopped: '"production is stopped"', immediate: 'whether it is an emergency',
  possible_incident: 'whether it may be an emergency', choice_due: 'whether a choice is due', stale: 'whether it is stale',
  page_acknowledged: 'whether the page is acknowledged', page: 'who was called', told: 'who was told', verified: 'whether the address is verified',
};
const WORDS = {
  priority: PRIORITY, status: STATUS, resolution: RESOLUTION, tier: { 1: 'Tier 1', 2: 'Tier 2', 3: 'Tier 3' },
  needed_tier: { 1: 'Tier 1', 2: 'Tier 2', 3: 'Tier 3' },
};

const quoted = (text) => text.replace(/"([^"]*)"/g, '“$1”');

function actorName(actor) {
  if (actor?.startsWith('agent:'))
    return actor.slice(6);
  return actor === 'visitor' ? 'The customer' : 'The desk';
}

const valueOf = (field, value, topics) => (field === 'topic' ? topics(value) : WORDS[field]?.[value] ?? value);

/** Of "least loaded of 2 available on tier 1: Dana 0/3 idle 5 s, Sam 1/3": {tier, candidates}, or null. */
export function readRouting(why) {
  const found = /^least loaded of \d+ available on tier (\d): (.+)$/.exec(why ?? '');

  if (!found)
    return null;
  const candidates = [...found[2].matchAll(/(.+?) (\d+)\/(\d+)(?: idle (\d+) s)?(?:, |$)/g)]
    .map(([, name, load, capacity, idle]) => ({ name, load: Number(load), capacity: Number(capacity), idle: idle === undefined ? null : Number(idle) }));

  return candidates.length > 0 ? { tier: Number(found[1]), candidates } : null;
}

const candidateText = ({ name, load, capacity, idle }) =>
  `${name} had ${load} of ${capacity} chats${idle === null ? '' : `, free for ${span(idle * 1000)}`}`;

function routingLine(change) {
  const read = readRouting(change.why);

  if (change.to === null)
    return { at: change.at, text: `${change.from} has it no more: ${change.why ?? 'given back'}.` };
  if (!read)
    return { at: change.at, text: `It went to ${change.to}${change.why ? `: ${change.why}` : ''}.` };
  const many = read.candidates.length;

  return {
    at: change.at,
    text: many === 1 ? `It went to ${change.to}, who alone was available on Tier ${read.tier}.`
      : `It went to ${change.to}, who had the fewest chats of the ${many} available on Tier ${read.tier}${
        read.candidates[0].load === read.candidates[1].load ? ' and was free the longest' : ''}.`,
    more: read.candidates.map(candidateText),
  };
}

/* Each once, and none that a longer one has in it. */
function longest(words) {
  const all = [...new Set(words)];

  return all.filter((word) => !all.some((other) => other !== word && ` ${other} `.includes(` ${word} `)));
}

/** Of 'words: "test", "test users" and more; hints: "list"': 'the customer wrote “test users” and more; hints: “list”'. */
function wordsText(why) {
  const [, said = '', hints = '', page] = /^(?:words: (.+?))?(?:(?:; )?hints: (.+?))?(?:; page: (.+))?$/.exec(why);
  const parts = [said, hints].map((text) => ({ words: longest([...text.matchAll(/"([^"]*)"/g)].map(([, word]) => word)), more: / and more$/.test(text) }));
  const known = ` ${parts[0].words.join(' ')} `;
  const list = ({ words, more }) => `${words.map((word) => `“${word}”`).join(', ')}${more ? ' and more' : ''}`;

  parts[1].words = parts[1].words.filter((word) => !known.includes(` ${word} `));
  return [parts[0].words.length > 0 && `the customer wrote ${list(parts[0])}`, parts[1].words.length > 0 && `hints: ${list(parts[1])}`, page && `page: ${page}`]
    .filter(Boolean).join('; ');
}

function evidence(change, topics) {
  const value = valueOf(change.field, change.to, topics);
  const because = /^(words|hints): /.test(change.why ?? '') ? wordsText(change.why) : change.why && quoted(change.why);

  return `${FIELD[change.field].replace(/^t/, 'T')} is ${value}${because ? `: ${because}` : ''}.`;
}

/* "Theo set the priority from High to Medium by hand." */
export function changeText(change, topics = (id) => id) {
  const field = FIELD[change.field] ?? change.field;
  const to = change.to && valueOf(change.field, change.to, topics);
  const from = change.from && valueOf(change.field, change.from, topics);
  const why = change.why && change.why !== 'by hand' ? `: ${quoted(change.why)}` : '';

  if (change.field === 'page' || change.field === 'told')
    return `${to === 'nobody' ? 'Nobody could be called' : `${to} was ${change.field === 'page' ? 'called' : 'told'}`}${why}.`;
  if (change.field === 'done')
    return `${actorName(change.actor)} ${to ? `marked ${milestoneName(to)} as done` : `took back that ${milestoneName(from)} is done`}${why}.`;
  if (change.field === 'milestone')
    return `${actorName(change.actor)} ${to ? `promised ${milestoneName(to)} besides` : `took back ${milestoneName(from)}`}${why}.`;
  if (!to)
    return `${actorName(change.actor)} took ${from} from ${field}${why}.`;
  return `${actorName(change.actor)} set ${field}${from ? ` from ${from}` : ''} to ${to}${why}.`;
}

function triageLines(changes, topics) {
  const fields = ['topic', 'priority', 'needed_tier', 'immediate', 'possible_incident', 'stopped', 'tags'];

  return changes.filter(({ field }) => fields.includes(field)).map((change) => ({
    at: change.at,
    text: change.actor === 'system' && change.to && !change.from ? evidence(change, topics) : changeText(change, topics),
  }));
}

/** When it waited for the customer or had ended: [{from, to}], `to` null while it lasts. */
export function pausesOf(changes) {
  const pauses = [];
  const stands = (status) => ['pending', 'resolved', 'closed'].includes(status);

  for (const { field, from, to, at } of changes) {
    if (field !== 'status')
      continue;
    if (stands(to) && !stands(from))
      pauses.push({ from: at, to: null, pending: to === 'pending' });
    else if (!stands(to) && stands(from) && pauses.length > 0)
      pauses.at(-1).to = at;
  }
  return pauses;
}

function targetLine(name, due, done, promise, now, left) {
  if (left)
    return `${name}: the clock stands still with ${leftText(left, { whole: true })}${promiseText(promise) ? `; ${promiseText(promise)} were promised` : ''}.`;
  if (!due)
    return done ? `${name}: given ${clock(done, now)}; nothing was promised.` : null;
  const length = promiseText(promise);
  const met = done ? ` ${done > due ? 'Given late' : 'Given in time'}, ${clock(done, now)}.` : due < now ? ' It is late.' : '';

  return `${name}: due ${clock(due, now)}${length ? `, ${length} after it was opened` : ''}.${met}`;
}

function clockLines({ ticket, changes, policy, now }) {
  const promise = policy?.channels?.find(({ id }) => id === ticket.channel)?.targets?.[ticket.priority];
  const pauses = pausesOf(changes).filter(({ pending }) => pending);
  const total = pauses.reduce((sum, { from, to }) => sum + (to ?? now) - from, 0);
  const moved = changes.some(({ field, from }) => field === 'priority' && from);
  const lines = [
    targetLine('First reply', ticket.first_response_due, ticket.first_response_at, promise?.first_response, now, ticket.first_response_left),
    ...(ticket.milestones ?? []).map(({ id, since, due, done_at: done, left }) => {
      const known = policy?.milestones?.find((milestone) => milestone.id === id);

      return targetLine(known?.name ?? milestoneName(id), due, done, since === ticket.created_at ? known?.within : null, now, left);
    }),
    targetLine('Resolution', ticket.resolution_due, ticket.resolved_at, promise?.resolution, now, ticket.resolution_left),
    (promise?.first_response || promise?.resolution) && `The targets are those of ${CHANNEL[ticket.channel]} with ${PRIORITY[ticket.priority].toLowerCase()} priority${
      ticket.policy ? `, version ${ticket.policy} of the policy` : ''}.`,
    moved && 'The priority was changed: the due times count from the beginning all the same.',
    total > 0 && `The resolution was paused for ${span(total)} while it waited for the customer: ${
      pauses.map(({ from, to }) => (to ? `${clock(from, now)} to ${clock(to, now)}` : `since ${clock(from, now)}`)).join(', ')}.`,
  ];

  return lines.filter(Boolean).map((text) => ({ text }));
}

const milestoneLines = (changes) => changes.filter(({ field }) => field === 'milestone' || field === 'done')
  .map((change) => ({ at: change.at, text: changeText(change) }));

const toldLines = (changes) => changes.filter(({ field }) => ['page', 'told', 'page_acknowledged'].includes(field))
  .map((change) => ({ at: change.at, text: changeText(change) }));

function handLines(messages) {
  return messages.filter(({ kind, event }) => kind === 'event' && ['escalated', 'transferred', 'requeued', 'incident', 'downgraded', 'reopened'].includes(event))
    .map((entry) => {
      const who = entry.from.role === 'agent' ? entry.from.name : 'A rule of the policy';
      const why = entry.reason ? `: ${quoted(entry.reason)}` : '';
      const texts = {
        escalated: `${who} handed it up from Tier ${entry.tier_from} to Tier ${entry.tier}${why}`,
        transferred: `${who} handed it over${entry.tier !== entry.tier_from ? ` to Tier ${entry.tier}` : ''}${why}`,
        requeued: `It went back to the queue of Tier ${entry.tier}${why}`,
        incident: `${who} made it an emergency${why}`,
        downgraded: `${who} said that it is no emergency${why}`,
        reopened: `It was opened again${why}`,
      };
      return { at: entry.at, text: `${texts[entry.event].replace(/\.$/, '')}.` };
    });
}

/** [{title, lines: [{at, text, more}]}] of GET /tickets/N; sections without lines are left out. */
export function whyOf({ ticket, changes, messages, policy, now = Date.now() }) {
  const topics = (id) => policy?.topics?.find((topic) => topic.id === id)?.name || id;

  return [
    { title: 'Who got it', lines: changes.filter(({ field }) => field === 'agent').map(routingLine) },
    { title: 'Topic and priority', lines: triageLines(changes, topics) },
    { title: 'Clocks', lines: [...clockLines({ ticket, changes, policy, now }), ...milestoneLines(changes)] },
    { title: 'Called and told', lines: toldLines(changes) },
    { title: 'Handed on', lines: handLines(messages) },
  ].filter(({ lines }) => lines.length > 0);
}
