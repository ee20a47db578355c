/* SPDX-License-Identifier: MIT */
// What is more than words in the log: files and pages of the documentation.

import { safeUrl } from '../../shared/md.js';
import { el } from '../dom.js';
import { fileSize } from '../../shared/size.js';

const KEEP_MS = 60_000; /* an address of a file lives so long: the new window has read it by then */

/* An address goes on in the next line behind a slash, before it does in a word. */
const address = ({ host, pathname }) => (host + pathname).split(/(?<=\/)/).flatMap((part) => [part, el('wbr')]);

/** A documentation page: its title, and the part of it that the address points at. `onOpen`: it is
    opened, here or in a tab of its own. */
export function docCard(t, entry, onOpen) {
  const url = new URL(safeUrl(entry.url));
  const section = decodeURIComponent(url.hash.slice(1)).replace(/[-_]+/g, ' ').trim();

  return el('a', { class: 'doc', href: url.href, target: '_blank', rel: 'noopener', onclick: onOpen, onauxclick: ({ button }) => button === 1 && onOpen() },
    el('span', { class: 'hint' }, t('chat.article')), el('b', {}, ...(entry.title ? [entry.title] : address(url))),
    section && el('span', { class: 'hint' }, t('chat.section', { name: section })),
    entry.title && el('span', { class: 'hint place' }, ...address(url)));
}

export function createFileCard({ t, session }) {
  /* The file comes with the visitor's token in a header: a plain link could not have it. */
  async function fetchUrl(entry, said) {
    const text = await session.file(entry);

    said.hidden = text !== null;
    if (text === null)
      return null;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));

    setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
    return url;
  }

  return function fileCard(entry) {
    const said = el('p', { class: 'state failed', role: 'alert', hidden: true }, t('file.gone'));

    /* The window opens with the click, before the file is here: later a browser would stop it. */
    async function open() {
      const view = globalThis.open('', '_blank');
      const url = await fetchUrl(entry, said);

      if (url && view)
        view.location = url;
      else
        view?.close();
    }

    async function download() {
      const url = await fetchUrl(entry, said);

      if (url)
        el('a', { href: url, download: entry.title }).click();
    }

    return el('div', { class: 'file' },
      el('p', {}, el('b', {}, entry.title), ' ', el('span', { class: 'hint' }, t('file.size', { lines: entry.lines, size: fileSize(entry.size) }))),
      el('pre', { tabindex: 0, 'aria-label': entry.title, role: 'group' }, entry.text),
      entry.seq && el('p', { class: 'file-foot' },
        el('button', { type: 'button', class: 'link', onclick: open }, t('file.open')), ' ',
        el('button', { type: 'button', class: 'link', onclick: download }, t('file.download'))), said);
  };
}
