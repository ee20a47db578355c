/* SPDX-License-Identifier: MIT */
// Three panes: lists of chats, the conversation, who and where the visitor is. On narrow windows
// the right one is a drawer; on a phone one pane is shown at a time.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { isPressing, slaState } from '../../../shared/sla.js';
import { span } from '../../../shared/time.js';
import { now } from '../../clock.js';
import { api, getTickets } from '../../desk/api.js';
import { setPresence } from '../../desk/presence.js';
import { attempt, chats, connection, findChat, me, presence, queue, ticketsChanged, watched } from '../../desk/state.js';
import { takeOver, unwatch, watch } from '../../desk/tickets.js';
import { html } from '../../html.js';
import { Icon } from '../../icons.js';
import { useShortcuts } from '../../keys.js';
import { useNewest } from '../../newest.js';
import { prefs, setPref } from '../../prefs.js';
import { go, href, route } from '../../router.js';
import { PRESENCE } from '../../ticket/names.js';
import { SORTS, sortTickets } from '../../ticket/order.js';
import { Conversation } from '../conversation/conversation.js';
import { Failed, Loading } from '../lazy.js';
import { Context } from '../record/context.js';
import { TicketView } from '../record/ticket.js';
import { Separator, applyWidths } from './panes.js';
import { Rows, useRiskKeys } from './rows.js';

const LISTS = { mine: 'Mine', queue: 'Queue', watching: 'Watching' };
const REFRESH_MS = 1500;

const isLead = () => me.value.role !== 'agent';
const chosenList = () => (LISTS[route.value.query.list] ? route.value.query.list : 'mine');
const keep = () => (chosenList() === 'mine' ? {} : { list: chosenList() });

const fetchQueue = async (tier) => (await getTickets({ status: 'new,open', agent: 'none', tier, sort: 'due' })).items;

/* What waits with nobody; asked again when the numbers of the queue or a ticket change. */
function useQueue(wanted) {
  const [state, setState] = useState({ items: null });
  const last = useRef(0);
  const newest = useNewest();
  const tier = isLead() ? '' : me.value.tier;

  function load() {
    last.current = Date.now();
    newest(fetchQueue(tier), (items) => setState({ items }), (error) => setState((before) => ({ ...before, error })));
  }

  useEffect(() => {
    if (!wanted)
      return undefined;
    const timer = setTimeout(load, Math.max(0, last.current + REFRESH_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [wanted, queue.value, ticketsChanged.value]);
  return { ...state, again: load };
}

function Health() {
  const rows = queue.value.filter((row) => isLead() || row.tier === me.value.tier);

  return html`
    <ul class="health" aria-label="Queue">
      ${rows.map((row) => html`
        <li key=${row.tier} class=${row.waiting > 0 && row.agents_available === 0 ? 'alarm' : ''}>
          <b>Tier ${row.tier}:</b> ${row.waiting} waiting${row.waiting > 0 && row.oldest_wait_s > 0 ? ` (${span(row.oldest_wait_s * 1000)})` : ''},
          ${' '}${row.agents_available} available</li>`)}
    </ul>`;
}

function Tabs({ list, counts }) {
  const names = Object.keys(LISTS).filter((name) => name !== 'watching' || isLead());
  const step = (by) => () => go('inbox', route.value.id, { list: names[(names.indexOf(list) + by + names.length) % names.length] });

  useShortcuts({ tabNext: step(1), tabBefore: step(-1) });
  return html`
    <nav class="tabs" aria-label="Lists">
      ${names.map((name) => html`
        <a key=${name} href=${href('inbox', route.value.id, name === 'mine' ? {} : { list: name })} aria-current=${list === name ? 'page' : undefined}>
          ${LISTS[name]} <span class="muted">${counts[name]}</span></a>`)}
    </nav>`;
}

function Sort() {
  return html`
    <label class="sort"><span class="unseen">Sort</span>
      <select value=${prefs.value.sort} onChange=${(event) => setPref({ sort: event.target.value })}>
        ${Object.entries(SORTS).map(([key, label]) => html`<option value=${key} selected=${prefs.value.sort === key}>${label}</option>`)}
      </select></label>`;
}

function Empty({ list }) {
  const available = queue.value.find((row) => row.tier === me.value.tier)?.agents_available ?? 0;

  if (list === 'queue')
    return html`<p><b>The queue is empty.</b></p><p>${available === 0 ? 'Nobody' : available} ${available === 1 ? 'agent is' : available === 0 ? 'is' : 'agents are'} available on your tier.</p>`;
  if (list === 'watching')
    return html`<p><b>You read nothing along.</b></p><p>Open a ticket of a colleague and press "Read along".</p>`;
  return presence.value === 'available'
    ? html`<p><b>No chats yet.</b></p><p>You are available: the next one rings here.</p>`
    : html`<p><b>No chats.</b></p><p>You are ${PRESENCE[presence.value].toLowerCase()}: nothing rings.</p>
      <button class="primary" disabled=${connection.value !== 'open'} onClick=${() => setPresence('available')}>Go available</button>`;
}

function useList(list, waiting) {
  const items = new Map();
  const source = { mine: chats.value, watching: watched.value }[list];

  for (const chat of source?.values() ?? [])
    items.set(chat.number, { ticket: chat.ticket.value, chat });
  if (list === 'queue') {
    for (const ticket of waiting.items ?? [])
      items.set(ticket.number, { ticket });
  }
  return { items, wanted: sortTickets([...items.values()].map((item) => item.ticket), prefs.value.sort) };
}

function waitingCount() {
  return queue.value.filter((row) => isLead() || row.tier === me.value.tier).reduce((sum, row) => sum + row.waiting, 0);
}

function List({ wide }) {
  const list = chosenList();
  const waiting = useQueue(list === 'queue');
  const { items, wanted } = useList(list, waiting);
  const counts = { mine: chats.value.size, queue: waitingCount(), watching: watched.value.size };
  const pressing = wanted.filter((number) => isPressing(slaState(items.get(number).ticket, now.value)));
  const select = (ticket) => (watched.value.has(ticket.number) ? unwatch(ticket.number) : watch(ticket));

  useRiskKeys(pressing, (number) => ['inbox', number, keep()]);
  return html`
    <section class="list" aria-label="Chats">
      <header class="list-head">
        <${Tabs} list=${list} counts=${counts} />
        <div class="list-tools"><${Health} /><${Sort} /></div>
      </header>
      ${list === 'queue' && waiting.error && html`<${Failed} error=${waiting.error} again=${waiting.again} />`}
      ${list === 'queue' && !waiting.items && !waiting.error ? html`<${Loading} />`
        : items.size === 0 ? html`<div class="empty"><${Empty} list=${list} /></div>`
          : html`<${Rows} key=${list} items=${items} wanted=${wanted} label=${LISTS[list]} owner=${list !== 'mine'}
              link=${(number) => href('inbox', number, keep())} onSelect=${isLead() && list !== 'mine' ? select : undefined} />`}
      <${Separator} name="list" label="Width of the list" grows=${1} />
      ${wide && html`<${Separator} name="context" label="Width of the details" grows=${-1} />`}
    </section>`;
}

function PaneBar({ open, onDetails }) {
  return html`
    <nav class="pane-bar" aria-label="Panes">
      <a class="back" href=${href('inbox', null, keep())}><${Icon} name="back" />Chats</a>
      ${onDetails && html`<button class="plain" aria-expanded=${open ? 'true' : 'false'} onClick=${onDetails}>Details<${Icon} name="details" /></button>`}
    </nav>`;
}

/* The right pane: beside the conversation, or a drawer over it that Esc closes. */
function ContextPane({ chat, open, onClose }) {
  const box = useRef(null);

  useLayoutEffect(() => {
    const pane = box.current.querySelector('.context');

    pane.tabIndex = -1;
    if (open)
      pane.focus();
  }, [open]);
  return html`
    <div class="context-pane ${open ? 'open' : ''}" ref=${box} onKeyDown=${(event) => {
      if (event.key === 'Escape' && open) {
        event.stopPropagation();
        event.preventDefault();
        onClose();
      }
    }}>
      <${Context} key=${chat.number} chat=${chat} />
    </div>`;
}

/* A ticket that is not mine: read it, and what a lead may do with it. */
function Other({ id }) {
  const take = () => attempt(() => takeOver(id), `Ticket #${id} is yours.`);

  async function follow() {
    await attempt(async () => watch((await api.get(`/tickets/${id}`)).ticket), `You read #${id} along.`);
  }

  useShortcuts(isLead() ? { assign: take } : {});
  const head = (ticket) => {
    const ended = ['resolved', 'closed'].includes(ticket.status);

    return html`
      <section class="other-bar" aria-label="What you may do">
        <p>${ended ? 'This chat has ended.' : isLead() ? 'This chat is not yours.' : 'This chat is not yours. When it waits, it rings at the next agent who is free.'}</p>
        ${isLead() && !ended && html`<div class="actions">
          <button onClick=${follow}>Read along</button><button class="primary" onClick=${take}>Take over</button></div>`}
      </section>`;
  };

  return html`
    <div class="other">
      <${PaneBar} />
      <${TicketView} key=${id} id=${id} inside=${true} head=${head} />
    </div>`;
}

function Watching({ chat }) {
  return html`
    <section class="other-bar" aria-label="What you may do">
      <p>You read along. The customer does not see you until you write to them; a note is for colleagues.</p>
      <div class="actions"><button onClick=${() => unwatch(chat.number)}>Stop</button>
        <button class="primary" onClick=${() => attempt(() => takeOver(chat.number), `Ticket #${chat.number} is yours.`)}>Take over</button></div>
    </section>`;
}

function Chat({ chat }) {
  const [open, setOpen] = useState(false);
  const opener = useRef(null);

  function close() {
    setOpen(false);
    opener.current?.focus();
  }

  return html`
    <div class="middle">
      <${PaneBar} open=${open} onDetails=${(event) => {
        opener.current = event.currentTarget;
        setOpen(!open);
      }} />
      ${chat.watching && html`<${Watching} chat=${chat} />`}
      <${Conversation} key=${chat.number} chat=${chat} />
    </div>
    <${ContextPane} chat=${chat} open=${open} onClose=${close} />`;
}

function Nothing({ some }) {
  return html`<div class="empty middle">${some ? html`<p>Choose a chat on the left.</p>` : html`<p>An accepted chat opens here.</p>`}</div>`;
}

export function Inbox({ id }) {
  const panes = useRef(null);
  const chat = findChat(id);

  useLayoutEffect(() => applyWidths(panes.current), [prefs.value.list, prefs.value.context]);
  return html`
    <main class="panes ${chat ? 'with-chat' : ''} ${id !== null ? 'with-one' : ''}" ref=${panes}>
      <h1 class="unseen">Inbox</h1>
      <${List} wide=${Boolean(chat)} />
      ${chat ? html`<${Chat} key=${chat.number} chat=${chat} />`
        : id !== null ? html`<${Other} key=${id} id=${id} />` : html`<${Nothing} some=${chats.value.size > 0} />`}
    </main>`;
}
