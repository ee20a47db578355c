/* SPDX-License-Identifier: MIT */
// A row of tabs with one panel: arrows move, the panel follows.

import { useState } from 'preact/hooks';

import { html } from '../html.js';

/** tabs: {key: [label, () => content]}; only the open one is made. */
export function Tabs({ label, tabs, id }) {
  const names = Object.keys(tabs);
  const [open, setOpen] = useState(names[0]);

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -names.indexOf(open), End: names.length - 1 - names.indexOf(open) }[event.key];

    if (step === undefined)
      return;
    event.preventDefault();
    const next = names[(names.indexOf(open) + step + names.length) % names.length];
    setOpen(next);
    event.currentTarget.querySelector(`#${id}-${next}`).focus();
  }

  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${move}>
      ${names.map((name) => html`
        <button type="button" role="tab" key=${name} id=${`${id}-${name}`} aria-selected=${open === name ? 'true' : 'false'}
          aria-controls=${`${id}-panel`} tabindex=${open === name ? 0 : -1} onClick=${() => setOpen(name)}>${tabs[name][0]}</button>`)}
    </div>
    <div role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${open}`} tabindex="0" key=${open}>${tabs[open][1]()}</div>`;
}
