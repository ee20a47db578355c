/* SPDX-License-Identifier: MIT */
// The conversation: what is waited for, the log, the question whether to end it, and below
// either the composer or what comes after the end. A part of its own (see shell/parts.js).

import strings from '../../shared/strings/en.talk.json';
import { authorName, createChat, eventText, spokenEntry } from './chat.js';
import { createComposer } from './composer.js';
import css from './talk.css';

export { css };

export function create(kit) {
  const { t, el, session } = kit;

  t.add(strings);
  const top = el('div', { class: 'queue-box' });
  const foot = el('div', { class: 'foot', hidden: true });
  const chat = createChat({ ...kit, onScrolledToEnd: () => kit.seen() });
  const composer = createComposer({ ...kit, onSend: send });
  const confirm = el('div', { class: 'confirm', role: 'group', 'aria-label': t('end.yes'), hidden: true },
    el('p', {}, t('end.confirm')),
    el('div', { class: 'buttons' },
      el('button', { type: 'button', onclick: () => ask(false) }, t('end.no')),
      el('button', { type: 'button', class: 'danger', onclick: end }, t('end.yes'))));
  const node = el('div', { class: 'view conversation', hidden: true }, top, chat.node, confirm, composer.node, foot);
  let again = false; /* the ended chat is to be taken up again */

  function send({ text, files, keep }) {
    again = false;
    if (text)
      session.put({ type: 'message', text, keep_secrets: keep || undefined });
    for (const { name, body } of files)
      session.put({ type: 'file', name, body, keep_secrets: keep || undefined });
    kit.draw();
    chat.toEnd();
  }

  /* Asks whether to end the chat, or no longer. */
  function ask(on) {
    const was = !confirm.hidden;

    confirm.hidden = !on;
    if (on)
      confirm.querySelector('button').focus();
    else if (was && kit.isOpen() && !composer.node.hidden)
      composer.input.focus();
  }

  function end() {
    session.put({ type: 'close' });
    ask(false);
  }

  return {
    node,
    /** Places for the parts of the wait and of the end. */
    top,
    foot,
    /** What a message or an event is to those who hear it. */
    spoken: (entry) => entry.kind === 'event'
      ? eventText(t, entry) : `${authorName(t, entry.from)}: ${spokenEntry(t, entry)}`,
    eventText,
    authorName,
    askToEnd: () => ask(true),
    /** Escape was for the question, not for the panel. */
    escape() {
      const was = !confirm.hidden;

      ask(false);
      return was;
    },
    /** It was not solved after all: what is written now opens the same ticket again. */
    goOn() {
      again = true;
      kit.draw();
      composer.input.focus();
    },
    atEnd: chat.atEnd,
    shown() {
      composer.shown();
      chat.toEnd();
    },
    /** False: there is nothing to write in. */
    focus() {
      if (node.hidden || composer.node.hidden)
        return false;
      composer.input.focus();
      return true;
    },
    fill(text) {
      composer.input.value = text;
      composer.input.dispatchEvent(new Event('input'));
    },
    /** `stay`: the reader was at the end, and wants to be there. */
    update(face, stay) {
      const over = face === 'ended';

      node.hidden = face === 'form';
      again &&= over;
      composer.node.hidden = over && !again;
      foot.hidden = !over || again;
      if (over)
        ask(false);
      composer.update();
      if (!node.hidden)
        chat.update(stay);
    },
  };
}
