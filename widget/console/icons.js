/* SPDX-License-Identifier: MIT */
// Line icons, 20 px, drawn in the colour of the text beside them. Each stands next to a word.

import { html } from './html.js';

const PATHS = {
  inbox: 'M3 11h4l1.5 2.5h3L13 11h4M3 11l2.2-6h9.6L17 11v4.5H3z',
  tickets: 'M3 6h14v3a1.5 1.5 0 0 0 0 3v3H3v-3a1.5 1.5 0 0 0 0-3zM11.5 6v9',
  customers: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.6-3 3-4.5 6-4.5s5.400 1.500 6 4.500',
  wall: 'M3 4h14v10H3zM7 17h6M10 14v3M6 11V9M10 11V7M14 11V8.500',
  settings: 'M4 6h7M15 6h1M4 14h1M9 14h7M13 4v4M7 12v4',
  reports: 'M4 16V9M8.500 16V4M13 16v-5M17 16H3',
  guide: 'M4 4.500h5a1.500 1.500 0 0 1 1 .5 1.500 1.500 0 0 1 1-.5h5V15h-5.500l-.5.700-.5-.700H4zM10 5v10',
  clock: 'M10 3.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM10 6.500V10l2.500 1.500',
  late: 'M10 3 17.500 16.500h-15zM10 8v4M10 14.200v.300',
  pause: 'M7 5v10M13 5v10',
  met: 'M4.500 10.500 8.500 14.500 15.500 6',
  back: 'M12 5l-5 5 5 5',
  details: 'M3 4h14v12H3zM12 4v12',
  close: 'M5 5l10 10M15 5 5 15',
  verified: 'M10 3l5.500 2v5c0 3.500-2.500 5.700-5.500 7-3-1.300-5.500-3.500-5.500-7V5zM7.500 10l2 2 3.500-3.800',
  eye: 'M2.500 10s2.800-5 7.500-5 7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
};

export function Icon({ name, filled }) {
  return html`
    <svg class="icon ${filled ? 'filled' : ''}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d=${PATHS[name]} />
    </svg>`;
}
