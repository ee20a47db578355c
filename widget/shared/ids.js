/* SPDX-License-Identifier: MIT */
// Ids that a client chooses: 16 characters of [A-Za-z0-9_-], 96 bits of chance.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

export function newId() {
  let id = '';

  for (const byte of crypto.getRandomValues(new Uint8Array(16)))
    id += ALPHABET[byte & 63];
  return id;
}
