/* SPDX-License-Identifier: MIT */
// The list of secrets is fetched when somebody begins to write. Without it nothing is asked, and
// what was written goes out all the same.

import { html } from '../html.js';

let list = null;

export function fetchSecrets() {
  import('./secret_words.js').then((module) => {
    list = module;
  }, () => {
    /* the next one who writes tries again */
  });
}

/** The kinds that are in any of the texts, each once. */
export const secretsIn = (texts) => list?.secretsIn(texts) ?? [];
export const withoutSecrets = (text) => list.secrets.remove(text);
/** Once secretsIn() has found any. */
export const SecretsDialog = (properties) => html`<${list.SecretsDialog} ...${properties} />`;
