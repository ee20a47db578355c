/* SPDX-License-Identifier: MIT */
// The chat in a window of its own, on the desk's origin: whoever opens it hands over what it needs
// by postMessage, both sides naming the other exactly. A part of its own (shell/parts.js).

import { READY, SESSION } from '../popout_words.js';

export const css = '';

export function create({ t, base, store, settings, session, page, close }) {
  const desk = new URL(base).origin;

  /** Opens it; the panel beside the page closes. false: the browser did not let it. */
  function open() {
    const child = globalThis.open(`${base}/widget/popout?from=${encodeURIComponent(location.origin)}`, `tierbell-${desk}`, 'popup,width=480,height=760');

    if (!child)
      return false;
    globalThis.addEventListener('message', function answer(event) {
      if (event.source !== child || event.origin !== desk || event.data !== READY)
        return;
      globalThis.removeEventListener('message', answer);
      child.postMessage({
        type: SESSION, token: store.get('token') ?? session.token, user: session.state.user, tags: settings.tags,
        context: { project: settings.project, ...settings.context },
        title: settings.title, draft: store.get('draft'), prefs: store.get('prefs'), locale: t.locale, page: page(),
      }, desk);
      close();
    });
    return true;
  }

  return { open };
}
