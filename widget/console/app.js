/* SPDX-License-Identifier: MIT */
import { effect } from '@preact/signals';
import { render } from 'preact';

import { askWhoIAm } from './desk.js';
import { html } from './html.js';
import { me, offers, unreadTotal } from './state.js';
import { Login } from './views/login.js';
import { Shell } from './views/shell.js';

function App() {
  if (me.value === undefined)
    return html`<p class="loading" role="status">Loading ...</p>`;
  return me.value ? html`<${Shell} />` : html`<${Login} />`;
}

effect(() => {
  const waiting = offers.value.size + unreadTotal.value;

  document.title = `${waiting ? `(${waiting}) ` : ''}Support console`;
});
render(html`<${App} />`, document.getElementById('app'));
askWhoIAm();
