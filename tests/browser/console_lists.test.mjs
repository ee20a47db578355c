/* SPDX-License-Identifier: MIT */
// Lists of tickets: rows, targets, an order that stands still, long lists.
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

const numbers = (page) => page.locator('.rows li').evaluateAll((rows) => rows.map((row) => Number(row.dataset.number)));
const openQueue = (page) => page.goto(`${stage.url}/console/#/inbox?list=queue`);

test('ux 36: the order stands still under pointer and focus, and a click opens the row that is shown', async () => {
  const page = await stage.console();
  const [one, two] = await fillQueue(stage, 2, { priority: 'low' });

  await openQueue(page);
  await page.locator('.rows li').nth(1).waitFor();
  const before = await numbers(page);
  assert.deepEqual([...before].sort(), [one, two].sort());

  await page.locator('.rows li').first().hover();
  const [urgent] = await fillQueue(stage, 1, { priority: 'high', title: () => 'Urgent' });
  await page.getByRole('button', { name: '1 update, press U' }).waitFor();
  assert.deepEqual(await numbers(page), before, 'held under the pointer');
  await page.locator('.rows li .row-link').first().click();
  await page.getByText('This chat is not yours', { exact: false }).waitFor();
  assert.equal(await page.evaluate(() => location.hash), `#/inbox/${before[0]}?list=queue`);

  await page.mouse.move(900, 500);
  await page.locator(`[data-number="${before[1]}"] .row-link`).focus();
  await page.keyboard.press('u');
  await page.locator(`[data-number="${urgent}"]`).waitFor();
  assert.equal((await numbers(page))[0], urgent, 'due first');
  assert.equal(await page.locator('.updates button').count(), 0);
});

test('ux 36: without pointer and focus the list follows by itself', async () => {
  const page = await stage.console();

  await openQueue(page);
  await page.getByText('The queue is empty.').waitFor();
  const [number] = await fillQueue(stage, 1);
  await page.locator(`[data-number="${number}"]`).waitFor();
});

test('ux 38: every state of a target is told in words and shape, and a press tells both targets with dates', async () => {
  const page = await stage.console();
  const { ticket } = await chatFrom(stage, 'How long will it take?');
  const chip = page.locator(`[data-number="${ticket}"]`).getByRole('button');

  await page.clock.install();
  await goAvailable(page);
  await accept(page);
  assert.match(await chip.textContent(), /Reply \d\d:\d\d\s+on time/);
  const due = await page.evaluate(() => Date.now());
  const { ticket: object } = await stage.server.ticket(stage.agent, ticket);
  const total = object.first_response_due - object.created_at;
  /* Time is put forward, not lived through: the connection stays, and with it the server's word. */
  const pass = async (share) => {
    await page.clock.setSystemTime(object.created_at + total * share);
    await page.clock.runFor(16_000);
  };

  assert.ok(Math.abs(object.created_at - due) < 60_000, 'the clocks are near');
  await pass(0.78);
  await page.locator(`[data-number="${ticket}"] .sla.risk`).waitFor();
  assert.match(await chip.textContent(), /at risk/);
  await pass(0.93);
  await page.locator(`[data-number="${ticket}"] .sla.soon`).waitFor();
  assert.match(await chip.textContent(), /nearly due/);
  await pass(1.03);
  await page.locator(`[data-number="${ticket}"] .sla.breached`).waitFor();
  assert.match(await chip.textContent(), /\d+[sm] late/);
  await chip.click();
  const details = page.getByRole('group', { name: `Targets of ticket ${ticket}` });
  assert.match(await details.textContent(), /First reply.*late.*Due .*Resolution.*on time.*Due /);
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.classList.contains('sla')), true, 'focus stays');
});

test('ux 38: a paused target says so, a met one too', async () => {
  const page = await stage.console();
  const { ticket } = await chatFrom(stage, 'Please look.');
  const chip = page.locator(`[data-number="${ticket}"]`).getByRole('button');

  await goAvailable(page);
  await accept(page);
  await page.getByLabel('Reply to the customer').fill('Which client?');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('log').getByText('Which client?').waitFor();
  await stage.server.api(stage.agent, 'PATCH', `/api/v1/tickets/${ticket}`, { body: { status: 'pending' } });
  await page.locator(`[data-number="${ticket}"] .sla.paused`, { hasText: /^Resolve paused, \d+[hm] .*left/ }).waitFor();
  assert.match(await page.locator(`[data-number="${ticket}"] .row-meta`).textContent(), /Waits for the customer/);
  await chip.click();
  assert.match(await page.getByRole('group', { name: `Targets of ticket ${ticket}` }).textContent(), /First reply\s*met, in \d+s/);
  assert.match(await page.getByRole('group', { name: `Targets of ticket ${ticket}` }).textContent(), /Resolution\s*paused, \d+h \d+m of opening hours left/);
});

test('ux 38: chips of many rows share one timer', async () => {
  const page = await stage.console();

  await fillQueue(stage, 30);
  await page.addInitScript(() => {
    globalThis.timers = 0;
    const set = globalThis.setInterval;
    globalThis.setInterval = (...args) => {
      globalThis.timers++;
      return set(...args);
    };
  });
  await openQueue(page);
  await page.reload();
  await page.locator('.rows li').nth(29).waitFor();
  assert.ok(await page.evaluate(() => globalThis.timers) <= 2, 'not one a chip');
});

test('ux 49: 500 rows: only those in sight are in the page, and places are told', async () => {
  const page = await stage.console();

  await fillQueue(stage, 500);
  await openQueue(page);
  await page.locator('.rows li[aria-setsize="500"]').first().waitFor();
  const rows = await page.locator('.rows li').count();
  assert.ok(rows > 5 && rows < 60, `${rows} rows`);
  await page.locator('.rows').evaluate((node) => node.scrollTo(0, node.scrollHeight));
  await page.locator('.rows li[aria-posinset="500"]').waitFor();
  assert.equal(await page.locator('.rows li[aria-posinset="1"]').count(), 0);
  await page.locator('.rows li[aria-posinset="500"] .row-link').focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement.closest('li')?.getAttribute('aria-posinset') === '1');
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement.closest('li')?.getAttribute('aria-posinset') === '2');
});

test('ux 2.1: tickets are filtered, sorted, saved as a list and cleared; the address says it all', async () => {
  const page = await stage.console({ hash: '#/tickets' });
  const [low] = await fillQueue(stage, 1, { priority: 'low', topic: 'api', tags: ['night'] });
  const [high] = await fillQueue(stage, 1, { priority: 'high', topic: 'forms' });
  const shown = () => page.locator('tbody tr td:first-child').allTextContents();
  const shows = (...wanted) => page.waitForFunction((text) => [...document.querySelectorAll('tbody tr td:first-child')].map((td) => td.textContent).join() === text,
    wanted.map((number) => `#${number}`).join());

  await page.reload();
  await shows(high, low);
  await page.getByLabel('Sort', { exact: false }).last().selectOption('oldest');
  await shows(low, high);
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Tag').fill('night');
  await shows(low);
  assert.equal(await page.evaluate(() => location.hash), '#/tickets?sort=oldest&tag=night');
  await page.getByLabel('Name of this list').fill('Night shift');
  await page.getByRole('button', { name: 'Save list' }).click();
  await page.getByRole('link', { name: 'Clear' }).click();
  await shows(high, low);
  await page.reload();
  await page.getByRole('link', { name: 'Night shift' }).click();
  await shows(low);
  assert.equal(await page.getByLabel('Tag').inputValue(), 'night');
  await page.getByRole('button', { name: 'Delete the list "Night shift"' }).click();
  await page.getByRole('link', { name: 'Night shift' }).waitFor({ state: 'detached' });
  await page.locator('label', { hasText: /^Priority/ }).locator('select').selectOption('critical');
  await page.getByText('Nothing matches.').waitFor();
  assert.deepEqual(await shown(), []);
});

test('saved lists are the same in all browsers at once, and those of before are taken over once', async () => {
  const page = await stage.console({ hash: '#/tickets' });
  const other = await stage.console({ hash: '#/tickets?priority=high' });

  await other.evaluate((filters) => {
    const { 'tierbell:console:prefs:last': me } = localStorage;

    localStorage.setItem(`tierbell:console:prefs:${JSON.parse(me)}`, JSON.stringify({ filters }));
  }, [['Of this browser', 'tag=night'], ['x'.repeat(128), 'tag=a'], ['Another', 'tier=2']].map(([name, query]) => ({ name, href: `#/tickets?${query}` })));
  await other.reload();
  const names = (of) => of.getByRole('group', { name: 'Saved lists' }).getByRole('link').allTextContents();

  await until(async () => (await names(page)).join() === 'Of this browser,Another', 'what the other browser had');
  await other.getByLabel('Name of this list').fill('Pressing');
  await other.getByRole('button', { name: 'Save list' }).click();
  await until(async () => (await names(page)).join() === 'Of this browser,Another,Pressing', 'what is saved there is here');
  await page.getByRole('link', { name: 'Of this browser' }).click();
  await page.getByRole('button', { name: 'Delete the list "Of this browser"' }).click();
  await until(async () => (await names(other)).join() === 'Another,Pressing', 'what is forgotten here is gone there');
  await other.reload();
  await other.getByRole('link', { name: 'Pressing' }).waitFor();
  assert.deepEqual(await names(other), ['Another', 'Pressing'], 'it is not taken over again');
});

test('ux 2.1: filters that are set within a moment hold together', async () => {
  const page = await stage.console({ hash: '#/tickets' });

  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Tag').fill('night');
  await page.getByLabel('Topic').selectOption('API');
  await page.getByLabel('Sort', { exact: false }).last().selectOption('oldest');
  await page.waitForFunction(() => location.hash === '#/tickets?tag=night&topic=api&sort=oldest');
});

test('the record of a ticket that comes late is not shown in place of the next one', async () => {
  const [one, two] = await fillQueue(stage, 2);
  const page = await stage.console({ hash: '#/tickets' });
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });

  await page.route(`**/api/v1/tickets/${one}`, (route) => held.then(() => route.continue()));
  const late = page.waitForResponse(`**/api/v1/tickets/${one}`);
  const asked = page.waitForRequest(`**/api/v1/tickets/${one}`);
  await page.goto(`${stage.url}/console/#/tickets/${one}`);
  await asked;
  await page.goto(`${stage.url}/console/#/tickets/${two}`);
  await page.getByRole('heading', { name: new RegExp(`^#${two} `) }).waitFor();
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise((resolve) => {
    setTimeout(resolve);
  }));
  assert.equal(await page.getByRole('heading', { name: new RegExp(`^#${one} `) }).count(), 0);
});

test('ux 2.1: finds a customer by name and by email, with all that they asked', async () => {
  const page = await stage.console({ hash: '#/customers' });
  const visitor = { name: 'Ana Ruiz', email: 'ana.ruiz@example.gov' };
  const search = page.getByRole('searchbox', { name: 'Search' });
  const names = page.getByRole('region', { name: 'Customers' }).getByRole('link');

  await page.getByText('Nobody has asked anything yet.').waitFor();
  const [first] = await fillQueue(stage, 1, { visitor });
  const [second] = await fillQueue(stage, 1, { visitor });
  await fillQueue(stage, 1);
  await page.reload();
  await page.getByText('2 customers').waitFor();
  for (const words of ['ruiz ana', 'Ana.Ruiz@', 'ANA']) {
    await search.fill(words);
    await page.getByText('1 customer', { exact: true }).waitFor();
    assert.deepEqual(await names.allTextContents(), ['Ana Ruiz'], words);
  }
  await search.fill('question');
  await page.getByText('Nobody has this in the name or email.').waitFor();
  await search.fill('%');
  await page.getByText('0 customers').waitFor();
  await search.fill('ruiz@');
  await page.getByRole('row', { name: /Ana Ruiz.*ana\.ruiz@example\.gov\s+2\s+2/ }).waitFor();
  await page.getByRole('link', { name: 'Ana Ruiz' }).click();
  await page.getByRole('heading', { name: 'Ana Ruiz' }).waitFor();
  const numbersShown = await page.locator('tbody tr td:first-child').allTextContents();
  assert.deepEqual(numbersShown.sort(), [`#${first}`, `#${second}`].sort());
});

test('ux 2.1: more customers come by a button; what went wrong can be tried again', async () => {
  await fillQueue(stage, 53);
  const page = await stage.console();
  let down = true;

  await page.route(/\/api\/v1\/customers/, (route) => (down ? route.fulfill({ status: 503, json: { code: 'unavailable', message: 'The record cannot be read now.' } }) : route.fallback()));
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('alert').getByText('The record cannot be read now.').waitFor();
  down = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('50 or more customers').waitFor();
  down = true;
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('alert').getByText('The record cannot be read now.').waitFor();
  down = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('53 customers').waitFor();
  assert.equal(new Set(await page.locator('tbody tr td:first-child').allTextContents()).size, 53);
  await page.goto(`${stage.url}/console/#/customers/99999`);
  await page.getByText('There is no ticket of this customer any more.').waitFor();
});
