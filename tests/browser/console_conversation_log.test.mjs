/* SPDX-License-Identifier: MIT */
// The log of a conversation: colleagues on it, replies that cross, long ones, and what a lost connection or
// a session that ran out leaves of it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { PASSWORD } from '../support/server.mjs';
import { until } from '../support/wait.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();
let lee;

before(async () => {
  await talk.open({ people: { lee: { name: 'Lee Ott', role: 'supervisor' } } });
  lee = await openAgent(talk.server, talk.people.lee);
}, { timeout: 120000 });
afterEach(() => {
  talk.stage.relay.refuse = false;
  return talk.clear();
});
after(async () => {
  await lee?.close();
  await talk.close();
});

const log = () => talk.page.getByRole('log');
const lastShown = () => log().locator('li.entry').last();

const atEnd = () => log().evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 60);

test('ux 2.5: who else looks at a ticket, and who writes in it', async () => {
  const { page, visitor, ticket } = await talk.chat();
  const here = page.locator('.viewers');

  lee.peer.send({ type: 'viewing', ticket });
  await here.getByText('Also here: Lee Ott').waitFor();
  await lee.waitFor((frame) => frame.type === 'viewers' && frame.ticket === ticket && frame.agents[0]?.name === 'Dana Reyes');
  lee.peer.send({ type: 'viewing', ticket, typing: true });
  await here.getByText('Lee Ott is writing here.').waitFor();
  await page.getByRole('tab', { name: 'Internal note' }).click();
  await page.keyboard.type('x');
  await lee.waitFor((frame) => frame.type === 'viewers' && frame.agents[0]?.typing === true);
  lee.peer.send({ type: 'viewing', ticket: 0 });
  await here.getByText('Lee Ott').waitFor({ state: 'detached' });
  const from = lee.peer.mark();

  lee.peer.send({ type: 'viewing', ticket });
  await page.goto(`${talk.stage.url}/console/#/tickets`);
  await lee.waitFor((frame) => frame.type === 'viewers' && frame.ticket === ticket && frame.agents.length === 0, { from });
  lee.peer.send({ type: 'viewing', ticket: 0 });
  assert.ok(!visitor.peer.frames.some(({ type }) => type === 'viewers'));
});

test('ux 20: two replies that cross: the first is shown, then it is sent anyway or edited', async () => {
  const { page, visitor, ticket } = await talk.chat();

  for (const [button, text] of [['Send anyway', 'Mine, all the same'], ['Edit', 'Mine, again']]) {
    talk.stage.relay.refuse = true;
    talk.stage.relay.cut();
    await page.getByText(/No connection/).first().waitFor();
    await talk.composer.fill(text);
    await talk.composer.press('Control+Enter');
    await log().locator('li.entry', { hasText: text }).getByText('Waiting for connection').waitFor();
    await lee.say(ticket, `Lee was quicker than: ${text}`);
    talk.stage.relay.refuse = false;
    const held = page.getByRole('group', { name: 'Not sent' });

    await held.getByText('somebody replied while you were writing').waitFor();
    await held.getByText(`Lee was quicker than: ${text}`).waitFor();
    assert.equal(talk.texts(visitor).includes(text), false);
    await held.getByRole('button', { name: button }).click();
    if (button === 'Edit') {
      assert.equal(await talk.composer.inputValue(), text);
      await talk.composer.press('Control+Enter');
    }
    await visitor.waitFor({ type: 'message', text });
    await log().getByText('Sending ...').waitFor({ state: 'detached' }); /* the word that it is on record can be slower */
  }
});

test('ux 49: a long log opens at its end, and all of it can be searched', async () => {
  const { page, visitor, ticket } = await talk.chat('A long story.');
  const dana = await openAgent(talk.server, talk.people.dana);

  for (let i = 0; i < 300; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, n) => dana.say(ticket, `Line number ${i + n + 1} of it`)));
  await dana.close();
  await page.reload();
  await lastShown().getByText(/^Line number \d+ of it/).waitFor();
  await until(async () => await log().locator('li.entry').count() === 302, 'all of it is there');
  assert.equal(await log().getAttribute('aria-busy'), null);
  await until(atEnd, 'at the end');
  assert.equal(await page.evaluate(() => globalThis.find('Line number 7 of it', false, false, true)), true, 'the browser finds what is far above');
  await log().evaluate((node) => { node.scrollTop = 0; });
  const jump = page.getByRole('button', { name: 'To the newest' });

  await jump.waitFor();
  await visitor.say('Are you there?');
  await page.getByRole('button', { name: '1 new message' }).waitFor();
  assert.equal(await log().evaluate((node) => node.scrollTop), 0, 'who reads above is not pulled away');
  await page.getByRole('button', { name: '1 new message' }).press('Enter');
  await until(atEnd, 'the jump leads to the end');
  await lastShown().getByText('Are you there?').waitFor();
});

test('what came while another view was open is below a line', async () => {
  const { page, visitor, ticket } = await talk.chat();

  await page.goto(`${talk.stage.url}/console/#/tickets`);
  await visitor.say('First that you have not read');
  await visitor.say('Second');
  await page.getByText('2 unread').first().waitFor();
  await page.goto(`${talk.stage.url}/console/#/inbox/${ticket}`);
  await log().getByText('2 unread messages').waitFor();
  const order = await log().locator('li').evaluateAll((nodes) => nodes.map((node) => node.className));

  assert.deepEqual(order.slice(-3), ['unread-line', 'entry visitor', 'entry visitor joined']);
});

test('a session that runs out asks for the password where one is, and keeps what was written', async () => {
  const { page, visitor, ticket } = await talk.chat();

  await talk.composer.fill('half a sentence');
  await page.context().clearCookies();
  talk.stage.relay.cut();
  const box = page.getByRole('dialog', { name: 'Log in again' });

  await box.waitFor();
  assert.equal(await page.getByRole('heading', { name: new RegExp(`^#${ticket} `) }).count(), 1, 'the chat is still there');
  for (let time = 0; time < 3; time++)
    await page.keyboard.press('Escape'); /* browsers let nobody refuse the second */
  await page.locator('dialog:modal').and(box).waitFor();
  assert.equal(await box.getByLabel('Email').inputValue(), 'dana@example.gov');
  await box.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await box.getByText('The email or the password is wrong.').waitFor();
  await box.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await box.waitFor({ state: 'detached' });
  assert.equal(await talk.composer.inputValue(), 'half a sentence');
  await talk.composer.press('Control+Enter');
  await visitor.waitFor({ type: 'message', text: 'half a sentence' });
});
