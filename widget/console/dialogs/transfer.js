/* SPDX-License-Identifier: MIT */
import { useEffect, useState } from 'preact/hooks';

import { api, transfer } from '../desk.js';
import { html } from '../html.js';
import { PRESENCE } from '../names.js';
import { me } from '../state.js';
import { FormDialog } from './dialog.js';

/* GET /agents/online answers a list, or one list a tier. */
function flatten(answer) {
  const items = answer.items ?? answer;

  return items.flatMap((item) => item.agents?.map((agent) => ({ tier: item.tier, ...agent })) ?? [item])
    .filter((agent) => agent.id !== me.value.id);
}

function useAgents() {
  const [agents, setAgents] = useState({ state: 'loading', items: [] });

  useEffect(() => {
    api.get('/agents/online').then(
      (answer) => setAgents({ state: 'ready', items: flatten(answer) }),
      (error) => setAgents({ state: 'error', items: [], error: error.message }));
  }, []);
  return agents;
}

function agentLabel(agent) {
  const load = agent.capacity ? `, ${agent.load ?? 0}/${agent.capacity} chats` : '';

  return `${agent.name}, Tier ${agent.tier}, ${PRESENCE[agent.state] ?? agent.state ?? 'online'}${load}`;
}

export function TransferDialog({ chat, onDone, onCancel }) {
  const agents = useAgents();
  const [to, setTo] = useState(`tier:${chat.ticket.value.tier}`);
  const [note, setNote] = useState('');

  async function submit() {
    const [kind, id] = to.split(':');

    if (note.trim() === '')
      throw new Error('Write a note for whoever takes over.');
    await transfer(chat.number, { [kind]: Number(id) }, note.trim());
    onDone();
  }

  return html`
    <${FormDialog} title="Transfer #${chat.number}" action="Transfer" onSubmit=${submit} onCancel=${onCancel}>
      <label for="transfer-to">To</label>
      <select id="transfer-to" value=${to} onChange=${(event) => setTo(event.target.value)}>
        <optgroup label="The queue of a tier">
          ${[1, 2, 3].map((tier) => html`<option value=${`tier:${tier}`} selected=${to === `tier:${tier}`}>Tier ${tier}</option>`)}
        </optgroup>
        ${agents.items.length > 0 && html`<optgroup label="A person">
          ${agents.items.map((agent) => html`<option value=${`agent:${agent.id}`}>${agentLabel(agent)}</option>`)}
        </optgroup>`}
      </select>
      <p class="muted">${agents.state === 'loading' ? 'Looking who is there ...' : agents.state === 'error' ? agents.error
        : agents.items.length === 0 ? 'Nobody else is online right now.' : ''}</p>
      <label for="transfer-note">Note for the receiver</label>
      <textarea id="transfer-note" rows="4" value=${note} onInput=${(event) => setNote(event.target.value)} />
      <p class="muted">Only agents read it.</p>
    </${FormDialog}>`;
}
