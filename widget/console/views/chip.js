/* SPDX-License-Identifier: MIT */
// Small marks of a ticket. Each says in words and shape what its colour says.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { slaClocks, slaState, ticksSeconds } from '../../shared/sla.js';
import { fullTime, span } from '../../shared/time.js';
import { now, seconds } from '../clock.js';
import { html } from '../html.js';
import { Icon } from '../icons.js';
import { PRIORITY, SLA_STATE, STATUS, clockText } from '../ticket/names.js';

const SIGNS = { ok: 'clock', met: 'met', risk: 'clock', soon: 'clock', breached: 'late', paused: 'pause' };
const EDGE_PX = 8;

/** The clock that counts for a ticket now; follows the time as closely as its text needs. */
export function useSla(ticket) {
  const clock = slaState(ticket, now.value);

  return ticksSeconds(clock, now.value) ? slaState(ticket, seconds.value) : clock;
}

const TARGETS = { Reply: 'First reply', Resolve: 'Resolution', Resolved: 'Resolution' };

function Line({ clock }) {
  return html`
    <span class="sla-line"><b>${TARGETS[clock.metric] ?? clock.metric}</b>
      <span>${clockText(clock)}</span>
      ${clock.due && html`<span class="muted">Due ${fullTime(clock.due)}</span>`}
      ${clock.at && html`<span class="muted">Done ${fullTime(clock.at)}</span>`}</span>`;
}

/* Stands beside its button and inside the window, above everything. */
function Details({ ticket, anchor, onClose }) {
  const box = useRef(null);

  useLayoutEffect(() => {
    const { current } = box;
    current.showPopover();
    const from = anchor.current.getBoundingClientRect();
    const size = current.getBoundingClientRect();
    const left = Math.max(EDGE_PX, Math.min(from.left, innerWidth - size.width - EDGE_PX));
    const below = from.bottom + 4 + size.height < innerHeight;

    current.style.setProperty('left', `${left}px`);
    current.style.setProperty('top', `${below ? from.bottom + 4 : Math.max(EDGE_PX, from.top - 4 - size.height)}px`);
  }, []);
  useLayoutEffect(() => {
    const { current } = box;
    const toggled = (event) => event.newState === 'closed' && onClose();

    current.addEventListener('toggle', toggled);
    return () => current.removeEventListener('toggle', toggled);
  }, []);
  return html`
    <span class="sla-details" popover="auto" role="group" aria-label="Targets of ticket ${ticket.number}" ref=${box}>
      ${slaClocks(ticket, now.value).map((clock) => html`<${Line} key=${clock.metric} clock=${clock} />`)}
      ${ticket.paused && html`<span class="muted">The clock stands still while it waits for the customer.</span>`}
      <span class="muted">Open for ${span(now.value - ticket.created_at)}${ticket.policy ? `, policy version ${ticket.policy}` : ''}</span>
    </span>`;
}

/** The next target as a chip; a press tells all targets with their dates. */
export function Sla({ ticket, tabIndex }) {
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const sla = useSla(ticket);

  if (!sla)
    return null;
  return html`
    <button type="button" class="chip sla ${sla.state}" ref=${button} tabindex=${tabIndex} aria-expanded=${open ? 'true' : 'false'}
      onPointerDown=${(event) => open && event.preventDefault()} onClick=${() => setOpen(!open)}>
      <${Icon} name=${SIGNS[sla.state]} filled=${sla.state === 'risk' || sla.state === 'soon'} /><span class=${sla.state === 'paused' ? 'unseen' : undefined}>${sla.metric} </span>${sla.text}
      ${sla.state !== 'paused' && html`<span class="unseen"> ${SLA_STATE[sla.state]}</span>`}
    </button>${open && html`<${Details} ticket=${ticket} anchor=${button} onClose=${() => setOpen(false)} />`}`;
}

export const Priority = ({ ticket }) =>
  html`<span class="chip priority ${ticket.priority}">${PRIORITY[ticket.priority] ?? ticket.priority}</span>`;

export const Status = ({ ticket }) =>
  html`<span class="chip">${STATUS[ticket.status] ?? ticket.status}</span>`;
