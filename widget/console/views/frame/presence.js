/* SPDX-License-Identifier: MIT */
// What colleagues and the queue see of an agent: available or not, why, since when, how much room.

import { useState } from 'preact/hooks';

import { clock } from '../../../shared/time.js';
import { setPresence } from '../../desk/presence.js';
import { capacity, chats, connection, presence, presenceWhy } from '../../desk/state.js';
import { html } from '../../html.js';
import { PRESENCE } from '../../ticket/names.js';

const REASON_MAX = 60;
const MEANS = {
  available: 'New chats are offered to you.',
  busy: 'You keep your chats and get no new ones.',
  away: 'You are not at your desk. No new chats.',
  offline: 'You are done for today. No new chats.',
};
const REASONS = ['Lunch', 'Break', 'Meeting', 'Training', 'Working on a long case'];

function Form() {
  const [reason, setReason] = useState(presenceWhy.value.reason);
  const [room, setRoom] = useState('');
  const [chosen, setChosen] = useState(presence.value);
  const open = connection.value === 'open';

  async function change(state) {
    const why = state === 'available' || state === 'offline' ? '' : reason.trim();

    setChosen(state);
    if (why === '')
      setReason('');
    await setPresence(state, { reason: why, capacity: Number(room) > 0 ? Math.min(100, Number(room)) : undefined });
    setChosen(presence.value);
  }

  return html`
    <form onSubmit=${(event) => {
      event.preventDefault();
      change(presence.value);
    }}>
      <fieldset disabled=${!open}>
        <legend>Presence</legend>
        ${Object.entries(PRESENCE).map(([key, label]) => html`
          <label class="choice" key=${key}>
            <input type="radio" name="presence" value=${key} checked=${chosen === key} onChange=${() => change(key)} />
            <span class="dot ${key}" aria-hidden="true"></span>
            <span>${label}<small class="muted">${MEANS[key]}</small></span>
          </label>`)}
        <label for="presence-reason">Why, for your colleagues (optional)</label>
        <input id="presence-reason" list="presence-reasons" maxlength=${REASON_MAX} value=${reason} autocomplete="off"
          onInput=${(event) => setReason(event.target.value)} />
        <datalist id="presence-reasons">${REASONS.map((text) => html`<option value=${text} />`)}</datalist>
        <label for="presence-room">Chats at the same time</label>
        <input id="presence-room" type="number" min="1" max="100" placeholder=${capacity.value || ''} value=${room}
          onInput=${(event) => setRoom(event.target.value)} />
        <button class="primary">Save</button>
      </fieldset>
    </form>`;
}

export function Presence() {
  const [open, setOpen] = useState(false);
  const { reason, since } = presenceWhy.value;
  const label = PRESENCE[presence.value] ?? presence.value;

  return html`
    <button class="rail-item presence" popovertarget="presence">
      <span class="dot ${presence.value}" aria-hidden="true"></span>
      <span class="rail-label"><span class="unseen">Presence: </span>${label}</span>
      <span class="rail-label load">${chats.value.size}${capacity.value ? `/${capacity.value}` : ''}<span class="unseen"> chats</span></span>
    </button>
    <div id="presence" class="menu" popover="auto" onToggle=${(event) => setOpen(event.newState === 'open')}>
      ${open && html`<${Form} />`}
      ${(since > 0 || reason) && html`<p class="muted">${label}${since ? ` since ${clock(since)}` : ''}${reason && `: ${reason}`}</p>`}
    </div>`;
}
