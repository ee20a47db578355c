/* SPDX-License-Identifier: MIT */
// The conversation for everybody: axe finds nothing in any state, light and dark; all of it by keyboard, with a
// focus that is seen; nothing is lost on a narrow screen.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { clean as axeClean } from './support/axe.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();
let lee;

before(async () => {
  await talk.open({
    people: { lee: { name: 'Lee Ott', role: 'supervisor' }, theo: { name: 'Theo Wu', tier: 2 } },
    policy: (policy) => Object.assign(policy.chat, { capacity: 20 }),
  });
  lee = await openAgent(talk.server, talk.people.lee);
}, { timeout: 120000 });
afterEach(() => talk.clear());
after(async () => {
  await lee?.close();
  await talk.close();
});

const clean = (state) => axeClean(talk.page, state);
const button = (name) => talk.page.getByRole('button', { name, exact: true });
const tab = (name) => talk.page.getByRole('tab', { name });

/* A chat that was handed up and back, with code, a note, a card, and a colleague who writes in it. */
async function rich() {
  const { visitor, ticket } = await talk.chat('Why **401**?\n```sh\ncurl -i https://api.example.gov\n```');

  await talk.composer.fill('Did a retry help? See [the guide](https://docs.example.gov).');
  await talk.composer.press('Control+Enter');
  await visitor.waitFor((frame) => frame.text?.startsWith('Did a retry'));
  await lee.peer.ok('transfer', { ticket, to: { tier: 1 }, note: '**Tried:** a retry' });
  await talk.page.getByRole('article', { name: `Offer: ticket ${ticket}`, exact: true }).getByRole('region', { name: 'Hand-over' }).waitFor();
  await clean('an offer with a hand-over');
  await talk.page.getByRole('article', { name: `Offer: ticket ${ticket}`, exact: true }).getByRole('button', { name: 'Accept' }).click();
  await talk.composer.waitFor();
  lee.peer.send({ type: 'viewing', ticket, typing: true });
  await talk.page.getByText('Lee Ott is writing here.').waitFor();
  return ticket;
}

for (const colorScheme of ['light', 'dark']) {
  test(`ux 5: axe finds nothing in the conversation, ${colorScheme}`, async () => {
    const { page } = talk;

    await page.emulateMedia({ colorScheme });
    const ticket = await rich();

    await clean('a conversation');
    await talk.composer.focus();
    await page.keyboard.type('/');
    await page.getByRole('listbox').waitFor();
    await clean('the list of a slash');
    await page.keyboard.type('docu');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Fill in {link} before you send.').waitFor();
    await clean('an open name');
    await button('Preview').click();
    await clean('the preview');
    await button('Preview').click();
    await talk.composer.fill('/nonsense');
    await talk.composer.press('Enter');
    await page.getByText('There is no command /nonsense.').waitFor();
    await clean('help');
    await tab('Internal note').click();
    await clean('a note');
    await tab('Documentation').click();
    await button('Send page').click();
    await page.getByText('Paste the full address').waitFor();
    await clean('a page without address');
    for (const name of ['Escalate', 'Transfer', 'Close']) {
      await button(name).click();
      await page.getByRole('dialog').waitFor();
      if (name !== 'Close')
        await page.getByLabel(/^(Summary|Note) for/).fill('');
      await page.getByRole('dialog').getByRole('button', { name: name === 'Close' ? 'Close ticket' : name, exact: true }).click();
      await clean(`the dialog ${name}, with what is missing`);
      await page.keyboard.press('Escape');
    }
    for (const name of ['Earlier', 'Why', 'Details']) {
      await tab(name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      await clean(name);
    }
    await button('Close').click();
    await page.getByLabel('Answered in the conversation').check();
    await page.getByRole('dialog').getByLabel('Tags, separated by commas').fill('x');
    await button('Close ticket').click();
    await page.getByRole('button', { name: `Undo closing ticket #${ticket}` }).waitFor();
    await clean('undo');
    await page.context().clearCookies();
    talk.stage.relay.cut();
    await page.getByRole('dialog', { name: 'Log in again' }).waitFor();
    await clean('logging in again');
    await page.getByLabel('Password').fill(talk.people.dana.password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
}

/* What has the focus, and whether one sees it. */
async function focus() {
  return talk.page.evaluate(() => {
    const { activeElement: node } = document;
    if (node === document.body)
      return { name: '', seen: true }; /* the browser's own bars */
    const { outlineStyle, outlineWidth } = getComputedStyle(node);

    return { name: node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent.trim() ?? node.textContent.trim(), seen: outlineStyle !== 'none' && outlineWidth !== '0px' };
  });
}

/* Tab until something of that name has the focus; every stop is seen. */
async function tabTo(name, key = 'Tab') {
  for (let i = 0; i < 60; i++) {
    await talk.page.keyboard.press(key);
    const at = await focus();

    assert.ok(at.seen, `the focus on "${at.name}" is seen`);
    if (at.name.startsWith(name))
      return;
  }
  throw new Error(`no way by ${key} to ${name}`);
}

test('a chat is answered, noted, handed up and closed by keyboard alone', async () => {
  const { page, visitor, ticket } = await talk.chat('The page about staging is hard to find.');
  const type = (text) => page.keyboard.type(text);
  const press = (key) => page.keyboard.press(key);

  await type('Which one?');
  await press('Enter');
  await visitor.waitFor({ type: 'message', text: 'Which one?' });
  await tabTo('Reply', 'Shift+Tab');
  await press('ArrowRight');
  assert.equal((await focus()).name, 'Internal note');
  await tabTo('Internal note, only agents see it');
  await type('seen before');
  await press('Control+Enter');
  await page.locator('.entry.note', { hasText: 'seen before' }).waitFor();
  await type('/escalate');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo('It needs logs');
  await press('Space');
  await tabTo('Escalate');
  await press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await visitor.waitFor((frame) => frame.event === 'escalated');
  assert.equal((await talk.ticket(ticket)).ticket.tier, 2);

  const second = await talk.chat('Where is the guide?');

  await type('/resolve');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal((await focus()).name, 'Answered in the conversation');
  await press('Space');
  await tabTo('Tags');
  await type(', guide');
  await press('Enter');
  await second.visitor.waitFor((frame) => frame.event === 'closed');
  await page.getByRole('button', { name: `Undo closing ticket #${second.ticket}` }).waitFor();
});

test('ux 28: at 320 pixels the conversation and its dialogs lose nothing to the side', async () => {
  const { page } = talk;

  await talk.chat('A narrow question with a-very-long-word-that-has-nowhere-to-break-0123456789012345678901234567890');
  await page.setViewportSize({ width: 320, height: 700 });
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  await talk.composer.waitFor();
  assert.equal(await fits(), true, 'the conversation');
  await talk.composer.fill('/');
  await talk.composer.press('ArrowDown');
  assert.equal(await fits(), true, 'the list');
  await page.keyboard.press('Escape');
  await talk.composer.fill('');
  for (const name of ['Escalate', 'Transfer', 'Close']) {
    await button(name).click();
    const box = await page.getByRole('dialog').boundingBox();

    assert.ok(box.x >= 0 && box.x + box.width <= 320, name);
    assert.equal(await page.getByRole('dialog').evaluate((node) => node.scrollWidth <= node.clientWidth), true, `${name} scrolls one way only`);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});
