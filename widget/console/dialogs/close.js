/* SPDX-License-Identifier: MIT */
// How it was resolved, with which tags: what reports are made of.

import { useState } from 'preact/hooks';

import { safeUrl } from '../../shared/md.js';
import { closeTicket } from '../desk/tickets.js';
import { html } from '../html.js';
import { ARTICLES_MAX, readTags, sentArticles, suggestTags } from '../ticket/closing.js';
import { RESOLUTION } from '../ticket/names.js';
import { FormDialog } from './dialog.js';
import { logOf, useReplies } from './replies.js';

function Tags({ value, onInput, suggested }) {
  const left = suggested.filter((tag) => !value.split(',').map((one) => one.trim()).includes(tag));
  const add = (tag) => onInput([...value.split(',').map((one) => one.trim()).filter(Boolean), tag].join(', '));

  return html`
    <label for="close-tags">Tags, separated by commas</label>
    <input id="close-tags" value=${value} required onInput=${(event) => onInput(event.target.value)} />
    ${left.length > 0 && html`
      <p class="suggested"><span class="muted">From the topic and the page:</span>
        ${left.map((tag) => html` <button type="button" class="chip" key=${tag} onClick=${() => add(tag)}><span aria-hidden="true">+ </span><span class="unseen">Add tag </span>${tag}</button>`)}</p>`}`;
}

function sentText(count, opened) {
  const pages = count === 1 ? 'a page' : `${count} pages`;

  return opened ? `The customer opened ${pages} that you sent: was that the answer?`
    : `You sent ${pages}, not opened so far.`;
}

export function CloseDialog({ chat, onDone, onCancel }) {
  const ticket = chat.ticket.value;
  const { urls: sent, opened } = sentArticles(logOf(chat));
  const replies = useReplies(chat);
  const [suggested] = useState(() => suggestTags(ticket, chat.page.value ?? ticket.page));
  const [resolution, setResolution] = useState(opened ? 'docs_sent' : '');
  const [articles, setArticles] = useState(sent.join('\n'));
  const [tags, setTags] = useState(() => (ticket.tags?.length > 0 ? ticket.tags : suggested.slice(0, 1)).join(', '));

  async function submit() {
    const urls = articles.split(/\s+/).filter(Boolean);
    const read = readTags(tags);

    if (!resolution)
      throw new Error('Choose how it was resolved.');
    if (resolution === 'docs_sent' && (urls.length === 0 || !urls.every(safeUrl)))
      throw new Error('Name the page that answered it, with its full address.');
    if (read.error)
      throw new Error(read.error);
    await replies.first();
    await closeTicket(chat, { resolution, tags: read.tags, articles: resolution === 'docs_sent' ? urls.slice(0, ARTICLES_MAX) : undefined });
    onDone();
  }

  return html`
    <${FormDialog} title="Close #${chat.number}" action="Close ticket" onSubmit=${submit} onCancel=${onCancel}>
      <fieldset>
        <legend>How was it resolved?</legend>
        ${sent.length > 0 && html`<p class="muted">${sentText(sent.length, opened)}</p>`}
        ${Object.entries(RESOLUTION).map(([key, label]) => html`
          <label class="choice" key=${key}>
            <input type="radio" name="resolution" value=${key} checked=${resolution === key} onChange=${() => setResolution(key)} /> ${label}
          </label>`)}
      </fieldset>
      ${resolution === 'docs_sent' && html`
        <label for="close-articles">Pages that answered it, one per line</label>
        <textarea id="close-articles" rows="2" value=${articles} onInput=${(event) => setArticles(event.target.value)} />`}
      <${Tags} value=${tags} onInput=${setTags} suggested=${suggested} />
      <p class="muted">You can take it back for a few seconds afterwards.</p>
      ${replies.line}
    </${FormDialog}>`;
}
