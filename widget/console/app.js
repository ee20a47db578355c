/* SPDX-License-Identifier: MIT */
import { effect } from '@preact/signals';
import { render } from 'preact';

import { askWhoIAm } from './desk/session.js';
import { expired, me } from './desk/state.js';
import { Expired } from './dialogs/expired.js';
import { html } from './html.js';
import { listen } from './keys.js';
import { startTitle } from './page_title.js';
import { prefs, showLooks, usePrefsOf } from './prefs.js';
import { startRinging } from './ring.js';
import { route } from './router.js';
import { Login } from './views/frame/login.js';
import { Shell } from './views/frame/shell.js';
import { Lazy } from './views/lazy.js';

const screen = () => import('./views/wall/screen.js');
const firstPassword = () => import('./views/frame/first_password.js');

function App() {
  if (route.value.view === 'screen')
    return html`<${Lazy} key="screen" load=${screen} />`;
  if (me.value === undefined)
    return html`<p class="loading" role="status">Loading ...</p>`;
  if (me.value?.must_change_password && !expired.value)
    return html`<${Lazy} key="password" load=${firstPassword} />`;
  return me.value ? html`<${Shell} />${expired.value && html`<${Expired} />`}` : html`<${Login} />`;
}

effect(() => usePrefsOf(me.value ?? null));
effect(() => prefs.value && showLooks());
listen();
startRinging();
startTitle();
render(html`<${App} />`, document.getElementById('app'));
if (route.value.view !== 'screen')
  askWhoIAm();
