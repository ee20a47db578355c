/* SPDX-License-Identifier: MIT */
// The page of the pop-out window: the panel, and nothing else. Opened by a documentation page it
// goes on with that page's chat; opened by itself it begins one of its own.

import { pickLocale } from '../shared/locale.js';
import { createStore } from '../shared/store.js';
import { el } from './dom.js';
import css from './loader.css';
import { READY, SESSION } from './popout_words.js';

/* global PANEL_PATH */

const WAIT_MS = 2000;
const LOCALES = { en: 1, es: 1 };
const base = new URL('..', import.meta.url).href.slice(0, -1);
const prefix = `tierbell:${new URL(base).host}:`;
const store = createStore(prefix);

function sheet(text) {
  const made = new CSSStyleSheet();

  made.replaceSync(text);
  return made;
}

/** What the opener hands over; {} when there is none, or it stays silent. */
function handedOver() {
  const from = new URLSearchParams(location.search).get('from') ?? '';

  history.replaceState(null, '', location.pathname);
  if (!window.opener || !URL.canParse(from) || new URL(from).origin !== from)
    return {};
  return new Promise((resolve) => {
    window.addEventListener('message', ({ source, origin, data }) => {
      if (source === window.opener && origin === from && data?.type === SESSION)
        resolve({ ...data, from });
    });
    window.opener.postMessage(READY, from);
    setTimeout(resolve, WAIT_MS, {});
  });
}

/** The opener's token, bound to the opener's origin, for one that is bound to this one's. */
function adopt(token, from) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws/visitor`, 'tierbell.v1');

    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token, token_origin: from }));
    socket.onclose = () => resolve(null);
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);

      if (frame.type !== 'welcome')
        return;
      resolve(frame.chat && frame.token);
      socket.close(1000);
    };
  });
}

async function takeOver({ token, from, draft, prefs, ...rest }) {
  const adopted = token && await adopt(token, from);

  for (const [name, value] of Object.entries({ token: adopted, draft, prefs })) {
    if (value)
      store.set(name, value);
  }
  if (adopted)
    store.remove('seen');
  return rest;
}

async function start() {
  const { user, tags, title, locale, page, context = {} } = await takeOver(await handedOver());
  const host = el('div', { id: 'tierbell' });
  const root = host.attachShadow({ mode: 'open' });
  const settings = { user, tags, title, page, context };
  const language = () => pickLocale([store.get('prefs')?.locale, locale, ...navigator.languages], LOCALES);

  function dress() {
    const theme = store.get('prefs')?.theme;

    host.setAttribute('data-theme', theme ?? 'auto');
    host.lang = document.documentElement.lang = language();
  }

  root.adoptedStyleSheets = [sheet(css)];
  document.body.replaceChildren(host);
  dress();
  const { createPanel } = await import(base + PANEL_PATH);
  const panel = await createPanel({
    base, prefix, host, root, launcher: el('button'), settings, locale: language, emit() {}, prefer: dress, sheet, full: true,
  });
  document.title = settings.title ?? document.title;
  panel.open();
}

start();
