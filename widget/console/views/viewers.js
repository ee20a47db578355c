/* SPDX-License-Identifier: MIT */
// Colleagues on the same ticket: who looks, who writes.

import { useEffect } from 'preact/hooks';

import { showTicket } from '../desk/viewing.js';
import { viewers } from '../desk/viewing.js';
import { html } from '../html.js';

const initials = (name) => name.split(/\s+/).map((word) => word[0]).join('').slice(0, 2).toUpperCase();

/** Tells the others that this ticket is on the screen, and shows them. */
export function Viewers({ number }) {
  const list = viewers.value.get(number) ?? [];
  const writing = list.filter(({ typing }) => typing).map(({ name }) => name);
  const looking = list.filter(({ typing }) => !typing).map(({ name }) => name);

  useEffect(() => {
    showTicket(number);
    return () => showTicket(0);
  }, [number]);

  return html`
    <p class="viewers ${writing.length > 0 ? 'writing' : ''}" role="status">
      ${list.map(({ id, name }) => html`<span class="face" aria-hidden="true" key=${id}>${initials(name)}</span>`)}
      ${writing.length > 0 && html`<b>${writing.join(', ')} ${writing.length === 1 ? 'is' : 'are'} writing here.</b> `}
      ${looking.length > 0 && `Also here: ${looking.join(', ')}`}
    </p>`;
}
