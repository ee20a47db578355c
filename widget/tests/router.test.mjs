/* SPDX-License-Identifier: MIT */
// Addresses of the console: who goes somewhere is there at once; a pressed link only when the browser tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';

let heard;

globalThis.location = { hash: '#/tickets?q=token' };
globalThis.addEventListener = (name, listener) => {
  heard = listener;
};
const { go, isSettled, route } = await import('../console/router.js');

test('router: the view of go() is there before anything else happens', () => {
  go('inbox', 7, { list: 'queue' });
  assert.deepEqual(route.value, { view: 'inbox', id: 7, query: { list: 'queue' } });
  const { value } = route;
  heard();
  assert.equal(route.value, value, 'what the browser tells later is no news');
});

test('router: between a pressed link and the browser\'s word nothing is settled', () => {
  assert.equal(isSettled(), true);
  location.hash = '#/tickets/3';
  assert.equal(isSettled(), false);
  assert.equal(route.value.view, 'inbox');
  heard();
  assert.equal(isSettled(), true);
  assert.deepEqual(route.value, { view: 'tickets', id: 3, query: {} });
});
