/* SPDX-License-Identifier: MIT */
// Small marks of a ticket. Each says in words what its colour says.

import { slaState } from '../../shared/sla.js';
import { html } from '../html.js';
import { PRIORITY, STATUS } from '../names.js';
import { now } from '../state.js';

const SIGNS = { ok: '', met: '✓ ', risk: '◷ ', soon: '◷ ', breached: '▲ ', paused: '⏸ ' };

export function Sla({ ticket }) {
  const sla = slaState(ticket, now.value);

  if (!sla)
    return null;
  return html`<span class="chip sla ${sla.state}"><span aria-hidden="true">${SIGNS[sla.state]}</span>${sla.metric} ${sla.text}</span>`;
}

export const Priority = ({ ticket }) =>
  html`<span class="chip priority ${ticket.priority}">${PRIORITY[ticket.priority] ?? ticket.priority}</span>`;

export const Status = ({ ticket }) =>
  html`<span class="chip">${STATUS[ticket.status] ?? ticket.status}</span>`;
