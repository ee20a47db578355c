/* SPDX-License-Identifier: MIT */
import { useState } from 'preact/hooks';

import { declareIncident } from '../desk/tickets.js';
import { html } from '../html.js';
import { FormDialog } from './dialog.js';
import { useReplies } from './replies.js';

export function IncidentDialog({ chat, onDone, onCancel }) {
  const [reason, setReason] = useState('');
  const replies = useReplies(chat);

  async function submit() {
    if (reason.trim() === '')
      throw new Error('Write what has happened: whoever is called reads it first.');
    await replies.first({ anyway: true });
    await declareIncident(chat.number, reason.trim().replace(/\s+/g, ' '));
    onDone();
  }

  return html`
    <${FormDialog} title="Declare an incident on #${chat.number}" action="Declare incident" danger onSubmit=${submit} onCancel=${onCancel}>
      <p>The ticket becomes critical and goes to Tier 3, the person on call is paged now, and the customer is asked for the facts.
        Use it for an outage, exposed data or a leaked credential, not for something that is only urgent.</p>
      <label for="incident-reason">What has happened</label>
      <textarea id="incident-reason" rows="4" required maxlength="480" value=${reason} onInput=${(event) => setReason(event.target.value)} />
      ${replies.line}
    </${FormDialog}>`;
}
