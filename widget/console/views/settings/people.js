/* SPDX-License-Identifier: MIT */
// The agents of the desk, for administrators: who there is, a new one, and what is changed.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { newId } from '../../../shared/ids.js';
import { api } from '../../desk/api.js';
import { me, notify } from '../../desk/state.js';
import { FormDialog } from '../../dialogs/dialog.js';
import { html } from '../../html.js';
import { useNewest } from '../../newest.js';
import { ROLE } from '../../ticket/names.js';
import { Failed, Loading } from '../lazy.js';
import { SettingsTabs } from './settings_tabs.js';
import { TokenTable, useTokens } from './tokens.js';

const WORDS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 16;

/** A password that is told once: 16 of 31 signs that are not taken for each other. */
function oneTimePassword() {
  const signs = [];

  while (signs.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < 248 && signs.length < LENGTH)
        signs.push(WORDS[byte % WORDS.length]);
    }
  }
  return signs.join('').replace(/(.{4})(?=.)/g, '$1-');
}

function usePeople() {
  const [state, setState] = useState({});
  const newest = useNewest();
  const again = () => newest(api.get('/agents'), ({ items }) => setState({ items }), (error) => setState({ error }));

  useEffect(() => {
    again();
  }, []);
  return { ...state, again };
}

function Options({ options, value }) {
  return Object.entries(options).map(([key, text]) => html`<option value=${key} selected=${String(value) === key}>${text}</option>`);
}

const TIERS = { 1: 'Tier 1', 2: 'Tier 2', 3: 'Tier 3' };

function PersonDialog({ person, onDone, onCancel }) {
  const [form, setForm] = useState({ name: '', email: '', tier: 1, role: 'agent', ...person });
  const set = (name) => (event) => setForm({ ...form, [name]: event.target.value });
  const own = person?.id === me.value.id;

  async function submit() {
    const tier = Number(form.tier);

    if (form.name.trim() === '' || (!person && form.email.trim() === ''))
      throw new Error('A name and an email are needed.');
    if (person) {
      await api.patch(`/agents/${person.id}`, { name: form.name.trim(), tier, ...(own ? {} : { role: form.role }) });
      return onDone(`${form.name.trim()} is saved.`);
    }
    const password = oneTimePassword();
    await api.post('/agents', { name: form.name.trim(), email: form.email.trim(), tier, role: form.role, password }, newId());
    return onDone('', { name: form.name.trim(), password });
  }

  return html`
    <${FormDialog} title=${person ? `Change ${person.name}` : 'Add an agent'} action=${person ? 'Save' : 'Add'} onSubmit=${submit} onCancel=${onCancel}>
      <label for="person-name">Name, as customers read it</label>
      <input id="person-name" value=${form.name} onInput=${set('name')} required />
      ${!person && html`<label for="person-email">Email, the login</label><input id="person-email" type="email" value=${form.email} onInput=${set('email')} required />`}
      <label for="person-tier">Tier</label><select id="person-tier" value=${form.tier} onChange=${set('tier')}><${Options} options=${TIERS} value=${form.tier} /></select>
      ${!own && html`<label for="person-role">Role</label><select id="person-role" value=${form.role} onChange=${set('role')}><${Options} options=${ROLE} value=${form.role} /></select>`}
      ${person && html`<p class="muted">With another tier or role they log in again, and their chats wait 45 seconds for them.</p>`}
    </${FormDialog}>`;
}

const ASKS = {
  disable: { title: 'Disable', action: 'Disable', text: 'They are logged out at once, everywhere, and cannot log in any more. Their chats go back to the queue. What they did stays on record.', change: () => ({ disabled: true }), done: 'is disabled' },
  enable: { title: 'Enable', action: 'Enable', text: 'They can log in again, with the password that they had.', change: () => ({ disabled: false }), done: 'can log in again' },
  reset: { title: 'New password for', action: 'Make a new password', text: 'They are logged out everywhere. You are shown the new password once.', change: (password) => ({ password }), done: 'has a new password' },
  revoke: { title: 'End all logins and API tokens of', action: 'End them', text: 'They log in again, and programs that use a token of theirs stop working.', change: () => ({ revoke: true }), done: 'has no login and no token any more' },
};

function AskDialog({ kind, person, onDone, onCancel }) {
  const { title, action, text, change, done } = ASKS[kind];

  async function submit() {
    const password = oneTimePassword();

    await api.patch(`/agents/${person.id}`, change(password));
    onDone(`${person.name} ${done}.`, kind === 'reset' ? { name: person.name, password } : undefined);
  }

  return html`<${FormDialog} title="${title} ${person.name}" action=${action} danger=${kind !== 'enable'} onSubmit=${submit} onCancel=${onCancel}><p>${text}</p></${FormDialog}>`;
}

function Secret({ secret, onClose }) {
  return html`
    <section class="secret" role="status" aria-label="One-time password">
      <p>The password of <b>${secret.name}</b>, shown this once: <code>${secret.password}</code></p>
      <p class="muted">Hand it over in a safe way. The console asks for another one at the first login.</p>
      <button onClick=${() => navigator.clipboard?.writeText(secret.password).then(() => notify('Copied.'), () => notify('The browser does not allow copying.', 'error'))}>Copy</button>
      <button onClick=${onClose}>I have it</button>
    </section>`;
}

function Row({ person, ask }) {
  const own = person.id === me.value.id;
  const button = (kind, label) => html`<button onClick=${() => ask(kind, person)}>${label}<span class="unseen"> ${person.name}</span></button>`;

  return html`
    <tr class=${person.disabled ? 'off' : ''}>
      <th scope="row">${person.name}${own ? ' (you)' : ''}</th><td>${person.email}</td><td data-label="Tier">${person.tier}</td><td>${ROLE[person.role]}</td>
      <td>${person.disabled ? 'Disabled' : person.must_change_password ? 'Has to choose a password' : 'Active'}</td>
      <td class="acts">${button('change', 'Change')} ${button('tokens', 'Tokens')} ${!own && !person.disabled && html`${button('reset', 'New password')} ${button('revoke', 'End logins')} ${button('disable', 'Disable')}`}${
        !own && person.disabled && button('enable', 'Enable')}</td>
    </tr>`;
}

function TokensOf({ person, onClose }) {
  const tokens = useTokens(person.id);
  const title = useRef(null);

  useLayoutEffect(() => title.current.focus(), [person.id]);
  return html`
    <section aria-label="API tokens of ${person.name}"><h2 ref=${title} tabindex="-1">API tokens of ${person.name}</h2>
      <${TokenTable} tokens=${tokens} none="There are none." />
      <p><button onClick=${onClose}>Close</button></p></section>`;
}

export function View() {
  const { items, error, again } = usePeople();
  const [dialog, setDialog] = useState(null);
  const [secret, setSecret] = useState(null);
  const [tokensOf, setTokensOf] = useState(null);
  const ask = (kind, person) => (kind === 'tokens' ? setTokensOf(person) : setDialog({ kind, person }));

  function done(text, told) {
    setDialog(null);
    setSecret(told ?? secret);
    if (text)
      notify(text);
    again();
  }

  return html`
    <main class="page settings people">
      <h1>People</h1>
      <${SettingsTabs} />
      ${error ? html`<${Failed} error=${error} again=${again} />` : !items ? html`<${Loading} />` : html`
        <p><button class="primary" onClick=${() => ask('add')}>Add an agent</button></p>
        ${secret && html`<${Secret} secret=${secret} onClose=${() => setSecret(null)} />`}
        <div class="table stacks" tabindex="0" role="region" aria-label="Agents"><table>
          <thead><tr><th scope="col">Name</th><th scope="col">Email</th><th scope="col">Tier</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead>
          <tbody>${items.map((person) => html`<${Row} key=${person.id} person=${person} ask=${ask} />`)}</tbody>
        </table></div>`}
      ${tokensOf && html`<${TokensOf} person=${tokensOf} onClose=${() => setTokensOf(null)} />`}
      ${dialog && (ASKS[dialog.kind] ? html`<${AskDialog} ...${dialog} onDone=${done} onCancel=${() => setDialog(null)} />`
        : html`<${PersonDialog} person=${dialog.person} onDone=${done} onCancel=${() => setDialog(null)} />`)}
    </main>`;
}
