/* SPDX-License-Identifier: MIT */
// Asked before something that looks like a secret is sent: take it out, send it, or go on writing.

import { html } from '../html.js';
import { useModal } from './modal.js';

const words = new Intl.ListFormat('en');

/** `onChoose`: 'remove', 'keep'; null: neither. */
export function SecretsDialog({ kinds, note, onChoose }) {
  const { close, props } = useModal(() => onChoose(null));

  return html`
    <dialog class="dialog" aria-labelledby="secrets-title" aria-describedby="secrets-text" ...${props}>
      <h2 id="secrets-title">This looks like a secret</h2>
      <p id="secrets-text">Found: ${words.format(kinds)}. ${note ? 'The note stays on record, for every agent.' : 'The customer gets it, and it stays on record.'}</p>
      <div class="row end">
        <button type="button" onClick=${close}>Go on writing</button>
        <button type="button" onClick=${() => onChoose('keep')}>Send anyway</button>
        <button type="button" class="primary" autofocus onClick=${() => onChoose('remove')}>Remove it</button>
      </div>
    </dialog>`;
}
