/* SPDX-License-Identifier: MIT */
// Up a tier: which criterion holds, what the next one has to know, and what it means.

import { useState } from 'preact/hooks';

import { useOnline } from '../desk/online.js';
import { policy, tierName } from '../desk/policy.js';
import { declareIncident, escalate } from '../desk/tickets.js';
import { html } from '../html.js';
import { reasonFrom, saysSomething } from '../ticket/handover.js';
import { FormDialog } from './dialog.js';
import { loadText, SlaEffect, Summary, VisitorReads } from './parts.js';
import { useReplies, useSummary } from './replies.js';

function Criteria({ criteria, ticked, onTick }) {
  return html`
    <fieldset aria-describedby="criteria-hint">
      <legend>Why there</legend>
      <p class="muted" id="criteria-hint">Tick what holds, at least one.</p>
      ${criteria.map((line) => html`
        <label class="choice" key=${line}>
          <input type="checkbox" checked=${ticked.includes(line)}
            onChange=${(event) => onTick(event.target.checked ? [...ticked, line] : ticked.filter((other) => other !== line))} />
          ${line}
        </label>`)}
    </fieldset>`;
}

export function EscalateDialog({ chat, given = {}, onDone, onCancel }) {
  const ticket = chat.ticket.value;
  const { tier, needed_tier: needed } = ticket;
  const online = useOnline();
  const higher = [2, 3].filter((candidate) => candidate > tier);
  const [to, setTo] = useState(higher.includes(needed) ? needed : higher[0] ?? 3);
  const [ticked, setTicked] = useState([]);
  const [words, setWords] = useState(given.reason ?? '');
  const [immediate, setImmediate] = useState(false);
  const summary = useSummary(chat);
  const replies = useReplies(chat);
  const criteria = policy.value?.tiers?.find((row) => row.tier === to)?.criteria ?? [];
  const target = immediate ? 3 : to;

  async function submit() {
    const reason = reasonFrom(criteria.filter((line) => ticked.includes(line)), words);

    if (!immediate && criteria.length > 0 && ticked.length === 0)
      throw new Error('Tick at least one criterion. If none holds, it is not for that tier.');
    if (immediate && words.trim() === '')
      throw new Error('Write what has happened: whoever is called reads it first.');
    if (reason === '')
      throw new Error('Write the reason: the next tier reads it first.');
    if (!saysSomething(summary.now()))
      throw new Error('Write the summary: the problem, what was tried, and where.');
    await replies.first({ anyway: immediate });
    if (immediate)
      await declareIncident(chat.number, reasonFrom([], words));
    else
      await escalate(chat.number, reason, to, summary.now().trim());
    onDone();
  }

  if (higher.length === 0) {
    return html`
      <${FormDialog} title="Escalate #${chat.number}" action="Close" onSubmit=${onCancel} onCancel=${onCancel}>
        <p>This ticket is on the highest tier. Transfer it to a person instead.</p>
      </${FormDialog}>`;
  }
  return html`
    <${FormDialog} title="Escalate #${chat.number}" action=${immediate ? 'Declare incident' : 'Escalate'} danger=${immediate} wide onSubmit=${submit} onCancel=${onCancel}>
      <label class="choice immediate">
        <input type="checkbox" checked=${immediate} onChange=${(event) => setImmediate(event.target.checked)} />
        This is an outage or a security incident
      </label>
      ${immediate
        ? html`<p class="muted">It becomes critical, goes to Tier 3, and the person on call is paged now.</p>`
        : html`
          <label for="escalate-tier">To</label>
          <select id="escalate-tier" value=${to} onChange=${(event) => { setTo(Number(event.target.value)); setTicked([]); }}>
            ${higher.map((candidate) => html`<option value=${candidate} selected=${to === candidate}>${tierName(candidate)} (${loadText(online, candidate)})</option>`)}
          </select>
          ${criteria.length > 0 && html`<${Criteria} criteria=${criteria} ticked=${ticked} onTick=${setTicked} />`}`}
      <label for="escalate-reason">${immediate ? 'What has happened' : 'Reason in your words'}${!immediate && criteria.length > 0 && html` <span class="muted">(optional)</span>`}</label>
      <input id="escalate-reason" maxlength="300" value=${words} onInput=${(event) => setWords(event.target.value)} />
      ${!immediate && html`<${Summary} value=${summary.value} onInput=${summary.set} />`}
      <${SlaEffect} ticket=${immediate ? { ...ticket, priority: 'critical' } : ticket} tier=${target} />
      <${VisitorReads} event=${immediate ? 'event.incident' : 'event.escalated'} values=${{ tier: target }} />
      ${replies.line}
    </${FormDialog}>`;
}
