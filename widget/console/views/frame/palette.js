/* SPDX-License-Identifier: MIT */
// Two dialogs of the keyboard: the palette, and the list of shortcuts.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { useModal } from '../../dialogs/modal.js';
import { html } from '../../html.js';
import { SHORTCUTS, keyText, keysOf, useShortcuts } from '../../keys.js';
import { findCommands, findEntries } from '../../palette.js';
import { prefs } from '../../prefs.js';
import { href } from '../../router.js';

const PAUSE_MS = 150;
const SHOWN_MAX = 40;

/* A click on what lies around a dialog is one on the dialog itself. */
const beside = (close) => (event) => event.target === event.currentTarget && close();

function useEntries(words) {
  const [entries, setEntries] = useState([]);

  /* Commands at once: whoever types and presses Enter means what is written. */
  useLayoutEffect(() => {
    let alive = true;
    const show = (list) => alive && setEntries(list.slice(0, SHOWN_MAX));
    const timer = setTimeout(() => findEntries(words).then(show), words === '' ? 0 : PAUSE_MS);

    show(findCommands(words));

    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [words]);
  return entries;
}

function Find({ onClose }) {
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries(words);
  const list = useRef(null);
  const here = Math.min(at, entries.length - 1);
  const { close, props } = useModal(onClose);

  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [here, entries]);

  /* With the end of the dialog, when it has given the focus back: what acts may take it, and the key that
     comes next is for that. */
  const chosen = useRef(null);

  useLayoutEffect(() => () => chosen.current?.act(), []);

  function choose(entry) {
    chosen.current = entry;
    close();
  }

  function key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];

    if (event.isComposing)
      return;
    if (step) {
      event.preventDefault();
      setAt((here + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(entries[here]);
    }
  }

  return html`
    <dialog class="palette" aria-label="Commands" ...${props} onClick=${beside(close)}>
      <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Command, ticket number or words"
        aria-activedescendant=${here >= 0 ? `palette-${here}` : undefined} autocomplete="off" placeholder="Command, ticket number or words" value=${words}
        onInput=${(event) => {
          setWords(event.target.value);
          setAt(0);
        }} onKeyDown=${key} />
      <ul id="palette-list" role="listbox" aria-label="Found" ref=${list}>
        ${entries.map((entry, i) => html`
          <li id="palette-${i}" role="option" aria-selected=${i === here ? 'true' : 'false'} onClick=${() => choose(entry)} onPointerMove=${() => setAt(i)}>
            <span class="muted">${entry.group}</span><span class="what">${entry.label}</span>${entry.hint && html`<kbd>${entry.hint}</kbd>`}
          </li>`)}
      </ul>
      <p class="muted" role="status">${entries.length === 0 ? 'Nothing fits.' : ''}<span class="unseen">${entries.length > 0 ? `${entries.length} found` : ''}</span></p>
    </dialog>`;
}

function Help({ onClose }) {
  const { close, props } = useModal(onClose);
  const groups = [...new Set(SHORTCUTS.map(({ group }) => group))];

  return html`
    <dialog class="help" aria-labelledby="help-title" ...${props} onClick=${beside(close)}>
      <header><h2 id="help-title">Shortcuts</h2><button onClick=${close}>Close</button></header>
      ${!prefs.value.shortcuts && html`<p class="error">Keys without Ctrl, Cmd or Alt are turned off.</p>`}
      <div class="help-groups">
        ${groups.map((group) => html`
          <section key=${group}><h3>${group}</h3>
            <dl>${SHORTCUTS.filter((one) => one.group === group).map(({ id, label }) => html`
              <div key=${id}><dt>${label}</dt><dd><kbd>${keyText(keysOf(id))}</kbd></dd></div>`)}</dl>
          </section>`)}
      </div>
      <p class="muted">They do nothing while you type. Turn them off or change them in the <a href=${href('settings')} onClick=${close}>settings</a>.</p>
    </dialog>`;
}

export function Palette() {
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);

  useShortcuts({ palette: () => setOpen('find'), help: () => setOpen('help') });
  if (open === 'find')
    return html`<${Find} onClose=${close} />`;
  return open === 'help' ? html`<${Help} onClose=${close} />` : null;
}
