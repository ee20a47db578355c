/* SPDX-License-Identifier: MIT */
// Text files beside a reply: what is too long for a message when it is pasted, and what is chosen or
// dropped. They are kept with the draft.

import { useRef, useState } from 'preact/hooks';

import { FILE_BYTES, beginning, measure } from '../../../shared/paste.js';
import { fileSize } from '../../../shared/size.js';
import { drafts } from '../../desk/drafts.js';
import { html } from '../../html.js';

const tooLarge = (name, bytes) => `${name} has ${fileSize(bytes)}; a file may have ${fileSize(FILE_BYTES)}.`;

/* Throws when it is none. */
async function readText(file) {
  const body = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());

  if (body.includes('\0'))
    throw new TypeError('not text');
  return body;
}

/** {files: [{name, body}], add, take, remove, clear} of a chat's draft; `onError` gets sentences. */
export function useAttached(chat, onError) {
  const [, redraw] = useState(0);
  const key = `${chat.number}:files`;
  const files = drafts.get(key) || [];

  function keep(next) {
    drafts.set(key, next);
    redraw((n) => n + 1);
  }

  function add(name, body) {
    const { bytes } = measure(body);

    onError(bytes > FILE_BYTES ? tooLarge(name, bytes) : '');
    if (bytes <= FILE_BYTES)
      keep([...drafts.get(key) || [], { name, body }]);
  }

  return {
    files, add,
    paste: (body) => add(`paste-${files.length + 1}.log`, body),
    async take(given) {
      for (const file of given) {
        if (file.size > FILE_BYTES)
          onError(tooLarge(file.name, file.size));
        else
          await readText(file).then((body) => add(file.name, body), () => onError(`${file.name} is no text: only text files can be sent.`));
      }
    },
    remove: (file) => keep(files.filter((other) => other !== file)),
    clear: () => keep([]),
  };
}

export function AttachButton({ onFiles }) {
  const picker = useRef(null);

  return html`
    <input type="file" hidden multiple tabindex="-1" aria-hidden="true" ref=${picker} onChange=${() => {
      onFiles([...picker.current.files]);
      picker.current.value = '';
    }} />
    <button type="button" onClick=${() => picker.current.click()}>Attach<span class="unseen"> text files</span></button>`;
}

export function AttachedList({ attached }) {
  if (attached.files.length === 0)
    return null;
  return html`
    <ul class="attached" aria-label="Attached">
      ${attached.files.map((file) => {
        const { lines, bytes } = measure(file.body);
        return html`
          <li class="file" key=${file.name}><b>${file.name}</b> <span class="muted">${lines.toLocaleString()} ${lines === 1 ? 'line' : 'lines'}, ${fileSize(bytes)}</span>
            <button type="button" class="plain" onClick=${() => attached.remove(file)}>Remove<span class="unseen"> ${file.name}</span></button>
            <details><summary>Preview</summary><pre tabindex="0" role="group" aria-label="Beginning of ${file.name}">${beginning(file.body)}</pre></details></li>`;
      })}
    </ul>`;
}
