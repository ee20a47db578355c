/* SPDX-License-Identifier: MIT */
// The npm packages of the tests live with those of the front end: one lock file.

import { createRequire } from 'node:module';

const require = createRequire(new URL('../../widget/package.json', import.meta.url));

export const WebSocket = require('ws');

export function loadPackage(name) {
	return require(name);
}
