/* SPDX-License-Identifier: MIT */
// The panel: brings the frame, the session and the views together. What it shows is a face
// (shell/face.js); all but the form are parts that come when they are needed (shell/parts.js).

import { createI18n } from '../shared/i18n.js';
import { createStore } from '../shared/store.js';
import { clock, fullTime } from '../shared/time.js';
import tokens from '../shared/tokens.css';
import strings from '../shared/strings/en.json';
import { createAnnouncer } from './announcer.js';
import { pageContext } from './context.js';
import { el, icon, setText } from './dom.js';
import css from './panel.css';
import { createPrefs } from './prefs.js';
import { createSession } from './session.js';
import { createConnectionVoice } from './shell/connection.js';
import { createDialog } from './shell/dialog.js';
import { createEvents } from './shell/events.js';
import { faceOf, hasChat, isEnded } from './shell/face.js';
import { useLanguage } from './shell/language.js';
import { createParts } from './shell/parts.js';
import { createPreview } from './shell/preview.js';
import { createUnread } from './unread.js';
import { createForm } from './views/form.js';
import { opening as openingAt, when } from './when.js';

function wireUser(user) {
  return user && { id: user.id, email: user.email, name: user.name, hmac: user.hash ?? user.hmac };
}

/* What the server takes: at most 10 lines of 1 to 47 bytes. A tag beyond that is the page's mistake,
   and must not cost the visitor the message. */
function wireTags(tags = []) {
  const bytes = new TextEncoder();

  return [...new Set(tags.map((tag) => String(tag).replace(/\s+/g, ' ').trim()))]
    .filter((tag) => tag && bytes.encode(tag).length <= 47).slice(0, 10);
}

/**
 * @param {object} place  what the loader hands over
 *   base, prefix  of the server's addresses; of the keys in storage
 *   host, root, launcher
 *   settings      {user, context, tags, title, label}: what the page has said so far
 *   locale        () => the language to speak
 *   emit          (name, detail) to the page
 *   prefer        (prefs) the visitor's own choice of theme and language
 *   sheet         (css) => CSSStyleSheet
 *   full          it is all of the window (the pop-out)
 */
export async function createPanel({ base, prefix, host, root, launcher, settings, locale, emit, prefer, sheet, full }) {
  const t = createI18n(strings);
  const store = createStore(prefix);
  const tabStore = createStore(prefix, () => globalThis.sessionStorage);
  const prefs = createPrefs(store);
  const announcer = createAnnouncer(host, root);
  const session = createSession({
    url: `${base.replace(/^http/, 'ws')}/ws/visitor`, name: prefix.slice(0, -1), store,
    page: () => parts.made.context?.told() ?? { page: page() }, locale: locale(), onChange: change, onEvent: happened,
  });
  const events = createEvents({ session, tabStore, emit });
  /* What every view and part may use. */
  const kit = {
    t, session, announcer, settings, store, tabStore, prefs, base, el, icon, setText, draw, startOver, emit,
    clock: (at) => clock(at, Date.now(), t.tag),
    fullTime: (at) => fullTime(at, t.tag),
    when: (at) => when(at, t.tag),
    opening: (at) => openingAt(at, t.tag, session.state.desk?.zone),
    isOpen: () => dialog.isOpen,
    seen: () => unread.check(),
    goOn: () => parts.made.talk.goOn(),
    eventText: (...values) => parts.made.talk.eventText(...values),
    authorName: (...values) => parts.made.talk.authorName(...values),
    menuButton: () => dialog.menuButton,
    prefer: setPref,
    canEnd: () => face === 'talk' && Boolean(session.state.chat),
    askToEnd: () => parts.load('talk', (talk) => talk.askToEnd()),
    canPopOut: () => !full,
    popOut: (blocked) => parts.load('popout', (part) => part.open() || blocked()),
    page,
    close: () => dialog.close(),
    open: () => api.open(launcher),
    tellPage: () => session.tellPage(),
    selection: () => selection,
    load: (name, use) => parts.load(name, use),
  };
  const parts = createParts({ base, kit, addStyle, onPart });
  const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const unread = createUnread({
    session, store, onCount: showUnread,
    isSeen: () => isInView() && Boolean(parts.made.talk?.atEnd()),
  });
  const hearConnection = createConnectionVoice(kit);
  let dialog = null;
  let form = null;
  let preview = null;
  let opening = null;
  let started = false;
  let selection = ''; /* of the page, when the panel was opened */
  let asking = false; /* a new question while the old chat is still known */
  let face = 'form';
  let frame = 0;

  await useLanguage(base, t, locale());
  addStyle(tokens);
  addStyle(css);
  launcher.append(badge);
  build();
  document.addEventListener('visibilitychange', visible);

  /* Where the visitor reads: the pop-out was told by its opener. */
  function page() {
    return settings.page ?? pageContext(location.href, document.title);
  }

  function addStyle(text) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(text)];
  }

  /* Everything that has words in it. */
  function build() {
    dialog = createDialog({
      t, title: settings.title ?? t('title'), launcher, root, announcer, full, onMenu, onShow, onClose,
      onOpen: () => emit('open'),
      onEscape: () => parts.made.menu?.close(true) || parts.made.talk?.escape(),
    });
    preview = createPreview({ t, root, onOpen: () => api.open(launcher) });
    form = createForm({ ...kit, onStart: begin });
    opening = el('p', { class: 'view opening', hidden: true }, t('opening'));
    dialog.node.append(...memoryNotice(), form.node, opening);
    dialog.node.addEventListener('pointerdown', pressed);
    dialog.node.addEventListener('click', clicked);
    form.node.addEventListener('input', prepare);
  }

  /* Where the browser lets this page store nothing, another origin may. */
  function memoryNotice() {
    return store.blocked ? [el('p', { class: 'notice' }, t('blocked'), ' ',
      !full && el('a', { href: `${base}/widget/popout`, target: '_blank', rel: 'noopener' }, t('blocked.window')))] : [];
  }

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

  const happenings = {
    message(entry) {
      const tells = entry.kind === 'event' ? entry.event !== 'closed' : entry.from.role === 'agent';

      if (tells && unread.isNew(entry))
        parts.load('talk', (talk) => notify(entry, talk.spoken(entry)));
      unread.check();
    },
    ended: () => announcer.alert(t('event.closed')),
    failed: ({ message }) => announcer.alert(`${t('announce.failed')} ${message}`),
    recorded() {
      asking = false;
    },
  };

  function happened(name, detail) {
    happenings[name]?.(detail);
    events.happened(name, detail);
  }

  function isInView() {
    return dialog.isOpen && document.visibilityState === 'visible' && face !== 'form';
  }

  function notify(entry, words) {
    announcer.say(words);
    if (entry.kind === 'event')
      return;
    if (!dialog.isOpen)
      preview.show(words);
    if (!isInView() && prefs.get('sound'))
      parts.load('sound', (sound) => sound.play());
    if (document.visibilityState === 'hidden' && prefs.get('notify'))
      parts.load('notice', (notice) => notice.show(entry));
  }

  function showUnread(count) {
    badge.hidden = count === 0;
    setText(badge, count > 99 ? '99+' : String(count));
    if (count === 0)
      preview.settle();
    if (count)
      launcher.setAttribute('aria-label', t('launcher.unread', { count }));
    else
      launcher.removeAttribute('aria-label');
    emit('unread', { count });
  }

  /* ---- drawing ---- */

  /* Who is there, and what is to be known of the chat. */
  function tell() {
    const { chat, desk } = session.state;

    if (face === 'form')
      dialog.tell('', desk ? t(desk.open ? 'sub.open' : 'sub.closed') : '', desk ? (desk.open ? 'open' : 'away') : '');
    else if (chat?.state === 'active' && chat.agent)
      dialog.tell(chat.agent.name, t('chat.with', { name: chat.agent.name, tier: chat.tier }), 'open');
    else
      dialog.tell('', chat ? t('ended.ticket', { ticket: chat.ticket }) : '', '');
  }

  function draw() {
    const { talk, waiting, ended } = parts.made;
    const stay = talk?.atEnd();

    face = faceOf(session, asking);
    bring();
    form.node.hidden = face !== 'form';
    opening.hidden = face === 'form' || Boolean(talk);
    tell();
    form.update();
    waiting?.update();
    talk?.update(face, stay);
    if (face === 'ended')
      ended?.update();
    hearConnection(session.state.connection, hasChat(session));
    unread.check();
    events.check(face);
  }

  /* Whatever the face needs now or soon. */
  function bring() {
    if (face === 'form')
      return;
    prepare();
    if (face === 'ended' || session.state.chat?.state === 'active')
      parts.load('ended');
  }

  function prepare() {
    parts.load('talk');
    parts.load('waiting');
  }

  const places = {
    talk: (part) => dialog.node.append(part.node),
    menu(part) {
      dialog.node.append(part.node);
      parts.load('popout'); /* a window may be opened only at once after the press */
    },
    editor: (part) => dialog.node.append(part.node),
    waiting(part) {
      form.ask(part.questions.node);
      parts.load('talk', (talk) => talk.top.append(part.node));
    },
    ended: (part) => parts.load('talk', (talk) => talk.foot.append(part.node)),
    context: (part) => form.show(part.node),
  };

  function onPart(name, part) {
    places[name]?.(part);
    draw();
    if (name === 'talk' && dialog.isOpen)
      part.shown();
  }

  /* Everything once more in another language, with what was written and where it was read. */
  async function setLanguage() {
    const wanted = locale();
    const open = dialog.isOpen;
    const written = form.written();

    if (wanted === t.locale)
      return;
    await useLanguage(base, t, wanted);
    dialog.remove();
    preview.remove();
    build();
    parts.remake();
    form.restore(written);
    if (open)
      dialog.open(launcher);
    draw();
  }

  /* ---- what the visitor does ---- */

  function begin({ text, files, keep }, user) {
    const asIs = keep || undefined;

    session.setUser(wireUser(user));
    session.tellPage();
    session.put({
      type: 'message', text, new: true, flags: parts.made.waiting?.questions.take(), tags: wireTags(settings.tags), keep_secrets: asIs,
    });
    for (const { name, body } of files)
      session.put({ type: 'file', name, body, keep_secrets: asIs });
    draw();
    focusTalk();
    parts.load('sound');
  }

  function startOver() {
    asking = true;
    session.settle();
    draw();
    form.question.focus();
  }

  function focusTalk() {
    dialog.title.focus();
    parts.load('talk', (talk) => dialog.isOpen && talk.focus());
  }

  function onMenu(toggles) {
    parts.load('menu', (menu) => toggles && menu.toggle());
  }

  /* A press beside the open menu puts it away. */
  function pressed({ target }) {
    const { menu } = parts.made;

    if (menu && !menu.contains(target) && !dialog.menuButton.contains(target))
      menu.close(false);
  }

  function clicked({ target }) {
    const article = target.closest('a.doc');

    if (article)
      emit('doc-click', { ticket: session.state.ticket, url: article.href });
  }

  function setPref(name, value) {
    prefs.set(name, value);
    prefer(store.get('prefs'));
    setLanguage().then(() => {
      if (name === 'locale')
        dialog.menuButton.focus();
    });
    draw();
  }

  function onShow(again) {
    tabStore.set('open', true);
    preview.hide();
    draw();
    if (!again)
      parts.made.talk?.shown();
  }

  function onClose() {
    parts.made.menu?.close(false);
    tabStore.remove('open');
    if (isEnded(session))
      session.settle();
    emit('close');
  }

  function visible() {
    if (document.visibilityState !== 'visible' || !started)
      return;
    if (session.state.chat)
      session.tellPage();
    draw();
  }

  const updates = {
    user() {
      if (started)
        session.setUser(wireUser(settings.user));
      change();
    },
    locale: setLanguage,
    context: () => session.state.chat && kit.tellPage(),
  };
  const api = {
    open(from) {
      start();
      selection = String(document.getSelection() ?? '');
      parts.load('context', (part) => part.draw());
      dialog.open(from);
      if (face === 'form')
        dialog.title.focus();
      else
        focusTalk();
    },
    close: () => dialog.close(),
    get isOpen() {
      return dialog.isOpen;
    },
    /** After a change of page: the chat goes on, and nothing takes the focus. */
    resume() {
      start();
      if (tabStore.get('open'))
        dialog.reopen();
    },
    /** `fresh`: for a ticket of its own, where the last one has ended. */
    ask(text, fresh) {
      if (fresh && face === 'ended')
        startOver();
      if (face === 'form')
        form.question.value = text;
      else
        parts.load('talk', (talk) => talk.fill(text));
      prepare();
    },
    moved: () => dialog.moved(),
    /** The page has said something else: see settings. Without a name: all of it. */
    update(name) {
      for (const update of name ? [updates[name]] : Object.values(updates))
        update?.();
    },
    shutdown() {
      dialog.close();
      dialog.remove();
      document.removeEventListener('visibilitychange', visible);
      session.shutdown();
    },
  };

  return api;
}
