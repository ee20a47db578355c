/* SPDX-License-Identifier: MIT */
// Where the visitor writes. It stays open without a connection: the outbox keeps what is sent.

import { enterSends } from '../../shared/enter.js';
import { el, setText } from '../dom.js';

const TEXT_MAX = 8000;
const TYPING_EVERY_MS = 3000;

export function createComposer({ t, session, store, onSend }) {
  const input = el('textarea', {
    id: 'tb-message', rows: 1, placeholder: t('composer.label'), maxlength: TEXT_MAX, 'aria-describedby': 'tb-message-hint', oninput: changed, onkeydown: key,
  });
  const hint = el('p', { class: 'hint', id: 'tb-message-hint' }, t('composer.hint'));
  const strip = el('p', { class: 'strip', hidden: true });
  const node = el('form', { class: 'composer', onsubmit: submit }, strip,
    el('label', { for: 'tb-message', class: 'unseen' }, t('composer.label')), input,
    el('div', { class: 'composer-foot' }, hint, el('button', { type: 'submit', class: 'primary' }, t('composer.send'))));
  let typedAt = 0;

  input.value = store.get('draft') ?? '';

  function tellTyping(on) {
    if (on && Date.now() - typedAt < TYPING_EVERY_MS)
      return;
    if (!on && typedAt === 0)
      return;
    typedAt = on ? Date.now() : 0;
    session.say({ type: 'typing', on });
  }

  function changed() {
    grow();
    if (input.value)
      store.set('draft', input.value);
    else
      store.remove('draft');
    tellTyping(input.value !== '');
    setText(hint, input.value.length > TEXT_MAX * 0.9
      ? t('composer.long', { count: input.value.length, max: TEXT_MAX }) : t('composer.hint'));
  }

  /* Up to eight lines, then it scrolls. Heights through CSSOM: no inline style attribute. */
  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight + 2, 190)}px`;
  }

  function key(event) {
    if (enterSends(event))
      submit(event);
  }

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();

    if (text === '')
      return;
    input.value = '';
    changed();
    onSend(text);
    input.focus();
  }

  return {
    node,
    input,
    update() {
      const { connection } = session.state;
      const down = connection === 'waiting' || globalThis.navigator?.onLine === false;

      strip.hidden = !down;
      setText(strip, down ? t('net.offline') : '');
    },
    shown: grow,
  };
}
