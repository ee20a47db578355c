/* SPDX-License-Identifier: MIT */
// What every documentation page loads: a button in the top layer and the JavaScript interface
// (docs/EMBEDDING.md). The panel, the socket and the storage come with the first use.

import { pickLocale } from '../shared/locale.js';
import css from './loader.css';
import { el, icon } from './dom.js';
import { MARKS, pageTheme } from './theme.js';

/* global HOME, PANEL_PATH, VERSION */

const CHAT_ICON = 'M4 5h16v11H9l-5 4V5zM8 9h8M8 12.5h5';
const WORDS = {
  en: ['Get help', 'Help is not reachable'],
  es: ['Obtener ayuda', 'La ayuda no está disponible'],
};
const script = document.currentScript;
const page = document.documentElement;
const listeners = { __proto__: null }; /* by event */

function sheet(text) {
  const made = new CSSStyleSheet();

  made.replaceSync(text);
  return made;
}

function emit(name, detail = {}) {
  for (const listener of listeners[name] ?? []) {
    try {
      listener(detail);
    } catch (error) {
      reportError(error);
    }
  }
  document.dispatchEvent(new CustomEvent(`tierbell:${name}`, { detail }));
}

function createWidget(base, settings) {
  const prefix = `tierbell:${new URL(base).host}:`;
  const host = el('div', { id: 'tierbell', popover: 'manual' });
  const root = host.attachShadow({ mode: 'open' });
  const label = el('span', { class: 'label' });
  const launcher = el('button', {
    type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', 'aria-expanded': 'false',
    onclick: () => open(launcher, true), onpointerenter: load, onfocus: load,
  }, icon(CHAT_ICON), label);
  const home = el('div', { role: 'region', class: 'home' }, launcher);
  const marks = new MutationObserver(follow);
  const modals = new MutationObserver(follow);
  let saved = {};
  let panel = null;
  let loading = null;
  let over = false;

  root.adoptedStyleSheets = [sheet(css)];
  root.append(home);

  /* Single-key shortcuts of the page must not fire while somebody writes here. */
  for (const type of ['keydown', 'keyup', 'keypress'])
    host.addEventListener(type, (event) => event.stopPropagation());

  const locale = () => pickLocale([saved.locale ?? settings.locale, ...navigator.languages], WORDS);

  /* The theme and the language, whoever has changed them. */
  function dress() {
    const theme = saved.theme ?? settings.theme;

    host.setAttribute('data-theme', /light|dark/.test(theme) ? theme : pageTheme());
    host.lang = locale();
    label.textContent = settings.label ?? WORDS[locale()][0];
    home.setAttribute('aria-label', label.textContent);
  }

  function load() {
    loading ??= import(base + PANEL_PATH).then((module) => module.createPanel({
      base, host, root, launcher, settings, emit, sheet, prefix, locale,
      /** The visitor's own choice, of the menu. */
      prefer(prefs) {
        saved = prefs;
        dress();
      },
    })).then((made) => {
      panel = made;
      if (over)
        panel.shutdown();
      return panel;
    }).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function open(opener, toggles) {
    if (toggles && launcher.ariaBusy) /* pressed again while it comes */
      return;
    launcher.ariaBusy = true;
    try {
      const loaded = await load();
      dress();
      if (toggles && loaded.isOpen)
        loaded.close();
      else
        loaded.open(opener);
    } catch (error) {
      label.textContent = WORDS[locale()][1];
      emit('error', { message: String(error.message) });
    } finally {
      launcher.ariaBusy = null;
    }
  }

  /* Stands in the body, or in the modal dialog of the page that makes the rest of it inert. */
  function attach() {
    const place = [...document.querySelectorAll('dialog:modal')].pop() ?? document.body;

    for (const copy of document.querySelectorAll('#tierbell')) {
      if (copy !== host)
        copy.remove();
    }
    if (host.parentNode === place)
      return;
    place.append(host);
    host.showPopover?.();
    panel?.moved();
  }

  /* A page that swaps its body, opens a dialog, or turns dark. */
  function follow() {
    if (!document.body)
      return;
    attach();
    dress();
    watch();
  }

  /* All of the tree is watched for what opens and closes alone; and inside of a dialog, which may
     be taken away with everything in it. */
  function watch() {
    unwatch();
    modals.observe(page, { subtree: true, attributeFilter: ['open'], childList: host.parentNode !== document.body });
    for (const node of [page, document.body])
      marks.observe(node, { childList: true, attributeFilter: MARKS });
  }

  function unwatch() {
    marks.disconnect();
    modals.disconnect();
  }

  function clicked(event) {
    const opener = event.target.closest?.('[data-support-open]');

    if (!opener)
      return;
    event.preventDefault();
    open(opener);
  }

  function stored(work) {
    for (const name of ['localStorage', 'sessionStorage']) {
      try {
        work(window[name]);
      } catch {
        /* Storage is blocked: then nothing was stored either. */
      }
    }
  }

  /* A running chat goes on over page changes; nothing is read that was not written by a chat. */
  stored((area) => {
    saved = JSON.parse(area.getItem(`${prefix}prefs`)) ?? saved;
    if (area.getItem(`${prefix}live`))
      load().then((loaded) => loaded.resume());
  });
  follow();
  document.addEventListener('click', clicked);
  queueMicrotask(() => emit('ready'));

  return {
    open,
    close: () => panel?.close(),
    show: (on) => host.toggleAttribute('data-hidden', !on),
    /** Opens it with these words; `fresh`: for a new ticket. */
    ask: (...values) => open(document.activeElement).then(() => panel?.ask(...values)),
    update(name) {
      dress();
      panel?.update(name);
    },
    shutdown() {
      over = true;
      unwatch();
      document.removeEventListener('click', clicked);
      panel?.shutdown();
      host.remove();
      stored((area) => {
        for (const key of Object.keys(area)) {
          if (key.startsWith(prefix))
            area.removeItem(key);
        }
      });
    },
  };
}

function start() {
  const queued = window.Tierbell?.q ?? [];
  const base = new URL(HOME, script.src).href.slice(0, -1);
  const asWritten = () => ({ context: {}, ...script.dataset });
  let settings = asWritten();
  let widget = null;

  function set(name, value) {
    settings[name] = value;
    widget?.update(name);
  }

  const methods = {
    boot(given = {}) {
      Object.assign(settings, given);
      widget ??= createWidget(base, settings);
      widget.update();
    },
    shutdown() {
      widget?.shutdown();
      widget = null;
      settings = asWritten();
    },
    open: () => widget?.open(document.activeElement),
    close: () => widget?.close(),
    toggle: () => widget?.open(document.activeElement, true),
    show: () => widget?.show(true),
    hide: () => widget?.show(false),
    ask: (text) => widget?.ask(text),
    newTicket: ({ subject, body }) => widget?.ask([subject, body].filter(Boolean).join('\n\n'), true),
    identify: (user) => set('user', user),
    setContext: (context) => set('context', { ...settings.context, ...context }),
    setLocale: (locale) => set('locale', locale),
    setTheme: (theme) => set('theme', theme),
    setTags: (tags) => set('tags', tags),
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener),
  };

  window.Tierbell = (name, ...values) => {
    if (Object.hasOwn(methods, name))
      methods[name](...values);
    else
      console.warn(`Tierbell: there is no method "${name}"`);
  };
  window.Tierbell.version = VERSION;
  methods.boot();
  for (const call of queued)
    window.Tierbell(...call);
}

if (!window.Tierbell?.version) {
  if (document.body)
    start();
  else
    document.addEventListener('DOMContentLoaded', start, { once: true });
}
