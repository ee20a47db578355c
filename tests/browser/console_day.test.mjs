/* SPDX-License-Identifier: MIT */
// Several chats through a day: what was read stays read.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();

before(() => talk.open());
after(() => talk.close());
afterEach(() => talk.clear());

const log = () => talk.page.getByRole('log');
const counts = () => talk.page.locator('.rows .count').allTextContents();

async function two() {
  const lee = await talk.chat('CORS on staging is broken.', { name: 'Lee Kim', email: 'lee@example.gov' });
  const ana = await talk.chat('Token refresh returns 401.');

  return { lee, ana, page: talk.page };
}

async function reload() {
  await talk.page.reload();
  await log().locator('.entry').first().waitFor();
}

test('after a reload what was read is read, and what was not is not', async () => {
  const { lee, ana, page } = await two();

  await talk.composer.fill('Which request?');
  await page.keyboard.press('Enter');
  await talk.onRecord('Which request?');
  const { seq } = await ana.visitor.waitFor({ type: 'message', text: 'Which request?' });
  ana.visitor.peer.send({ type: 'read', seq });
  await log().getByText('Read', { exact: true }).waitFor();
  await reload();
  await log().getByText('Read', { exact: true }).waitFor();
  assert.deepEqual(await counts(), []);
  await lee.visitor.say('Still broken.');
  await until(async () => (await counts()).join() === '1 unread', 'the new one counts');
  await reload();
  await until(async () => (await counts()).join() === '1 unread', 'and is all that counts');
});

test('a visitor who comes back is told how far the agent has read', async () => {
  const { visitor } = await talk.chat();
  const { seq } = await visitor.say('And a second thing.');

  await visitor.waitFor((frame) => frame.type === 'read' && frame.seq >= seq);
  const again = await talk.visitor({ token: visitor.token });

  await again.waitFor((frame) => frame.type === 'read' && frame.seq >= seq);
});
