/* SPDX-License-Identifier: MIT */
// Chats that ring: what it is about, how long the offer stands, yes or no.

import { useState } from 'preact/hooks';

import { plainText } from '../../shared/md_text.js';
import { answerOffer } from '../desk.js';
import { html } from '../html.js';
import { PRIORITY, visitorName } from '../names.js';
import { go } from '../router.js';
import { now, offers } from '../state.js';

function Offer({ offer }) {
  const { ticket, messages = [] } = offer;
  const [busy, setBusy] = useState(false);
  const left = Math.max(0, Math.ceil((offer.expires_at - now.value) / 1000));
  const first = plainText(messages.find((entry) => entry.from?.role === 'visitor')?.text ?? '').slice(0, 240);

  async function answer(type) {
    setBusy(true);
    if (await answerOffer(ticket.number, type) && type === 'accept')
      go('inbox', ticket.number);
  }

  return html`
    <article class="offer" aria-label="Offer: ticket ${ticket.number}">
      <div class="what">
        <h2>${ticket.title || `Ticket #${ticket.number}`}</h2>
        <p class="muted">
          #${ticket.number}, ${visitorName(ticket)}, ${PRIORITY[ticket.priority]} priority, Tier ${ticket.tier}
          ${ticket.page?.title && `, on "${ticket.page.title}"`}
        </p>
        ${first && first !== ticket.title && html`<p class="quote">${first}</p>`}
      </div>
      <p class="left"><span aria-hidden="true">${left}s</span><span class="unseen">Answer within ${Math.ceil(left / 10) * 10} seconds</span></p>
      <button class="primary" disabled=${busy} onClick=${() => answer('accept')}>Accept</button>
      <button disabled=${busy} onClick=${() => answer('decline')}>Decline</button>
    </article>`;
}

export function Offers() {
  const open = [...offers.value.values()].filter((offer) => offer.expires_at > now.value);

  return html`
    <section class="offers" aria-label="Offered chats">
      <p class="unseen" role="alert">${open.map(({ ticket }) => `Chat offered: ${ticket.title || visitorName(ticket)}.`).join(' ')}</p>
      ${open.map((offer) => html`<${Offer} key=${offer.ticket.number} offer=${offer} />`)}
    </section>`;
}
