/* SPDX-License-Identifier: MIT */
// One entry of a ticket's log, in the inbox and in the ticket view.

import { useLayoutEffect, useRef } from 'preact/hooks';

import { parse, safeUrl, toNodes } from '../../shared/md.js';
import { clock, fullTime } from '../../shared/time.js';
import { html } from '../html.js';
import { eventText } from '../names.js';

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

export function Entry({ entry, visitor, foot }) {
  if (entry.kind === 'event')
    return html`<li class="entry event">${eventText(entry)} <${Time} at=${entry.at} />
      ${entry.text && entry.event !== 'rated' && html`<${Markdown} text=${entry.text} />`}</li>`;
  const note = entry.kind === 'note';

  return html`
    <li class="entry ${note ? 'note' : entry.from.role}">
      <p class="author">
        <b>${author(entry, visitor)}</b> <${Time} at=${entry.at} />
        ${note && html` <span class="chip internal">Internal note</span>`}
      </p>
      ${entry.kind === 'article' && safeUrl(entry.url) && html`
        <p class="muted article-mark">Documentation</p>
        <a class="article" href=${safeUrl(entry.url)} target="_blank" rel="noopener noreferrer">${entry.title || entry.url}</a>`}
      ${entry.text && html`<${Markdown} text=${entry.text} />`}
      ${foot}
    </li>`;
}
