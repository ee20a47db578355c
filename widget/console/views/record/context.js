/* SPDX-License-Identifier: MIT */
// The right pane: who asks, from which page, the fields of the ticket; what they asked before, and why.

import { useEffect, useState } from 'preact/hooks';

import { safeUrl } from '../../../shared/md.js';
import { api } from '../../desk/api.js';
import { html } from '../../html.js';
import { CHANNEL, visitorName } from '../../ticket/names.js';
import { Time } from '../entry.js';
import { Why } from '../lazy.js';
import { Tabs } from '../tabs.js';
import { Earlier } from './earlier.js';
import { Fields } from './fields.js';
import { Links } from './links.js';
import { Milestones } from './milestones.js';
import { ToldOf } from './told.js';

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

/* The record of a chat that is open here, read again when its ticket changes. */
function WhyOfChat({ ticket }) {
  const [whole, setWhole] = useState({ state: 'loading' });

  useEffect(() => {
    let gone = false;

    api.get(`/tickets/${ticket.number}`).then((answer) => gone || setWhole({ state: 'ready', answer }),
      (error) => gone || setWhole({ state: 'error', error: error.message }));
    return () => {
      gone = true;
    };
  }, [ticket]);
  if (whole.state === 'error')
    return html`<p class="error" role="alert">${whole.error}</p>`;
  return whole.state === 'ready' ? html`<${Why} whole=${whole.answer} />` : html`<p class="muted" role="status">Loading ...</p>`;
}

function Details({ chat }) {
  const ticket = chat.ticket.value;
  const saved = (next) => {
    chat.ticket.value = next;
  };

  return html`
    <h2>Customer</h2>
    <${Visitor} ticket=${ticket} page=${chat.page.value ?? undefined} />
    <${ToldOf} number=${ticket.number} />
    <${Milestones} ticket=${ticket} onSaved=${saved} />
    <h2>Ticket</h2>
    <${Fields} ticket=${ticket} onSaved=${saved} />
    <h2>Links</h2>
    <${Links} ticket=${ticket} onSaved=${saved} />`;
}

export function Context({ chat }) {
  return html`
    <section class="context" aria-label="About this chat">
      <${Tabs} id="about" label="About this chat" tabs=${{
        details: ['Details', () => html`<${Details} chat=${chat} />`],
        earlier: ['Earlier', () => html`<${Earlier} ticket=${chat.ticket.value} />`],
        why: ['Why', () => html`<${WhyOfChat} ticket=${chat.ticket.value} />`],
      }} />
    </section>`;
}
