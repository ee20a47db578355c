/* SPDX-License-Identifier: MIT */
// A ticket was closed: for some seconds it can be taken back.

import { useEffect, useRef, useState } from 'preact/hooks';

import { seconds } from '../../clock.js';
import { closed, drop, notify } from '../../desk/state.js';
import { undoClose } from '../../desk/tickets.js';
import { html } from '../../html.js';
import { go } from '../../router.js';
import { RESOLUTION } from '../../ticket/names.js';

function Closed({ number, resolution, until }) {
  const [busy, setBusy] = useState(false);
  const button = useRef(null);

  /* The button that closed it is gone; whoever is elsewhere by now stays there. */
  useEffect(() => {
    if (document.activeElement === document.body)
      button.current.focus();
  }, []);

  async function undo() {
    setBusy(true);
    try {
      await undoClose(number);
      go('inbox', number);
    } catch (error) {
      notify(`Ticket #${number}: ${error.message}`, 'error');
      drop(closed, number);
    }
  }

  return html`
    <div class="notice undo">
      <span>Ticket #${number} is closed: ${RESOLUTION[resolution] ?? resolution}.</span>
      <button class="primary" ref=${button} disabled=${busy} onClick=${undo}>Undo<span class="unseen"> closing ticket #${number}</span></button>
      <span aria-hidden="true" class="left">${Math.max(0, Math.round((until - seconds.value) / 1000))}s</span>
    </div>`;
}

export function Undo() {
  const all = [...closed.value.values()];
  const open = all.length === 0 ? all : all.filter(({ until }) => until > seconds.value);

  return html`<div class="undos" role="status">${open.map((one) => html`<${Closed} key=${one.number} ...${one} />`)}</div>`;
}
