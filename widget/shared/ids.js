/* SPDX-License-Identifier: MIT */
// Ids that a client chooses: 96 random bits. Works on plain http, where randomUUID does not.

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));

  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
