/* SPDX-License-Identifier: MIT */
// Texts by key: {name} is filled in, and a key with `.one` and `.other` is chosen by `count`;
// a number is written as the language does it, but for a ticket's, which is a name.
// English is always there; another language is put over it with `use`.

export function createI18n(english) {
  const base = { ...english };
  let own = {};
  let plurals = new Intl.PluralRules('en');

  function t(key, values = {}) {
    const form = 'count' in values ? `${key}.${plurals.select(values.count)}` : key;
    const text = own[form] ?? own[`${key}.other`] ?? own[key] ?? base[form] ?? base[`${key}.other`] ?? base[key] ?? key;

    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      String(typeof values[name] === 'number' && name !== 'ticket' ? values[name].toLocaleString(t.tag) : values[name] ?? whole));
  }

  t.locale = 'en';
  /** For Intl: the region is the browser's, where it speaks the same language. */
  Object.defineProperty(t, 'tag', {
    get: () => (globalThis.navigator?.language?.startsWith(t.locale) ? navigator.language : t.locale),
  });
  /** English texts of a part that came later. */
  t.add = (more) => Object.assign(base, more);
  /** Another language; {} is English. */
  t.use = (locale, strings) => {
    t.locale = locale;
    own = strings;
    plurals = new Intl.PluralRules(locale);
  };
  return t;
}
