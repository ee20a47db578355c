/* SPDX-License-Identifier: MIT */
// The widget as a guest: strict policies, hostile text, a keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, goAvailable, reply, write } from './support/stage.mjs';

const { stage, site } = stageWithSite();

const policies = ['/strict', '/nonce'];

for (const path of policies) {
  test(`ux 4: a whole chat on a page with the policy ${path} violates it nowhere`, async () => {
    const agent = await stage.console();
    const visitor = await stage.visitor({ url: site.url + path });

    await ask(visitor, 'Does it run **here**?');
    await goAvailable(agent);
    await accept(agent);
    await reply(agent, '- yes\n- `it` does, see [docs](https://docs.example.gov)\n\n```\ncode\n```');
    await visitor.locator('.bubble pre').waitFor();
    await write(visitor, 'Good.');
    await agent.getByRole('log').getByText('Good.').waitFor();
    await agent.getByRole('button', { name: 'Close', exact: true }).click();
    await agent.getByLabel('Answered in the conversation').check();
    await agent.getByRole('button', { name: 'Close ticket' }).click();
    await visitor.getByLabel(/Very good/).check();
    await visitor.getByRole('button', { name: 'Send rating' }).click();
    await visitor.getByText('Your rating is recorded.').waitFor();
    assert.deepEqual(await visitor.evaluate(() => globalThis.violations), []);
    assert.deepEqual(await agent.evaluate(() => globalThis.violations), []);
  });
}

test('ux 3: markup in a message is text for both sides and runs nowhere', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor({ url: `${site.url}/plain` });
  const attack = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script> [x](javascript:globalThis.broken=1) `<b>`';

  await ask(visitor, attack, { name: '<img src=x onerror="globalThis.broken=1">' });
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, attack);
  await until(async () => (await visitor.locator('.bubble').count()) === 2, 'both messages');
  for (const page of [visitor, agent]) {
    assert.equal(await page.evaluate(() => globalThis.broken), undefined);
    assert.equal(await page.locator('.bubble img, .markdown img, .bubble script, .markdown script, a[href^="javascript"]').count(), 0);
  }
});

test('ux 6: by keyboard alone: open, ask, send, end, close; Escape gives the focus back', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/plain` });
  const focused = () => visitor.evaluate(() => {
    const inner = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
    return inner.getAttribute('aria-label') ?? inner.id ?? inner.textContent;
  });

  await visitor.locator('#link').focus();
  await visitor.keyboard.press('Tab');
  await visitor.keyboard.press('Enter');
  await visitor.getByRole('dialog', { name: 'Developer support' }).waitFor();
  await until(async () => (await focused()) === 'tb-title', 'the heading has the focus');
  for (const [i, text] of ['Can I do this without a mouse?', 'kim@example.gov', 'Kim'].entries()) {
    do
      await visitor.keyboard.press('Tab');
    while (!(await focused()).startsWith('tb-'));
    assert.equal(await focused(), ['tb-question', 'tb-email', 'tb-name'][i]);
    await visitor.keyboard.type(text);
  }
  await visitor.keyboard.press('Enter');
  await visitor.getByText(/On record as ticket #\d+/).waitFor();
  await until(async () => (await focused()) === 'tb-message', 'the composer has the focus');
  await visitor.keyboard.type('line one');
  await visitor.keyboard.press('Shift+Enter');
  await visitor.keyboard.type('line two');
  await visitor.keyboard.press('Enter');
  await until(async () => (await visitor.locator('.bubble').last().innerText()) === 'line one\nline two', 'the second message');
  await visitor.keyboard.press('Escape');
  assert.equal(await visitor.getByRole('dialog').count(), 0);
  assert.match(await visitor.evaluate(() => document.activeElement.shadowRoot.activeElement.className), /launcher/);
  await visitor.keyboard.press('Shift+Tab');
  assert.equal(await visitor.evaluate(() => document.activeElement.id), 'link', 'no trap');
});
