/* SPDX-License-Identifier: MIT */
// The fields of a ticket that agents change; only what was changed is sent.

import { useEffect, useState } from 'preact/hooks';

import { api } from '../desk.js';
import { html } from '../html.js';
import { PRIORITY, STATUS } from '../names.js';
import { notify } from '../state.js';

function shown(ticket) {
  return {
    title: ticket.title ?? '', priority: ticket.priority, status: ticket.status,
    topic: ticket.topic ?? '', tags: (ticket.tags ?? []).join(', '),
  };
}

function changedFields(form, ticket) {
  const before = shown(ticket);
  const changed = Object.entries(form).filter(([name, value]) => value !== before[name]);
  const fields = Object.fromEntries(changed);

  if ('tags' in fields)
    fields.tags = fields.tags.split(',').map((tag) => tag.trim()).filter(Boolean);
  return fields;
}

function Select({ name, label, options, form, set }) {
  return html`
    <label for="field-${name}">${label}</label>
    <select id="field-${name}" value=${form[name]} onChange=${(event) => set({ [name]: event.target.value })}>
      ${Object.entries(options).map(([key, text]) => html`<option value=${key} selected=${form[name] === key}>${text}</option>`)}
    </select>`;
}

function Text({ name, label, form, set }) {
  return html`
    <label for="field-${name}">${label}</label>
    <input id="field-${name}" value=${form[name]} onInput=${(event) => set({ [name]: event.target.value })} />`;
}

export function Fields({ ticket, onSaved }) {
  const [form, setForm] = useState(shown(ticket));
  const [error, setError] = useState('');
  const [reason, setReason] = useState('');
  const dirty = Object.keys(changedFields(form, ticket)).length > 0;
  /* What was handled as an emergency is no longer one: somebody has to say why. */
  const downgrade = Boolean(ticket.immediate) && form.priority !== ticket.priority;
  const set = (change) => setForm({ ...form, ...change });

  /* Somebody else's change shows at once, unless this form holds one of its own. */
  useEffect(() => {
    if (!dirty)
      setForm(shown(ticket));
  }, [ticket]);

  async function save(event) {
    event.preventDefault();
    setError('');
    try {
      const answer = await api.patch(`/tickets/${ticket.number}`, {
        ...changedFields(form, ticket), ...(downgrade ? { reason: reason.trim() } : {}),
      });
      const saved = answer.ticket ?? answer;
      setForm(shown(saved));
      setReason('');
      onSaved(saved);
      notify(`Ticket #${ticket.number} is saved.`);
    } catch (problem) {
      setError(problem.message);
    }
  }

  return html`
    <form class="fields" onSubmit=${save}>
      <${Text} name="title" label="Title" form=${form} set=${set} />
      <${Select} name="priority" label="Priority" options=${PRIORITY} form=${form} set=${set} />
      ${downgrade && html`
        <label for="field-reason">Why it is not an emergency</label>
        <input id="field-reason" required value=${reason} onInput=${(event) => setReason(event.target.value)} />`}
      <${Select} name="status" label="Status" options=${STATUS} form=${form} set=${set} />
      <${Text} name="topic" label="Topic" form=${form} set=${set} />
      <${Text} name="tags" label="Tags, separated by commas" form=${form} set=${set} />
      <p class="error" role="alert">${error}</p>
      <div class="row">
        <button class="primary" disabled=${!dirty}>Save</button>
        ${dirty && html`<button type="button" onClick=${() => setForm(shown(ticket))}>Undo</button>`}
      </div>
    </form>`;
}
