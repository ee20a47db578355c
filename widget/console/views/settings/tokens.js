/* SPDX-License-Identifier: MIT */
// The API tokens of an agent, one by one: what each is for, when it was used, and its end.

import { useEffect, useState } from 'preact/hooks';

import { newId } from '../../../shared/ids.js';
import { clock, fullTime } from '../../../shared/time.js';
import { api } from '../../desk/api.js';
import { me, notify } from '../../desk/state.js';
import { FormDialog } from '../../dialogs/dialog.js';
import { html } from '../../html.js';
import { useNewest } from '../../newest.js';
import { Failed, Loading } from '../lazy.js';

const SCOPE = { full: 'All of the agent', wall: 'The wall alone' };
const nameOf = (token) => token.label || `Token ${token.id}`;

export function useTokens(agent) {
  const [state, setState] = useState({});
  const newest = useNewest();
  const again = () => newest(api.get('/tokens', { agent }), ({ items }) => setState({ items }), (error) => setState({ error }));

  useEffect(() => {
    again();
  }, [agent]);
  return { ...state, again };
}

function When({ at, none }) {
  return at ? html`<time dateTime=${new Date(at).toISOString()} title=${fullTime(at)}>${clock(at)}</time>` : html`<span class="muted">${none}</span>`;
}

function RenameDialog({ token, onDone, onCancel }) {
  const [label, setLabel] = useState(token.label);

  async function submit() {
    await api.patch(`/tokens/${token.id}`, { label: label.trim() });
    onDone('The token is renamed.');
  }

  return html`
    <${FormDialog} title="Rename ${nameOf(token)}" action="Save" onSubmit=${submit} onCancel=${onCancel}>
      <label for="token-label">What it is for</label>
      <input id="token-label" value=${label} maxlength="63" onInput=${(event) => setLabel(event.target.value)} required />
    </${FormDialog}>`;
}

function RevokeDialog({ token, onDone, onCancel }) {
  async function submit() {
    await api.delete(`/tokens/${token.id}`);
    onDone(`${nameOf(token)} is revoked.`);
  }

  return html`
    <${FormDialog} title="Revoke ${nameOf(token)}" action="Revoke" danger onSubmit=${submit} onCancel=${onCancel}>
      <p>Whatever uses this token is put out at once. Other tokens and logins stay.</p>
    </${FormDialog}>`;
}

function Row({ token, ask }) {
  const button = (kind, label) => html`<button onClick=${() => ask({ kind, token })}>${label}<span class="unseen"> ${nameOf(token)}</span></button>`;

  return html`
    <tr><th scope="row">${nameOf(token)}</th><td>${SCOPE[token.scope] ?? token.scope}</td>
      <td data-label="Made"><${When} at=${token.created_at} /></td><td data-label="Used">${token.sockets > 0 ? 'Connected now' : html`<${When} at=${token.used_at} none="Never" />`}</td>
      <td data-label="Ends"><${When} at=${token.expires_at} none="Never" /></td>
      <td class="acts">${button('rename', 'Rename')} ${button('revoke', 'Revoke')}</td></tr>`;
}

/** `tokens`: of useTokens(); `none`: what is said when there are none. */
export function TokenTable({ tokens: { items, error, again }, none }) {
  const [dialog, setDialog] = useState(null);
  const cancel = () => setDialog(null);

  function done(text) {
    setDialog(null);
    notify(text);
    again();
  }

  if (error)
    return html`<${Failed} error=${error} again=${again} />`;
  if (!items)
    return html`<${Loading} />`;
  if (items.length === 0)
    return html`<p class="muted">${none}</p>`;
  return html`
    <div class="table stacks" role="region" aria-label="API tokens" tabindex="0"><table>
      <thead><tr><th scope="col">For</th><th scope="col">May do</th><th scope="col">Made</th><th scope="col">Used, about</th><th scope="col">Ends</th><th scope="col">Actions</th></tr></thead>
      <tbody>${items.map((token) => html`<${Row} key=${token.id} token=${token} ask=${setDialog} />`)}</tbody>
    </table></div>
    ${dialog?.kind === 'rename' && html`<${RenameDialog} token=${dialog.token} onDone=${done} onCancel=${cancel} />`}
    ${dialog?.kind === 'revoke' && html`<${RevokeDialog} token=${dialog.token} onDone=${done} onCancel=${cancel} />`}`;
}

function ScreenDialog({ onDone, onCancel }) {
  const [form, setForm] = useState({ label: '', days: '365' });
  const set = (name) => (event) => setForm({ ...form, [name]: event.target.value });

  async function submit() {
    const { secret } = await api.post('/tokens', { scope: 'wall', label: form.label.trim(), days: Number(form.days) }, newId());

    onDone(`${location.origin}/console/#/screen?token=${secret}`);
  }

  return html`
    <${FormDialog} title="A link for a screen" action="Make the link" onSubmit=${submit} onCancel=${onCancel}>
      <p class="muted">Whoever opens it sees the figures of the wall and nothing else: no names, no texts.</p>
      <label for="screen-label">Where the screen is</label>
      <input id="screen-label" value=${form.label} maxlength="63" onInput=${set('label')} required />
      <label for="screen-days">It ends after so many days</label>
      <input id="screen-days" type="number" min="1" max="3650" value=${form.days} onInput=${set('days')} required />
    </${FormDialog}>`;
}

/** For administrators: the link is shown this once. */
export function ScreenLink({ onMade }) {
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState('');

  function done(made) {
    setAsking(false);
    setLink(made);
    onMade();
  }

  if (me.value.role !== 'admin')
    return null;
  return html`
    <p><button onClick=${() => setAsking(true)}>Make a link for a screen</button></p>
    ${link && html`
      <section class="secret" role="status" aria-label="Link for a screen">
        <p>Open this link on the screen. It is shown this once: <code>${link}</code></p>
        <button onClick=${() => navigator.clipboard?.writeText(link).then(() => notify('Copied.'), () => notify('The browser does not allow copying.', 'error'))}>Copy</button>
        <button onClick=${() => setLink('')}>I have it</button>
      </section>`}
    ${asking && html`<${ScreenDialog} onDone=${done} onCancel=${() => setAsking(false)} />`}`;
}
