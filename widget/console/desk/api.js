/* SPDX-License-Identifier: MIT */
// The calls over HTTP, with the session's cookie.

import { createApi } from '../../shared/api.js';
import { expire } from './line.js';

export const api = createApi({ onUnauthorized: () => expire() });
