/* SPDX-License-Identifier: MIT */
// ux 5: axe finds nothing: every state of the widget and every view of the console, light and dark, on a
// desktop and 320 pixels wide.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { clean } from './support/axe.mjs';
import { Stage } from './support/stage.mjs';
import { openNever, tour, tourClosed } from './support/tour.mjs';

const stage = new Stage();
const NARROW = { width: 320, height: 640 };

before(() => stage.open());
afterEach(() => stage.stop());
after(() => stage.close());

async function fits(page, state) {
  await clean(page, state);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state}: nothing scrolls sideways`);
}

test('ux 5: axe: widget and console, 320 wide', async () => {
  await stage.start();
  await tour(stage, { visitor: { viewport: NARROW }, agent: { viewport: NARROW }, see: fits, wide: false });
});

for (const colorScheme of ['light', 'dark']) {
  test(`ux 5: axe: widget and console, ${colorScheme}`, async () => {
    await stage.start();
    await tour(stage, {
      visitor: { colorScheme }, agent: { colorScheme, viewport: { width: 1440, height: 900 } }, see: clean,
    });
  });

  test(`ux 5: axe: outside the hours, ${colorScheme}`, async () => {
    await stage.start({ policy: openNever });
    await tourClosed(stage, { visitor: { colorScheme, viewport: NARROW }, see: fits });
  });

  for (const width of [1440, 320]) {
    test(`axe: the support guide, ${colorScheme}, ${width} wide`, async () => {
      await stage.start();
      const page = await stage.page({ colorScheme, viewport: { width, height: 900 } });

      await page.goto(`${stage.url}/help/policy`);
      await page.getByRole('heading', { name: 'What we promise' }).waitFor();
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth), 'none', 'its style is let in');
      await clean(page, 'guide');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing scrolls sideways but a table');
    });
  }
}
