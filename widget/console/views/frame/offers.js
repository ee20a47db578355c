/* SPDX-License-Identifier: MIT */
// Chats that ring: what it is about, how long the offer stands, yes or no.

import { useState } from 'preact/hooks';

import { plainText } from '../../../shared/md_text.js';
import { seconds } from '../../clock.js';
import { answerOffer } from '../../desk/offers.js';
import { offers } from '../../desk/state.js';
import { html } from '../../html.js';
import { keysOf, keyText, useShortcuts } from '../../keys.js';
import { go } from '../../router.js';
import { visitorName } from '../../ticket/names.js';
import { Priority, Sla } from '../chip.js';
import { Handover } from '../conversation/handover.js';

async function answer(number, type) {
  if (await answerOffer(number, type) && type === 'accept')
    go('inbox', number);
}

function Key({ id }) {
  const keys = keysOf(id);

  return keys && html` <kbd aria-hidden="true">${keyText(keys)}</kbd>`;
}

function Countdown({ offer }) {
  const left = Math.max(0, Math.ceil((offer.expires_at - seconds.value) / 1000));

  return html`<p class="left"><span aria-hidden="true">${left} s</span>
    <span class="unseen">Answer within ${Math.ceil(left / 10) * 10} seconds</span></p>`;
}

function Offer({ offer, first: isFirst }) {
  const { ticket, messages = [] } = offer;
  const [busy, setBusy] = useState(false);
  const said = plainText(messages.find((entry) => entry.from?.role === 'visitor')?.text ?? '').slice(0, 240);

  async function choose(type) {
    setBusy(true);
    await answer(ticket.number, type);
    setBusy(false);
  }

  return html`
    <article class="offer" aria-label="Offer: ticket ${ticket.number}">
      <header><span class="offer-kind">Chat offered</span><${Countdown} offer=${offer} /></header>
      <h2>${ticket.title || `Ticket #${ticket.number}`}</h2>
      <${Handover} entries=${messages} folds=${false} />
      ${said && said !== ticket.title && html`<p class="quote">${said}</p>`}
      <p class="muted">#${ticket.number} · ${visitorName(ticket)}${ticket.page?.title ? ` · on "${ticket.page.title}"` : ''}</p>
      <p class="chips"><${Sla} ticket=${ticket} /><${Priority} ticket=${ticket} /><span class="chip">Tier ${ticket.tier}</span></p>
      <div class="row end">
        <button disabled=${busy} onClick=${() => choose('decline')}>Decline${isFirst && html`<${Key} id="decline" />`}</button>
        <button class="primary" disabled=${busy} onClick=${() => choose('accept')}>Accept${isFirst && html`<${Key} id="accept" />`}</button>
      </div>
    </article>`;
}

/* An offer that ran out is gone at its moment, also when word of it is late. */
function openOffers() {
  const all = [...offers.value.values()];

  return all.length === 0 ? all : all.filter((offer) => offer.expires_at > seconds.value);
}

export function Offers() {
  const open = openOffers();
  const number = open[0]?.ticket.number;

  useShortcuts(number ? { accept: () => answer(number, 'accept'), decline: () => answer(number, 'decline') } : {});
  return html`
    <section class="offers" aria-label="Offered chats">
      <p class="unseen" role="alert">${open.map(({ ticket }) => `Chat offered: ${ticket.title || visitorName(ticket)}.`).join(' ')}</p>
      ${open.map((offer, i) => html`<${Offer} key=${offer.ticket.number} offer=${offer} first=${i === 0} />`)}
    </section>`;
}
