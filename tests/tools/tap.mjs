// SPDX-License-Identifier: MIT
// Reads TAP as cmocka (flat) and node --test (nested) write it, and counts single tests: a
// line that only sums up the lines nested below it is none.

const RESULT = /^( *)(not )?ok\b(?: \d+)?(?: -)? ?(.*?)(?: # (SKIP|TODO)\b.*)?$/i;
const SUBTEST = /^( *)# Subtest: (.*)$/;

/** @returns {{name: string, ok: boolean, skipped: boolean, detail: string[]}[]} */
export function parseTap(text) {
  const tests = [];
  const names = []; // of the open subtests, by depth
  const failed = []; // by depth: how many failed among the lines so far, undefined if there are none
  let detail = null; // where the lines after a failure go
  for (const line of text.split('\n')) {
    const subtest = SUBTEST.exec(line);
    if (subtest) {
      names.length = depthOf(subtest[1]);
      names.push(subtest[2]);
      detail = null;
      continue;
    }
    const result = RESULT.exec(line);
    if (!result) {
      detail?.push(line);
      continue;
    }
    const depth = depthOf(result[1]);
    const directive = result[4]?.toUpperCase();
    const ok = !result[2] || directive === 'TODO';
    const below = failed[depth + 1];
    failed.length = depth + 1;
    failed[depth] = (failed[depth] ?? 0) + (ok ? 0 : 1);
    detail = ok ? null : [];
    // A subtest that failed although nothing below it did: a hook, or its own last lines.
    if (below === undefined || (!ok && below === 0)) {
      const name = [...names.slice(0, depth), result[3]].join(' > ');
      tests.push({ name, ok, skipped: directive === 'SKIP', detail: detail ?? [] });
    } else if (!ok) {
      tests.findLast((test) => !test.ok).because = detail;
    }
  }
  return tests;
}

/** What a test printed about its failure, and what those above it add to that. */
export function explain(test) {
  const above = test.because?.some((line) => line.includes('subtestsFailed')) ? [] : test.because;
  return [...test.detail, ...(above ?? [])];
}

function depthOf(indent) {
  return Math.floor(indent.length / 4);
}
