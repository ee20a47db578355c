/* SPDX-License-Identifier: MIT */
// The record of a long ticket, and a long conversation, while they are drawn in parts. Idle moments never
// come on these pages, and a test says when the timers run that the next part comes by.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { until } from '../support/wait.mjs';
import { Talk } from './support/talk.mjs';

const LINES = 300;
const FIRST = 60;
const BREATH_MS = 4; /* the timer of a part, as in widget/console/views/entries.js */
const talk = new Talk();
let lee;
let long; /* the number of a ticket with so many entries */
let total;

const neverIdle = (breath) => {
  const { setTimeout: wait, clearTimeout: clear } = globalThis;
  const kept = new Map();
  let held = false;
  let count = 0;
  const run = ([id, act]) => kept.delete(id) && act();

  globalThis.requestIdleCallback = () => 0;
  globalThis.setTimeout = (act, after, ...values) => {
    if (!held || after !== breath)
      return wait(act, after, ...values);
    kept.set(`kept ${++count}`, act);
    return `kept ${count}`;
  };
  globalThis.clearTimeout = (id) => kept.delete(id) || clear(id);
  globalThis.hold = () => { held = true; };
  /* One of what was held, if there is any; all of it and whatever comes. */
  globalThis.step = () => [...kept].slice(0, 1).map(run).length > 0;
  globalThis.release = () => {
    held = false;
    [...kept].forEach(run);
  };
};

before(async () => {
  await talk.open({ people: { lee: { name: 'Lee Ott', role: 'supervisor' } }, begin: (page) => page.addInitScript(neverIdle, BREATH_MS) });
  lee = await openAgent(talk.server, talk.people.lee);
  const dana = await openAgent(talk.server, talk.people.dana);

  ({ ticket: long } = await talk.chat('A long story.'));
  for (let i = 0; i < LINES; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, n) => dana.say(long, `Line ${i + n} of it`)));
  await dana.close();
  total = (await talk.server.api(talk.people.dana, 'GET', `/api/v1/tickets/${long}`)).json.messages.length;
  assert.ok(total > LINES);
}, { timeout: 120000 });
afterEach(async () => {
  await talk.page.emulateMedia({ media: null });
  await talk.page.evaluate(() => globalThis.release());
  await talk.page.goto(`${talk.stage.url}/console/#/inbox`);
});
after(async () => {
  await lee?.close();
  await talk.close();
});

const transcript = () => talk.page.locator('.transcript');
const drawn = (list) => list.locator('li.entry').count();
const isBusy = async (list) => await list.getAttribute('aria-busy') === 'true';
const show = (view, number) => talk.page.evaluate((hash) => { location.hash = hash; }, `#/${view}/${number}`);
const hold = () => talk.page.evaluate(() => globalThis.hold());
const step = () => until(() => talk.page.evaluate(() => globalThis.step()), 'another part is due');
const release = () => talk.page.evaluate(() => globalThis.release());
const finds = (text) => talk.page.evaluate((wanted) => globalThis.find(wanted, false, false, true), text);

/* All of it once and in its order; what came later, too. */
async function isWhole(list, more = []) {
  await until(async () => !await isBusy(list), 'nothing is left out');
  const texts = await list.locator('li.entry .markdown').allTextContents();

  assert.deepEqual(texts.filter((text) => /^Line \d+ of it$/.test(text)).toSorted(), Array.from({ length: LINES }, (_, i) => `Line ${i} of it`).toSorted());
  assert.deepEqual(texts.slice(texts.length - more.length), more);
  return texts;
}

async function openHeld() {
  await hold();
  await show('tickets', long);
  await transcript().getByText('A long story.').waitFor();
  assert.equal(await drawn(transcript()), FIRST);
  assert.ok(await isBusy(transcript()), 'a screen reader knows that it is not all');
}

test('a long record begins with its beginning and is whole in the end, and what changes does not begin it anew', async () => {
  const { json } = await talk.server.api(talk.people.dana, 'GET', `/api/v1/tickets/${long}`);

  await openHeld();
  await step();
  await until(async () => await drawn(transcript()) > FIRST, 'one more part');
  const before = await drawn(transcript());

  assert.ok(before < total && await isBusy(transcript()), 'and not yet all');
  await lee.note(long, 'Came in between.');
  await lee.peer.ok('set', { ticket: long, title: 'A story with another title' });
  await talk.page.getByRole('heading', { name: 'A story with another title' }).waitFor();
  assert.ok(await drawn(transcript()) >= before, 'what was there stays');
  await release();
  const texts = await isWhole(transcript(), ['Came in between.']);

  assert.deepEqual(texts.slice(0, LINES), json.messages.filter(({ text }) => text).map(({ text }) => text).slice(0, LINES), 'in its order');
  assert.ok(await finds('Line 299 of it'), 'the browser finds what is far below');
});

test('who prints it before it is whole has all of it on paper', async () => {
  const { page } = talk;

  await openHeld();
  await page.pdf();
  assert.ok(await drawn(transcript()) >= total);
  await isWhole(transcript());
  await page.emulateMedia({ media: 'print' });
  assert.equal(await transcript().locator('li.entry').last().evaluate((node) => getComputedStyle(node).contentVisibility), 'visible');
});

test('who goes to another ticket and back meanwhile has each as it is', async () => {
  const { ticket: other } = await talk.chat('A short one.');

  await openHeld();
  await show('tickets', other);
  await transcript().getByText('A short one.').waitFor();
  assert.equal(await isBusy(transcript()), false);
  assert.equal(await transcript().getByText(/^Line/).count(), 0);
  await show('tickets', long);
  await transcript().getByText('A long story.').waitFor();
  assert.equal(await drawn(transcript()), FIRST, 'it begins anew');
  await release();
  await isWhole(transcript());
});

test('who writes a note below it is not pushed away', async () => {
  const { page } = talk;

  await openHeld();
  const note = page.getByLabel('Internal note, only agents see it');
  const top = () => note.evaluate((node) => Math.round(node.getBoundingClientRect().top));

  await note.fill('Half a');
  await page.locator('main.page').evaluate((node) => { node.scrollTop = node.scrollHeight; });
  await note.scrollIntoViewIfNeeded();
  const place = await top();

  await release();
  await isWhole(transcript());
  await until(async () => Math.abs(await top() - place) <= 2, `the field stays at ${place}`);
  await page.keyboard.type(' sentence');
  assert.equal(await note.inputValue(), 'Half a sentence');
});

test('a long conversation begins with its end and is whole in the end, also when more comes meanwhile', async () => {
  const { page } = talk;
  const log = page.getByRole('log');

  await hold();
  await show('inbox', long);
  await log.getByText(/^Line \d+ of it$/).last().waitFor();
  assert.ok(await drawn(log) <= FIRST + 1);
  assert.ok(await isBusy(log));
  await step();
  await until(async () => await drawn(log) > FIRST + 1, 'one more part');
  await lee.note(long, 'While it was drawn.');
  await log.getByText('While it was drawn.').waitFor();
  assert.ok(await isBusy(log));
  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await log.waitFor({ state: 'detached' });
  await show('inbox', long);
  await log.getByText('While it was drawn.').waitFor();
  assert.ok(await drawn(log) <= FIRST + 1, 'it begins anew');
  await release();
  await isWhole(log, ['While it was drawn.']);
  assert.ok(await finds('Line 0 of it'), 'the browser finds what is far above');
});

test('what is unread in a long conversation is in its first part, with the line above it', async () => {
  const { visitor, ticket } = await talk.chat('I write much.');
  const log = talk.page.getByRole('log');
  const many = Array.from({ length: 2 * FIRST }, (_, i) => `Unread ${i}`);

  for (let i = 0; i < 2; i++)
    await visitor.say(`Read ${i}`);
  await log.getByText('Read 1').waitFor();
  await show('tickets', ticket);
  await talk.page.locator('.transcript').getByText('Read 1').waitFor();
  for (const text of many)
    await visitor.say(text);
  await hold();
  await talk.page.getByText(`${many.length} unread`).first().waitFor();
  await show('inbox', ticket);
  await log.getByText(`${many.length} unread messages`).waitFor();
  assert.ok(await isBusy(log), 'what was read is not there yet');
  assert.deepEqual(await log.locator('li.entry .markdown').allTextContents(), many);
  await release();
  await until(async () => !await isBusy(log), 'nothing is left out');
  assert.equal(await log.getByText(/^Read \d$/).count(), 2);
});
