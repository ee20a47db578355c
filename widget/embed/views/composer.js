/* SPDX-License-Identifier: MIT */
// Where the visitor writes. It stays open without a connection: the outbox keeps what is sent.

import { enterSends } from '../../shared/enter.js';
import { el, setText } from '../dom.js';

const TEXT_MAX = 8000;
const TYPING_EVERY_MS = 3000;

export function createComposer({ t, session, store, prefs, load, onSend }) {
  const input = el('textarea', {
    id: 'tb-message', rows: 1, placeholder: t('composer.label'), maxlength: TEXT_MAX, 'aria-describedby': 'tb-message-hint', oninput: changed, onkeydown: key,
  });
  const hint = el('p', { class: 'hint', id: 'tb-message-hint' }, hintText());
  const strip = el('p', { class: 'strip', hidden: true });
  const tools = el('div', { class: 'composer-tools' }, hint);
  const node = el('form', { class: 'composer', onsubmit: submit, ondragover: (event) => event.preventDefault(), ondrop: drop }, strip,
    el('label', { for: 'tb-message', class: 'unseen' }, t('composer.label')), input,
    el('div', { class: 'composer-foot' }, tools, el('button', { type: 'submit', class: 'primary' }, t('composer.send'))));
  let typedAt = 0;
  let editor = null; /* helps when it has come */
  let attached = null;

  input.value = store.get('draft') ?? '';
  load('editor', (part) => {
    editor = part;
    attached = part.attach(input, 'files');
    input.after(attached.node);
    tools.prepend(attached.button);
  });

  /* Another tab of the visitor wrote on: unless something else is written here. */
  globalThis.addEventListener('storage', ({ key: name, oldValue }) => {
    if (name?.endsWith(':draft') && input.value === (JSON.parse(oldValue) ?? ''))
      input.value = store.get('draft') ?? '';
  });

  function tellTyping(on) {
    if (on && Date.now() - typedAt < TYPING_EVERY_MS)
      return;
    if (!on && typedAt === 0)
      return;
    typedAt = on ? Date.now() : 0;
    session.say({ type: 'typing', on });
  }

  function hintText() {
    return t(prefs.get('enter') ? 'composer.hint' : 'composer.hint.ctrl');
  }

  function changed() {
    grow();
    if (input.value)
      store.set('draft', input.value);
    else
      store.remove('draft');
    tellTyping(input.value !== '');
    hinted();
  }

  function hinted() {
    const long = input.value.length > TEXT_MAX * 0.9;

    setText(hint, long ? t('composer.long', { count: input.value.length, max: TEXT_MAX }) : hintText());
    hint.classList.toggle('of-keys', !long);
  }

  /* Up to eight lines, then it scrolls. Heights through CSSOM: no inline style attribute. */
  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight + 2, 190)}px`;
  }

  function key(event) {
    if (enterSends(event, prefs.get('enter')))
      submit(event);
  }

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    const files = attached?.files ?? [];

    if (text === '' && files.length === 0)
      return;
    if (editor)
      editor.check(text, files, send);
    else
      send({ text, files });
  }

  /* `said` null: the visitor goes on writing. */
  function send(said) {
    if (said) {
      input.value = '';
      attached?.clear();
      changed();
      onSend(said);
    }
    input.focus();
  }

  function drop(event) {
    event.preventDefault();
    attached?.take([...event.dataTransfer.files]);
  }

  return {
    node,
    input,
    update() {
      const { connection } = session.state;
      const down = connection === 'waiting' || globalThis.navigator?.onLine === false;

      hinted();
      strip.hidden = !down;
      setText(strip, down ? t('net.offline') : '');
    },
    shown: grow,
  };
}
