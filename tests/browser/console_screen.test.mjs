/* SPDX-License-Identifier: MIT */
// The wall on a screen in the room: a link of an administrator, figures, and nobody's name.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { clean } from './support/axe.mjs';
import { chatFrom } from './support/queue.mjs';
import { Stage, accept, goAvailable } from './support/stage.mjs';

const stage = new Stage();
const value = (page, label, text) => page.locator('.tile', { has: page.getByText(label, { exact: true }) }).locator('dd').filter({ hasText: text }).waitFor();
let root;

before(() => stage.open());
beforeEach(async () => {
  await stage.start();
  root = await stage.server.addAgent({ name: 'Root Adminson', role: 'admin', tier: 3 });
});
afterEach(() => stage.stop());
after(() => stage.close());

/* The link, as the administrator is shown it. */
async function makeLink() {
  const page = await stage.console({ agent: root, hash: '#/settings' });

  await page.getByRole('button', { name: 'Make a link for a screen' }).click();
  await page.getByLabel('Where the screen is').fill('Room 12');
  await clean(page, 'a link for a screen, dialog');
  await page.getByRole('dialog').getByRole('button', { name: 'Make the link' }).click();
  const link = await page.locator('.secret code').textContent();

  await page.getByRole('row', { name: /Room 12.*The wall alone/ }).waitFor();
  await clean(page, 'a link for a screen, made');
  return link;
}

test('ux 51: a screen shows figures that follow, without login, navigation or personal data', async () => {
  const link = await makeLink();
  const token = new URL(link).hash.split('token=')[1];
  const screen = await stage.page({ viewport: { width: 1920, height: 1080 } });
  const asked = [];

  assert.equal(new URL(link).search, '');
  screen.on('request', (request) => asked.push(request.url()));
  screen.on('response', async (response) => response.url().includes('/api/') && asked.push(await response.text().catch(() => '')));
  await screen.goto(link);
  await value(screen, 'Waiting', /^0$/);
  assert.equal(await screen.evaluate(() => location.hash), '#/screen');
  const agent = await stage.console();
  await chatFrom(stage, 'Zanzibar is down, says Quentin');
  await value(screen, 'Waiting', /^1$/);
  await goAvailable(agent);
  await accept(agent);
  await value(screen, 'Waiting', /^0$/);
  await screen.getByRole('row', { name: /^Tier 1 0 1 0 0 1\/\d+$/ }).waitFor();
  await clean(screen, 'screen');

  assert.equal(await screen.getByRole('navigation').count(), 0);
  assert.equal(await screen.getByRole('link').count(), 0);
  const seen = `${await screen.locator('body').innerText()} ${asked.join(' ')}`;
  assert.doesNotMatch(seen, /Zanzibar|Quentin|Caller|Dana|Reyes|Root|Adminson|@/i);
  assert.ok(asked.filter((text) => /^https?:/.test(text)).every((url) => !url.includes(token)), 'the token is in no address that is asked for');
  assert.ok(!stage.server.log.includes(token));

  await screen.reload();
  await value(screen, 'Waiting', /^0$/);
});

test('a screen says how old its figures are when the server is gone, and when its link has ended', async () => {
  const link = await makeLink();
  const screen = await stage.page({ viewport: { width: 1280, height: 720 }, colorScheme: 'dark' });

  await screen.goto(link);
  await value(screen, 'Waiting', /^0$/);
  await screen.context().setOffline(true);
  await screen.getByText(/No connection\./).waitFor();
  await screen.getByText(/These figures are \d+s old/).waitFor();
  await value(screen, 'Waiting', /^0$/);
  await clean(screen, 'screen without connection');
  await screen.context().setOffline(false);
  await screen.getByText(/No connection\./).waitFor({ state: 'detached' });

  const { json } = await stage.server.api(root, 'GET', '/api/v1/tokens');
  await stage.server.api(root, 'DELETE', `/api/v1/tokens/${json.items.find(({ scope }) => scope === 'wall').id}`);
  await screen.getByText(/This screen may not read the figures/).waitFor();
  assert.equal(await screen.evaluate(() => localStorage.getItem('tierbell:screen')), null);
});

test('on a narrow screen nothing is cut off', async () => {
  const screen = await stage.page({ viewport: { width: 320, height: 640 } });

  await screen.goto(await makeLink());
  await value(screen, 'Open', /^0$/);
  await until(() => screen.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits');
});
