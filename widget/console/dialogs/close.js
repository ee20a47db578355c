/* SPDX-License-Identifier: MIT */
import { useState } from 'preact/hooks';

import { safeUrl } from '../../shared/md.js';
import { close } from '../desk.js';
import { html } from '../html.js';
import { RESOLUTION } from '../names.js';
import { FormDialog } from './dialog.js';

const ARTICLES_MAX = 4;

/* Pages that were sent in this chat, newest last. */
function sentArticles(chat) {
  const urls = chat.entries.value.filter((entry) => entry.kind === 'article').map((entry) => entry.url);

  return [...new Set(urls)].slice(-ARTICLES_MAX);
}

export function CloseDialog({ chat, onDone, onCancel }) {
  const sent = sentArticles(chat);
  const [resolution, setResolution] = useState(sent.length > 0 ? 'docs_sent' : '');
  const [articles, setArticles] = useState(sent.join('\n'));

  async function submit() {
    const urls = articles.split(/\s+/).filter(Boolean);

    if (!resolution)
      throw new Error('Choose how it was resolved.');
    if (resolution === 'docs_sent' && (urls.length === 0 || !urls.every(safeUrl)))
      throw new Error('Name the page that answered it, with its full address.');
    await close(chat.number, resolution, resolution === 'docs_sent' ? urls.slice(0, ARTICLES_MAX) : undefined);
    onDone();
  }

  return html`
    <${FormDialog} title="Close #${chat.number}" action="Close ticket" onSubmit=${submit} onCancel=${onCancel}>
      <fieldset>
        <legend>How was it resolved?</legend>
        ${Object.entries(RESOLUTION).map(([key, label]) => html`
          <label class="choice" key=${key}>
            <input type="radio" name="resolution" value=${key} checked=${resolution === key} onChange=${() => setResolution(key)} /> ${label}
          </label>`)}
      </fieldset>
      ${resolution === 'docs_sent' && html`
        <label for="close-articles">Pages that answered it, one a line</label>
        <textarea id="close-articles" rows="2" value=${articles} onInput=${(event) => setArticles(event.target.value)} />`}
    </${FormDialog}>`;
}
