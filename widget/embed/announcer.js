/* SPDX-License-Identifier: MIT */
// The only voice of the widget: two live regions in the light DOM (regions inside a shadow
// root are missed by some screen readers), slotted so that a modal panel does not mute them.

import { el } from './dom.js';

const BURST_MS = 400;
const TEXT_MAX = 500;

function region(politeness) {
  return el('div', {
    role: politeness === 'polite' ? 'status' : 'alert', 'aria-live': politeness, slot: 'live',
  });
}

export function createAnnouncer(host, root) {
  const polite = region('polite');
  const assertive = region('assertive');
  const slot = el('slot', { name: 'live' });
  let burst = [];
  let timer = 0;

  host.append(polite, assertive);
  root.append(slot);

  function speak() {
    polite.textContent = burst.join(' ').slice(0, TEXT_MAX);
    burst = [];
  }

  return {
    /** Soon, joined with what else comes within a moment. */
    say(text) {
      burst.push(text);
      clearTimeout(timer);
      timer = setTimeout(speak, BURST_MS);
    },
    /** At once: something went wrong or ended. */
    alert(text) {
      assertive.textContent = text;
    },
    /** A modal dialog makes everything outside of it inert: speak from inside. */
    moveInto: (parent) => parent.append(slot),
  };
}
