/* SPDX-License-Identifier: MIT */
// The protocol's words as people read them.

import { leftText } from '../../shared/sla.js';

export const STATUS = { new: 'New', open: 'Open', pending: 'Pending', resolved: 'Resolved', closed: 'Closed' };
export const PRIORITY = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' };
export const CHANNEL = { chat: 'Chat', portal: 'Portal', email: 'Email', phone: 'Phone', slack: 'Slack' };
export const PRESENCE = { available: 'Available', busy: 'Busy', away: 'Away', offline: 'Offline' };
export const ROLE = { agent: 'Agent', supervisor: 'Supervisor', admin: 'Administrator' };
export const SLA_STATE = { ok: 'on time', risk: 'at risk', soon: 'nearly due', breached: 'late', paused: 'paused', met: 'met' };
/** A clock of shared/sla.js in words. */
export function clockText({ state, text, left }) {
  if (state !== 'paused')
    return `${SLA_STATE[state]}, ${text}`;
  return left ? `paused, ${leftText(left, { whole: true })}` : 'paused';
}

export const RESOLUTION = {
  answered: 'Answered in the conversation',
  docs_sent: 'Answered with documentation',
  docs_self: 'Found in the documentation by themselves',
  docs_missing: 'Documentation is missing',
  fixed: 'Fixed',
  routed: 'Sent to another team',
  feature_request: 'Feature request',
  duplicate: 'Duplicate',
  no_reply: 'No reply from the customer',
  spam: 'Spam',
};

export const visitorName = (ticket) => ticket.visitor?.name || ticket.visitor?.email || 'Visitor';

/** Whose turn it is, in words; null when it has ended. */
export function turnText(ticket, last) {
  if (ticket.resolved_at || ticket.status === 'closed')
    return null;
  if (ticket.status === 'pending' || last?.from?.role === 'agent')
    return 'Waits for the customer';
  return 'Waits for us';
}

/** `agent` of a ticket is an object, a name or nothing. */
export const agentName = (agent) => (agent && typeof agent === 'object' ? agent.name : agent) || '';

/** What happened, in one line, for agents. `title`: of the page that it is about. */
export function eventText(entry, title) {
  const who = entry.agent_name ?? agentName(entry.agent);
  const why = entry.reason ? `: ${entry.reason}` : '';
  const from = entry.tier_from ? ` from Tier ${entry.tier_from}` : '';
  const texts = {
    assigned: `Assigned to ${who || 'an agent'}${why}`,
    requeued: `Back in the queue of Tier ${entry.tier ?? ''}${why}`,
    transferred: `Transferred${from} to ${who || `Tier ${entry.tier ?? ''}`}${why}`,
    escalated: `Escalated${from} to Tier ${entry.tier ?? ''}${why}`,
    closed: `Closed${entry.resolution ? `: ${RESOLUTION[entry.resolution] ?? entry.resolution}` : ' by the customer'}`,
    reopened: 'Reopened',
    page_opened: `The customer opened ${title ? `the page “${title}”` : 'a page that was sent'}`,
    kept: 'Nobody was free in time: it goes on as a ticket',
    reminded: 'The customer was reminded',
    incident: `Handled as an emergency${why}`,
    downgraded: `Not an emergency any more${why}`,
    rated: `Rated ${entry.score} of 5${entry.text ? `: ${entry.text}` : ''}`,
  };

  return texts[entry.event] ?? `${entry.event ?? 'Updated'}${why}`;
}
