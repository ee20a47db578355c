/* SPDX-License-Identifier: MIT */
// How a ticket stands against its next target. Due times come from the server as plain instants
// with the calendar already applied, so nothing is computed here but the distance.

import { span } from './time.js';

const RISK_MS = 15 * 60_000;
const SOON_MS = 5 * 60_000;

function timer(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));

  if (ms >= 60 * 60_000)
    return span(ms);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** {metric, state: 'met'|'paused'|'ok'|'risk'|'soon'|'breached', text}, or null without a target. */
export function slaState(ticket, now) {
  const answered = Boolean(ticket.first_response_at);
  const due = answered ? ticket.resolution_due : ticket.first_response_due;
  const metric = answered ? 'Resolve' : 'Reply';

  if (ticket.resolved_at) {
    const late = ticket.resolution_due && ticket.resolved_at > ticket.resolution_due;
    return { metric: 'Resolved', state: late ? 'breached' : 'met', text: late ? 'late' : 'in time' };
  }
  if (ticket.paused || (answered && ticket.status === 'pending'))
    return { metric, state: 'paused', text: 'paused' };
  if (!due)
    return null;
  const left = due - now;
  if (left < 0)
    return { metric, state: 'breached', text: `${span(-left)} late` };
  return { metric, state: left < SOON_MS ? 'soon' : left < RISK_MS ? 'risk' : 'ok', text: timer(left) };
}
