/* SPDX-License-Identifier: MIT */
// axe finds nothing: every state of the widget and every view of the console, light and dark.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { loadPackage } from '../support/packages.mjs';
import { Stage, accept, ask, bubble, goAvailable, reply, write } from './support/stage.mjs';

const axe = loadPackage('axe-core');
const stage = new Stage();

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

/* As a script of the page's own world it needs no script tag, so it runs under any policy. */
async function clean(page, state) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
  });
  assert.deepEqual(found, [], state);
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe: widget and console, ${colorScheme}`, async () => {
    const agent = await stage.page({ colorScheme, viewport: { width: 1440, height: 900 } });
    const visitor = await stage.visitor({ colorScheme });

    await visitor.getByRole('button', { name: /^Get help/ }).waitFor();
    await clean(visitor, 'closed');
    await visitor.getByRole('button', { name: /^Get help/ }).click();
    await visitor.getByRole('button', { name: 'Start chat' }).click();
    await visitor.getByText('Write your question first.').waitFor();
    await clean(visitor, 'form with errors');
    await visitor.getByRole('button', { name: 'Minimise' }).click();
    await ask(visitor, 'Axe **looks** at\n```sh\nls -l\n```');
    await clean(visitor, 'waiting');

    await agent.goto(`${stage.url}/console/`);
    await agent.getByLabel('Email').waitFor();
    await clean(agent, 'login');
    await agent.getByLabel('Email').fill(stage.agent.email);
    await agent.getByLabel('Password').fill(stage.agent.password);
    await agent.getByRole('button', { name: 'Log in' }).click();
    await agent.getByText('No chats.').waitFor();
    await clean(agent, 'empty inbox');
    await goAvailable(agent);
    await agent.getByRole('button', { name: 'Accept' }).waitFor();
    await clean(agent, 'offer');
    await accept(agent);
    await reply(agent, 'See [the guide](https://docs.example.gov) and:\n\n1. `one`\n2. two\n\n> quoted');
    await agent.getByRole('button', { name: 'Internal note' }).click();
    await clean(agent, 'writing a note');
    await agent.getByLabel('Internal note, only agents see it').fill('for us');
    await agent.getByRole('button', { name: 'Add note' }).click();
    await agent.locator('.entry.note').waitFor();
    await write(visitor, 'Thanks.');
    await agent.getByRole('log').getByText('Thanks.').waitFor();
    await bubble(visitor, 'quoted').waitFor();
    await clean(visitor, 'chat');
    await clean(agent, 'conversation');
    for (const name of ['Transfer', 'Escalate', 'Close']) {
      await agent.getByRole('button', { name, exact: true }).click();
      await agent.getByRole('dialog').waitFor();
      await clean(agent, `dialog ${name}`);
      await agent.getByRole('button', { name: 'Cancel' }).click();
    }
    await visitor.getByRole('button', { name: 'End chat' }).first().click();
    await clean(visitor, 'asked whether to end');
    await visitor.getByRole('button', { name: 'Keep chatting' }).click();
    await agent.getByRole('button', { name: 'Close', exact: true }).click();
    await agent.getByLabel('Answered in the conversation').check();
    await agent.getByRole('button', { name: 'Close ticket' }).click();
    await visitor.getByLabel(/Very good/).check();
    await clean(visitor, 'ended, rating');
    await agent.getByRole('link', { name: 'Tickets' }).click();
    await agent.getByRole('link', { name: /^#\d+/ }).first().waitFor();
    await clean(agent, 'ticket list');
    await agent.getByRole('link', { name: /^#\d+/ }).first().click();
    await agent.getByText('Transcript').waitFor();
    await clean(agent, 'ticket');
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1440, 320]) {
    test(`axe: the support guide, ${colorScheme}, ${width} wide`, async () => {
      const page = await stage.page({ colorScheme, viewport: { width, height: 900 } });

      await page.goto(`${stage.url}/help/policy`);
      await page.getByRole('heading', { name: 'What we promise' }).waitFor();
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth), 'none', 'its style is let in');
      await clean(page, 'guide');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing scrolls sideways but a table');
    });
  }
}
