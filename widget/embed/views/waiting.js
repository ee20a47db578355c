/* SPDX-License-Identifier: MIT */
// From the first word until somebody has the chat: the two questions of the policy, that it is on
// record, the place in the queue, and what is promised, in the visitor's own time.
// A file of its own that comes when the visitor begins to write; what it shares with
// the panel is handed in as `kit` (shell/parts.js).

import { etaRange } from '../../shared/time.js';
import strings from '../../shared/strings/en.waiting.json';
import css from './waiting.css';

export { css };

const ANNOUNCE_MS = 60_000;

function eta(t, seconds) {
  const [from, to] = etaRange(seconds);

  return to === 1 ? t('queue.eta.one') : t('queue.eta', { from, to });
}

function queueText({ t }, chat) {
  if (chat.immediate)
    return t('queue.emergency');
  if (chat.kept)
    return t('queue.kept', { ticket: chat.ticket });
  if (chat.opens_at)
    return t('queue.nobody');
  if (chat.position > 1)
    return t('queue.position', { position: chat.position });
  return t(chat.position ? 'queue.next' : 'queue.ticket');
}

const opensText = ({ t, opening }, chat) =>
  chat.opens_at && !chat.immediate && !chat.kept ? t('queue.opens', { time: opening(chat.opens_at) }) : '';

/** When somebody answers, as promised on record; '' where nothing is. */
export function promiseText({ t, when }, chat, now = Date.now()) {
  if (!chat.first_response_due)
    return '';
  return chat.first_response_due > now
    ? t('promise.reply', { time: when(chat.first_response_due) }) : t('promise.late');
}

/* Yes is a fact of the record, and is never guessed: nothing is ticked before. */
function createQuestions({ t, el, session }) {
  const boxes = ['production_stopped', 'data_exposed'].map((name) => el('input', { type: 'checkbox', name }));
  const node = el('fieldset', { class: 'questions', hidden: true },
    el('legend', {}, t('ask.legend')),
    ...boxes.map((box) => el('label', {}, box, el('span', {}, t(`ask.${box.name}`)))));

  return {
    node,
    update() {
      node.hidden = !session.state.desk?.ask_flags;
    },
    /** {production_stopped, data_exposed} as ticked, undefined when neither is; unticks them. */
    take() {
      const said = Object.fromEntries(boxes.filter((box) => box.checked && !node.hidden).map((box) => [box.name, true]));

      for (const box of boxes)
        box.checked = false;
      return Object.keys(said).length > 0 ? said : undefined;
    },
  };
}

export function create(kit) {
  const { t, el, setText, session, store, announcer, base } = kit;

  t.add(strings);
  const place = el('p', { class: 'place', tabindex: -1 });
  const promise = el('p', { class: 'promise' });
  const more = el('p', { class: 'hint' });
  const leave = el('button', { type: 'button', class: 'link', hidden: true, onclick: leaveTicket }, t('queue.leave'));
  const node = el('div', { class: 'queue', hidden: true }, place, promise, more,
    el('p', { class: 'hint ways' }, leave, el('a', { href: `${base}/help/policy`, target: '_blank', rel: 'noopener' }, t('policy.link'))));
  const questions = createQuestions(kit);
  let left = store.get('left'); /* the ticket that is not waited for here */
  let said = '';
  let saidAt = 0;
  let later = 0;

  /* The question is on record as it is; what ends is the waiting. */
  function leaveTicket() {
    left = session.state.ticket;
    store.set('left', left);
    announcer.say(t('queue.left', { ticket: left }));
    kit.draw();
    place.focus();
  }

  /* Only a new position is news, and at most once a minute: the newest, when the minute is over. */
  function announce(text) {
    clearTimeout(later);
    if (text === said)
      return;
    const wait = saidAt + ANNOUNCE_MS - Date.now();
    if (wait > 0) {
      later = setTimeout(() => announce(text), wait);
      return;
    }
    said = text;
    saidAt = Date.now();
    announcer.say(text);
  }

  /* After a reload without a network only what was not sent is known. */
  function unknown(ticket) {
    if (ticket !== null)
      return t('queue.recorded', { ticket });
    return t(session.outbox.items().some(({ frame }) => frame.new) ? 'queue.sending' : 'queue.back');
  }

  function show(first, second, third) {
    setText(place, first);
    setText(promise, second);
    promise.hidden = second === '';
    setText(more, third);
  }

  return {
    node,
    questions,
    update() {
      const { chat, ticket } = session.state;
      const sending = !chat && session.outbox.items().length > 0;

      questions.update();
      node.hidden = !(sending || chat?.state === 'waiting' || (!chat && ticket !== null));
      if (node.hidden || left === chat?.ticket)
        clearTimeout(later);
      if (node.hidden)
        return;
      if (!chat) {
        show(unknown(ticket), '', '');
        return;
      }
      const waits = left !== chat.ticket && !chat.kept && !chat.immediate;

      leave.hidden = !waits || !chat.position || Boolean(chat.opens_at);
      if (left === chat.ticket) {
        show(t('queue.left', { ticket: chat.ticket }), promiseText(kit, chat), '');
        return;
      }
      const text = queueText(kit, chat);
      const wait = chat.position && chat.eta_s > 0 ? `${eta(t, chat.eta_s)} ` : '';

      const opens = opensText(kit, chat);

      show(text, [opens, promiseText(kit, chat)].filter(Boolean).join(' '), `${wait}${t('queue.recorded', { ticket: chat.ticket })} ${t('queue.keep')}`);
      announce(opens ? `${text} ${opens}` : text);
    },
  };
}
