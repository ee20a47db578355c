/* SPDX-License-Identifier: MIT */
// What the same customer asked before, and what is still open.

import { useEffect, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { topicName } from '../../desk/policy.js';
import { html } from '../../html.js';
import { href } from '../../router.js';
import { RESOLUTION, STATUS } from '../../ticket/names.js';
import { Time } from '../entry.js';

const SHOWN_MAX = 25;
const isOpen = (ticket) => !['resolved', 'closed'].includes(ticket.status);

function useEarlier(number, again) {
  const [found, setFound] = useState({ state: 'loading', items: [], more: false });

  useEffect(() => {
    let gone = false;

    api.get('/tickets', { customer: number, limit: SHOWN_MAX }).then(
      (page) => gone || setFound({ state: 'ready', items: page.items.filter((ticket) => ticket.number !== number), more: Boolean(page.next) }),
      (error) => gone || setFound({ state: 'error', items: [], error: error.message }));
    return () => {
      gone = true;
    };
  }, [number, again]);
  return found;
}

function Row({ ticket }) {
  return html`
    <li>
      <a href=${href('tickets', ticket.number)}>#${ticket.number} ${ticket.title || 'Without a title'}</a>
      <p class="muted">${isOpen(ticket) ? STATUS[ticket.status] : RESOLUTION[ticket.resolution] ?? 'Ended'}${
        ticket.topic ? `, ${topicName(ticket.topic)}` : ''}, <${Time} at=${ticket.created_at} /></p>
    </li>`;
}

export function Earlier({ ticket }) {
  const { state, items, more, error } = useEarlier(ticket.number, ticket.visitor?.email);
  const open = items.filter(isOpen);
  const ended = items.filter((one) => !isOpen(one));
  const verified = ticket.visitor?.verified;

  if (state === 'loading')
    return html`<p class="muted" role="status">Loading ...</p>`;
  if (state === 'error')
    return html`<p class="error" role="alert">${error}</p>`;
  if (items.length === 0)
    return html`<p class="muted">Nothing else from this customer.</p>`;
  return html`
    <div class="earlier">
      ${ticket.visitor?.email && !verified && html`<p class="muted">The address is not verified: some of these may be somebody else's.</p>`}
      ${open.length > 0 && html`<h3>Open now</h3><ul>${open.map((one) => html`<${Row} key=${one.number} ticket=${one} />`)}</ul>`}
      ${ended.length > 0 && html`<h3>Earlier</h3><ul>${ended.map((one) => html`<${Row} key=${one.number} ticket=${one} />`)}</ul>`}
      ${more && html`<p class="muted">The newest ${SHOWN_MAX} are shown.</p>`}
    </div>`;
}
