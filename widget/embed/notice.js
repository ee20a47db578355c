/* SPDX-License-Identifier: MIT */
// A notice of the desktop when an answer comes and nobody looks: only where the visitor has asked
// for it, with who has answered and not a word of what. A part of its own (shell/parts.js).

import strings from '../shared/strings/en.notice.json';

export const css = '';

export function create({ t, session, authorName, open }) {
  t.add(strings);
  return {
    /** Asks the browser, which asks the visitor; whether notices may come now. */
    async allow() {
      return await Notification.requestPermission() === 'granted';
    },
    /** Of all tabs only the one that holds the socket shows it; a later one takes its place. */
    show(entry) {
      if (Notification.permission !== 'granted' || !session.leading)
        return;
      const notice = new Notification(t('title'), {
        body: t('notice.answered', { name: authorName(t, entry.from) }), tag: `tierbell-${entry.ticket}`,
      });

      notice.onclick = () => {
        globalThis.focus();
        notice.close();
        open();
      };
    },
  };
}
