/* SPDX-License-Identifier: MIT */
// Why a ticket came here and what was known then: above everything else, for who takes it.

import { tierName } from '../../desk/policy.js';
import { html } from '../../html.js';
import { findHandover } from '../../ticket/handover.js';
import { Markdown, Time } from '../entry.js';

/** Of an offer (`folds` false) or of a conversation. */
export function Handover({ entries, folds = true }) {
  const found = findHandover(entries);

  if (!found)
    return null;
  const { event, note } = found;
  const who = event.from.role === 'agent' ? event.from.name : 'a rule of the policy';
  const title = event.event === 'escalated' ? `Handed up from ${tierName(event.tier_from)} by ${who}` : `Handed over by ${who}`;
  const body = html`
    ${event.reason && html`<p><b>Why:</b> ${event.reason}</p>`}
    ${note && html`<div class="summary"><${Markdown} text=${note.text} /></div>`}`;

  if (!event.reason && !note)
    return null;
  return folds
    ? html`<details class="handover" open><summary>${title} <${Time} at=${event.at} /></summary>${body}</details>`
    : html`<section class="handover" aria-label="Hand-over"><p class="title">${title} <${Time} at=${event.at} /></p>${body}</section>`;
}
