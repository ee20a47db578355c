/* SPDX-License-Identifier: MIT */
// The console's frame: panes, widths, narrow windows, addresses, looks, presence.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { clean } from './support/axe.mjs';
import { chatFrom } from './support/queue.mjs';
import { Stage, accept, choosePresence, goAvailable, logIn } from './support/stage.mjs';

const stage = new Stage();

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

const visible = (page, selector) => page.locator(selector).isVisible();

async function withChat(options) {
  const page = await stage.console(options);
  const { ticket } = await chatFrom(stage, 'The token is refused after a refresh.');

  await goAvailable(page);
  await accept(page);
  return { page, ticket };
}

test('ux 28: three panes at 1280, a drawer for the details at 1024, one pane at 640 and below', async () => {
  const { page } = await withChat({ viewport: { width: 1280, height: 800 }, late: 200 });
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  for (const pane of ['section.list', '.conversation', '.context'])
    assert.equal(await visible(page, pane), true, pane);

  await page.setViewportSize({ width: 1024, height: 768 });
  assert.equal(await visible(page, '.context'), false);
  await page.getByRole('button', { name: 'Details' }).click();
  assert.equal(await visible(page, '.context'), true);
  assert.equal(await page.evaluate(() => document.activeElement.className), 'context');
  await page.keyboard.press('Escape');
  assert.equal(await visible(page, '.context'), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Details');

  await page.setViewportSize({ width: 640, height: 800 });
  assert.equal(await visible(page, 'section.list'), false);
  assert.equal(await visible(page, '.conversation'), true);
  await page.getByRole('link', { name: 'Chats' }).click();
  await page.locator('section.list').waitFor();
  await page.setViewportSize({ width: 320, height: 640 });
  assert.ok(await fits(), 'nothing scrolls sideways');
});

test('ux 2.1: panes are resized by arrow keys and by pointer, and stay so after a reload', async () => {
  const { page } = await withChat();
  const width = () => page.locator('section.list').evaluate((node) => Math.round(node.getBoundingClientRect().width));
  const line = page.getByRole('separator', { name: 'Width of the list' });
  const start = await width();

  await line.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await width(), start + 32);
  assert.equal(await line.getAttribute('aria-valuenow'), String(start + 32));
  await page.keyboard.press('Home');
  assert.equal(await width(), 260);
  const box = await line.boundingBox();
  await page.mouse.move(box.x + 3, 300);
  await page.mouse.down();
  await page.mouse.move(box.x + 103, 320, { steps: 4 });
  await page.mouse.up();
  assert.equal(await width(), 360);
  await page.reload();
  await line.waitFor();
  assert.equal(await width(), 360);
});

test('ux 2.1: views, lists and conversations have addresses, and going back goes back', async () => {
  const { page, ticket } = await withChat();

  assert.equal(await page.evaluate(() => location.hash), `#/inbox/${ticket}`);
  await page.getByRole('link', { name: /^Queue/ }).click();
  assert.equal(await page.evaluate(() => location.hash), `#/inbox/${ticket}?list=queue`);
  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.getByRole('search').getByLabel('Status').selectOption('open'); // the ticket that one comes from has another
  assert.equal(await page.evaluate(() => location.hash), '#/tickets?status=open');
  await page.reload();
  assert.equal(await page.getByLabel('Status').inputValue(), 'open');
  await page.goBack();
  await page.goBack();
  assert.equal(await page.evaluate(() => location.hash), `#/inbox/${ticket}?list=queue`);
});

test('ux 42: dark by the system or by choice, and the choice outlives a reload', async () => {
  const page = await stage.console({ colorScheme: 'dark' });
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  assert.equal(await theme(), 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  assert.equal(await paper(), 'rgb(255, 255, 255)');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Theme').selectOption('dark');
  assert.equal(await theme(), 'dark');
  await page.reload();
  await page.getByLabel('Theme').waitFor();
  assert.equal(await theme(), 'dark');
  assert.notEqual(await paper(), 'rgb(255, 255, 255)');
});

test('ux 42: a ticket prints as black on white without the frame, forced colours keep their marks', async () => {
  const { page, ticket } = await withChat({ colorScheme: 'dark' });

  await page.goto(`${stage.url}/console/#/tickets/${ticket}`);
  await page.getByRole('heading', { name: /token is refused/ }).waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await visible(page, '.rail'), false);
  assert.equal(await visible(page, '.transcript'), true);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
  await page.getByRole('link', { name: 'Inbox', exact: true }).click();
  const outline = await page.locator('.rail-item[aria-current]', { hasText: 'Inbox' }).evaluate((node) => getComputedStyle(node).outlineStyle);
  assert.equal(outline, 'solid');
});

test('ux 2.5: busy keeps the chats and gets none, with its reason for colleagues', async () => {
  const { page, ticket } = await withChat();

  await page.getByRole('button', { name: /^Presence/ }).click();
  await page.getByLabel(/^Why/).fill('Working on a long case');
  await page.getByRole('radio', { name: /^Busy/ }).check();
  await page.getByText(/^Busy since .*: Working on a long case$/).waitFor();
  await page.keyboard.press('Escape');
  await chatFrom(stage, 'Nobody is to get this.');
  await page.getByText('1 waiting', { exact: false }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Accept' }).count(), 0);
  assert.equal(await page.locator(`[data-number="${ticket}"]`).count(), 1);
  const { json } = await stage.server.api(stage.agent, 'GET', '/api/v1/agents/online');
  assert.deepEqual(json.items.map(({ name, state, reason, load }) => ({ name, state, reason, load })),
    [{ name: 'Dana Reyes', state: 'busy', reason: 'Working on a long case', load: 1 }]);
  await page.reload();
  await page.getByRole('button', { name: /^Presence: Busy/ }).waitFor();
  await choosePresence(page, 'Available');
  await page.getByRole('button', { name: 'Accept' }).waitFor();
});

test('ux 46: an offer counts in the title, and the title is restored exactly', async () => {
  const page = await stage.console();

  assert.equal(await page.title(), 'Support console');
  await goAvailable(page);
  const { visitor } = await chatFrom(stage, 'Is anybody there?');
  await page.waitForFunction(() => document.title === '(1) Chat offered · Support console');
  await visitor.peer.ok('close', {});
  await page.waitForFunction(() => document.title === 'Support console');
  assert.equal(await page.getByRole('article', { name: /^Offer/ }).count(), 0);
});

test('ux 2.5: an offer that a colleague accepts in another window stops here at once', async () => {
  const first = await stage.console();
  const second = await stage.console();

  await goAvailable(first);
  await chatFrom(stage, 'One question, two windows.');
  await first.getByRole('button', { name: 'Accept' }).waitFor();
  await second.getByRole('button', { name: 'Accept' }).waitFor();
  await first.keyboard.press('a');
  await first.getByLabel('Reply to the customer').waitFor();
  await second.getByRole('button', { name: 'Accept' }).waitFor({ state: 'detached' });
});

test('ux 2.5: an offer sounds by WebAudio until it is answered, and not at all when sounds are off', async () => {
  const context = await stage.context();
  await context.addInitScript(() => {
    globalThis.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      globalThis.tones++;
      return start.apply(this, when);
    };
  });
  const page = await context.newPage();
  await page.goto(`${stage.url}/console/`);
  await logIn(page, stage.agent);
  await goAvailable(page);
  await chatFrom(stage, 'Ring.');
  await page.waitForFunction(() => globalThis.tones >= 4, null, { timeout: 15000 });
  await accept(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Sounds').uncheck();
  const before = await page.evaluate(() => globalThis.tones);
  await chatFrom(stage, 'Do not ring.');
  await page.getByRole('article', { name: /^Offer/ }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.tones), before);
});

for (const colorScheme of ['light', 'dark']) {
  test(`ux 5: menus, drawer, palette, shortcuts and settings are clean for axe, ${colorScheme}`, async () => {
    const { page } = await withChat({ colorScheme, viewport: { width: 1024, height: 768 } });

    await page.getByRole('button', { name: /^Presence/ }).click();
    await page.getByRole('radio', { name: /^Busy/ }).waitFor();
    await clean(page, 'presence');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /account of/ }).click();
    await clean(page, 'account');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Details' }).click();
    await clean(page, 'drawer');
    await page.keyboard.press('Escape');
    await page.locator('.subject-bar').getByRole('button', { name: /^(Reply|Resolve)/ }).click();
    await page.getByRole('group', { name: /^Targets/ }).waitFor();
    await clean(page, 'targets');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await clean(page, 'palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Shortcuts' }).waitFor();
    await clean(page, 'settings');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await clean(page, 'list of shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 320, height: 640 });
    await clean(page, 'settings, 320 wide');
  });
}
