/* SPDX-License-Identifier: MIT */
// What an agent has chosen for this browser: looks, sounds, keys, widths. Kept in
// localStorage, apart for each agent; without storage it holds until the tab is closed.

import { signal } from '@preact/signals';

import { createStore } from '../shared/store.js';

/* `filters`: lists of before, which desk/lists.js hands to the server. */
const DEFAULTS = {
  theme: 'auto', density: 'comfortable', sounds: true, notify: false, shortcuts: true,
  keys: {}, list: 330, context: 320, sort: 'due', filters: [], contextOpen: true,
};

let store = null;

export const prefs = signal(DEFAULTS);

/** Whose choices they are; null: nobody is logged in, the last one's looks stay. */
export function usePrefsOf(agent) {
  store ??= createStore('tierbell:console:', () => globalThis.localStorage);
  const id = agent?.id ?? store.get('prefs:last');

  if (agent)
    store.set('prefs:last', agent.id);
  prefs.value = { ...DEFAULTS, ...(id ? store.get(`prefs:${id}`) : null) };
}

export function setPref(change) {
  prefs.value = { ...prefs.value, ...change };
  const id = store?.get('prefs:last');

  if (id)
    store.set(`prefs:${id}`, prefs.value);
}

const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

/** Keeps the page's attributes as chosen; with "auto" the system says. */
export function showLooks() {
  const { theme, density } = prefs.value;
  const root = document.documentElement;

  root.dataset.theme = theme === 'auto' ? (dark?.matches ? 'dark' : 'light') : theme;
  root.dataset.density = density;
}

dark?.addEventListener('change', showLooks);
