/* SPDX-License-Identifier: MIT */
// The wall: how the desk stands, who works, what is at risk, and what a lead may do about it.

import { useEffect, useRef, useState } from 'preact/hooks';

import { span } from '../../../shared/time.js';
import { Bars } from '../../charts.js';
import { now, seconds, serverTime } from '../../clock.js';
import { api, getTickets } from '../../desk/api.js';
import { topicName } from '../../desk/policy.js';
import { attempt, connection, me, queue, ticketsChanged } from '../../desk/state.js';
import { takeOver, transfer, watch } from '../../desk/tickets.js';
import { html } from '../../html.js';
import { go, href } from '../../router.js';
import { STALE_MS, WALL_EVERY_MS, byTopic, pressing, room, today } from '../../ticket/figures.js';
import { PRESENCE, agentName, visitorName } from '../../ticket/names.js';
import { Priority, Sla } from '../chip.js';
import { Failed, Loading } from '../lazy.js';
import { Tile, Tiles } from './tiles.js';

const FRESH_MS = 1000;
const DAY_EVERY_MS = 60_000;
async function fetchToday() {
  const midnight = new Date(serverTime()).setHours(0, 0, 0, 0);
  const { items, whole } = await getTickets({ sort: 'newest' }, (list) => list.some((ticket) => ticket.created_at < midnight));

  return { ...today(items.filter((ticket) => ticket.created_at >= midnight)), whole };
}

async function fetchNow() {
  const [wall, live, online] = await Promise.all([api.get('/wall'), getTickets({ status: 'new,open,pending', sort: 'due' }), api.get('/agents/online')]);

  return { wall, tickets: live.items, whole: live.whole, agents: online.items };
}

/* Asked again every `every` while the page is looked at, and at once when `signs` change. */
function useFresh(fetch, every, signs = []) {
  const [state, setState] = useState({});
  const asked = useRef(0);

  useEffect(() => {
    let alive = true;
    let timer = 0;
    const ask = async () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') {
        asked.current = Date.now();
        const answer = await fetch().then((value) => ({ value, at: serverTime() }), (error) => ({ error }));
        if (alive)
          setState((before) => ({ ...before, error: undefined, ...answer }));
      }
      if (alive)
        timer = setTimeout(ask, every);
    };

    timer = setTimeout(ask, Math.max(0, asked.current + FRESH_MS - Date.now()));
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, signs);
  return state;
}

const percent = (share) => (share === null ? '–' : `${Math.round(share * 100)} %`);

function Today({ wall, day }) {
  const { load, capacity } = room(wall);

  return html`
    <${Tiles} wall=${wall}>
      <${Tile} label="Active" value="${load}/${capacity}" hint="of capacity" />
      <${Tile} label="Abandoned today" value=${day ? percent(day.share) : '–'} hint=${day && `${day.abandoned} of ${day.whole ? '' : 'the newest '}${day.count}`} />
      <${Tile} label="Satisfaction today" value=${day?.score ? day.score.toFixed(1) : '–'} hint=${day && `${day.rated} ${day.rated === 1 ? 'rating' : 'ratings'}`} />
    </${Tiles}>`;
}

function Agent({ agent }) {
  const full = agent.load >= agent.capacity;

  return html`
    <li><span class="dot ${agent.state}" aria-hidden="true"></span> <b>${agent.name}</b> ${agent.load}/${agent.capacity}${' '}
      <span class="muted">${full && agent.state === 'available' ? 'full' : PRESENCE[agent.state] ?? agent.state}${agent.reason ? `: ${agent.reason}` : ''}${
        agent.state !== 'available' && agent.since ? `, ${span(now.value - agent.since)}` : ''}</span></li>`;
}

function Tiers({ agents }) {
  return html`
    <section aria-label="Who is there"><h2>Who is there</h2>
      ${queue.value.map((row) => {
        const mine = agents.filter((agent) => agent.tier === row.tier);
        return html`
          <div class="tier" key=${row.tier}><h3>Tier ${row.tier} <span class="muted">${row.waiting} waiting${row.waiting > 0 ? `, ${span(row.oldest_wait_s * 1000)}` : ''}</span></h3>
            ${mine.length === 0 ? html`<p class="muted">Nobody is here.</p>` : html`<ul>${mine.map((agent) => html`<${Agent} key=${agent.id} agent=${agent} />`)}</ul>`}</div>`;
      })}
    </section>`;
}

function Actions({ ticket, agents }) {
  const { number } = ticket;
  const others = agents.filter((agent) => agent.id !== ticket.agent?.id && agent.id !== me.value.id && agent.load < agent.capacity);

  function follow() {
    watch(ticket);
    go('inbox', number, { list: 'watching' });
  }

  return html`
    <td class="acts">
      <button onClick=${follow} aria-label="Read along #${number}">Read along</button>
      ${ticket.agent?.id !== me.value.id && html`<button aria-label="Take over #${number}" onClick=${() => attempt(async () => {
        await takeOver(number);
        go('inbox', number);
      }, `Ticket #${number} is yours.`)}>Take over</button>`}
      ${others.length > 0 && html`<select aria-label="Give #${number} to" value="" onChange=${(event) => {
        const agent = others.find(({ id }) => String(id) === event.target.value);
        event.target.value = '';
        if (agent)
          attempt(() => transfer(number, { agent: agent.id }), `Ticket #${number} is with ${agent.name}.`);
      }}><option value="">Give to ...</option>${others.map((agent) => html`<option key=${agent.id} value=${agent.id}>${agent.name} (${agent.load}/${agent.capacity})</option>`)}</select>`}
    </td>`;
}

function Risk({ list, agents }) {
  if (list.length === 0)
    return html`<section aria-label="At risk"><h2>At risk</h2><p class="muted">Nothing is at risk: every target has time left.</p></section>`;
  return html`
    <section aria-label="At risk"><h2>At risk</h2>
      <div class="table stacks" tabindex="0" role="region" aria-label="Tickets at risk"><table>
        <thead><tr><th scope="col">Target</th><th scope="col">Ticket</th><th scope="col">Customer</th><th scope="col">Priority</th><th scope="col">Tier</th><th scope="col">Agent</th><th scope="col">Actions</th></tr></thead>
        <tbody>${list.slice(0, 50).map(({ ticket }) => html`
          <tr key=${ticket.number}><td><${Sla} ticket=${ticket} /></td>
            <td class="grow"><a href=${href('tickets', ticket.number)}>#${ticket.number} ${ticket.title}</a></td>
            <td>${visitorName(ticket)}</td><td><${Priority} ticket=${ticket} /></td><td data-label="Tier">${ticket.tier}</td>
            <td>${agentName(ticket.agent) || html`<span class="muted">nobody</span>`}</td><${Actions} ticket=${ticket} agents=${agents} /></tr>`)}</tbody>
      </table></div>
    </section>`;
}

export function View() {
  const live = useFresh(fetchNow, WALL_EVERY_MS, [ticketsChanged.value, queue.value]);
  const day = useFresh(fetchToday, DAY_EVERY_MS);
  const { value } = live;

  if (me.value.role === 'agent')
    return html`<main class="page"><h1>Wall</h1><p class="error" role="alert">The wall is for supervisors and administrators. Your role is agent.</p></main>`;
  if (!value)
    return html`<main class="page"><h1>Wall</h1>${live.error ? html`<${Failed} error=${live.error} />` : html`<${Loading} />`}</main>`;
  const list = pressing(value.tickets, seconds.value);
  const age = seconds.value - live.at;

  return html`
    <main class="page wall" tabindex="0">
      <h1>Wall</h1>
      <p><a href=${href('screen')} target="_blank" rel="noopener">Open as a screen</a><span class="muted">: only the figures, large, in a new tab</span></p>
      ${(connection.value !== 'open' || age > STALE_MS) && html`<p class="error" role="status">These figures are ${span(Math.max(0, age))} old: the server does not answer.</p>`}
      <${Today} wall=${value.wall} day=${day.value} />
      ${!value.whole && html`<p class="muted">Of ${value.wall.open} open tickets the ${value.tickets.length} that are due first are listed.</p>`}
      <${Risk} list=${list} agents=${value.agents} />
      <div class="wall-two"><${Tiers} agents=${value.agents} />
        <section aria-label="Open tickets by topic"><h2>Open tickets</h2>
          ${value.tickets.length === 0 ? html`<p class="muted">There are none.</p>`
            : html`<${Bars} title="By topic" rows=${byTopic(value.tickets, { name: topicName }).map((bar) => ({ ...bar, href: bar.topic && href('tickets', null, { topic: bar.topic }) }))} />`}</section></div>
    </main>`;
}
