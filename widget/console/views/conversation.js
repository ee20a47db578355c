/* SPDX-License-Identifier: MIT */
// The middle pane: the log, what is on its way, and where the agent writes.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { discard, drafts, markRead, putAway, retry } from '../desk.js';
import { CloseDialog } from '../dialogs/close.js';
import { EscalateDialog } from '../dialogs/escalate.js';
import { IncidentDialog } from '../dialogs/incident.js';
import { TransferDialog } from '../dialogs/transfer.js';
import { html } from '../html.js';
import { visitorName } from '../names.js';
import { go, href } from '../router.js';
import { connection, me } from '../state.js';
import { Priority, Sla } from './chip.js';
import { Composer } from './composer.js';
import { Entry } from './entry.js';
import { Warnings } from './warnings.js';

const NEAR_END_PX = 60;
const DIALOGS = { transfer: TransferDialog, escalate: EscalateDialog, close: CloseDialog, incident: IncidentDialog };

function Outgoing({ chat, item, onEdit }) {
  const { frame } = item;
  const entry = {
    at: item.at, kind: frame.type === 'note' ? 'note' : frame.kind ?? 'text',
    from: { role: 'agent', name: me.value.name }, text: frame.text, url: frame.url,
  };

  function edit() {
    onEdit(frame.type === 'note' ? 'note' : 'reply', frame.text);
    discard(frame.id);
  }

  const failed = item.state === 'failed' && html`
    <p class="unsent">
      ${item.code === 'conflict'
        ? 'Not sent: somebody replied while you were writing. Read it above first.'
        : `Not sent: ${item.error}`}
      <button class="plain" onClick=${() => retry(chat, frame.id)}>${item.code === 'conflict' ? 'Send anyway' : 'Try again'}</button>
      <button class="plain" onClick=${edit}>Edit</button>
    </p>`;
  const waits = html`<p class="muted">${connection.value === 'open' ? 'Sending ...' : 'Waiting for connection'}</p>`;

  return html`<${Entry} entry=${entry} foot=${failed || waits} />`;
}

/* Stays at the end while the agent is there, and never pulls away who reads further up. */
function Log({ chat, onEdit }) {
  const box = useRef(null);
  const follow = useRef(true);
  const entries = chat.entries.value;
  const own = entries.findLast((entry) => entry.from.role === 'agent' && entry.kind !== 'event' && entry.kind !== 'note');
  const read = own && chat.visitorRead.value >= own.seq;
  const visitor = visitorName(chat.ticket.value);

  useLayoutEffect(() => {
    if (follow.current)
      box.current.scrollTop = box.current.scrollHeight;
  }, [entries, chat.outgoing.value, chat.typing.value]);

  function scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    follow.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  return html`
    <div class="log" role="log" aria-label="Conversation with ${visitor}" tabindex="0" ref=${box} onScroll=${scrolled}>
      <ol>
        ${entries.map((entry) => html`
          <${Entry} key=${entry.seq} entry=${entry} visitor=${visitor}
            foot=${entry === own && html`<p class="muted">${read ? 'Read' : 'Delivered'}</p>`} />`)}
        ${chat.outgoing.value.map((item) => html`<${Outgoing} key=${item.frame.id} chat=${chat} item=${item} onEdit=${onEdit} />`)}
      </ol>
      <p class="typing" aria-live="off">${chat.typing.value ? `${visitor} is typing ...` : ''}</p>
    </div>`;
}

export function Conversation({ chat }) {
  const ticket = chat.ticket.value;
  const [dialog, setDialog] = useState(null);
  const [mode, setMode] = useState('reply');
  const [edited, setEdited] = useState(0);
  const Dialog = DIALOGS[dialog];
  const ended = chat.ended.value;

  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && markRead(chat);

    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [chat]);

  function edit(which, text) {
    drafts.set(`${chat.number}:${which}`, text);
    setMode(which);
    setEdited(edited + 1);
  }

  function finished() {
    setDialog(null);
    if (dialog === 'close')
      putAway(chat);
    go('inbox');
  }

  return html`
    <main class="conversation" aria-labelledby="subject">
      <header class="subject-bar">
        <div>
          <h2 id="subject"><a href=${href('tickets', chat.number)}>#${chat.number}</a> ${ticket.title}</h2>
          <p class="chips"><${Priority} ticket=${ticket} /> <span class="chip">Tier ${ticket.tier}</span>
            ${ticket.topic && html` <span class="chip">${ticket.topic}</span>`} <${Sla} ticket=${ticket} /></p>
        </div>
        <div class="actions">
          ${!ticket.immediate && html`<button onClick=${() => setDialog('incident')}>Incident</button>`}
          <button onClick=${() => setDialog('escalate')}>Escalate</button>
          <button onClick=${() => setDialog('transfer')}>Transfer</button>
          <button class="primary" onClick=${() => setDialog('close')}>Close</button>
        </div>
      </header>
      <${Warnings} ticket=${ticket} onIncident=${() => setDialog('incident')} onEscalate=${() => setDialog('escalate')} />
      <${Log} chat=${chat} onEdit=${edit} />
      ${ended
        ? html`<div class="ended"><p>The customer has ended this chat. The ticket stays yours until you close it.</p></div>`
        : null}
      <${Composer} key=${`${mode}${edited}`} chat=${chat} mode=${mode} onMode=${setMode} />
      ${Dialog && html`<${Dialog} chat=${chat} onDone=${finished} onCancel=${() => setDialog(null)} />`}
    </main>`;
}
