/* SPDX-License-Identifier: MIT */
// What helps to write: pasted code becomes a code block, what is too long becomes a file beside the
// text, and what looks like a secret is asked about before it is sent. A part of its own
// (shell/parts.js); texts can be written and sent before it has come.

import table from '../../../include/core/secret.def';
import { insideFence } from '../../shared/enter.js';
import { FILE_BYTES, beginning, fenced, looksLikeCode, measure } from '../../shared/paste.js';
import { createSecrets } from '../../shared/secrets.js';
import strings from '../../shared/strings/en.editor.json';
import { fileSize } from '../../shared/size.js';
import css from './editor.css';

export { css };

const MESSAGE_MAX = 8000;
const REMOVE_ICON = 'M6 6l12 12M18 6L6 18';
const ATTACH_ICON = 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L15 7';

export function create(kit) {
  const { t, el, icon, setText, store, announcer } = kit;
  const secrets = createSecrets(table);

  t.add(strings);
  const found = el('p', { id: 'tb-ask-text' });
  const removeButton = el('button', { type: 'button', class: 'primary' }, t('secret.remove'));
  const keepButton = el('button', { type: 'button' }, t('secret.keep'));
  const backButton = el('button', { type: 'button' }, t('secret.back'));
  const dialog = el('dialog', { class: 'ask', 'aria-labelledby': 'tb-ask', 'aria-describedby': 'tb-ask-text', onkeydown: key, oncancel: (event) => event.stopPropagation() },
    el('h3', { id: 'tb-ask' }, t('secret.title')), found,
    el('div', { class: 'buttons' }, removeButton, keepButton, backButton));

  /* Escape is for this dialog alone; the browser closes it. */
  function key(event) {
    event.stopPropagation();
  }

  /* ---- secrets ---- */

  function ask(all, then) {
    const kinds = [...new Set(all.map((secret) => secret.what))];
    let answer = null;
    const choose = (value) => () => {
      answer = value;
      dialog.close();
    };

    setText(found, t('secret.found', { count: all.length, list: new Intl.ListFormat(t.tag).format(kinds) }));
    removeButton.onclick = choose('remove');
    keepButton.onclick = choose('keep');
    backButton.onclick = choose(null);
    dialog.onclose = () => then(answer);
    dialog.showModal();
    removeButton.focus();
  }

  /* ---- one field with its files ---- */

  /**
   * @param {HTMLTextAreaElement} input
   * @param {string} place  in the store, for what is attached
   */
  function attach(input, place) {
    let files = store.get(place) ?? [];
    let plainNext = false;
    let count = files.length;
    const list = el('ul', { 'aria-label': t('attach.list') });
    const error = el('p', { class: 'attach-error', role: 'alert', hidden: true });
    const pasted = el('p', { class: 'pasted', hidden: true });
    const node = el('div', { class: 'attach' }, pasted, error, list);
    const picker = el('input', { type: 'file', hidden: true, multiple: true, tabindex: -1, 'aria-hidden': 'true', onchange: picked });
    const button = el('button', { type: 'button', class: 'tool', 'aria-label': t('attach'), onclick: () => picker.click() }, icon(ATTACH_ICON));

    input.addEventListener('paste', paste);
    input.addEventListener('keydown', (event) => {
      plainNext = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
    });
    input.addEventListener('input', () => {
      pasted.hidden = true;
    });
    show();

    function keep() {
      if (files.length)
        store.set(place, files);
      else
        store.remove(place);
      show();
      input.dispatchEvent(new Event('tb-files'));
    }

    function fail(text) {
      error.hidden = !text;
      setText(error, text ?? '');
    }

    function add(name, body) {
      const { lines, bytes } = measure(body);

      if (bytes > FILE_BYTES) {
        fail(t('attach.large', { name, size: fileSize(bytes), max: fileSize(FILE_BYTES) }));
        return;
      }
      fail();
      files.push({ name, body });
      announcer.say(t('attach.said', { name, lines }));
      keep();
    }

    function remove(file) {
      files = files.filter((other) => other !== file);
      keep();
      input.focus();
    }

    /* Only where the message may still hold it. */
    function inline(file) {
      remove(file);
      insert(`${input.value === '' || input.value.endsWith('\n') ? '' : '\n'}${fenced(file.body)}`);
    }

    function chip(file) {
      const { lines, bytes } = measure(file.body);
      const fits = input.value.length + fenced(file.body).length < MESSAGE_MAX;

      return el('li', { class: 'chip' },
        el('div', { class: 'chip-head' },
          el('b', {}, file.name), el('span', { class: 'hint' }, t('attach.size', { lines, size: fileSize(bytes) })),
          el('button', { type: 'button', class: 'tool', 'aria-label': t('attach.remove', { name: file.name }), onclick: () => remove(file) }, icon(REMOVE_ICON))),
        el('details', {}, el('summary', {}, t('attach.preview')), el('pre', { tabindex: 0 }, beginning(file.body))),
        fits && el('button', { type: 'button', class: 'link', onclick: () => inline(file) }, t('attach.inline')));
    }

    function show() {
      list.replaceChildren(...files.map(chip));
      list.hidden = files.length === 0;
    }

    /* As if it were typed, so that one step of undo takes it back; what was typed before it is
       another step, since the selection has moved in between. */
    function insert(text) {
      const { selectionStart, selectionEnd } = input;

      input.focus();
      input.setSelectionRange(0, 0);
      input.setSelectionRange(selectionStart, selectionEnd);
      if (!document.execCommand('insertText', false, text))
        input.setRangeText(text, input.selectionStart, input.selectionEnd, 'end');
    }

    function paste(event) {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const given = [...event.clipboardData?.files ?? []];
      const asIs = plainNext;

      plainNext = false;
      if (text === '' && given.length > 0) {
        event.preventDefault();
        take(given);
      } else if (text.length > MESSAGE_MAX) {
        event.preventDefault();
        add(`paste-${++count}.log`, text);
      } else if (!asIs && looksLikeCode(text) && !insideFence(input.value.slice(0, input.selectionStart))) {
        event.preventDefault();
        pasteCode(text);
      }
    }

    function pasteCode(text) {
      const before = input.value.slice(0, input.selectionStart);

      insert(`${before === '' || before.endsWith('\n') ? '' : '\n'}${fenced(text)}`);
      pasted.replaceChildren(t('paste.code'), ' ', el('button', { type: 'button', class: 'link', onclick: () => pasteText(text) }, t('paste.text')));
      pasted.hidden = false;
    }

    /* The code block goes away by the browser's own undo, so that what was selected comes back. */
    function pasteText(text) {
      input.focus();
      document.execCommand('undo');
      insert(text);
    }

    async function take(given) {
      for (const file of given) {
        try {
          if (file.size > FILE_BYTES) {
            fail(t('attach.large', { name: file.name, size: fileSize(file.size), max: fileSize(FILE_BYTES) }));
            continue;
          }
          const body = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());

          if (body.includes('\0'))
            throw new TypeError('not text');
          add(file.name, body);
        } catch {
          fail(t('attach.binary', { name: file.name }));
        }
      }
    }

    function picked() {
      take([...picker.files]);
      picker.value = '';
      input.focus();
    }

    return {
      node,
      /** Opens the browser's file chooser. */
      button: el('span', {}, picker, button),
      get files() {
        return files;
      },
      take,
      clear() {
        files = [];
        count = 0;
        pasted.hidden = true;
        fail();
        keep();
      },
    };
  }

  return {
    node: dialog,
    attach,
    /**
     * What is to be sent, as the visitor wants it: {text, files, keep}, or null to go on writing.
     * At once, when there is nothing to ask.
     */
    check(text, files, then) {
      const all = [text, ...files.map((file) => file.body)].flatMap((one) => secrets.find(one));

      if (all.length === 0) {
        then({ text, files, keep: false });
        return;
      }
      ask(all, (answer) => then(answer && {
        text: answer === 'keep' ? text : secrets.remove(text),
        files: answer === 'keep' ? files : files.map(({ name, body }) => ({ name, body: secrets.remove(body) })),
        keep: answer === 'keep',
      }));
    },
  };
}
