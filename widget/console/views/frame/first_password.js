/* SPDX-License-Identifier: MIT */
// A password that was handed over is changed before anything else is shown: who handed it over
// knows it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { logOut } from '../../desk/session.js';
import { given, me, notify } from '../../desk/state.js';
import { html } from '../../html.js';

export function View() {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const title = useRef(null);
  const known = given.value !== '';

  useLayoutEffect(() => title.current.focus(), []);

  async function submit(event) {
    const { old, fresh, again } = event.target.elements;

    event.preventDefault();
    if (fresh.value !== again.value) {
      setError('The two passwords are not the same.');
      again.focus();
      return;
    }
    setBusy(true);
    setError('');
    try {
      await api.patch('/session', { password: known ? given.value : old.value, new_password: fresh.value });
      given.value = '';
      me.value = { ...me.value, must_change_password: false };
      notify('The password is changed.');
    } catch (problem) {
      setError(problem.message);
      setBusy(false);
    }
  }

  return html`
    <main class="login">
      <form onSubmit=${submit}>
        <h1 ref=${title} tabindex="-1">Choose a password</h1>
        <p>Welcome, ${me.value.name}. The password you have was handed over to you. Choose one that only you know.</p>
        <p class="error" role="alert">${error}</p>
        <input type="email" autocomplete="username" value=${me.value.email} hidden readonly />
        ${!known && html`<label for="old">The one you were given</label><input id="old" name="old" type="password" autocomplete="current-password" required />`}
        <label for="fresh">New password, 8 characters or more</label>
        <input id="fresh" name="fresh" type="password" autocomplete="new-password" minlength="8" maxlength="256" required />
        <label for="again">New password again</label>
        <input id="again" name="again" type="password" autocomplete="new-password" required />
        <button class="primary" disabled=${busy}>${busy ? 'Saving ...' : 'Save and go on'}</button>
        <button type="button" onClick=${logOut}>Log out</button>
      </form>
    </main>`;
}
