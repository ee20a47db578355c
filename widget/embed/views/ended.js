/* SPDX-License-Identifier: MIT */
// After the chat: the ticket's number, the transcript to keep, one question about the help.
// A file of its own that comes while the chat runs; what it shares with the panel is handed
// in as `kit` (shell/parts.js).

import strings from '../../shared/strings/en.ended.json';
import css from './ended.css';

export { css };

/* Marks around titles, names and events. */
const MARKDOWN = { title: '# ', name: '**', event: '*' };
const PLAIN = { title: '', name: '', event: '' };

function content(entry) {
  if (entry.kind === 'file')
    return `[${entry.title}]`;
  return [entry.title, entry.url, entry.text].filter(Boolean).join('\n\n');
}

/** The log as a file, in the order that it was shown: Markdown, or plain text. */
export function transcript({ t, fullTime, eventText, authorName }, ticket, entries, marks = MARKDOWN) {
  const lines = entries.map((entry) => entry.kind === 'event'
    ? `${marks.event}${fullTime(entry.at)}: ${eventText(t, entry)}${marks.event}`
    : `${marks.name}${authorName(t, entry.from)}${marks.name}, ${fullTime(entry.at)}\n\n${content(entry)}`);

  return `${marks.title}${t('ended.ticket', { ticket })}\n\n${lines.join('\n\n')}\n`;
}

function createSurvey({ t, el, session }) {
  const scores = [1, 2, 3, 4, 5].map((score) => el('label', { class: 'score' },
    el('input', { type: 'radio', name: 'tb-score', value: score }),
    el('span', {}, String(score)), el('span', { class: 'hint' }, t(`survey.${score}`))));
  const comment = el('textarea', { id: 'tb-comment', rows: 2, maxlength: 2000 });
  const thanks = el('p', { class: 'thanks', hidden: true, tabindex: -1 }, t('survey.thanks'), ' ',
    el('button', { type: 'button', class: 'link', onclick: change }, t('survey.change')));
  const more = el('div', { class: 'more', hidden: true },
    el('label', { for: 'tb-comment' }, t('survey.comment')), comment,
    el('button', { type: 'submit' }, t('survey.send')));
  const form = el('form', { class: 'survey', novalidate: true, onsubmit: submit, onchange: () => { more.hidden = false; } },
    el('fieldset', {}, el('legend', {}, t('survey.title')), el('div', { class: 'scores' }, ...scores)),
    more);
  let ratedTicket = null;
  let mayChange = null; /* its survey is open, though it was answered */

  function submit(event) {
    event.preventDefault();
    const chosen = form.querySelector('input:checked');

    if (!chosen)
      return;
    session.put({ type: 'rate', score: Number(chosen.value), comment: comment.value.trim() || undefined });
    ratedTicket = session.state.ticket;
    update();
    thanks.focus();
  }

  /* The same form with what was said: the newest answer counts. */
  function change() {
    ratedTicket = null;
    mayChange = session.state.ticket;
    update();
    (form.querySelector('input:checked') ?? form.querySelector('input')).focus();
  }

  function update() {
    const { chat, ticket } = session.state;

    thanks.hidden = ratedTicket !== ticket;
    form.hidden = !(chat?.survey || mayChange === ticket) || !thanks.hidden;
  }

  return { node: el('div', {}, form, thanks), update };
}

export function create(kit) {
  const { t, el, setText, session, startOver, goOn } = kit;

  t.add(strings);
  const title = el('h3', {}, t('ended.title'));
  const number = el('p', { class: 'hint' });
  const survey = createSurvey(kit);
  const node = el('div', { class: 'ended' }, title, number, survey.node,
    el('div', { class: 'buttons' },
      el('button', { type: 'button', onclick: goOn }, t('ended.again')),
      el('button', { type: 'button', class: 'primary', onclick: startOver }, t('ended.new'))),
    el('p', { class: 'hint ways' },
      el('button', { type: 'button', class: 'link', onclick: () => download('md', 'text/markdown', MARKDOWN) }, t('ended.transcript')),
      el('button', { type: 'button', class: 'link', onclick: () => download('txt', 'text/plain', PLAIN) }, t('ended.text'))));

  function download(ending, type, marks) {
    const text = transcript(kit, session.state.ticket, session.log.entries(), marks);
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = el('a', { href: url, download: `ticket-${session.state.ticket}.${ending}` });

    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  return {
    node,
    update() {
      setText(number, t('ended.ticket', { ticket: session.state.ticket }));
      survey.update();
    },
  };
}
