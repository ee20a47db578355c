/* SPDX-License-Identifier: MIT */
// The right pane: who asks, from which page, and the fields of the ticket.

import { safeUrl } from '../../shared/md.js';
import { html } from '../html.js';
import { CHANNEL, visitorName } from '../names.js';
import { Fields } from './fields.js';
import { Time } from './entry.js';

export function Visitor({ ticket, page = ticket.page }) {
  const { visitor = {} } = ticket;
  const url = page?.url && safeUrl(page.url);

  return html`
    <dl class="facts">
      <dt>Name</dt><dd>${visitorName(ticket)}</dd>
      ${visitor?.email && html`<dt>Email</dt><dd>${visitor.email} ${visitor.verified ? '(verified)' : '(not verified)'}</dd>`}
      <dt>Channel</dt><dd>${CHANNEL[ticket.channel] ?? ticket.channel}</dd>
      ${page?.url && html`<dt>Page</dt><dd>${url
        ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${page.title || page.url}</a>` : page.url}</dd>`}
      <dt>Asked</dt><dd><${Time} at=${ticket.created_at} /></dd>
    </dl>`;
}

export function Context({ chat }) {
  return html`
    <aside class="context" aria-label="About this chat">
      <h2>Customer</h2>
      <${Visitor} ticket=${chat.ticket.value} page=${chat.page.value ?? undefined} />
      <h2>Ticket</h2>
      <${Fields} ticket=${chat.ticket.value} onSaved=${(ticket) => {
        chat.ticket.value = ticket;
      }} />
    </aside>`;
}
