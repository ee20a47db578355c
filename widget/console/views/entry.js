/* SPDX-License-Identifier: MIT */
// One entry of a ticket's log, in the inbox and in the ticket view.

import { useLayoutEffect, useRef } from 'preact/hooks';

import { parse, safeUrl, toNodes } from '../../shared/md.js';
import { fileSize } from '../../shared/size.js';
import { clock, fullTime } from '../../shared/time.js';
import { html } from '../html.js';
import { pageTitle } from '../ticket/log_rows.js';
import { eventText } from '../ticket/names.js';

const LABELS = { copy: 'Copy', copied: 'Copied', code: 'Code' };

export function Markdown({ text }) {
  const box = useRef(null);

  useLayoutEffect(() => {
    box.current.replaceChildren(...toNodes(parse(text), document, LABELS));
  }, [text]);
  return html`<div class="markdown" ref=${box}></div>`;
}

export const Time = ({ at }) =>
  html`<time datetime=${new Date(at).toISOString()} title=${fullTime(at)}>${clock(at)}</time>`;

function author(entry, visitor) {
  if (entry.from.role === 'visitor')
    return entry.from.name || visitor || 'Visitor';
  return entry.from.name || (entry.from.role === 'agent' ? 'Agent' : 'System');
}

/* What is in it comes as an attachment; here is how it begins. */
function FileCard({ entry }) {
  return html`
    <div class="file">
      <b>${entry.title}</b> <span class="muted">${entry.lines.toLocaleString()} ${entry.lines === 1 ? 'line' : 'lines'}, ${fileSize(entry.size)}</span>
      <pre tabindex="0" aria-label=${`Beginning of ${entry.title}`} role="group">${entry.text}</pre>
      ${entry.url && html`<a href=${entry.url} download=${entry.title}>Download<span class="unseen"> ${entry.title}</span></a>`}
    </div>`;
}

/** `pages`: sentPages() of the log that it is in. `joined`: it goes on where the one before ends. */
export function Entry({ entry, visitor, foot, pages, joined }) {
  if (entry.kind === 'event')
    return html`<li class="entry event" data-seq=${entry.seq}>${eventText(entry, pages?.get(entry.page)?.title)} <${Time} at=${entry.at} />
      ${entry.text && entry.event !== 'rated' && html`<${Markdown} text=${entry.text} />`}</li>`;
  const note = entry.kind === 'note';
  const openedAt = pages?.get(entry.seq)?.openedAt;

  return html`
    <li class="entry ${note ? 'note' : entry.from.role}${joined ? ' joined' : ''}" data-seq=${entry.seq}>
      <p class=${joined ? 'author unseen' : 'author'}>
        <b>${author(entry, visitor)}</b> <${Time} at=${entry.at} />
        ${note && html` <span class="chip internal">Internal note</span>`}
      </p>
      ${entry.kind === 'article' && safeUrl(entry.url) && html`
        <p class="muted article-mark">Documentation</p>
        <a class="article" href=${safeUrl(entry.url)} target="_blank" rel="noopener noreferrer">${pageTitle(entry)}</a>
        ${openedAt > 0 && html`<p class="muted">Opened <${Time} at=${openedAt} /></p>`}`}
      ${entry.kind === 'file' ? html`<${FileCard} entry=${entry} />` : entry.text && html`<${Markdown} text=${entry.text} />`}
      ${entry.removed > 0 && html`<p class="muted">${entry.removed === 1 ? 'A secret was' : `${entry.removed} secrets were`} removed before it was stored.</p>`}
      ${foot}
    </li>`;
}
