/* SPDX-License-Identifier: MIT */
// The chat in a window of its own, and the rest of the menu.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, bubble, endChat, goAvailable, reply, serveSite, write } from './support/stage.mjs';

const { stage, site } = stageWithSite();

const dialog = (page) => page.getByRole('dialog', { name: 'Developer support' });
const options = (page) => page.getByRole('button', { name: 'Options' });

async function menu(page) {
  await options(page).click();
  await page.getByRole('group', { name: 'Options' }).waitFor();
}

async function popOut(page) {
  await menu(page);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Open in a window of its own' }).click();
  return opened;
}

test('the chat goes on in a window of its own, with its log, its draft and its page', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor({ url: `${site.url}/strict` });

  const number = await ask(visitor, 'Can I have you in a window?');
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Yes, of course.');
  await bubble(visitor, 'of course').waitFor();
  await visitor.getByLabel('Write a message').fill('half a sent');
  const window = await popOut(visitor);
  await bubble(window, 'of course').waitFor();
  assert.equal(await window.getByLabel('Write a message').inputValue(), 'half a sent');
  assert.equal(window.url(), `${stage.url}/widget/popout`, 'nothing of the chat is in the address');
  assert.equal(await dialog(visitor).count(), 0, 'the panel beside the page is closed');
  await write(window, 'half a sentence, and the rest');
  await agent.getByRole('log').getByText('and the rest').waitFor();
  await reply(agent, 'Both here and there.');
  await bubble(window, 'Both here').waitFor();
  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await bubble(visitor, 'Both here').waitFor();
  const { ticket } = await stage.server.ticket(stage.agent, number);
  assert.equal(ticket.page.url, `${site.url}/strict`);
  await window.reload();
  await bubble(window, 'Both here').waitFor();
  for (const page of [visitor, window])
    assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
});

test('opened by itself the window begins a chat of its own, by keyboard, on a small screen too', async () => {
  const page = await stage.page({ viewport: { width: 360, height: 640 } });

  await page.goto(`${stage.url}/widget/popout`);
  await dialog(page).waitFor();
  const box = await dialog(page).boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 360, 640]);
  assert.equal(await page.getByRole('button', { name: 'Minimize' }).count(), 0, 'a window is closed by its own button');
  await page.keyboard.press('Escape');
  await page.getByLabel('What do you need help with?').fill('Straight to the window.');
  await page.getByLabel('Work email').fill('kim@example.gov');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText(/On record as ticket #1/).waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
});

test('a window opened by a page that is none of ours takes no chat from it', async () => {
  const victim = await ask(await stage.visitor({ url: `${site.url}/plain` }), 'Mine.');
  const foreign = await serveSite(() => ({ body: '<!doctype html><title>Foreign</title>' }));
  const page = await stage.page();

  try {
    await page.goto(foreign.url);
    const opened = page.context().waitForEvent('page');
    await page.evaluate(([base, token]) => {
      const child = window.open(`${base}/widget/popout?from=${encodeURIComponent(location.origin)}`);
      window.addEventListener('message', ({ origin }) =>
        child.postMessage({ type: 'tierbell:popout-session', token, draft: 'planted' }, origin));
    }, [stage.url, 'A'.repeat(96)]);
    const window = await opened;
    await window.getByLabel('What do you need help with?').waitFor();
    assert.equal(await window.evaluate(() => localStorage.getItem(`tierbell:${location.host}:token`)), null);
    assert.ok(victim);
  } finally {
    foreign.close();
  }
});

test('the menu is left by Escape, by tabbing on and by a press beside it, and gives the focus back', async () => {
  const page = await stage.visitor({ url: `${site.url}/plain` });
  const group = page.getByRole('group', { name: 'Options' });

  await page.getByRole('button', { name: /^Get help/ }).click();
  await menu(page);
  assert.equal(await options(page).getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('Escape');
  await group.waitFor({ state: 'hidden' });
  await dialog(page).waitFor();
  assert.equal(await options(page).evaluate((node) => node.getRootNode().activeElement === node), true);
  await menu(page);
  await page.getByLabel('Name (optional)').click();
  await group.waitFor({ state: 'hidden' });
  await menu(page);
  await options(page).click();
  await group.waitFor({ state: 'hidden' });
  await menu(page);
  assert.equal(await page.getByRole('button', { name: 'End chat' }).count(), 0, 'there is no chat to end');
  for (let i = 0; i < 6; i++)
    await page.keyboard.press('Tab');
  await group.waitFor({ state: 'hidden' });
  assert.equal(await options(page).getAttribute('aria-expanded'), 'false');
});

test('what is set in the menu holds on the next page: Enter, theme, language', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/plain` });

  await ask(visitor, 'Enter should be a line.');
  await menu(visitor);
  await visitor.getByLabel('Enter sends the message').uncheck();
  await visitor.getByLabel('Theme').selectOption('dark');
  assert.equal(await visitor.locator('#tierbell').getAttribute('data-theme'), 'dark');
  await visitor.getByRole('combobox', { name: 'Language' }).selectOption('es');
  await visitor.getByRole('dialog', { name: 'Soporte técnico' }).waitFor();
  await until(async () => (await visitor.evaluate(() => document.querySelector('#tierbell').shadowRoot.activeElement?.getAttribute('aria-label'))) === 'Opciones', 'the focus is on the menu');
  await visitor.goto(`${site.url}/two`);
  const composer = visitor.getByLabel('Escriba un mensaje');
  await composer.waitFor();
  assert.equal(await visitor.locator('#tierbell').getAttribute('data-theme'), 'dark');
  await composer.click();
  await visitor.keyboard.type('one');
  await visitor.keyboard.press('Enter');
  await visitor.keyboard.type('two');
  assert.equal(await composer.inputValue(), 'one\ntwo');
  await visitor.keyboard.press('Control+Enter');
  await bubble(visitor, 'two').waitFor();
});

test('a new message sounds once, in one tab, unless it is switched off', async () => {
  const agent = await stage.console();
  const context = await stage.context();
  await context.addInitScript(() => {
    globalThis.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function count(...values) {
      globalThis.notes++;
      return start.apply(this, values);
    };
  });
  const first = await context.newPage();
  const second = await context.newPage();

  await first.goto(`${site.url}/plain`);
  await ask(first, 'Ring me.');
  await first.getByRole('button', { name: 'Minimize' }).click();
  await second.goto(`${site.url}/two`);
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Ding.');
  await until(async () => (await first.evaluate(() => globalThis.notes)) === 2, 'two notes');
  await first.getByRole('group', { name: 'New message' }).getByText('Ding.').waitFor();
  assert.equal(await second.evaluate(() => globalThis.notes), 0);
  await first.getByRole('button', { name: /^Get help/ }).click();
  await menu(first);
  await first.getByLabel('Sound for new messages').uncheck();
  await first.keyboard.press('Escape');
  await first.getByRole('button', { name: 'Minimize' }).click();
  await reply(agent, 'Silent.');
  await first.getByRole('group', { name: 'New message' }).getByText('Silent.').waitFor();
  assert.equal(await first.evaluate(() => globalThis.notes), 2);
  await first.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await first.getByRole('group', { name: 'New message' }).count(), 0);
  await first.getByRole('button', { name: /^Get help/ }).click();
  await endChat(first);
});

test('ux 46: notices of the desktop come when they were asked for, while nobody looks, without a word of the answer', async () => {
  const agent = await stage.console();
  const context = await stage.context();
  await context.addInitScript(() => {
    globalThis.notices = [];
    globalThis.asked = 0;
    let hidden = false;
    globalThis.lookAway = () => {
      hidden = true;
      document.dispatchEvent(new Event('visibilitychange'));
    };
    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
    globalThis.Notification = class {
      static permission = 'default';

      static async requestPermission() {
        globalThis.asked++;
        this.permission = globalThis.asked === 1 ? 'denied' : 'granted';
        return this.permission;
      }

      constructor(title, options) {
        globalThis.notices.push({ title, ...options });
      }

      close() {}
    };
  });
  const page = await context.newPage();
  const box = page.getByLabel('Desktop notifications');

  await page.goto(`${site.url}/plain`);
  const number = await ask(page, 'Call me back.');
  assert.equal(await page.evaluate(() => globalThis.asked), 0, 'nothing is asked by itself');
  await menu(page);
  await box.click();
  await page.getByText('does not let this site show notifications').waitFor();
  assert.equal(await box.isChecked(), false);
  await box.click();
  await until(() => box.isChecked(), 'it is on');
  await page.keyboard.press('Escape');
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Seen at once.');
  await bubble(page, 'Seen at once.').waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.notices), []);
  await page.evaluate(() => globalThis.lookAway());
  await reply(agent, 'secretplum');
  await until(() => page.evaluate(() => globalThis.notices.length > 0), 'a notice');
  assert.deepEqual(await page.evaluate(() => globalThis.notices),
    [{ title: 'Developer support', body: 'Dana Reyes has answered you.', tag: `tierbell-${number}` }]);
});
