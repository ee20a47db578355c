/* SPDX-License-Identifier: MIT */
// The fields of a ticket that agents change; only what was changed is sent.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { topicOptions } from '../../desk/policy.js';
import { notify } from '../../desk/state.js';
import { html } from '../../html.js';
import { PRIORITY, STATUS } from '../../ticket/names.js';

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

/* `after`, but for what was changed in the form since it showed `before`. */
function rebased(form, before, after) {
  return { ...after, ...Object.fromEntries(Object.entries(form).filter(([name, value]) => value !== before[name])) };
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
  const begun = useRef(ticket); /* what the form shows where it was not changed */
  /* What was handled as an emergency is no longer one: somebody has to say why. */
  const downgrade = Boolean(ticket.immediate) && form.priority !== ticket.priority;
  const set = (change) => setForm({ ...form, ...change });

  /* Somebody else's change shows at once, but for fields that were changed here and are not saved. */
  useLayoutEffect(() => {
    const { current } = begun;

    begun.current = ticket;
    setForm((now) => (current.number === ticket.number ? rebased(now, shown(current), shown(ticket)) : shown(ticket)));
  }, [ticket]);

  async function save(event) {
    event.preventDefault();
    setError('');
    try {
      const answer = await api.patch(`/tickets/${ticket.number}`, {
        ...changedFields(form, ticket), ...(downgrade ? { reason: reason.trim() } : {}),
      });
      const saved = answer.ticket ?? answer;

      begun.current = saved;
      setForm((now) => rebased(now, form, shown(saved))); /* what was typed meanwhile stays */
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
      <${Select} name="topic" label="Topic" options=${topicOptions(ticket.topic ?? '')} form=${form} set=${set} />
      <${Text} name="tags" label="Tags, separated by commas" form=${form} set=${set} />
      <p class="error" role="alert">${error}</p>
      <div class="row">
        <button class="primary" disabled=${!dirty}>Save</button>
        ${dirty && html`<button type="button" onClick=${() => setForm(shown(ticket))}>Undo</button>`}
      </div>
    </form>`;
}
