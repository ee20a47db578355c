/* SPDX-License-Identifier: MIT */
// Pages and other things that were named: shown as they were written, opened where they are addresses.

import { useState } from 'preact/hooks';

import { safeUrl } from '../../../shared/md.js';
import { html } from '../../html.js';
import { useChange } from './change.js';

export function Links({ ticket, onSaved }) {
  const [text, setText] = useState('');
  const { error, change } = useChange(ticket, onSaved);
  const links = ticket.links ?? [];

  async function add(event) {
    event.preventDefault();
    if (text.trim() !== '' && await change({ add_link: text.trim().replace(/\s+/g, ' ') }))
      setText('');
  }

  return html`
    <form class="links" onSubmit=${add}>
      ${links.length > 0 && html`
        <ul>${links.map((link) => html`
          <li key=${link}>
            ${safeUrl(link) ? html`<a href=${safeUrl(link)} target="_blank" rel="noopener noreferrer">${link}</a>` : link}
            <button type="button" class="plain" aria-label="Remove link ${link}" onClick=${() => change({ remove_link: link })}>Remove</button>
          </li>`)}</ul>`}
      <label for="new-link">Add a link</label>
      <div class="row">
        <input id="new-link" value=${text} maxlength="500" placeholder="Address or words" onInput=${(event) => setText(event.target.value)} />
        <button disabled=${text.trim() === ''}>Add</button>
      </div>
      <p class="error" role="alert">${error}</p>
    </form>`;
}
