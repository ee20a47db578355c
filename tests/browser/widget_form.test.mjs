/* SPDX-License-Identifier: MIT */
// Before the chat: the form in which a question is asked.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Stage, ask, inPanel } from './support/stage.mjs';

const stage = new Stage();

before(() => stage.open());
afterEach(() => stage.stop());
after(() => stage.close());

const question = (page) => page.getByLabel('What do you need help with?');
const start = (page) => page.getByRole('button', { name: 'Start chat' });

async function begin(page) {
  await page.getByRole('button', { name: /^Get help/ }).click();
  await question(page).waitFor();
  await page.locator('.panel').evaluate((panel) => Promise.all(panel.getAnimations().map((animation) => animation.finished)));
}

test('the button that starts the chat stays where it is while the form grows, and hides no field', async () => {
  await stage.start();
  for (const viewport of [{ width: 1024, height: 700 }, { width: 320, height: 480 }]) {
    const page = await stage.visitor({ viewport });

    await begin(page);
    const { y, height } = await start(page).boundingBox();

    assert.ok(y + height <= viewport.height);
    await question(page).fill('Where is it?');
    await page.getByText('Is one of these true?').waitFor();
    await page.getByRole('button', { name: 'Attach' }).waitFor();
    assert.equal((await start(page).boundingBox()).y, y);
    for (const label of ['Work email', 'Name (optional)']) {
      await page.keyboard.press('Tab');
      while (!await page.getByLabel(label).evaluate((node) => node === node.getRootNode().activeElement))
        await page.keyboard.press('Tab');
      const box = await page.getByLabel(label).boundingBox();

      assert.ok(box.y + box.height <= y, `${label} is above the button, at ${viewport.width} pixels`);
    }
  }
});

test('a question that was begun is there again on the next page, and gone when it was asked', async () => {
  await stage.start();
  const page = await stage.visitor();

  await begin(page);
  await question(page).fill('Where is the list of');
  await page.goto(`${stage.url}/docs/forms-library/`);
  await begin(page);
  assert.equal(await question(page).inputValue(), 'Where is the list of');
  await question(page).fill('Where is the list of test users?');
  await page.getByLabel('Work email').fill('ana@example.gov');
  await start(page).click();
  await inPanel(page, 'Where is the list of test users?').waitFor();
  assert.deepEqual(await page.evaluate(() => Object.entries(sessionStorage).filter(([name, text]) => /question/.test(name) && /test users/.test(text))), []);
});

test('what is promised for today is told by its time alone', async () => {
  await stage.start();
  const page = await stage.page({ timezoneId: 'Europe/Berlin' });

  await page.goto(`${stage.url}/docs/authentication/`);
  await page.clock.install({ time: Date.now() });
  const number = await ask(page, 'How do I ask for a review instance?');
  const { ticket: { first_response_due: due } } = await stage.server.ticket(stage.agent, number);
  const text = await page.evaluate((at) => {
    const day = (time) => new Date(time).toDateString();
    const options = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' };

    return new Date(at).toLocaleString('en-US', day(at) === day(Date.now()) ? options : { weekday: 'long', month: 'short', day: 'numeric', ...options });
  }, due);

  await inPanel(page, `We answer by ${text}.`).waitFor();
  await until(async () => await page.getByRole('link', { name: 'How support works' }).isVisible(), 'and what it rests on');
});

test('a button that is pressed twice on a slow line opens the panel once, and shows that it comes', async () => {
  await stage.start();
  const page = await stage.visitor();
  const launcher = page.getByRole('button', { name: /^Get help/ });
  let release;
  const held = new Promise((resolve) => { release = resolve; });

  await page.route('**/widget/panel.*.js', async (route) => {
    await held;
    await route.continue();
  });
  await launcher.click();
  await launcher.click();
  assert.equal(await launcher.getAttribute('aria-busy'), 'true');
  release();
  await question(page).waitFor();
  assert.equal(await launcher.getAttribute('aria-busy'), null);
  assert.equal(await launcher.getAttribute('aria-expanded'), 'true');
  await launcher.click();
  await question(page).waitFor({ state: 'hidden' });
});
