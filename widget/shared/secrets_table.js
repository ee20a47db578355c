/* SPDX-License-Identifier: MIT */
// The list of include/core/secret.def as objects: server and widget have one list.

const LINE = /^SECRET_(TOKEN|NAME|PLACEHOLDER)\((.*)\)$/gm;
const LETTERS = {
  UPPER: '[A-Z0-9]', HEX: '[a-f0-9]', WORD: '[A-Za-z0-9_]', DASH: '[A-Za-z0-9_-]', DOT: '[A-Za-z0-9_.-]',
};

/** {tokens: [[what, prefix, letters, min, max]], names: [[what, name, taste]], placeholders: [word]} */
export function parseTable(text) {
  const table = { tokens: [], names: [], placeholders: [] };

  for (const [, kind, list] of text.matchAll(LINE)) {
    const cells = list.split(/,\s+/).map((cell) => cell.replace(/^"(.*)"$/, '$1'));

    if (kind === 'TOKEN')
      table.tokens.push([cells[0], cells[1], LETTERS[cells[2]], Number(cells[3]), Number(cells[4])]);
    else if (kind === 'NAME')
      table.names.push(cells);
    else
      table.placeholders.push(cells[0]);
  }
  return table;
}
