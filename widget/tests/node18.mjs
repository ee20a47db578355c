// SPDX-License-Identifier: MIT
// What browsers have and Node 18 has not by itself.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
