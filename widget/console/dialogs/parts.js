/* SPDX-License-Identifier: MIT */
// What the dialogs that hand a ticket on have in common.

import { createI18n } from '../../shared/i18n.js';
import strings from '../../shared/strings/en.talk.json';
import { clock } from '../../shared/time.js';
import { policy } from '../desk/policy.js';
import { html } from '../html.js';
import { promiseText, tierLoad } from '../ticket/handover.js';

const widgetText = createI18n(strings);

/** "2 available, 3 of 6 chats"; '' while nobody knows. */
export function loadText(online, tier) {
  if (online.state !== 'ready')
    return online.state === 'error' ? online.error : 'Looking who is there ...';
  const { available, load, capacity } = tierLoad(online.items, tier);

  return available === 0 && capacity === 0 ? 'nobody is online' : `${available} available, ${load} of ${capacity} chats taken`;
}

/** What the customer will read, in the words of the widget. */
export function VisitorReads({ event, values }) {
  return html`<p class="reads"><span class="muted">The customer reads:</span> ${widgetText(event, values)}</p>`;
}

/** What it means for the promises. */
export function SlaEffect({ ticket, tier }) {
  const row = policy.value?.tiers?.find((candidate) => candidate.tier === tier);
  const taken = promiseText(row?.acceptance?.[ticket.priority]);
  const due = ticket.first_response_at ? ticket.resolution_due : ticket.first_response_due;

  return html`
    <p class="sla-effect">${taken ? `Tier ${tier} has ${taken} to take it. ` : ''}${due
      ? `The ${ticket.first_response_at ? 'resolution' : 'first reply'} stays due ${clock(due)}: handing it on moves no target.`
      : 'No target moves.'}</p>`;
}

export function Summary({ value, onInput, label = 'Summary for who takes over' }) {
  return html`
    <label for="handover-summary">${label}</label>
    <textarea id="handover-summary" rows="8" required maxlength="4000" value=${value} aria-describedby="handover-hint"
      onInput=${(event) => onInput(event.target.value)} />
    <p class="muted" id="handover-hint">They read it first. The customer never does.</p>`;
}
