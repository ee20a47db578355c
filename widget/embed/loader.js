/* SPDX-License-Identifier: MIT */
// What every documentation page loads: a button in the top layer. The panel, the socket and
// the storage come with the first use.

import tokens from '../shared/tokens.css';
import css from './loader.css';
import { el, icon } from './dom.js';

/* global PANEL_PATH, VERSION */

const CHAT_ICON = 'M4 5h16v11H9l-5 4V5zM8 9h8M8 12.5h5';
const script = document.currentScript;

function sheet(text) {
  const made = new CSSStyleSheet();

  made.replaceSync(text);
  return made;
}

function createWidget(base, options) {
  const host = el('div', { id: 'tierbell', popover: 'manual', 'data-theme': options.theme });
  const root = host.attachShadow({ mode: 'open' });
  const label = el('span', { class: 'label' }, options.label ?? 'Get help');
  const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const launcher = el('button', {
    type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', 'aria-expanded': 'false',
    onclick: () => open(launcher, true), onpointerenter: () => load(), onfocus: () => load(),
  }, icon(CHAT_ICON), label, badge);
  const listeners = new Map();
  const settings = { context: {}, user: null };
  let panel = null;
  let loading = null;

  root.adoptedStyleSheets = [sheet(tokens), sheet(css)];
  root.append(el('div', { role: 'region', 'aria-label': label.textContent, class: 'home' }, launcher));

  /* Single-key shortcuts of the page must not fire while somebody writes here. */
  for (const type of ['keydown', 'keyup', 'keypress'])
    host.addEventListener(type, (event) => event.stopPropagation());

  function emit(name, detail = {}) {
    for (const listener of listeners.get(name) ?? [])
      listener(detail);
    document.dispatchEvent(new CustomEvent(`tierbell:${name}`, { detail }));
  }

  function setUnread(count) {
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
  }

  function load() {
    loading ??= import(base + PANEL_PATH).then((module) => {
      panel = module.createPanel({ base, host, root, launcher, settings, options, emit, setUnread, sheet });
      return panel;
    }).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function open(opener, toggles) {
    launcher.setAttribute('aria-busy', 'true');
    try {
      const loaded = await load();
      if (toggles && loaded.isOpen)
        loaded.close();
      else
        loaded.open(opener);
    } catch (error) {
      label.textContent = 'Help is not reachable';
      emit('error', { message: String(error.message) });
    } finally {
      launcher.removeAttribute('aria-busy');
    }
  }

  function attach() {
    if (!document.body || host.isConnected)
      return;
    document.body.append(host);
    host.showPopover?.();
  }

  /* A running chat goes on over page changes; nothing is read that was not written by a chat. */
  function resume() {
    try {
      if (localStorage.getItem(`tierbell:${new URL(base).host}:live`))
        load().then((loaded) => loaded.resume());
    } catch {
      /* Storage is blocked: then nothing was stored either. */
    }
  }

  const methods = {
    open: () => open(document.activeElement),
    close: () => panel?.close(),
    toggle: () => open(document.activeElement, true),
    show: () => host.removeAttribute('data-hidden'),
    hide: () => host.setAttribute('data-hidden', ''),
    ask: (text) => open(document.activeElement).then(() => panel?.ask(text)),
    identify: (user) => {
      settings.user = user;
      panel?.identify(user);
    },
    setContext: (context) => Object.assign(settings.context, context),
    setTheme: (theme) => host.setAttribute('data-theme', theme),
    on: (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    off: (name, listener) => listeners.set(name, (listeners.get(name) ?? []).filter((l) => l !== listener)),
    shutdown: () => {
      observer.disconnect();
      panel?.shutdown();
      host.remove();
    },
  };
  const observer = new MutationObserver(attach);

  attach();
  observer.observe(document.documentElement, { childList: true });
  observer.observe(document.body, { childList: true });
  document.addEventListener('click', (event) => {
    const opener = event.target.closest?.('[data-support-open]');
    if (opener)
      open(opener);
  });
  resume();
  emit('ready');
  return methods;
}

function start() {
  const queued = window.Tierbell?.q ?? [];
  const base = new URL('.', script.src).href.replace(/\/$/, '');
  const methods = createWidget(base, { ...script.dataset });

  window.Tierbell = (name, ...values) => {
    if (Object.hasOwn(methods, name))
      return methods[name](...values);
    console.warn(`Tierbell: there is no method "${name}"`);
    return undefined;
  };
  window.Tierbell.version = VERSION;
  for (const call of queued)
    window.Tierbell(...call);
}

if (!window.Tierbell?.version) {
  if (document.body)
    start();
  else
    document.addEventListener('DOMContentLoaded', start, { once: true });
}
