/* SPDX-License-Identifier: MIT */
// All tickets: full-text search and filters, kept in the address so that a list can be shared.

import { useEffect, useRef, useState } from 'preact/hooks';

import { api } from '../desk.js';
import { html } from '../html.js';
import { CHANNEL, PRIORITY, STATUS, agentName, visitorName } from '../names.js';
import { go, href, route } from '../router.js';
import { me, ticketsChanged } from '../state.js';
import { Priority, Sla, Status } from './chip.js';
import { Time } from './entry.js';

const PAGE = 50;
const TYPE_PAUSE_MS = 250;
const FILTERS = [
  ['status', 'Status', STATUS],
  ['priority', 'Priority', PRIORITY],
  ['tier', 'Tier', { 1: 'Tier 1', 2: 'Tier 2', 3: 'Tier 3' }],
  ['channel', 'Channel', CHANNEL],
];

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
        setResult({ state: 'error', items: before, next: null, error: error.message });
    }
  }

  useEffect(() => {
    load();
  }, [key, ticketsChanged.value]);
  return { ...result, more: () => load(result.next, result.items), again: () => load() };
}

function Filters({ query }) {
  const timer = useRef(0);
  const set = (change) => go('tickets', null, { ...query, ...change });

  /* Whoever has opened a ticket by then is not called back to the list. */
  useEffect(() => () => clearTimeout(timer.current), []);

  function search(event) {
    const q = event.target.value;

    clearTimeout(timer.current);
    timer.current = setTimeout(() => set({ q }), TYPE_PAUSE_MS);
  }

  return html`
    <form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label>Search <input type="search" defaultValue=${query.q ?? ''} onInput=${search} placeholder="Words from the conversation" /></label>
      ${FILTERS.map(([name, label, options]) => html`
        <label>${label}
          <select value=${query[name] ?? ''} onChange=${(event) => set({ [name]: event.target.value })}>
            <option value="">Any</option>
            ${Object.entries(options).map(([key, text]) => html`<option value=${key} selected=${query[name] === key}>${text}</option>`)}
          </select>
        </label>`)}
      <label class="check"><input type="checkbox" checked=${Boolean(query.agent)}
        onChange=${(event) => set({ agent: event.target.checked ? me.value.id : '' })} /> Only mine</label>
    </form>`;
}

function Row({ ticket }) {
  return html`
    <tr>
      <td><a href=${href('tickets', ticket.number)}>#${ticket.number}</a></td>
      <td class="grow"><a href=${href('tickets', ticket.number)}>${ticket.title || 'Without a title'}</a>
        ${ticket.topic && html`<span class="muted"> ${ticket.topic}</span>`}</td>
      <td>${visitorName(ticket)}</td>
      <td><${Status} ticket=${ticket} /></td>
      <td><${Priority} ticket=${ticket} /></td>
      <td>Tier ${ticket.tier}</td>
      <td>${agentName(ticket.agent) || html`<span class="muted">nobody</span>`}</td>
      <td><${Sla} ticket=${ticket} /></td>
      <td><${Time} at=${ticket.created_at} /></td>
    </tr>`;
}

const COLUMNS = ['Number', 'Title', 'Customer', 'Status', 'Priority', 'Tier', 'Agent', 'Target', 'Opened'];

export function Tickets() {
  const { query } = route.value;
  const list = useTickets(query);
  const filtered = Object.keys(query).length > 0;
  const empty = list.state === 'ready' && list.items.length === 0;

  return html`
    <main class="page">
      <h1>Tickets</h1>
      <${Filters} query=${query} />
      <p class="muted" role="status">
        ${list.state === 'loading' ? 'Loading ...' : list.state === 'error' ? ''
          : `${list.items.length}${list.next ? ' or more' : ''} ${list.items.length === 1 ? 'ticket' : 'tickets'}`}
      </p>
      ${list.state === 'error' && html`<p class="error" role="alert">${list.error} <button onClick=${list.again}>Try again</button></p>`}
      ${empty && html`<p class="empty">${filtered ? html`Nothing matches. <a href=${href('tickets')}>Show all tickets</a>` : 'There are no tickets yet. The first question opens one.'}</p>`}
      ${list.items.length > 0 && html`
        <div class="table" tabindex="0" role="region" aria-label="Tickets">
          <table>
            <thead><tr>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
            <tbody>${list.items.map((ticket) => html`<${Row} key=${ticket.number} ticket=${ticket} />`)}</tbody>
          </table>
        </div>`}
      ${list.next && html`<button onClick=${list.more}>Show more</button>`}
    </main>`;
}
