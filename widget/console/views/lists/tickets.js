/* SPDX-License-Identifier: MIT */
// All tickets: full-text search and filters, kept in the address so that a list can be shared.

import { useEffect, useRef, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { topicName } from '../../desk/policy.js';
import { ticketsChanged } from '../../desk/state.js';
import { html } from '../../html.js';
import { href, route } from '../../router.js';
import { agentName, visitorName } from '../../ticket/names.js';
import { Priority, Sla, Status } from '../chip.js';
import { Time } from '../entry.js';
import { Failed, Loading } from '../lazy.js';
import { Filters } from './filters.js';

const PAGE = 50;

/* The newest request wins; an older answer that comes late is dropped. */
function useTickets(query) {
  const [result, setResult] = useState({ state: 'loading', items: [], next: null });
  const turn = useRef(0);
  const key = JSON.stringify(query);

  async function load(cursor, before = []) {
    const mine = ++turn.current;
    try {
      const page = await api.get('/tickets', { ...query, limit: PAGE, cursor });
      if (mine === turn.current)
        setResult({ state: 'ready', items: [...before, ...page.items], next: page.next ?? null });
    } catch (error) {
      if (mine === turn.current)
        setResult({ state: 'error', items: before, next: null, error });
    }
  }

  useEffect(() => {
    load();
  }, [key, ticketsChanged.value]);
  return { ...result, more: () => load(result.next, result.items), again: () => load() };
}

function Row({ ticket }) {
  return html`
    <tr>
      <td><a href=${href('tickets', ticket.number)}>#${ticket.number}</a></td>
      <td class="grow"><a href=${href('tickets', ticket.number)}>${ticket.title || 'Without a title'}</a>
        ${ticket.topic && html`<span class="muted"> ${topicName(ticket.topic)}</span>`}</td>
      <td>${visitorName(ticket)}</td>
      <td><${Status} ticket=${ticket} /></td>
      <td><${Priority} ticket=${ticket} /></td>
      <td>Tier ${ticket.tier}</td>
      <td>${agentName(ticket.agent) || html`<span class="muted">nobody</span>`}</td>
      <td><${Sla} ticket=${ticket} /></td>
      <td data-label="Opened"><${Time} at=${ticket.created_at} /></td>
    </tr>`;
}

const COLUMNS = ['Number', 'Title', 'Customer', 'Status', 'Priority', 'Tier', 'Agent', 'Target', 'Opened'];

export function View() {
  const { query } = route.value;
  const list = useTickets(query);
  const filtered = Object.keys(query).length > 0;
  const empty = list.state === 'ready' && list.items.length === 0;

  return html`
    <main class="page">
      <h1>Tickets</h1>
      <${Filters} query=${query} />
      ${list.state === 'loading' && html`<${Loading} />`}
      <p class="muted" role="status">
        ${list.state !== 'ready' ? ''
          : `${list.items.length}${list.next ? ' or more' : ''} ${list.items.length === 1 ? 'ticket' : 'tickets'}`}
      </p>
      ${list.state === 'error' && html`<${Failed} error=${list.error} again=${list.again} />`}
      ${empty && html`<p class="empty">${filtered ? html`Nothing matches. <a href=${href('tickets')}>Show all tickets</a>` : 'There are no tickets yet. The first question opens one.'}</p>`}
      ${list.items.length > 0 && html`
        <div class="table stacks" tabindex="0" role="region" aria-label="Tickets">
          <table>
            <thead><tr>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
            <tbody>${list.items.map((ticket) => html`<${Row} key=${ticket.number} ticket=${ticket} />`)}</tbody>
          </table>
        </div>`}
      ${list.next && html`<button onClick=${list.more}>Show more</button>`}
    </main>`;
}
