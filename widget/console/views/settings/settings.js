/* SPDX-License-Identifier: MIT */
// What an agent chooses: looks, sounds, keys, the password, API tokens. And the way to the desk's own pages.

import { useState } from 'preact/hooks';

import { api } from '../../desk/api.js';
import { notify } from '../../desk/state.js';
import { html } from '../../html.js';
import { FIXED, SHORTCUTS, clash, keyText, keysOf, strokeOf } from '../../keys.js';
import { prefs, setPref } from '../../prefs.js';
import { askForNotices } from '../../ring.js';
import { sound } from '../../sound.js';
import { SettingsTabs } from './settings_tabs.js';
import { ScreenLink, TokenTable, useTokens } from './tokens.js';

const SEQUENCE_MS = 1200;

function Choice({ name, label, options }) {
  return html`
    <label class="setting">${label}
      <select value=${prefs.value[name]} onChange=${(event) => setPref({ [name]: event.target.value })}>
        ${Object.entries(options).map(([key, text]) => html`<option value=${key} selected=${prefs.value[name] === key}>${text}</option>`)}
      </select></label>`;
}

function Switch({ name, label, hint }) {
  return html`
    <label class="setting check"><input type="checkbox" checked=${prefs.value[name]} onChange=${(event) => setPref({ [name]: event.target.checked })} />
      <span>${label}${hint && html`<small class="muted">${hint}</small>`}</span></label>`;
}

async function turnOnNotices(event) {
  const on = event.target.checked;
  const answer = on ? await askForNotices() : 'off';

  setPref({ notify: answer === 'granted' });
  event.target.checked = answer === 'granted';
  if (on && answer !== 'granted')
    notify('The browser does not allow notifications for this site. Its address bar says how to change that.', 'error');
}

function Rings() {
  return html`
    <section><h2>Sounds and notifications</h2>
      <${Switch} name="sounds" label="Sounds" hint="Only while you are available, and in one tab of this browser." />
      <label class="setting check"><input type="checkbox" checked=${prefs.value.notify} onChange=${turnOnNotices} />
        <span>Desktop notifications for offered chats<small class="muted">While the console is in the background. They show the number, not the text.</small></span></label>
      <p><button onClick=${() => sound('offer', { always: true }) || notify('Sounds are off, or another tab has them.')}>Play the ring</button></p>
    </section>`;
}

/* Listens for the keys themselves: a stroke, or two of them one after the other. */
function KeyInput({ id, label }) {
  const [strokes, setStrokes] = useState(null);
  const [error, setError] = useState('');

  function save(keys) {
    const other = clash(id, keys);

    setStrokes(null);
    if (other)
      return setError(`"${other.label}" has ${keyText(keysOf(other.id))}.`);
    setError('');
    setPref({ keys: { ...prefs.value.keys, [id]: keys } });
  }

  function key(event) {
    const stroke = strokeOf(event);

    if (strokes === null || !stroke || event.key === 'Tab')
      return;
    event.preventDefault();
    event.stopPropagation();
    if (stroke === 'Escape')
      return setStrokes(null);
    const all = [...strokes.list, stroke];
    clearTimeout(strokes.timer);
    setStrokes({ list: all, timer: setTimeout(() => save(all.join(' ')), all.length === 2 ? 0 : SEQUENCE_MS) });
  }

  return html`
    <td><button class="key-input" aria-label="Keys of ${label}: ${keyText(keysOf(id))}" onClick=${() => setStrokes({ list: [], timer: 0 })} onKeyDown=${key}
      onBlur=${() => strokes?.list.length === 0 && setStrokes(null)}>${strokes ? keyText(strokes.list.join(' ')).replace(/^off$/, 'Press the keys') : html`<kbd>${keyText(keysOf(id))}</kbd>`}</button>
      <span class="error" role="alert">${error}</span></td>`;
}

function KeyRow({ shortcut: { id, label, keys } }) {
  const own = prefs.value.keys[id];

  if (FIXED.has(id))
    return html`<tr><th scope="row">${label}</th><td><kbd>${keyText(keys)}</kbd></td><td></td></tr>`;
  return html`
    <tr><th scope="row">${label}</th><${KeyInput} id=${id} label=${label} />
      <td>${keysOf(id) !== '' && html`<button class="plain" aria-label="Turn off: ${label}" onClick=${() => setPref({ keys: { ...prefs.value.keys, [id]: '' } })}>Off</button>`}
        ${own !== undefined && html`<button class="plain" aria-label="Reset: ${label}" onClick=${() => {
          const { [id]: _, ...rest } = prefs.value.keys;
          setPref({ keys: rest });
        }}>Reset</button>`}</td></tr>`;
}

function Shortcuts() {
  return html`
    <section><h2>Shortcuts</h2>
      <${Switch} name="shortcuts" label="Single keys act" hint="Off: only those with Ctrl, Cmd or Alt do." />
      <div class="table" role="region" aria-label="Shortcuts" tabindex="0"><table class="keys">
        <thead><tr><th scope="col">What it does</th><th scope="col">Keys</th><th scope="col"><span class="unseen">Change</span></th></tr></thead>
        <tbody>${SHORTCUTS.map((shortcut) => html`<${KeyRow} key=${shortcut.id} shortcut=${shortcut} />`)}</tbody>
      </table></div>
      ${Object.keys(prefs.value.keys).length > 0 && html`<button onClick=${() => setPref({ keys: {} })}>Reset all</button>`}
    </section>`;
}

function Password() {
  const [error, setError] = useState('');

  async function submit(event) {
    const form = event.target;

    event.preventDefault();
    try {
      await api.patch('/session', { password: form.elements.old.value, new_password: form.elements.fresh.value });
      form.reset();
      setError('');
      notify('The password is changed. Your other logins have ended.');
    } catch (problem) {
      setError(problem.message);
    }
  }

  return html`
    <section><h2>Password</h2>
      <form class="narrow" onSubmit=${submit}>
        <p class="error" role="alert">${error}</p>
        <label for="old">Current password</label><input id="old" name="old" type="password" autocomplete="current-password" required />
        <label for="fresh">New password, 8 characters or more</label><input id="fresh" name="fresh" type="password" autocomplete="new-password" required />
        <button class="primary">Change password</button>
      </form>
    </section>`;
}

function Tokens() {
  const tokens = useTokens('me');

  return html`
    <section><h2>API tokens</h2>
      <p class="muted">With a token a program does what you may do. It is made on the server: <code>tierbell token create</code>.</p>
      <${TokenTable} tokens=${tokens} none="You have none." />
      <${ScreenLink} onMade=${tokens.again} />
    </section>`;
}

export function View() {
  return html`
    <main class="page settings">
      <h1>Settings</h1>
      <${SettingsTabs} />
      <p class="muted">Appearance, sounds and shortcuts are kept in this browser, for you alone.</p>
      <section><h2>Appearance</h2>
        <${Choice} name="theme" label="Theme" options=${{ auto: 'Match the system', light: 'Light', dark: 'Dark' }} />
        <${Choice} name="density" label="Lists" options=${{ comfortable: 'Comfortable', compact: 'Compact' }} />
      </section>
      <${Rings} />
      <${Shortcuts} />
      <${Password} />
      <${Tokens} />
    </main>`;
}
