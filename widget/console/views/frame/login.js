/* SPDX-License-Identifier: MIT */
import { useState } from 'preact/hooks';

import { logIn } from '../../desk/session.js';
import { given } from '../../desk/state.js';
import { html } from '../../html.js';
import { Notices } from './notices.js';

export function Login() {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const { email, password } = event.target.elements;

    setBusy(true);
    setError('');
    try {
      const agent = await logIn(email.value.trim(), password.value);

      if (agent.must_change_password)
        given.value = password.value;
    } catch (problem) {
      setError(problem.status === 401 ? 'The email or the password is wrong.' : problem.message);
      password.focus();
    } finally {
      setBusy(false);
    }
  }

  return html`
    <main class="login">
      <form onSubmit=${submit}>
        <h1>Support console</h1>
        <p class="error" role="alert">${error}</p>
        <label for="email">Email</label>
        <input id="email" name="email" type="email" autocomplete="username" required />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button class="primary" disabled=${busy}>${busy ? 'Logging in ...' : 'Log in'}</button>
      </form>
      <${Notices} />
    </main>`;
}
