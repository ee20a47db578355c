/* SPDX-License-Identifier: MIT */
// Bars as SVG with the same numbers as a table. Lengths are attributes: styles are not needed.

import { html } from './html.js';

const ROW = 26;
const LABEL = 196;
const LABEL_CHARS = 27;
const WIDTH = 526;
const END = 40;

/** `rows`: [{label, value, href?}]. */
export function Bars({ title, rows, unit = '' }) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const length = (value) => Math.round((WIDTH - LABEL - END) * value / most);

  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      <svg viewBox="0 0 ${WIDTH} ${Math.max(1, rows.length) * ROW}" role="img" aria-label="${title}: ${rows.map(({ label, value }) => `${label} ${value}`).join(', ')}">
        ${rows.map(({ label, value }, i) => html`
          <g key=${label}>
            <text x=${LABEL - 8} y=${i * ROW + 17} text-anchor="end">${label.length > LABEL_CHARS ? `${label.slice(0, LABEL_CHARS - 1)}…` : label}</text>
            <rect x=${LABEL} y=${i * ROW + 4} width=${Math.max(2, length(value))} height=${ROW - 9} rx="2" />
            <text x=${LABEL + length(value) + 8} y=${i * ROW + 17} class="value">${value}${unit}</text>
          </g>`)}
      </svg>
      <details><summary>As a table</summary>
        <table><thead><tr><th scope="col">What</th><th scope="col">How many</th></tr></thead>
          <tbody>${rows.map(({ label, value, href }) => html`<tr key=${label}><th scope="row">${href ? html`<a href=${href}>${label}</a>` : label}</th><td>${value}${unit}</td></tr>`)}</tbody></table>
      </details>
    </figure>`;
}
