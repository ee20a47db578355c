/* SPDX-License-Identifier: MIT */
// Secrets in what an agent is about to send, by the server's list.

import table from '../../../include/core/secret.def';
import { createSecrets } from '../../shared/secrets.js';

export { SecretsDialog } from '../dialogs/secrets.js';

export const secrets = createSecrets(table);

/** The kinds that are in any of the texts, each once. */
export const secretsIn = (texts) =>
  [...new Set(texts.flatMap((text) => secrets.find(text)).map(({ what }) => what))];
