/* SPDX-License-Identifier: MIT */
// What the visitor has set in the menu. Kept with the chat, and gone with it.

const DEFAULTS = { sound: true, notify: false, enter: true, theme: 'auto', locale: null };

export function createPrefs(store) {
  return {
    get: (name) => store.get('prefs')?.[name] ?? DEFAULTS[name],
    set: (name, value) => store.set('prefs', { ...store.get('prefs'), [name]: value }),
  };
}
