/* SPDX-License-Identifier: MIT */
// Three panes: my chats, the conversation, who and where the visitor is.

import { plainText } from '../../shared/md_text.js';
import { html } from '../html.js';
import { visitorName } from '../names.js';
import { href, route } from '../router.js';
import { chats, presence } from '../state.js';
import { Priority, Sla } from './chip.js';
import { Context } from './context.js';
import { Conversation } from './conversation.js';

function Row({ chat }) {
  const ticket = chat.ticket.value;
  const last = chat.entries.value.findLast((entry) => entry.kind !== 'event');
  const unread = chat.unread.value;

  return html`
    <li>
      <a href=${href('inbox', chat.number)} class="chat-row" aria-current=${route.value.id === chat.number ? 'true' : undefined}>
        <span class="line"><b>${visitorName(ticket)}</b>
          ${unread > 0 && html`<span class="count">${unread}<span class="unseen"> unread</span></span>`}</span>
        <span class="subject">${ticket.title || `Ticket #${chat.number}`}</span>
        <span class="last">${chat.typing.value ? 'typing ...' : last ? plainText(last.text ?? '').slice(0, 90) : ''}</span>
        <span class="chips"><${Sla} ticket=${ticket} /><${Priority} ticket=${ticket} />
          ${chat.ended.value && html`<span class="chip">Ended</span>`}</span>
      </a>
    </li>`;
}

function Empty() {
  return presence.value === 'available'
    ? html`<p>No chats yet. You are available: the next one rings here.</p>`
    : html`<p>No chats. Set yourself to <b>Available</b> above, and the next chat rings here.</p>`;
}

export function Inbox({ id }) {
  const list = [...chats.value.values()];
  const chat = chats.value.get(id);

  return html`
    <div class="panes ${chat ? 'with-chat' : ''}">
      <section class="list" aria-labelledby="mine">
        <h1 id="mine">My chats <span class="muted">${list.length}</span></h1>
        ${list.length === 0 ? html`<div class="empty"><${Empty} /></div>`
          : html`<ul>${list.map((item) => html`<${Row} key=${item.number} chat=${item} />`)}</ul>`}
      </section>
      ${chat
        ? html`<${Conversation} key=${chat.number} chat=${chat} /><${Context} key=${`c${chat.number}`} chat=${chat} />`
        : html`<main class="empty middle">
            ${id !== null
              ? html`<p>Ticket #${id} is not one of your chats. <a href=${href('tickets', id)}>Open the ticket</a></p>`
              : list.length > 0 ? html`<p>Choose a chat on the left.</p>` : html`<p>An accepted chat opens here.</p>`}
          </main>`}
    </div>`;
}
