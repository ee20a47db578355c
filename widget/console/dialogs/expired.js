/* SPDX-License-Identifier: MIT */
// The session has run out: log in again where one is. What was written stays.

import { useState } from 'preact/hooks';

import { logInAgain, logOut } from '../desk/session.js';
import { me } from '../desk/state.js';
import { html } from '../html.js';
import { useModal } from './modal.js';

export function Expired() {
  const { props } = useModal();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const { email, password: word } = event.target.elements;

    setBusy(true);
    setError('');
    try {
      await logInAgain(email.value.trim(), word.value);
    } catch (problem) {
      setError(problem.status === 401 ? 'The email or the password is wrong.' : problem.message);
      setBusy(false);
      word.focus();
    }
  }

  return html`
    <dialog class="dialog" aria-labelledby="expired-title" ...${props}>
      <form onSubmit=${submit}>
        <h2 id="expired-title">Log in again</h2>
        <p>Your session has ended. What you have written is still here.</p>
        <p class="error" role="alert">${error}</p>
        <label for="again-email">Email</label>
        <input id="again-email" name="email" type="email" autocomplete="username" required defaultValue=${me.value.email ?? ''} />
        <label for="again-password">Password</label>
        <input id="again-password" name="password" type="password" autocomplete="current-password" required autofocus />
        <div class="row end">
          <button type="button" onClick=${logOut}>Log out</button>
          <button class="primary" disabled=${busy}>Log in</button>
        </div>
      </form>
    </dialog>`;
}
