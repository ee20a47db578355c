/* SPDX-License-Identifier: MIT */
// What is promised of a ticket before it is resolved: until when, and the word that it is done, which
// can be taken back.

import { useState } from 'preact/hooks';

import { milestoneClock } from '../../../shared/sla.js';
import { now } from '../../clock.js';
import { milestoneOf } from '../../desk/policy.js';
import { notify } from '../../desk/state.js';
import { html } from '../../html.js';
import { clockText } from '../../ticket/names.js';
import { Time } from '../entry.js';
import { useChange } from './change.js';

function Milestone({ ticket, milestone, change }) {
  const { name, about } = milestoneOf(milestone.id);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const clock = milestoneClock(milestone, ticket, now.value);
  const id = `milestone-${milestone.id}`;

  async function say(fields) {
    setBusy(true);
    if (await change(fields))
      setNote('');
    setBusy(false);
  }

  return html`
    <li>
      <p><b>${name}</b>: ${clockText(clock)}${milestone.due && html`, <span class="muted">due <${Time} at=${milestone.due} /></span>`}</p>
      ${about && html`<p class="muted">${about}</p>`}
      ${milestone.done_at
        ? html`<button type="button" class="plain" disabled=${busy} onClick=${() => say({ undone: milestone.id })}>Undo<span class="unseen"> that ${name} is done</span></button>`
        : html`
          <form class="row" onSubmit=${(event) => {
            event.preventDefault();
            say({ done: milestone.id, ...(note.trim() ? { reason: note.trim() } : {}) });
          }}>
            <label class="unseen" for=${id}>What was done for ${name}</label>
            <input id=${id} value=${note} maxlength="500" placeholder="What was done" onInput=${(event) => setNote(event.target.value)} />
            <button disabled=${busy}>Mark done<span class="unseen"> for ${name}</span></button>
          </form>`}
    </li>`;
}

/** Nothing for a ticket that has none. */
export function Milestones({ ticket, onSaved }) {
  const { error, change } = useChange(ticket, onSaved);

  async function mark(fields) {
    const done = await change(fields);

    if (done) {
      notify(fields.done ? `Ticket #${ticket.number}: ${milestoneOf(fields.done).name} is done.`
        : `Ticket #${ticket.number}: ${milestoneOf(fields.undone).name} is open again.`);
    }
    return done;
  }

  if (!ticket.milestones?.length)
    return null;
  return html`
    <h2>Milestones</h2>
    <ul class="milestones">
      ${ticket.milestones.map((milestone) => html`
        <${Milestone} key=${milestone.id} ticket=${ticket} milestone=${milestone} change=${mark} />`)}
    </ul>
    <p class="error" role="alert">${error}</p>`;
}
