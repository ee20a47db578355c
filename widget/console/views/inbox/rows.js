/* SPDX-License-Identifier: MIT */
// A list of tickets that can be worked in: its order stands still while pointer or focus is in
// it, a row opens the ticket that it shows, and of a long list only what is seen is in the page.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { plainText } from '../../../shared/md_text.js';
import { span } from '../../../shared/time.js';
import { now } from '../../clock.js';
import { topicName } from '../../desk/policy.js';
import { me } from '../../desk/state.js';
import { html } from '../../html.js';
import { Icon } from '../../icons.js';
import { useShortcuts } from '../../keys.js';
import { keysOf, keyText } from '../../keys.js';
import { prefs } from '../../prefs.js';
import { go, route } from '../../router.js';
import { CHANNEL, PRIORITY, agentName, turnText, visitorName } from '../../ticket/names.js';
import { holdOrder, visibleRange } from '../../ticket/order.js';
import { Sla } from '../chip.js';

const ROW_PX = { comfortable: 84, compact: 62 };
const WHOLE_UP_TO = 200;
const TAGS_SHOWN = 2;

function tagText(tags = []) {
  const more = tags.length - TAGS_SHOWN;

  return [...tags.slice(0, TAGS_SHOWN), more > 0 && `+${more}`].filter(Boolean).join(', ');
}

/* Who wrote the newest words, unless it was the customer. */
function author({ kind, from }) {
  if (kind === 'note')
    return 'Note: ';
  return from.role === 'agent' ? `${from.name === me.value.name ? 'You' : from.name}: ` : '';
}

function What({ ticket, chat }) {
  const last = chat?.entries.value.findLast((entry) => entry.kind !== 'event');

  if (chat?.typing.value)
    return html`<em>typing ...</em>`;
  const words = last && (plainText(last.text ?? '').slice(0, 120) || last.title || last.url);

  return words ? `${author(last)}${words}` : ticket.title || 'Without a title';
}

function Meta({ ticket, chat, gone, owner }) {
  const last = chat?.entries.value.findLast((entry) => entry.kind !== 'event' && entry.kind !== 'note');
  const parts = [
    gone && 'No longer in this list',
    chat?.ended.value && 'Ended by the customer',
    turnText(ticket, last),
    `Tier ${ticket.tier}`,
    owner && agentName(ticket.agent),
    topicName(ticket.topic), tagText(ticket.tags), ticket.channel !== 'chat' && (CHANNEL[ticket.channel] ?? ticket.channel),
  ];

  return html`
    <span class="row-meta">${numberText(ticket)} · <span class="word ${ticket.priority}">${PRIORITY[ticket.priority] ?? ticket.priority}</span>${
      parts.filter(Boolean).map((part) => ` · ${part}`).join('')}</span>`;
}

const numberText = (ticket) => `#${ticket.number} · ${span(now.value - ticket.created_at)}`;

function Row({ item, active, current, place, count, owner, gone, href, onFocus }) {
  const { ticket, chat } = item;
  const unread = chat?.unread.value ?? 0;

  return html`
    <li class="row ${gone ? 'gone' : ''}" aria-setsize=${count} aria-posinset=${place + 1} data-number=${ticket.number}>
      <a class="row-link ${unread > 0 ? 'unread' : ''}" href=${href} tabindex=${active ? 0 : -1} aria-current=${current ? 'true' : undefined} onFocus=${onFocus}>
        <span class="row-top">
          <span class="row-name">${visitorName(ticket)}</span>
          ${ticket.visitor?.verified && html`<span class="verified"><${Icon} name="verified" /><span class="unseen">verified</span></span>`}
          ${unread > 0 && html`<span class="count">${unread}<span class="unseen"> unread</span></span>`}
          ${prefs.value.density === 'compact' && html`<span class="muted">${numberText(ticket)}</span>`}
        </span>
        <span class="row-text"><${What} ticket=${ticket} chat=${chat} /></span>
        ${prefs.value.density !== 'compact' && html`<${Meta} ticket=${ticket} chat=${chat} gone=${gone} owner=${owner} />`}
      </a>
      <${Sla} ticket=${ticket} tabIndex=${active ? 0 : -1} />
    </li>`;
}

/* Rows that left the list while it stands still are shown as they were. */
function useHeld(items, wanted, held) {
  const [, redraw] = useState(0);
  const memory = useRef({ order: [], known: new Map() });
  const { current } = memory;
  const { order, updates } = holdOrder(current.order, wanted, held);

  for (const [number, item] of items)
    current.known.set(number, item);
  current.order = order;
  return {
    order, updates, known: current.known,
    apply() {
      current.order = wanted;
      redraw((n) => n + 1);
    },
  };
}

/* What is out of sight is padding; set before anything is focused or scrolled to. */
function useWindow(box, list, count) {
  const [view, setView] = useState({ scrollTop: 0, height: 800 });
  const rowHeight = ROW_PX[prefs.value.density] ?? ROW_PX.comfortable;
  const look = () => box.current && setView({ scrollTop: box.current.scrollTop, height: box.current.clientHeight });

  useEffect(() => {
    const watcher = new ResizeObserver(look);

    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const [from, to] = count > WHOLE_UP_TO ? visibleRange({ ...view, count, rowHeight }) : [0, count];

  useLayoutEffect(() => {
    list.current.style.setProperty('padding-top', `${from * rowHeight}px`);
    list.current.style.setProperty('padding-bottom', `${(count - to) * rowHeight}px`);
  }, [from, to, rowHeight, count]);
  return { from, to, rowHeight, look };
}

/* Focus by number: the row may have to be scrolled into the page first. */
function useRoving(box, order, rowHeight) {
  const [active, setActive] = useState(null);
  const wanted = useRef(null);
  const at = order.indexOf(active ?? route.value.id);

  useLayoutEffect(() => {
    if (wanted.current === null)
      return;
    const link = box.current.querySelector(`[data-number="${wanted.current}"] a`);
    if (!link)
      return;
    wanted.current = null;
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: 'nearest' });
  });

  function moveTo(place) {
    if (order.length === 0)
      return;
    const to = Math.max(0, Math.min(order.length - 1, place));
    const top = to * rowHeight;

    if (top < box.current.scrollTop || top + rowHeight > box.current.scrollTop + box.current.clientHeight)
      box.current.scrollTop = Math.max(0, top - box.current.clientHeight / 2);
    wanted.current = order[to];
    setActive(order[to]);
  }

  return { active: at < 0 ? order[0] : order[at], at, moveTo, setActive };
}

/* Below the rows, so that its coming moves none of them under the pointer. */
function Updates({ count, onApply }) {
  const keys = keysOf('update');

  return html`
    <div role="status" class="updates">${count > 0 && html`
      <button class="plain" onClick=${onApply}>${count} ${count === 1 ? 'update' : 'updates'}, press ${keys ? keyText(keys) : 'here'}</button>`}
    </div>`;
}

/** `items`: Map number -> {ticket, chat?}; `wanted`: numbers in order; `link(number)`: its address. */
export function Rows({ items, wanted, label, link, owner, onSelect }) {
  const box = useRef(null);
  const list = useRef(null);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const { order, updates, known, apply } = useHeld(items, wanted, pointed || focused);
  const { from, to, rowHeight, look } = useWindow(box, list, order.length);
  const { active, at, moveTo, setActive } = useRoving(box, order, rowHeight);

  useShortcuts({
    down: () => moveTo(focused || at < 0 ? at + 1 : at),
    up: () => moveTo(at < 0 ? 0 : at - 1),
    list: () => moveTo(Math.max(0, at)),
    update: updates > 0 && apply,
    select: onSelect && (() => active && onSelect(known.get(active).ticket)),
  });

  function key(event) {
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: order.length - 1 }[event.key];

    if (step === undefined || !event.target.matches('a'))
      return;
    event.preventDefault();
    moveTo(step);
  }

  return html`
    <div class="rows" ref=${box} onScroll=${look} onKeyDown=${key}
      onPointerEnter=${() => setPointed(true)} onPointerLeave=${() => setPointed(false)}
      onFocusIn=${() => setFocused(true)} onFocusOut=${(event) => setFocused(box.current.contains(event.relatedTarget))}>
      <ul ref=${list} aria-label=${label}>
        ${order.slice(from, to).map((number, i) => html`
          <${Row} key=${number} item=${known.get(number)} place=${from + i} count=${order.length} owner=${owner}
            active=${active === number} current=${route.value.id === number} gone=${!items.has(number)}
            href=${link(number)} onFocus=${() => setActive(number)} />`)}
      </ul>
    </div>
    <${Updates} count=${updates} onApply=${apply} />`;
}

/** Alt+Up and Alt+Down: through the chats whose targets press, in the order given. */
export function useRiskKeys(numbers, link) {
  const step = (by) => () => {
    if (numbers.length === 0)
      return;
    const at = numbers.indexOf(route.value.id);
    go(...link(numbers[(at + by + numbers.length) % numbers.length] ?? numbers[0]));
  };

  useShortcuts({ riskDown: step(1), riskUp: step(-1) });
}
