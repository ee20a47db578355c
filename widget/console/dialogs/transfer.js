/* SPDX-License-Identifier: MIT */
// To another tier's queue or to a person, with what they have to know.

import { useState } from 'preact/hooks';

import { useOnline } from '../desk/online.js';
import { tierName } from '../desk/policy.js';
import { me } from '../desk/state.js';
import { transfer } from '../desk/tickets.js';
import { html } from '../html.js';
import { saysSomething } from '../ticket/handover.js';
import { PRESENCE } from '../ticket/names.js';
import { FormDialog } from './dialog.js';
import { loadText, SlaEffect, Summary, VisitorReads } from './parts.js';
import { useReplies, useSummary } from './replies.js';

const isFull = (agent) => agent.capacity > 0 && (agent.load ?? 0) >= agent.capacity;

function agentLabel(agent) {
  const load = agent.capacity ? `, ${agent.load ?? 0} of ${agent.capacity} chats${isFull(agent) ? ', full' : ''}` : '';

  return `${agent.name}, Tier ${agent.tier}, ${PRESENCE[agent.state] ?? agent.state ?? 'online'}${load}`;
}

export function TransferDialog({ chat, given = {}, onDone, onCancel }) {
  const ticket = chat.ticket.value;
  const online = useOnline();
  const people = online.items.filter((agent) => agent.id !== me.value.id);
  const [to, setTo] = useState(`tier:${ticket.tier}`);
  const note = useSummary(chat, given.note);
  const replies = useReplies(chat);
  const [kind, id] = to.split(':');
  const person = kind === 'agent' ? people.find((agent) => agent.id === Number(id)) : null;
  const tier = person?.tier ?? (kind === 'tier' ? Number(id) : ticket.tier);

  async function submit() {
    if (!saysSomething(note.now()))
      throw new Error('Write a note for whoever takes over.');
    await replies.first();
    await transfer(chat.number, { [kind]: Number(id) }, note.now().trim());
    onDone();
  }

  return html`
    <${FormDialog} title="Transfer #${chat.number}" action="Transfer" wide onSubmit=${submit} onCancel=${onCancel}>
      <label for="transfer-to">To</label>
      <select id="transfer-to" value=${to} onChange=${(event) => setTo(event.target.value)}>
        <optgroup label="The queue of a tier">
          ${[1, 2, 3].map((row) => html`<option value=${`tier:${row}`} selected=${to === `tier:${row}`}>${tierName(row)} (${loadText(online, row)})</option>`)}
        </optgroup>
        ${people.length > 0 && html`<optgroup label="A person">
          ${people.map((agent) => html`<option key=${agent.id} value=${`agent:${agent.id}`} selected=${to === `agent:${agent.id}`} disabled=${isFull(agent)}>${agentLabel(agent)}</option>`)}
        </optgroup>`}
      </select>
      ${online.state === 'ready' && people.length === 0 && html`<p class="muted">Nobody else is online right now.</p>`}
      <${Summary} value=${note.value} onInput=${note.set} label="Note for the receiver" />
      <${SlaEffect} ticket=${ticket} tier=${tier} />
      <${VisitorReads} event="event.transferred" values=${{ tier }} />
      ${replies.line}
    </${FormDialog}>`;
}
