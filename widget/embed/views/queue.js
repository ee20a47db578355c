/* SPDX-License-Identifier: MIT */
// While nobody has the chat yet: that it is on record, the place in the queue, the time to wait.

import { etaRange } from '../../shared/time.js';
import { el, setText } from '../dom.js';
import { when } from '../when.js';

const ANNOUNCE_MS = 60_000;

function eta(t, seconds) {
  const [from, to] = etaRange(seconds);

  return to === 1 ? t('queue.eta.one') : t('queue.eta', { from, to });
}

function queueText(t, chat) {
  if (chat.position > 1)
    return t('queue.position', { position: chat.position });
  if (chat.position)
    return t('queue.next');
  return chat.opens_at ? t('queue.nobody', { time: when(chat.opens_at) }) : t('queue.ticket');
}

export function createQueue({ t, session, announcer }) {
  const place = el('p', { class: 'place' });
  const more = el('p', { class: 'hint' });
  const node = el('div', { class: 'queue', hidden: true }, place, more);
  let said = '';
  let saidAt = 0;

  /* Only a new position is news, and at most once a minute. */
  function announce(text) {
    if (text === said || Date.now() - saidAt < ANNOUNCE_MS)
      return;
    said = text;
    saidAt = Date.now();
    announcer.say(text);
  }

  return {
    node,
    update() {
      const { chat, ticket } = session.state;
      const sending = !chat && session.outbox.items().length > 0;

      node.hidden = !(sending || chat?.state === 'waiting' || (!chat && ticket !== null));
      if (node.hidden)
        return;
      if (!chat) {
        setText(place, ticket === null ? t('queue.sending') : t('queue.recorded', { ticket }));
        setText(more, '');
        return;
      }
      const text = queueText(t, chat);
      const wait = chat.position && chat.eta_s > 0 ? `${eta(t, chat.eta_s)} ` : '';

      setText(place, text);
      setText(more, `${wait}${t('queue.recorded', { ticket: chat.ticket })} ${t('queue.keep')}`);
      announce(text);
    },
  };
}
