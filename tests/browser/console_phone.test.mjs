/* SPDX-License-Identifier: MIT */
// The console on a phone, and addresses that lead to no chat of mine.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { Stage, logIn } from './support/stage.mjs';
import { chatFrom, fillQueue } from './support/queue.mjs';

const stage = new Stage();
let lead;
let page;

before(async () => {
  await stage.open();
  await stage.start();
  lead = await stage.server.addAgent({ name: 'Lena Voss', role: 'admin', tier: 2 });
  await fillQueue(stage, 3, { title: (i) => `A question of several words that is longer than a phone is wide ${i}` });
  page = await stage.page({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto(`${stage.url}/console/`);
  await logIn(page, lead);
});
after(async () => {
  try {
    await stage.stop();
  } finally {
    await stage.close();
  }
});

const show = (view) => page.goto(`${stage.url}/console/#/${view}`);

test('ux 28: on a phone no table hides anything to the side', async () => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const view of ['tickets', 'customers', 'customers/1', 'people', 'policy', 'wall', 'settings']) {
      await show(view);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      const wide = await page.locator('.table').evaluateAll((tables) =>
        tables.filter((table) => table.scrollWidth > table.clientWidth).map((table) => table.getAttribute('aria-label')));

      assert.deepEqual(wide, [], `${view} at ${width} pixels`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, view);
    }
  }
  await show('people');
  await page.getByRole('button', { name: 'Disable Dana Reyes' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('on a phone a ticket is one page: its fields come below the conversation', async () => {
  await show('tickets/1');
  await page.getByRole('heading', { name: 'Transcript' }).waitFor();
  const boxes = await page.locator('.ticket > *').evaluateAll((parts) => parts.map((part) => [part.scrollHeight, part.clientHeight]));

  for (const [whole, seen] of boxes)
    assert.ok(whole <= seen + 1, 'neither part scrolls by itself');
});

test('an address without a ticket offers nothing to do with it, an ended chat is told to be one', async () => {
  await show('inbox/4711');
  await page.getByText('There is no ticket #4711.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Take over' }).count(), 0);
  const dana = await openAgent(stage.server, stage.agent);
  const { visitor, ticket } = await chatFrom(stage, 'Over soon.');

  await show(`inbox/${ticket}`);
  await page.getByRole('button', { name: 'Take over' }).waitFor();
  await visitor.peer.ok('close', {});
  await page.reload();
  await page.getByText('This chat has ended.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Take over' }).count(), 0);
  await dana.peer.terminate();
  await visitor.peer.terminate();
});
