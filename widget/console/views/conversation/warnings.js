/* SPDX-License-Identifier: MIT */
// What a ticket asks of its agent beyond an answer: an emergency to confirm, something to approve,
// a choice to make, a page to acknowledge.

import { useState } from 'preact/hooks';

import { acknowledge } from '../../desk/alerts.js';
import { me, notify } from '../../desk/state.js';
import { approve, confirmStopped } from '../../desk/tickets.js';
import { html } from '../../html.js';

const leads = () => me.value.role !== 'agent';

/** Somebody was paged for it, and nobody has acknowledged it. */
const isPaging = (ticket) => ticket.paged_at && !ticket.page_acknowledged_at && !['resolved', 'closed'].includes(ticket.status);

function Warning({ text, children }) {
  return html`<div class="warning" role="group" aria-label=${text}><p>${text}</p><div class="actions">${children}</div></div>`;
}

export function Warnings({ ticket, onIncident, onEscalate }) {
  const [busy, setBusy] = useState(false);
  const { number } = ticket;

  async function act(work) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      notify(`Ticket #${number}: ${error.message}`, 'error');
    }
    setBusy(false);
  }

  const button = (label, work, kind = '') => html`<button class=${kind} disabled=${busy} onClick=${() => act(work)}>${label}</button>`;

  return html`
    ${isPaging(ticket) && (me.value.tier >= (ticket.immediate ? 3 : ticket.tier) || leads()) && html`
      <${Warning} text=${ticket.immediate
        ? 'Somebody has to take this emergency. It is paged until it is acknowledged.'
        : `Tier ${ticket.tier} was paged, because this has waited for too long.`}>
        ${button('I am on it', () => acknowledge(number), 'primary')}
      </${Warning}>`}
    ${ticket.stopped === 'said' && html`
      <${Warning} text="The customer says that Veterans are stopped in production now. Is that so?">
        ${button('Yes, page Tier 3', () => confirmStopped(number, true), 'danger')}
        ${button('No', () => confirmStopped(number, false))}
      </${Warning}>`}
    ${ticket.possible_incident && !ticket.immediate && html`
      <${Warning} text="The words sound like an emergency, and something in them speaks against it (a drill, planned work). Decide.">
        ${button('It is an incident', () => onIncident(), 'danger')}
      </${Warning}>`}
    ${ticket.approval === 'needed' && (leads()
      ? html`
        <${Warning} text="This needs the approval of a supervisor.">
          ${button('Approve', () => approve(number, true), 'primary')}
          ${button('Refuse', () => approve(number, false))}
        </${Warning}>`
      : html`<${Warning} text="A supervisor has to approve this first. They have been told." />`)}
    ${ticket.choice_due && html`
      <${Warning} text="This has taken as long as Tier 1 may work on one request. Escalate it, declare an incident, or close it as a feature request with a link.">
        ${button('Escalate', () => onEscalate())}
      </${Warning}>`}`;
}
