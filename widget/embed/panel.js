/* SPDX-License-Identifier: MIT */
// The panel: a native dialog, non-modal beside the page and modal on a small screen. It shows
// the form, or the log with either the composer or the end of the chat below it.

import { createI18n } from '../shared/i18n.js';
import { createStore } from '../shared/store.js';
import { fullTime } from '../shared/time.js';
import strings from '../shared/strings/en.json';
import { createAnnouncer } from './announcer.js';
import { el, icon, setText } from './dom.js';
import css from './panel.css';
import { createSession } from './session.js';
import { createUnread } from './unread.js';
import { authorName, createChat, eventText, spokenText } from './views/chat.js';
import { createComposer } from './views/composer.js';
import { createForm } from './views/form.js';
import { when } from './when.js';

/* global ENDED_PATH, WAITING_PATH */

const SMALL = '(max-width: 480px)';
const SECRET_PARAM = /token|code|key|state|session|password|secret/i;
const SPEAK_OFFLINE_MS = 5000;
const CLOSE_ICON = 'M6 9l6 6 6-6';

/** The page as the agent sees it: no fragment, nothing that looks like a credential. */
export function pageContext(location, title) {
  const url = new URL(location);

  for (const name of [...url.searchParams.keys()]) {
    if (SECRET_PARAM.test(name))
      url.searchParams.set(name, '***');
  }
  url.hash = '';
  return { url: url.href.slice(0, 1000), title };
}

function wireUser(user) {
  return user && { id: user.id, email: user.email, name: user.name, hmac: user.hash ?? user.hmac };
}

export function createPanel({ base, host, root, launcher, settings, options, emit, setUnread, sheet }) {
  const t = createI18n(strings);
  const desk = new URL(base).host;
  const store = createStore(`tierbell:${desk}:`);
  const tabStore = createStore(`tierbell:${desk}:`, () => globalThis.sessionStorage);
  const announcer = createAnnouncer(host, root);
  const session = createSession({
    url: `${base.replace(/^http/, 'ws')}/ws/visitor`, name: `tierbell:${desk}`, store,
    page: () => pageContext(location.href, document.title), locale: navigator.language, onChange: change, onEvent: happened,
  });
  const shared = { t, session, announcer, settings, store };
  const title = el('h2', { id: 'tb-title', tabindex: -1 }, options.title ?? t('title'));
  const sub = el('p', { class: 'sub' });
  const endButton = el('button', { type: 'button', class: 'quiet', onclick: () => showConfirm(true) }, t('menu.end'));
  const closeButton = el('button', { type: 'button', class: 'quiet square', 'aria-label': t('minimise'), onclick: close }, icon(CLOSE_ICON));
  const confirmEnd = el('div', { class: 'confirm', role: 'group', 'aria-label': t('menu.end'), hidden: true },
    el('p', {}, t('end.confirm')),
    el('div', { class: 'buttons' },
      el('button', { type: 'button', onclick: () => showConfirm(false) }, t('end.no')),
      el('button', { type: 'button', class: 'danger', onclick: endChat }, t('end.yes'))));
  const form = createForm({ ...shared, onStart: begin });
  const chat = createChat({ ...shared, onScrolledToEnd: () => unread.check() });
  const composer = createComposer({ ...shared, onSend: sendText });
  const endedBox = el('div', { hidden: true });
  const waitingBox = el('div', { class: 'queue-box' });
  const conversation = el('div', { class: 'view conversation', hidden: true },
    waitingBox, chat.node, confirmEnd, composer.node, endedBox);
  const dialog = el('dialog', { class: 'panel', 'aria-labelledby': 'tb-title', onkeydown: key, oncancel: cancel },
    el('div', { class: 'head' }, el('div', { class: 'titles' }, title, sub), endButton, closeButton),
    form.node, conversation);
  const unread = createUnread({
    session, store, isSeen: () => dialog.open && document.visibilityState === 'visible' && !conversation.hidden && chat.atEnd(),
    onCount: showUnread,
  });
  let opener = launcher;
  const parts = {}; /* what comes later: ended, waiting */
  let started = false;
  let asking = false; /* a new question while the old chat is still known */
  let again = false; /* the ended chat is to be taken up again */
  let frame = 0;
  let offlineTimer = 0;
  let offlineSaid = false;

  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(css)];
  root.append(dialog);
  form.node.addEventListener('input', loadWaiting);
  document.addEventListener('visibilitychange', visible);
  globalThis.visualViewport?.addEventListener('resize', fit);

  function start() {
    if (started)
      return;
    started = true;
    session.start();
    if (settings.user)
      session.setUser(wireUser(settings.user));
  }

  /* ---- what the session tells ---- */

  /* Many frames, one drawing. */
  function change() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
    if (document.visibilityState === 'hidden')
      queueMicrotask(() => unread.check());
  }

  function happened(name, detail) {
    if (name === 'message') {
      const isNew = unread.isNew(detail);

      if (isNew && detail.from.role === 'agent')
        announcer.say(`${authorName(t, detail.from)}: ${spokenText(t, detail.text || detail.title || '')}`);
      else if (isNew && detail.kind === 'event' && detail.event !== 'closed')
        announcer.say(eventText(t, detail));
      unread.check();
      emit(detail.from.role === 'visitor' ? 'message-sent' : 'message-received', { ticket: detail.ticket, seq: detail.seq });
    } else if (name === 'ended') {
      announcer.alert(t('event.closed'));
      emit('ended', { ticket: detail.ticket });
    } else if (name === 'failed') {
      announcer.alert(`${t('announce.failed')} ${detail.message}`);
      emit('error', { message: detail.message });
    } else if (name === 'recorded') {
      asking = false;
      emit('ticket-created', { ticket: detail.ticket });
    }
  }

  function showUnread(count) {
    setUnread(count);
    launcher.setAttribute('aria-label', count ? t('launcher.unread', { count }) : options.label ?? t('launcher'));
    emit('unread', { count });
  }

  /* ---- drawing ---- */

  function isEnded() {
    return session.state.chat?.state === 'closed' && session.outbox.items().every((item) => item.frame.type !== 'message');
  }

  function hasChat() {
    const { chat: status, ticket, acked } = session.state;

    return Boolean(status) || ticket !== null || acked.size > 0 ||
      session.outbox.items().some((item) => item.frame.type === 'message');
  }

  function subtitle() {
    const { chat: status } = session.state;

    if (status?.state === 'active' && status.agent)
      return t('chat.with', { name: status.agent.name, tier: status.tier });
    return status ? t('ended.ticket', { ticket: status.ticket }) : '';
  }

  function draw() {
    const stay = chat.atEnd();
    const inChat = hasChat() && !(asking && isEnded());
    const over = isEnded();

    form.node.hidden = inChat;
    conversation.hidden = !inChat;
    endButton.hidden = !inChat || over || !session.state.chat;
    again &&= over;
    composer.node.hidden = over && !again;
    endedBox.hidden = !over || again;
    if (over || session.state.chat?.state === 'active')
      loadEnded();
    if (inChat && !over)
      loadWaiting();
    if (over)
      showConfirm(false);
    setText(sub, subtitle());
    sub.hidden = sub.textContent === '';
    form.update();
    parts.waiting?.update?.();
    composer.update();
    if (over)
      parts.ended?.update?.();
    if (inChat)
      chat.update(stay);
    speakConnection();
    unread.check();
  }

  /* A part comes when it is soon needed, and is tried again when it did not come. */
  function load(name, path, place) {
    parts[name] ??= import(base + path).then((module) => {
      const part = module.create({
        ...shared, el, setText, fullTime, when, eventText, authorName, startOver, goOn, base,
      });

      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(part.css)];
      place(part);
      parts[name] = part;
      change();
    }, () => {
      parts[name] = null;
    });
  }

  function loadEnded() {
    load('ended', ENDED_PATH, (part) => endedBox.append(part.node));
  }

  function loadWaiting() {
    load('waiting', WAITING_PATH, (part) => {
      waitingBox.append(part.node);
      form.ask(part.questions.node);
    });
  }

  /* A short gap is nobody's business; a long one is said once, and its end too. */
  function speakConnection() {
    const down = session.state.connection === 'waiting' && hasChat();

    if (down && !offlineTimer && !offlineSaid) {
      offlineTimer = setTimeout(() => {
        offlineSaid = true;
        announcer.say(t('net.offline'));
      }, SPEAK_OFFLINE_MS);
    } else if (session.state.connection === 'open') {
      clearTimeout(offlineTimer);
      offlineTimer = 0;
      if (offlineSaid)
        announcer.say(t('net.back'));
      offlineSaid = false;
    }
  }

  /* ---- what the visitor does ---- */

  function begin(text, user) {
    session.setUser(wireUser(user));
    session.put({ type: 'message', text, new: true, flags: parts.waiting?.questions?.take() });
    draw();
    composer.input.focus();
  }

  function sendText(text) {
    again = false;
    session.put({ type: 'message', text });
    draw();
    chat.toEnd();
  }

  function showConfirm(on) {
    const was = !confirmEnd.hidden;

    confirmEnd.hidden = !on;
    if (on)
      confirmEnd.querySelector('button').focus();
    else if (was && dialog.open && !composer.node.hidden)
      composer.input.focus();
  }

  function endChat() {
    session.put({ type: 'close' });
    showConfirm(false);
  }

  function startOver() {
    asking = true;
    session.settle();
    draw();
    form.question.focus();
  }

  /* It was not solved after all: what is written now opens the same ticket again. */
  function goOn() {
    again = true;
    draw();
    composer.input.focus();
  }

  function key(event) {
    if (event.key !== 'Escape' || event.isComposing)
      return;
    event.preventDefault();
    if (!confirmEnd.hidden)
      showConfirm(false);
    else
      close();
  }

  function cancel(event) {
    event.preventDefault();
    close();
  }

  /* The panel is as high as what the on-screen keyboard leaves. */
  function fit() {
    const small = matchMedia(SMALL).matches;
    const view = globalThis.visualViewport;

    dialog.style.height = small && view ? `${view.height}px` : '';
    dialog.style.top = small && view ? `${view.offsetTop}px` : '';
  }

  function show() {
    if (matchMedia(SMALL).matches) {
      dialog.showModal();
      announcer.moveInto(dialog);
    } else {
      dialog.show();
    }
    fit();
    launcher.setAttribute('aria-expanded', 'true');
    tabStore.set('open', true);
    draw();
    composer.shown();
    chat.toEnd();
  }

  function open(from) {
    start();
    opener = from ?? launcher;
    if (!dialog.open) {
      show();
      emit('open');
    }
    (conversation.hidden || composer.node.hidden ? title : composer.input).focus();
  }

  function close() {
    if (!dialog.open)
      return;
    dialog.close();
    announcer.moveInto(root);
    launcher.setAttribute('aria-expanded', 'false');
    tabStore.remove('open');
    if (isEnded())
      session.settle();
    (opener?.isConnected && opener !== document.body ? opener : launcher).focus();
    emit('close');
  }

  function visible() {
    if (document.visibilityState !== 'visible' || !started)
      return;
    if (session.state.chat)
      session.say({ type: 'page', ...pageContext(location.href, document.title) });
    draw();
  }

  return {
    open,
    close,
    get isOpen() {
      return dialog.open;
    },
    /** After a change of page: the chat goes on, and nothing takes the focus. */
    resume() {
      const focused = document.activeElement;

      start();
      if (tabStore.get('open') && !dialog.open && !matchMedia(SMALL).matches) {
        show();
        root.activeElement?.blur();
        focused?.focus?.({ preventScroll: true });
      }
    },
    ask(text) {
      (conversation.hidden ? form.question : composer.input).value = text;
    },
    identify(user) {
      if (started)
        session.setUser(wireUser(user));
      change();
    },
    shutdown() {
      close();
      document.removeEventListener('visibilitychange', visible);
      session.shutdown();
      tabStore.remove('open');
    },
  };
}
