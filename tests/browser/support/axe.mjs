/* SPDX-License-Identifier: MIT */
// axe on a page as it is now, put there once a document. As a script of the page's own world it needs
// no script tag, so it runs under any policy.

import assert from 'node:assert/strict';

import { loadPackage } from '../../support/packages.mjs';

const { source } = loadPackage('axe-core/axe.min.js');

/* Takes what rises or fades to its end: half-way a text is as pale as its background, for a tenth of a
   second. What moves as long as it is shown goes on. */
const settle = () => {
  const roots = [document];

  for (const root of roots) {
    for (const animation of root.getAnimations()) {
      if (Number.isFinite(animation.effect.getComputedTiming().endTime))
        animation.finish();
    }
    roots.push(...[...root.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? []));
  }
};

export async function clean(page, state) {
  await page.evaluate(settle);
  if (await page.evaluate(() => !globalThis.axe))
    await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
  });
  assert.deepEqual(found, [], state);
}
