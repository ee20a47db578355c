/* SPDX-License-Identifier: MIT */
// Reply, internal note, documentation page: three ways to write, each with its own draft, its
// own look and its own button, so that a note can never go out as a reply.

import { useEffect, useRef, useState } from 'preact/hooks';

import { enterSends } from '../../shared/enter.js';
import { safeUrl } from '../../shared/md.js';
import { addNote, drafts, say, sendArticle, tellTyping } from '../desk.js';
import { html } from '../html.js';

const TEXT_MAX = 8000;
const TYPING_EVERY_MS = 3000;
const MODES = {
  reply: { tab: 'Reply', label: 'Reply to the customer', send: 'Send', hint: 'Enter sends, Shift+Enter makes a new line. Markdown works.' },
  note: { tab: 'Internal note', label: 'Internal note, only agents see it', send: 'Add note', hint: 'The customer never sees this.' },
  article: { tab: 'Documentation', label: 'A sentence with it (optional)', send: 'Send page', hint: 'Sent as a card. Counts as answered with documentation.' },
};

function Tabs({ mode, onMode }) {
  return html`
    <div class="modes" role="group" aria-label="What to write">
      ${Object.entries(MODES).map(([key, { tab }]) => html`
        <button type="button" aria-pressed=${mode === key ? 'true' : 'false'} onClick=${() => onMode(key)}>${tab}</button>`)}
    </div>`;
}

export function Composer({ chat, mode, onMode }) {
  const key = `${chat.number}:${mode}`;
  const [text, setText] = useState(() => drafts.get(key));
  const [url, setUrl] = useState('');
  const [error, setError] = useState('');
  const input = useRef(null);
  const typedAt = useRef(0);
  const words = MODES[mode];

  useEffect(() => input.current.focus({ preventScroll: true }), []);
  useEffect(() => () => typedAt.current && tellTyping(chat, false), []);

  /* Only a reply shows as typing: nobody learns from it that a note is being written. */
  function typing(on) {
    if (mode !== 'reply' || (on ? Date.now() - typedAt.current < TYPING_EVERY_MS : typedAt.current === 0))
      return;
    typedAt.current = on ? Date.now() : 0;
    tellTyping(chat, on);
  }

  function change(value) {
    setText(value);
    drafts.set(key, value);
    typing(value !== '');
  }

  function submit(event) {
    event?.preventDefault();
    const body = text.trim();

    if (mode === 'article' && !safeUrl(url)) {
      setError('Paste the full address of the page, like https://...');
      return;
    }
    if (body === '' && mode !== 'article')
      return;
    if (mode === 'article')
      sendArticle(chat, safeUrl(url), body);
    else if (mode === 'note')
      addNote(chat, body);
    else
      say(chat, body);
    setError('');
    setUrl('');
    change('');
    if (mode !== 'reply')
      onMode('reply');
  }

  return html`
    <form class="composer ${mode}" onSubmit=${submit}>
      <${Tabs} mode=${mode} onMode=${onMode} />
      ${mode === 'article' && html`
        <label for="article-url">Address of the page</label>
        <input id="article-url" type="url" value=${url} ref=${input} placeholder="https://..." aria-describedby="article-error"
          aria-invalid=${error ? 'true' : undefined} onInput=${(event) => setUrl(event.target.value)} />
        <p class="error" id="article-error">${error}</p>`}
      <label for="message" class=${mode === 'article' ? '' : 'unseen'}>${words.label}</label>
      <textarea id="message" rows=${mode === 'article' ? 2 : 3} maxlength=${TEXT_MAX} value=${text} ref=${mode === 'article' ? undefined : input}
        placeholder=${words.label} onInput=${(event) => change(event.target.value)}
        onKeyDown=${(event) => enterSends(event) && submit(event)} />
      <div class="foot">
        <p class="muted">${text.length > TEXT_MAX * 0.9 ? `${text.length} of ${TEXT_MAX} characters` : words.hint}</p>
        <button class="primary">${words.send}</button>
      </div>
    </form>`;
}
