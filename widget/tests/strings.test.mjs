// SPDX-License-Identifier: MIT
// The languages say the same things: every text of the English files, and nothing else.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import './node18.mjs';
import { createI18n } from '../shared/i18n.js';
import { pickLocale } from '../shared/locale.js';

const folder = new URL('../shared/strings/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.startsWith('en.'));
const read = (name) => JSON.parse(readFileSync(new URL(name, folder)));
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const name of names) {
  test(`ux 43: es has every text of ${name}, with the same things to fill in`, () => {
    const english = read(name);
    const spanish = read(name.replace('en.', 'es.'));

    assert.deepEqual(Object.keys(spanish).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(holes(spanish[key]), holes(text), key);
      assert.ok(spanish[key].trim(), key);
    }
  });
}

test('ux 43: no text is in two files, so none is translated twice', () => {
  const keys = names.flatMap((name) => Object.keys(read(name)));

  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});

test('i18n: another language over English, with its own plural', () => {
  const t = createI18n({ a: 'Hi {name}', 'm.one': '{count} message', 'm.other': '{count} messages', only: 'English' });

  t.use('es', { a: 'Hola {name}', 'm.one': '{count} mensaje', 'm.other': '{count} mensajes' });
  assert.equal(t('a', { name: 'Ana' }), 'Hola Ana');
  assert.equal(t('m', { count: 1 }), '1 mensaje');
  assert.equal(t('m', { count: 2 }), '2 mensajes');
  assert.equal(t('only'), 'English', 'what is missing is still said');
  t.add({ late: 'came later' });
  assert.equal(t('late'), 'came later');
  t.use('en', {});
  assert.equal(t('a', { name: 'Ana' }), 'Hi Ana');
});

test('i18n: quantities are written as the language does it, ticket numbers are not', () => {
  const t = createI18n({ of: '{count} of {max}', ticket: 'Ticket #{ticket}' });

  assert.equal(t('of', { count: 7400, max: 8000 }), '7,400 of 8,000');
  assert.equal(t('ticket', { ticket: 12345 }), 'Ticket #12345');
  t.use('de', {});
  assert.equal(t('of', { count: 7400, max: 8000 }), '7.400 of 8.000');
});

for (const [wanted, locale] of [
  [['es-MX', 'en-US'], 'es'], [['fr', 'es'], 'es'], [['fr'], 'en'], [[null, undefined, 'ES_es'], 'es'], [[], 'en'],
  [['__proto__'], 'en'], [['constructor'], 'en'],
]) {
  test(`locale: ${JSON.stringify(wanted)} is ${locale}`, () => {
    assert.equal(pickLocale(wanted, { en: 1, es: 1 }), locale);
  });
}
