/* SPDX-License-Identifier: MIT */
// Shortcuts: the list, the palette, turning off, other keys, and none while somebody types.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { chatFrom, fillQueue } from './support/queue.mjs';
import { Stage, accept, goAvailable } from './support/stage.mjs';

const stage = new Stage();

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

const hash = (page) => page.evaluate(() => location.hash);
const at = (page, wanted) => page.waitForFunction((text) => location.hash === text, wanted);

test('ux 37: keys go places, move in lists and open; ? lists them', async () => {
  const page = await stage.console();
  const [one] = await fillQueue(stage, 1);

  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await at(page, '#/tickets');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await at(page, '#/inbox');
  await page.keyboard.press(']');
  await at(page, '#/inbox?list=queue');
  await page.locator(`[data-number="${one}"]`).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await at(page, `#/inbox/${one}?list=queue`);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Shortcuts' });
  await list.getByText('Go to the tickets').waitFor();
  for (const keys of ['Ctrl + K', 'G then I', 'Shift + A', 'Alt + ↓'])
    await list.getByText(keys, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
});

test('ux 37: nothing happens while somebody types, also with a dialog open', async () => {
  const page = await stage.console();

  await chatFrom(stage, 'Where do I type?');
  await goAvailable(page);
  await accept(page);
  const here = await hash(page);
  await page.getByLabel('Reply to the customer').pressSequentially('gt?/#jke u');
  assert.equal(await page.getByLabel('Reply to the customer').inputValue(), 'gt?/#jke u');
  assert.equal(await hash(page), here);
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA', 'focus comes back');
});

test('ux 37: single keys can be turned off, one can be put elsewhere or away, for this agent alone', async () => {
  const page = await stage.console();

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Keys of Go to the tickets: G then T' }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Keys of Go to the tickets: G then X' }).waitFor();
  await page.getByRole('button', { name: /^Keys of Go to the inbox/ }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.getByText('"Go to the tickets" has G then X.').waitFor();
  await page.getByRole('button', { name: 'Turn off: Go to the inbox' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Keys of Go to the inbox: off' }).waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await at(page, '#/tickets');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await at(page, '#/settings');
  await page.getByLabel('Single keys act').uncheck();
  await page.locator('h1').click();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  assert.equal(await hash(page), '#/settings');
  const eve = await stage.server.addAgent({ name: 'Eve' });
  const other = await stage.console({ agent: eve, hash: '#/settings' });
  await other.getByRole('button', { name: 'Keys of Go to the tickets: G then T' }).waitFor();
});

test('ux 37: the palette finds commands, a ticket by number and tickets by words', async () => {
  const page = await stage.console();
  const [one] = await fillQueue(stage, 1, { title: () => 'Certificate of the sandbox' });

  await until(async () => (await stage.server.api(stage.agent, 'GET', '/api/v1/tickets?q=certificate')).json.items.length === 1, 'the index has the ticket');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(`#${one}`);
  await page.getByRole('option', { name: `Open ticket #${one}` }).waitFor();
  await page.keyboard.press('Enter');
  await at(page, `#/tickets/${one}`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('certificate');
  await page.getByRole('option', { name: /Certificate of the sandbox/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('settings');
  await page.getByRole('option', { name: /Go to the settings/ }).waitFor();
  await page.keyboard.press('Enter');
  await at(page, '#/settings');
});

test('ux 37: keys that follow each other fast reach the dialog they asked for, also on a slow machine', async () => {
  const page = await stage.console();
  const field = page.getByRole('combobox', { name: 'Command' });
  const cdp = await page.context().newCDPSession(page);

  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  for (let round = 0; round < 8; round++) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('#t?');
    assert.equal(await field.inputValue(), '#t?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.keyboard.press('Escape');
  }
  assert.equal(await page.locator('dialog').count(), 0);
});

test('ux 37: what is typed right behind a key that opens a field is written into it, on a slow machine, too', async () => {
  const page = await stage.console({ late: 500 });

  await chatFrom(stage, 'Keys in a hurry.');
  await goAvailable(page);
  await accept(page);
  for (const [keys, label] of [[['n'], 'Internal note, only agents see it'], [['Control+k', 'write a reply', 'Enter'], 'Reply to the customer']]) {
    await page.getByRole('log').focus();
    for (const key of keys)
      await (key === 'write a reply' ? page.keyboard.type(key) : page.keyboard.press(key));
    await page.keyboard.type('?t');
    assert.equal(await page.getByLabel(label).inputValue(), '?t');
  }
  await page.getByLabel('Reply to the customer').fill('');
  await page.keyboard.type('/');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('t');
  await page.keyboard.press('Enter');
  assert.match(await page.getByRole('region', { name: 'Answer to the command' }).textContent(), /On record since/, 'the first of what is left');
});

test('ux 37: the palette puts a ready-made reply into the open conversation, filled in', async () => {
  const page = await stage.console();
  const find = async (words) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).waitFor();
    await page.keyboard.type(words);
  };
  const replies = page.getByRole('option', { name: /^Ready-made replies/ });

  await find('greeting');
  await page.getByText('Nothing fits.').waitFor();
  await page.keyboard.press('Escape');
  await chatFrom(stage, 'Is there a page about it?');
  await goAvailable(page);
  await accept(page);
  const text = page.getByLabel('Reply to the customer');
  await text.fill('Good morning. ');
  await find('greeting');
  await replies.filter({ hasText: 'Greeting' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /^Good morning\. Hello, this is Dana Reyes\./.test(document.querySelector('#message').value));
  await text.and(page.locator(':focus')).waitFor();

  await text.fill('');
  await page.getByRole('tab', { name: 'Documentation' }).click();
  await find('steps');
  await replies.filter({ hasText: 'Documentation' }).click();
  await page.waitForFunction(() => document.querySelector('#message').value.startsWith('This page has the steps: {link}'));
  await text.and(page.locator(':focus')).waitFor();
  assert.equal(await text.evaluate((node) => node.value.slice(node.selectionStart, node.selectionEnd)), '{link}');

  await page.getByRole('link', { name: 'Settings' }).click();
  await find('greeting');
  await page.getByText('Nothing fits.').waitFor();
});

test('ux 2.5: offers are accepted and declined by keys', async () => {
  const page = await stage.console();
  const { ticket } = await chatFrom(stage, 'First');

  await goAvailable(page);
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  await page.keyboard.press('Shift+A');
  await page.getByRole('button', { name: 'Accept' }).waitFor({ state: 'detached' });
  const second = await chatFrom(stage, 'Second');
  await page.getByRole('article', { name: `Offer: ticket ${second.ticket}` }).waitFor();
  await page.keyboard.press('a');
  await at(page, `#/inbox/${second.ticket}`);
  assert.notEqual(second.ticket, ticket);
});

test('ux 37: a conversation by keys: reply, note, page, transfer, escalate, close, waiting', async () => {
  const page = await stage.console();
  const { ticket } = await chatFrom(stage, 'By keys only.');

  await goAvailable(page);
  await page.getByRole('article', { name: /^Offer/ }).waitFor();
  await page.keyboard.press('a');
  await page.getByLabel('Reply to the customer').waitFor();
  const leave = () => page.getByRole('log').focus();
  for (const [key, label] of [['n', 'Internal note, only agents see it'], ['d', 'Address of the page'], ['r', 'Reply to the customer']]) {
    await leave();
    await page.keyboard.press(key);
    await page.getByLabel(label).and(page.locator(':focus')).waitFor();
  }
  for (const [key, title] of [['t', /^Transfer/], ['e', /^Escalate/], ['#', /^Close/]]) {
    await leave();
    await page.keyboard.press(key);
    await page.getByRole('dialog', { name: title }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: title }).waitFor({ state: 'detached' });
  }
  await leave();
  await page.keyboard.press('s');
  await until(async () => (await stage.server.ticket(stage.agent, ticket)).ticket.status === 'pending', 'it waits');
});
