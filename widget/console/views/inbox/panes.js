/* SPDX-License-Identifier: MIT */
// Panes side by side, with a line between them that pointer and arrow keys move.

import { useRef } from 'preact/hooks';

import { html } from '../../html.js';
import { prefs, setPref } from '../../prefs.js';

const STEP_PX = 16;

export const LIMITS = { list: [260, 520, 330], context: [260, 560, 320] };

export const clampWidth = (name, width) => Math.round(Math.min(LIMITS[name][1], Math.max(LIMITS[name][0], width)));

/** The line beside pane `name`. `grows` is +1 when moving right makes the pane wider. */
export function Separator({ name, label, grows }) {
  const start = useRef(null);
  const [min, max, usual] = LIMITS[name];
  const width = clampWidth(name, prefs.value[name]);
  const set = (value) => setPref({ [name]: clampWidth(name, value) });

  function key(event) {
    const rtl = getComputedStyle(event.target).direction === 'rtl' ? -1 : 1;
    const by = { ArrowRight: STEP_PX, ArrowLeft: -STEP_PX }[event.key];

    if (by)
      set(width + by * grows * rtl);
    else if (event.key === 'Home')
      set(min);
    else if (event.key === 'End')
      set(max);
    else
      return;
    event.preventDefault();
  }

  function down(event) {
    event.target.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  }

  function move(event) {
    if (start.current)
      set(start.current.width + (event.clientX - start.current.x) * grows);
  }

  return html`
    <div class="separator by-${name}" role="separator" tabindex="0" aria-orientation="vertical" aria-label=${label}
      aria-valuemin=${min} aria-valuemax=${max} aria-valuenow=${width} aria-valuetext="${width} pixels"
      onKeyDown=${key} onPointerDown=${down} onPointerMove=${move} onPointerUp=${() => {
        start.current = null;
      }} onDblClick=${() => set(usual)}></div>`;
}

/** Sets the widths on an element; styles in attributes are refused by our own policy. */
export function applyWidths(element) {
  for (const name of Object.keys(LIMITS))
    element?.style.setProperty(`--${name}-width`, `${clampWidth(name, prefs.value[name])}px`);
}
