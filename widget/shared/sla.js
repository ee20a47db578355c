/* SPDX-License-Identifier: MIT */
// How a ticket stands against its targets. Due times come from the server as plain instants with
// the calendar already applied, so nothing is computed here but the distance.

import { span } from './time.js';

const MINUTE = 60_000;
const SOON_MS = 5 * MINUTE;
const RISK_MS = 15 * MINUTE;
/* A target shorter than this is at risk only by its share: else each chat began as a warning. */
const SHORT_MS = 60 * MINUTE;
const RISK_SHARE = 0.25;

function timer(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));

  if (ms >= 60 * MINUTE)
    return span(ms);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/* How near is near: a quarter of the target, at least 15 minutes of a long one. */
function nearness(left, total) {
  const short = total > 0 && total < SHORT_MS;
  const risk = short ? total * RISK_SHARE : Math.max(RISK_MS, total > 0 ? total * RISK_SHARE : 0);
  const soon = short ? Math.min(SOON_MS, risk / 2) : SOON_MS;

  return left < soon ? 'soon' : left < risk ? 'risk' : 'ok';
}

function against(metric, due, total, now) {
  const left = due - now;

  if (left < 0)
    return { metric, state: 'breached', text: `${span(-left)} late`, due };
  return { metric, state: nearness(left, total), text: timer(left), due };
}

/* Opening hours are no days: a day has fewer than 24 of them. */
function leftSpan({ seconds, clock }) {
  const minutes = Math.floor(Math.abs(seconds) / 60);

  return clock === 'business' && minutes >= 60 ? `${Math.floor(minutes / 60)}h ${minutes % 60}m` : span(Math.abs(seconds) * 1000);
}

/** "3h 20m left" of a clock that stands still, as `resolution_left` says; "12m late". With `whole` it
    says which hours. */
export function leftText(left, { whole = false } = {}) {
  const hours = whole && left.clock === 'business' ? ' of opening hours' : '';

  return `${leftSpan(left)}${hours} ${left.seconds < 0 ? 'late' : 'left'}`;
}

const paused = (metric, left, due) =>
  ({ metric, state: 'paused', text: left ? `paused, ${leftText(left)}` : 'paused', due, left });

function replyClock(ticket, now) {
  const { first_response_at: at, first_response_due: due, created_at: from } = ticket;

  if (at && due && at > due)
    return { metric: 'Reply', state: 'breached', text: `${span(at - due)} late`, due, at };
  if (at)
    return { metric: 'Reply', state: 'met', text: from ? `in ${span(at - from)}` : 'given', due, at };
  if (ticket.resolved_at || !due)
    return null;
  if (ticket.paused)
    return paused('Reply', ticket.first_response_left, due);
  return against('Reply', due, from ? due - from : 0, now);
}

function resolveClock(ticket, now) {
  const { resolution_due: due, resolved_at: at, created_at: from } = ticket;

  if (at && due && at > due)
    return { metric: 'Resolved', state: 'breached', text: 'late', due, at };
  if (at)
    return { metric: 'Resolved', state: 'met', text: from ? `in ${span(at - from)}` : 'in time', due, at };
  if (ticket.paused || ticket.status === 'pending')
    return paused('Resolve', ticket.resolution_left, due);
  return due ? against('Resolve', due, from ? due - from : 0, now) : null;
}

/** "security-report" as people read it: "Security report". */
export const milestoneName = (id) => id.charAt(0).toUpperCase() + id.slice(1).replace(/[-_]/g, ' ');

/** The clock of one of `ticket.milestones`. */
export function milestoneClock({ id, since, due, done_at: at, left }, ticket, now) {
  const metric = milestoneName(id);

  if (at && due && at > due)
    return { metric, state: 'breached', text: `${span(at - due)} late`, due, at };
  if (at)
    return { metric, state: 'met', text: `in ${span(at - since)}`, due, at };
  if (!due && ticket.resolved_at)
    return { metric, state: 'met', text: 'by the end', at: ticket.resolved_at };
  return due ? against(metric, due, due - since, now) : paused(metric, left);
}

const milestoneClocks = (ticket, now) =>
  (ticket.milestones ?? []).map((milestone) => milestoneClock(milestone, ticket, now));

/** All clocks of a ticket: [{metric, state, text, due, at, left}], those that there are. */
export function slaClocks(ticket, now) {
  return [replyClock(ticket, now), ...milestoneClocks(ticket, now), resolveClock(ticket, now)].filter(Boolean);
}

const runs = (clock) => Boolean(clock?.due) && !clock.at && clock.state !== 'paused';

/** The one that counts next: {metric, state: 'met'|'paused'|'ok'|'risk'|'soon'|'breached', text, due},
    or null without a target. */
export function slaState(ticket, now) {
  const first = ticket.resolved_at || ticket.first_response_at ? resolveClock(ticket, now) : replyClock(ticket, now);

  return milestoneClocks(ticket, now).filter(runs)
    .reduce((next, clock) => (runs(next) && next.due <= clock.due ? next : clock), first);
}

/** Does its text change every second now? Below five minutes, as a chip ticks. */
export const ticksSeconds = (clock, now) =>
  Boolean(clock?.due) && ['ok', 'risk', 'soon'].includes(clock.state) && clock.due - now <= SOON_MS + 15_000;

/** Worth a look before others: at risk, nearly due or late. */
export const isPressing = (clock) => ['risk', 'soon', 'breached'].includes(clock?.state);
