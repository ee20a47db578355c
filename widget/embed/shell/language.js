/* SPDX-License-Identifier: MIT */
// English is in the box; another language is one file that comes when somebody reads it.

/* global LANGUAGES */

/** Puts the texts of `locale` into `t`; English where they do not come. */
export async function useLanguage(base, t, locale) {
  try {
    const strings = Object.hasOwn(LANGUAGES, locale) && (await import(base + LANGUAGES[locale])).default;

    t.use(strings ? locale : 'en', strings || {});
  } catch {
    t.use('en', {});
  }
}
