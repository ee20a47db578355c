/* SPDX-License-Identifier: MIT */
// What a command answers, above the composer. Only the agent sees it.

import { html } from '../../html.js';
import { COMMANDS } from '../../writing/slash.js';

function Help() {
  return html`
    <dl class="commands">
      ${COMMANDS.map(({ name, args, help }) => html`
        <dt><code>/${name}</code>${args && html` <span class="muted">${args}</span>`}</dt><dd>${help}</dd>`)}
    </dl>
    <p class="muted">A path like <code>/usr/bin/env</code> is sent as it stands; two slashes (<code>//etc</code>) send one.</p>`;
}

/** output: {title, lines, help, send}; send: puts the message out as text after all. */
export function SlashOutput({ output, onClose }) {
  return html`
    <div role="status" class="slash-status">
      ${output && html`
        <section class="slash-output ${output.kind ?? ''}" aria-label="Answer to the command">
          <div class="line">
            <b>${output.title}</b>
            <button type="button" class="plain" onClick=${onClose}>Hide</button>
          </div>
          ${output.lines?.length > 0 && html`<ul>${output.lines.map((line) => html`<li>${line}</li>`)}</ul>`}
          ${output.help && html`<${Help} />`}
          ${output.send && html`<p><button type="button" onClick=${output.send}>Send it as a message</button></p>`}
        </section>`}
    </div>`;
}
