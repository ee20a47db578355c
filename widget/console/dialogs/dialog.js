/* SPDX-License-Identifier: MIT */
// A modal form: the browser's own <dialog>, an error on top, one main button.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { html } from '../html.js';
import { useModal } from './modal.js';

export function FormDialog({ title, action, danger, wide, onSubmit, onCancel, children }) {
  const { close, props } = useModal(onCancel);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const told = useRef(null);

  useLayoutEffect(() => {
    if (error)
      told.current.scrollIntoView({ block: 'nearest' });
  }, [error]);

  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      await onSubmit();
    } catch (problem) {
      setError(problem.message);
      setBusy(false);
    }
  }

  return html`
    <dialog class="dialog ${wide ? 'wide' : ''}" aria-labelledby="dialog-title" ...${props}>
      <form onSubmit=${submit} novalidate>
        <h2 id="dialog-title">${title}</h2>
        <p class="error" role="alert" ref=${told}>${error}</p>
        ${children}
        <div class="row end">
          <button type="button" onClick=${close}>Cancel</button>
          <button class=${danger ? 'danger' : 'primary'} disabled=${busy}>${action}</button>
        </div>
      </form>
    </dialog>`;
}
