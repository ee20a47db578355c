/* SPDX-License-Identifier: MIT */
import { useEffect, useState } from 'preact/hooks';

import { api, escalate } from '../desk.js';
import { html } from '../html.js';
import { FormDialog } from './dialog.js';

/* What the policy says a tier is for; without it the dialog works all the same. */
function useTiers() {
  const [tiers, setTiers] = useState([]);

  useEffect(() => {
    api.get('/policy').then((policy) => setTiers(policy.tiers ?? []), () => {});
  }, []);
  return tiers;
}

export function EscalateDialog({ chat, onDone, onCancel }) {
  const { tier, needed_tier: needed } = chat.ticket.value;
  const tiers = useTiers();
  const higher = [2, 3].filter((candidate) => candidate > tier);
  const [to, setTo] = useState(higher.includes(needed) ? needed : higher[0] ?? 3);
  const [reason, setReason] = useState('');

  const target = tiers.find((candidate) => candidate.tier === to);

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
            ${higher.map((candidate) => html`<option value=${candidate} selected=${to === candidate}>Tier ${candidate}${
              tiers.find((row) => row.tier === candidate)?.name ? `, ${tiers.find((row) => row.tier === candidate).name}` : ''}</option>`)}
          </select>`}
      ${target?.criteria?.length > 0 && html`
        <p id="escalate-criteria">A ticket goes there when:</p>
        <ul aria-labelledby="escalate-criteria">${target.criteria.map((line) => html`<li>${line}</li>`)}</ul>`}
      <label for="escalate-reason">Reason</label>
      <textarea id="escalate-reason" rows="4" required maxlength="480" value=${reason} onInput=${(event) => setReason(event.target.value)}
        aria-describedby="escalate-hint" />
      <p class="muted" id="escalate-hint">What is the problem, what was tried, what is needed. The customer reads only that
        their question goes up a tier; the chat stays open for them.</p>
    </${FormDialog}>`;
}
