/* SPDX-License-Identifier: MIT */
// Templates: htm on Preact. Nothing here makes or takes a string of HTML.

import htm from 'htm';
import { h } from 'preact';

export const html = htm.bind(h);
