/* SPDX-License-Identifier: MIT */
// A modal form: the browser's own <dialog>, an error on top, one main button.

import { useEffect, useRef, useState } from 'preact/hooks';

import { html } from '../html.js';

export function FormDialog({ title, action, danger, onSubmit, onCancel, children }) {
  const dialog = useRef(null);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const opener = document.activeElement;

    dialog.current.showModal();
    return () => opener?.isConnected && opener.focus();
  }, []);

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
    <dialog class="dialog" ref=${dialog} aria-labelledby="dialog-title" onClose=${onCancel}>
      <form onSubmit=${submit} novalidate>
        <h2 id="dialog-title">${title}</h2>
        <p class="error" role="alert">${error}</p>
        ${children}
        <div class="row end">
          <button type="button" onClick=${() => dialog.current.close()}>Cancel</button>
          <button class=${danger ? 'danger' : 'primary'} disabled=${busy}>${action}</button>
        </div>
      </form>
    </dialog>`;
}
