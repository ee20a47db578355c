/* SPDX-License-Identifier: MIT */
// Targets that are close or late, pages, and what rules want known.

import { clock } from '../../shared/time.js';
import { command } from './line.js';
import { isMilestone, milestoneOf } from './policy.js';
import { alerts, notify, put, ticketsChanged } from './state.js';

export const takers = {
  due(frame) {
    const target = targetName(frame);

    ticketsChanged.value++;
    notify(frame.level === 'breach' ? `Ticket #${frame.ticket}: the target for the ${target} has passed.`
      : `Ticket #${frame.ticket}: the target for the ${target} is close, ${clock(frame.at)}.`, frame.level === 'breach' ? 'error' : 'info');
  },
  alerts(frame) {
    ticketsChanged.value++;
    for (const item of frame.items)
      notify(`${item.tickets} ${item.tickets === 1 ? 'ticket' : 'tickets'}: ${sumLine(item)}.`, item.level === 'warning' ? 'info' : 'error');
  },
  alert(frame) {
    if (frame.level === 'page')
      put(alerts, frame.ticket, frame);
    else
      notify(`Ticket #${frame.ticket}: ${frame.why}${frame.rule && !isMilestone(frame.rule) ? ` (rule ${frame.rule})` : ''}`, 'error');
  },
};

function targetName(frame) {
  return { first_response: 'first reply', milestone: milestoneOf(frame.milestone ?? '').name }[frame.target] ?? 'resolution';
}

/* What is said of very many at one moment. */
function sumLine(item) {
  switch (item.level) {
    case 'breach':
      return `the target for the ${targetName(item)} has passed`;
    case 'warning':
      return `the target for the ${targetName(item)} is close`;
    case 'page':
      return `somebody is being paged (rule ${item.rule})`;
    default:
      return isMilestone(item.rule) ? `${milestoneOf(item.rule).name}` : `rule ${item.rule}`;
  }
}

export const acknowledge = (number) => command({ type: 'acknowledge', ticket: number });
