/* SPDX-License-Identifier: MIT */
// The middle pane: what it is about, who hands it on, the log, and where the agent writes.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { markRead } from '../../desk/conversation.js';
import { drafts } from '../../desk/drafts.js';
import { topicName } from '../../desk/policy.js';
import { attempt } from '../../desk/state.js';
import { CloseDialog } from '../../dialogs/close.js';
import { EscalateDialog } from '../../dialogs/escalate.js';
import { IncidentDialog } from '../../dialogs/incident.js';
import { TransferDialog } from '../../dialogs/transfer.js';
import { html } from '../../html.js';
import { useShortcuts } from '../../keys.js';
import { go, href } from '../../router.js';
import { Priority, Sla } from '../chip.js';
import { Viewers } from '../viewers.js';
import { Composer } from './composer.js';
import { Handover } from './handover.js';
import { Log } from './log.js';
import { Warnings } from './warnings.js';

const DIALOGS = { transfer: TransferDialog, escalate: EscalateDialog, close: CloseDialog, incident: IncidentDialog };

export function Conversation({ chat }) {
  const ticket = chat.ticket.value;
  const [dialog, setDialog] = useState(null); /* {name, given} */
  const [mode, setMode] = useState('reply');
  const [edited, setEdited] = useState(0);
  const [called, setCalled] = useState(0);
  const Dialog = DIALOGS[dialog?.name];
  const open = (name, given = {}) => setDialog({ name, given });
  const ended = chat.ended.value;

  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && markRead(chat);

    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [chat]);

  /* By key from anywhere on the page: the field gets the focus also where it was open already, and before
     the next key comes. */
  const write = (which) => {
    setMode(which);
    setCalled(called + 1);
  };

  useLayoutEffect(() => {
    if (called > 0)
      document.getElementById(mode === 'article' ? 'article-url' : 'message')?.focus();
  }, [called]);

  const snooze = () => attempt(() => api.patch(`/tickets/${chat.number}`, { status: 'pending' }), `Ticket #${chat.number} waits for the customer.`);

  useShortcuts({
    reply: () => write('reply'), note: () => write('note'), docs: () => write('article'),
    transfer: () => open('transfer'), escalate: () => open('escalate'), close: () => open('close'), snooze,
  });

  function edit(which, text) {
    const key = `${chat.number}:${which}`;
    const begun = drafts.get(key);

    /* What was begun meanwhile stays, below it. */
    drafts.set(key, begun ? `${text}\n\n${begun}` : text);
    setMode(which);
    setEdited(edited + 1);
  }

  function finished() {
    setDialog(null);
    go('inbox');
  }

  return html`
    <section class="conversation" aria-labelledby="subject">
      <header class="subject-bar">
        <div>
          <h2 id="subject"><a href=${href('tickets', chat.number)}>#${chat.number}</a> ${ticket.title}</h2>
          <p class="chips"><${Priority} ticket=${ticket} /> <span class="chip">Tier ${ticket.tier}</span>
            ${ticket.topic && html` <span class="chip">${topicName(ticket.topic)}</span>`} <${Sla} ticket=${ticket} /></p>
        </div>
        <div class="actions">
          ${!ticket.immediate && html`<button onClick=${() => open('incident')}>Incident</button>`}
          <button onClick=${() => open('escalate')}>Escalate</button>
          <button onClick=${() => open('transfer')}>Transfer</button>
          <button class="primary" onClick=${() => open('close')}>Close</button>
        </div>
      </header>
      <${Warnings} ticket=${ticket} onIncident=${() => open('incident')} onEscalate=${() => open('escalate')} />
      <${Handover} entries=${chat.entries.value} />
      <${Viewers} number=${chat.number} />
      <${Log} chat=${chat} onEdit=${edit} />
      ${ended
        ? html`<div class="ended"><p>The customer has ended this chat. The ticket stays yours until you close it.</p></div>`
        : null}
      <${Composer} key=${edited} chat=${chat} mode=${mode} onMode=${setMode} onDialog=${open} />
      ${Dialog && html`<${Dialog} chat=${chat} given=${dialog.given} onDone=${finished} onCancel=${() => setDialog(null)} />`}
    </section>`;
}
