/* SPDX-License-Identifier: MIT */
// Several chats through a day: what was read stays read, a log opens where reading goes on, a row and
// the tab say which is which, and a small window still shows what is said.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { choosePresence, goAvailable } from './support/stage.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();

before(() => talk.open());
after(() => talk.close());
afterEach(() => talk.clear());

const log = () => talk.page.getByRole('log');
const row = (ticket) => talk.page.locator(`.rows [data-number="${ticket}"]`);
const counts = () => talk.page.locator('.rows .count').allTextContents();
const show = (ticket) => talk.page.goto(`${talk.stage.url}/console/#/inbox/${ticket}`);

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

test('a log opens where the unread begins, and where it was left', async () => {
  const { lee, ana, page } = await two();

  for (let i = 0; i < 30; i++)
    await lee.visitor.say(`Line ${i} of what happens, and of what was tried.`);
  await page.getByText('30 unread').first().waitFor();
  await show(lee.ticket);
  const line = log().getByText('30 unread messages');
  const offset = async (place) => {
    const [box, own] = await Promise.all([log().boundingBox(), place.boundingBox()]);
    return own.y - box.y;
  };

  await until(async () => Math.abs(await offset(line)) < 40, 'the line is at the top');
  await page.getByRole('button', { name: 'To the newest' }).waitFor();
  const tenth = log().locator('.entry', { hasText: 'Line 10 of' });

  await log().evaluate((node, place) => {
    node.scrollTop = place.offsetTop - node.offsetTop;
  }, await tenth.elementHandle());
  await until(async () => Math.abs(await offset(tenth)) < 20, 'scrolled');
  await show(ana.ticket);
  await page.getByRole('heading', { name: new RegExp(`^#${ana.ticket} `) }).waitFor();
  await show(lee.ticket);
  await until(async () => Math.abs(await offset(tenth)) < 40, 'the same message is at the top');
});

test('what one person says in a row has the name once, for the eye', async () => {
  const { visitor } = await talk.chat();

  await visitor.say('It began at noon.');
  await visitor.say('It began at noon.');
  await visitor.say('And on staging, too.');
  const second = log().locator('.entry', { hasText: 'And on staging' });

  await second.waitFor();
  assert.equal(await second.locator('.author').evaluate((node) => node.getBoundingClientRect().width), 1);
  assert.match(await second.textContent(), /^\s*Ana Ruiz /, 'and is said with each');
});

test('a row tells its number and who wrote last, beside a name of any length', async () => {
  const { ticket, page } = await talk.chat('Where is it?', { name: 'Ana María de la Cruz-Hernández y Fernández de Córdoba', email: 'ana@example.gov' });

  await talk.composer.fill('In the guide.');
  await page.keyboard.press('Enter');
  await row(ticket).getByText('You: In the guide.').waitFor();
  const [number, chip, name] = await Promise.all(['.row-meta', '.chip', '.row-name'].map((part) => row(ticket).locator(part).boundingBox()));

  assert.match(await row(ticket).locator('.row-meta').textContent(), new RegExp(`^#${ticket} `));
  assert.ok(name.x + name.width <= chip.x, 'the name ends before the target');
  assert.ok(number.y > name.y + name.height / 2);
  await page.getByRole('tab', { name: 'Internal note' }).click();
  await talk.composer.fill('Look at the clock.');
  await page.keyboard.press('Control+Enter');
  await row(ticket).getByText('Note: Look at the clock.').waitFor();
});

test('the tab says where it is', async () => {
  const { ticket, page } = await talk.chat('Where is the list of test users?');
  const titled = (title) => page.waitForFunction((text) => document.title === text, title);

  await titled(`#${ticket} Where is the list of test users? · Support console`);
  for (const [view, title] of [['tickets', 'Tickets'], ['customers', 'Customers'], ['settings', 'Settings'], [`tickets/${ticket}`, `#${ticket} Where is the list of test users?`]]) {
    await page.goto(`${talk.stage.url}/console/#/${view}`);
    await titled(`${title} · Support console`);
  }
  await page.goto(`${talk.stage.url}/console/#/inbox`);
  await titled('Support console');
});

test('ux 6: Escape leads out of the text to where single keys work', async () => {
  const { page } = await talk.chat();

  await talk.composer.fill('half a thought');
  await page.keyboard.press('Escape');
  assert.equal(await log().evaluate((node) => node === document.activeElement), true);
  await page.keyboard.press('n');
  await page.keyboard.type('a note');
  assert.equal(await page.getByLabel('Internal note, only agents see it').inputValue(), 'a note');
  await page.getByRole('tab', { name: 'Reply' }).click();
  assert.equal(await talk.composer.inputValue(), 'half a thought');
  await talk.composer.fill('/ti');
  await page.getByRole('listbox').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  assert.equal(await talk.composer.evaluate((node) => node === document.activeElement), true, 'the list of commands comes first');
});

test('ux 28: at 200 % and at 320 pixels the log can be read', async () => {
  const { page } = await talk.chat('A long subject: the content release of last night stopped in the middle of it all');

  for (const [width, height] of [[720, 450], [640, 360], [320, 640], [320, 480]]) {
    await page.setViewportSize({ width, height });
    await until(async () => (await log().boundingBox()).height >= 140, `${width} x ${height}`);
    await page.getByRole('button', { name: 'Send', exact: true }).scrollIntoViewIfNeeded();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width} x ${height} scrolls one way only`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('who has no chats and takes none goes available where that is said', async () => {
  const { page } = talk;

  await choosePresence(page, 'Offline');
  await page.getByText('You are offline: nothing rings.').waitFor();
  await page.getByRole('button', { name: 'Go available' }).click();
  await page.getByText('You are available: the next one rings here.').waitFor();
  await goAvailable(page);
});

test('an offer rings beside what is written, whatever the window', async () => {
  const { page } = await talk.chat();

  await talk.visitor().then((visitor) => visitor.say('The pipeline is red since noon, and nobody of my team knows where the log of the second step is.'));
  const offer = page.getByRole('article', { name: /^Offer/ });

  await offer.waitFor();
  for (const [width, height] of [[1440, 900], [1280, 800], [1024, 768], [390, 844]]) {
    await page.setViewportSize({ width, height });
    const [over, under] = await Promise.all([offer, page.locator('.composer')].map((part) => part.boundingBox()));

    assert.ok(over.x >= under.x + under.width || over.y + over.height <= under.y + 2, `at ${width} pixels`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});
