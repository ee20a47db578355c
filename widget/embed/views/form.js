/* SPDX-License-Identifier: MIT */
// Before the chat: what is asked, and where the answer may go.

import { el, setText } from '../dom.js';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/* A labelled field with its hint and its error, tied together for screen readers. */
function field({ id, label, hint, control }) {
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true });
  const described = hint ? `${id}-hint ${id}-error` : `${id}-error`;

  control.id = id;
  control.setAttribute('aria-describedby', described);
  return {
    control,
    node: el('div', { class: 'field' },
      el('label', { for: id }, label), hint && el('p', { class: 'hint', id: `${id}-hint` }, hint), error, control),
    fail(text) {
      error.hidden = !text;
      setText(error, text || '');
      control.setAttribute('aria-invalid', Boolean(text));
      return !text;
    },
  };
}

export function createForm({ t, opening, session, settings, tabStore, announcer, load, onStart }) {
  const question = field({
    id: 'tb-question', label: t('form.question'), hint: t('form.question.hint'),
    control: el('textarea', { rows: 4, required: true, maxlength: 8000, oninput: keep }),
  });
  const email = field({
    id: 'tb-email', label: t('form.email'), hint: t('form.email.hint'),
    control: el('input', { type: 'email', autocomplete: 'email', required: true, maxlength: 254 }),
  });
  const name = field({
    id: 'tb-name', label: t('form.name'),
    control: el('input', { type: 'text', autocomplete: 'name', maxlength: 100 }),
  });
  const hours = el('p', { class: 'hours' });
  const asked = el('div', {}); /* the policy's questions, when they are there */
  const shown = el('div', {}, el('p', { class: 'hint' }, t('form.page')));
  const start = el('button', { type: 'submit', class: 'primary' });
  const last = el('div', { class: 'last' }, start); /* stays in sight, however long the form is */
  const node = el('form', { class: 'view form', novalidate: true, onsubmit: submit, onfocusin: help },
    hours, question.node, asked, email.node, name.node, shown, last);
  let editor = null; /* helps when it has come */
  let attached = null;

  question.control.value = tabStore.get('question') ?? '';
  email.control.value = session.state.user?.email ?? '';
  name.control.value = session.state.user?.name ?? '';

  /* Who looks something up on another page finds it again. */
  function keep() {
    tabStore.set('question', question.control.value);
  }

  function check() {
    const known = Boolean(settings.user);
    const right = [
      [question, question.control.value.trim() === '' && t('form.question.error')],
      [email, !known && !EMAIL.test(email.control.value.trim()) && t('form.email.error')],
    ];
    const wrong = right.filter(([item, text]) => !item.fail(text)).map(([item]) => item);

    if (wrong.length === 0)
      return true;
    announcer.alert(t('error.form'));
    wrong[0].control.focus();
    return false;
  }

  function hoursText(desk) {
    if (desk && !desk.open)
      return desk.opens_at ? t('desk.closed', { time: opening(desk.opens_at) }) : t('desk.away');
    return desk?.first_response_s ? t('desk.open', { count: Math.ceil(desk.first_response_s / 60) }) : t('desk.plain');
  }

  function submit(event) {
    event.preventDefault();
    if (!check())
      return;
    const text = question.control.value.trim();
    const user = settings.user ?? {
      email: email.control.value.trim(), name: name.control.value.trim() || undefined,
    };

    const send = (said) => {
      if (!said) {
        question.control.focus();
        return;
      }
      question.control.value = '';
      keep();
      attached?.clear();
      onStart(said, user);
    };

    if (editor)
      editor.check(text, attached.files, send);
    else
      send({ text, files: [] });
  }

  /* Whoever is about to write. */
  function help() {
    if (attached)
      return;
    load('editor', (part) => {
      if (attached)
        return;
      editor = part;
      attached = part.attach(question.control, 'question-files');
      question.node.append(attached.node);
      last.prepend(attached.button);
    });
  }

  return {
    node,
    question: question.control,
    /** What stands in the fields, and back again. */
    written: () => [question, email, name].map(({ control }) => control.value),
    restore(values) {
      for (const [i, { control }] of [question, email, name].entries())
        control.value = values[i];
    },
    ask: (questions) => asked.append(questions),
    /** What the agent will see of the page. */
    show: (context) => shown.replaceChildren(context),
    update() {
      const desk = session.state.desk;
      const known = Boolean(settings.user);

      email.node.hidden = known;
      name.node.hidden = known;
      setText(start, t(desk?.open === false ? 'form.leave' : 'form.start'));
      setText(hours, `${desk?.limited ? `${t('desk.limited')} ` : ''}${hoursText(desk)}`);
    },
  };
}
