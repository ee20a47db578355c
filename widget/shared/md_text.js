/* SPDX-License-Identifier: MIT */
// The text of a message without its marks, for one-line previews.

import { parse } from './md.js';

/** Code blocks become `codeLabel`. */
export function plainText(text, codeLabel = '(code)') {
  const walk = (node) => {
    if (typeof node === 'string')
      return node;
    if (node.type === 'br')
      return ' ';
    if (node.type === 'code')
      return 'lang' in node ? codeLabel : node.text;
    if (node.items)
      return node.items.map((item) => item.map(walk).join(' ')).join('; ');
    return node.children.map(walk).join(node.type === 'quote' ? ' ' : '');
  };

  return parse(text).map(walk).join(' ').replace(/\s+/g, ' ').trim();
}
