/* SPDX-License-Identifier: MIT */
// The protocol's words as people read them.

export const STATUS = { new: 'New', open: 'Open', pending: 'Pending', resolved: 'Resolved', closed: 'Closed' };
export const PRIORITY = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' };
export const CHANNEL = { chat: 'Chat', portal: 'Portal', email: 'Email', phone: 'Phone', slack: 'Slack' };
export const PRESENCE = { available: 'Available', away: 'Away', offline: 'Offline' };
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

/** `agent` of a ticket is an object, a name or nothing. */
export const agentName = (agent) => (agent && typeof agent === 'object' ? agent.name : agent) || '';

/** What happened, in one line, for agents. */
export function eventText(entry) {
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
    kept: 'Nobody was free in time: it goes on as a ticket',
    reminded: 'The customer was reminded',
    incident: `Handled as an emergency${why}`,
    downgraded: `Not an emergency any more${why}`,
    rated: `Rated ${entry.score} of 5${entry.text ? `: ${entry.text}` : ''}`,
  };

  return texts[entry.event] ?? `${entry.event ?? 'Updated'}${why}`;
}
