/* SPDX-License-Identifier: MIT */
// What a list of tickets is narrowed by, kept in the address; and the lists an agent saved.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { forgetList, saveList, savedLists } from '../../desk/lists.js';
import { topicOptions } from '../../desk/policy.js';
import { me, notify } from '../../desk/state.js';
import { html } from '../../html.js';
import { useShortcuts } from '../../keys.js';
import { go, href, isSettled } from '../../router.js';
import { CHANNEL, PRIORITY, STATUS } from '../../ticket/names.js';

const TYPE_PAUSE_MS = 250;
const NAME_MAX = 40;
const SELECTS = [
  ['status', 'Status', { 'new,open,pending': 'Not ended', ...STATUS, 'resolved,closed': 'Ended' }],
  ['priority', 'Priority', PRIORITY],
  ['tier', 'Tier', { 1: 'Tier 1', 2: 'Tier 2', 3: 'Tier 3' }],
  ['channel', 'Channel', CHANNEL],
  ['sort', 'Sort', { newest: 'Newest first', oldest: 'Oldest first', due: 'Due first', priority: 'Priority' }, 'Newest first'],
];
const MORE = ['topic', 'tag', 'due_before', 'customer'];

/** A moment as a field for local date and time shows it, and back. */
export function localText(ms) {
  const at = new Date(Number(ms));

  return Number(ms) > 0 ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '';
}

export const momentOf = (text) => (text === '' ? '' : String(new Date(text).getTime()));

function Select({ name, label, options, any = 'Any', query, set }) {
  return html`
    <label>${label}
      <select value=${query[name] ?? ''} onChange=${(event) => set({ [name]: event.target.value })}>
        ${name !== 'sort' && html`<option value="">${any}</option>`}
        ${Object.entries(options).map(([key, text]) => html`<option value=${name === 'sort' && key === 'newest' ? '' : key} selected=${(query[name] ?? '') === key}>${text}</option>`)}
      </select>
    </label>`;
}

function Agent({ query, set }) {
  const other = query.agent && !['me', 'none'].includes(query.agent) ? query.agent : null;

  return html`
    <label>Agent
      <select value=${query.agent ?? ''} onChange=${(event) => set({ agent: event.target.value })}>
        <option value="">Any</option>
        <option value="me" selected=${query.agent === 'me'}>${me.value.name} (me)</option>
        <option value="none" selected=${query.agent === 'none'}>Nobody</option>
        ${other && html`<option value=${other} selected>Number ${other}</option>`}
      </select>
    </label>`;
}

function Saved({ query }) {
  const [name, setName] = useState('');
  const saved = savedLists.value;
  const [, text = ''] = href('tickets', null, query).split('?');
  const current = saved.find((one) => one.query === text);
  const attempt = (work) => work.catch((error) => notify(error.message, 'error'));

  function save(event) {
    event.preventDefault();
    if (name.trim() === '')
      return;
    attempt(saveList(name.trim(), text).then(() => setName('')));
  }

  return html`
    <div class="saved" role="group" aria-label="Saved lists">
      ${saved.map((one) => html`<a key=${one.id} class="chip" href=${`#/tickets?${one.query}`} aria-current=${one === current ? 'true' : undefined}>${one.name}</a>`)}
      ${current && html`<button class="plain" onClick=${() => attempt(forgetList(current.id))}>Delete the list "${current.name}"</button>`}
      ${!current && Object.keys(query).length > 0 && html`
        <form onSubmit=${save}><label><span class="unseen">Name of this list</span>
          <input maxlength=${NAME_MAX} value=${name} placeholder="Name of this list" onInput=${(event) => setName(event.target.value)} /></label>
          <button>Save list</button></form>`}
    </div>`;
}

/* Follows the address, unless somebody is writing in it. */
function Typed({ label, value = '', field: given, onType, ...rest }) {
  const own = useRef(null);
  const field = given ?? own;

  useLayoutEffect(() => {
    if (document.activeElement !== field.current)
      field.current.value = value;
  }, [value]);
  return html`<label>${label} <input ref=${field} defaultValue=${value} onInput=${(event) => onType(event.target.value)} ...${rest} /></label>`;
}

export function Filters({ query }) {
  const timer = useRef(0);
  const field = useRef(null);
  const waiting = useRef({}); /* what was typed since, in any of the fields */
  const set = (change) => {
    const all = { ...query, ...waiting.current, ...change };

    clearTimeout(timer.current);
    waiting.current = {};
    go('tickets', null, all);
  };
  const latest = useRef(set);
  const typed = (change) => {
    Object.assign(waiting.current, change);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => isSettled() && latest.current({}), TYPE_PAUSE_MS);
  };

  latest.current = set;

  useShortcuts({ search: () => field.current.focus() });
  /* Whoever has opened a ticket by then is not called back to the list. */
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`
    <form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
      <${Typed} label="Search" type="search" field=${field} value=${query.q} placeholder="Words from the conversation" onType=${(q) => typed({ q })} />
      ${SELECTS.map(([name, label, options]) => html`<${Select} key=${name} name=${name} label=${label} options=${options} query=${query} set=${set} />`)}
      <${Agent} query=${query} set=${set} />
      <details open=${MORE.some((name) => query[name])}><summary>More</summary><div class="more">
        <${Select} name="topic" label="Topic" options=${topicOptions(query.topic)} query=${query} set=${set} />
        <${Typed} label="Tag" value=${query.tag} onType=${(tag) => typed({ tag: tag.trim() })} />
        <label>Due before <input type="datetime-local" value=${localText(query.due_before)} onChange=${(event) => set({ due_before: momentOf(event.target.value) })} /></label>
      </div></details>
      ${Object.keys(query).length > 0 && html`<a class="clear" href=${href('tickets')}>Clear</a>`}
    </form>
    <${Saved} query=${query} />`;
}
