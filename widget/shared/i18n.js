/* SPDX-License-Identifier: MIT */
// Texts by key: {name} is filled in, and a key with `.one` and `.other` is chosen by `count`.

export function createI18n(strings, locale = 'en') {
  const plurals = new Intl.PluralRules(locale);

  function t(key, values = {}) {
    const form = 'count' in values ? `${key}.${plurals.select(values.count)}` : key;
    const text = strings[form] ?? strings[`${key}.other`] ?? strings[key] ?? key;

    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /** Texts of a part that came later. */
  t.add = (more) => Object.assign(strings, more);
  return t;
}
