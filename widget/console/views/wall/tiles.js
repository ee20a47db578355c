/* SPDX-License-Identifier: MIT */
// How the desk stands, as figures: on the wall of the leads and on a screen in the room.

import { span } from '../../../shared/time.js';
import { html } from '../../html.js';
import { Icon } from '../../icons.js';

const LONG_WAIT_S = 300;

export function Tile({ label, value, alarm, hint }) {
  return html`<div class="tile ${alarm ? 'alarm' : ''}"><dt>${label}</dt><dd>${alarm && html`<${Icon} name="late" />`}${value}${hint && html`<small>${hint}</small>`}</dd></div>`;
}

/** `wall` as GET /api/v1/wall says it; more tiles are the children. */
export function Tiles({ wall, children }) {
  return html`
    <dl class="tiles">
      <${Tile} label="Waiting" value=${wall.waiting} />
      <${Tile} label="Longest wait" value=${wall.waiting > 0 ? span(wall.longest_wait_s * 1000) : '–'} alarm=${wall.longest_wait_s > LONG_WAIT_S} />
      <${Tile} label="At risk" value=${wall.at_risk} />
      <${Tile} label="Breached" value=${wall.breached} alarm=${wall.breached > 0} />
      ${children}
    </dl>`;
}
