/* SPDX-License-Identifier: MIT */

/** The first of `wanted` that is a key of `known`, by its language ("es-MX" is "es"), else English. */
export function pickLocale(wanted, known) {
  const languages = wanted.map((tag) => String(tag).toLowerCase().split(/[-_]/)[0]);

  return languages.find((language) => Object.hasOwn(known, language)) ?? 'en';
}
