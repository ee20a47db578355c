/* SPDX-License-Identifier: MIT */
// Who asks: found by name or address, with all that they asked.

import { useEffect, useRef, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { html } from '../../html.js';
import { useShortcuts } from '../../keys.js';
import { go, href, isSettled, route } from '../../router.js';
import { visitorName } from '../../ticket/names.js';
import { Sla, Status } from '../chip.js';
import { Time } from '../entry.js';
import { Failed, Loading } from '../lazy.js';

const PAUSE_MS = 250;
const PAGE = 50;
const EMPTY_PAGES_MAX = 10; /* a page ends early where few fit: that many are gone through at once */

/* A list of the API, page by page: {items, next, error, more, again}; items is null at first. */
function usePages(path, query) {
  const [state, setState] = useState({ items: null });
  const turn = useRef(0);

  async function load(before, from) {
    const mine = ++turn.current;
    let cursor = from;

    try {
      let page;
      let pages = 0;

      do {
        page = await api.get(path, { ...query, limit: PAGE, cursor });
        cursor = page.next ?? undefined;
      } while (mine === turn.current && page.items.length === 0 && cursor && ++pages < EMPTY_PAGES_MAX);
      if (mine === turn.current)
        setState({ items: [...before, ...page.items], next: cursor });
    } catch (error) {
      if (mine === turn.current)
        setState({ items: before, next: from, error });
    }
  }

  useEffect(() => {
    load([]);
    return () => ++turn.current;
  }, [JSON.stringify(query)]);
  return { ...state, more: () => load(state.items, state.next), again: () => load(state.items ?? [], state.next) };
}

function More({ list }) {
  return html`
    ${list.error && html`<${Failed} error=${list.error} again=${list.again} />`}
    ${list.next && !list.error && html`<button onClick=${list.more}>Show more</button>`}`;
}

function One({ id }) {
  const list = usePages('/tickets', { customer: id });
  const { items } = list;
  const find = (field) => items?.find(({ visitor }) => visitor?.[field])?.visitor;
  const known = find('email');

  return html`
    <main class="page">
      <p class="crumbs"><a href=${href('customers')}>Customers</a></p>
      ${items === null ? html`<${Loading} />` : html`
        <h1>${find('name')?.name || known?.email || 'Customer'}</h1>
        ${known && html`<p>${known.email} <span class="muted">${known.verified ? 'verified' : 'not verified'}</span></p>`}
        ${items.length === 0 && !list.error && html`<p class="empty">There is no ticket of this customer any more. <a href=${href('customers')}>Show the latest</a></p>`}
        ${items.length > 0 && html`<div class="table stacks" tabindex="0" role="region" aria-label="Tickets of this customer"><table>
          <thead><tr><th scope="col">Number</th><th scope="col">Title</th><th scope="col">Status</th><th scope="col">Target</th><th scope="col">Opened</th></tr></thead>
          <tbody>${items.map((ticket) => html`
            <tr key=${ticket.number}><td>#${ticket.number}</td><td class="grow"><a href=${href('tickets', ticket.number)}>${ticket.title || 'Without a title'}</a></td>
              <td><${Status} ticket=${ticket} /></td><td><${Sla} ticket=${ticket} /></td><td data-label="Opened"><${Time} at=${ticket.created_at} /></td></tr>`)}</tbody>
        </table></div>`}
        <${More} list=${list} />`}
    </main>`;
}

function count({ items, next, error }) {
  if (items === null || (error && items.length === 0))
    return '';
  return `${items.length}${next ? ' or more' : ''} ${items.length === 1 && !next ? 'customer' : 'customers'}`;
}

function Found({ list, words }) {
  const { items, next, error } = list;

  if (items === null)
    return html`<${Loading} />`;
  if (items.length === 0 && !next && !error)
    return html`<p class="empty">${words ? html`Nobody has this in the name or email. <a href=${href('customers')}>Show the latest</a>` : 'Nobody has asked anything yet.'}</p>`;
  return html`
    ${items.length > 0 && html`<div class="table stacks" tabindex="0" role="region" aria-label="Customers"><table>
      <thead><tr><th scope="col">Name</th><th scope="col">Email</th><th scope="col">Tickets</th><th scope="col">Open</th><th scope="col">Last asked</th></tr></thead>
      <tbody>${items.map((one) => html`
        <tr key=${one.number}><td class="grow"><a href=${href('customers', one.number)}>${visitorName({ visitor: one })}</a></td>
          <td>${one.email} ${one.verified && html`<span class="muted">verified</span>`}</td>
          <td data-label="Tickets">${one.tickets}</td><td data-label="Open">${one.open}</td><td data-label="Last asked"><${Time} at=${one.last_asked_at} /></td></tr>`)}</tbody>
    </table></div>`}
    ${items.length === 0 && next && html`<p class="empty">Nobody among the newest tickets. Look further back with "Show more".</p>`}
    <${More} list=${list} />`;
}

function All() {
  const { q = '' } = route.value.query;
  const list = usePages('/customers', { q });
  const timer = useRef(0);
  const field = useRef(null);

  useShortcuts({ search: () => field.current.focus() });
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`
    <main class="page">
      <h1>Customers</h1>
      <form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
        <label>Search <input type="search" ref=${field} defaultValue=${q} maxlength="80" placeholder="Name or email" onInput=${(event) => {
          const text = event.target.value;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => isSettled() && go('customers', null, { q: text }), PAUSE_MS);
        }} /></label>
      </form>
      <p class="muted" role="status">${count(list)}</p>
      <${Found} list=${list} words=${q.trim()} />
    </main>`;
}

export const View = ({ id }) => (id === null ? html`<${All} />` : html`<${One} key=${id} id=${id} />`);
