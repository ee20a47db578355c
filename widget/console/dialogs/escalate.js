/* SPDX-License-Identifier: MIT */
import { useState } from 'preact/hooks';

import { escalate } from '../desk.js';
import { html } from '../html.js';
import { FormDialog } from './dialog.js';

export function EscalateDialog({ chat, onDone, onCancel }) {
  const { tier } = chat.ticket.value;
  const higher = [2, 3].filter((candidate) => candidate > tier);
  const [to, setTo] = useState(higher[0] ?? 3);
  const [reason, setReason] = useState('');

  async function submit() {
    if (reason.trim() === '')
      throw new Error('Write the reason: the next tier reads it first.');
    await escalate(chat.number, reason.trim().replace(/\s+/g, ' '), to);
    onDone();
  }

  return html`
    <${FormDialog} title="Escalate #${chat.number}" action="Escalate" onSubmit=${submit} onCancel=${onCancel}>
      ${higher.length === 0
        ? html`<p>This ticket is on the highest tier. Transfer it to a person instead.</p>`
        : html`
          <label for="escalate-tier">To</label>
          <select id="escalate-tier" value=${to} onChange=${(event) => setTo(Number(event.target.value))}>
            ${higher.map((candidate) => html`<option value=${candidate}>Tier ${candidate}</option>`)}
          </select>`}
      <label for="escalate-reason">Reason</label>
      <textarea id="escalate-reason" rows="4" required maxlength="480" value=${reason} onInput=${(event) => setReason(event.target.value)}
        aria-describedby="escalate-hint" />
      <p class="muted" id="escalate-hint">What is the problem, what was tried, what is needed. The customer reads only that
        their question goes up a tier; the chat stays open for them.</p>
    </${FormDialog}>`;
}
