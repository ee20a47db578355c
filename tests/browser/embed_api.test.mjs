/* SPDX-License-Identifier: MIT */
// The JavaScript interface on a page of another origin: methods, events, storage, one instance.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { temporaryFolder } from '../support/server.mjs';
import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, bubble, goAvailable, reply, write } from './support/stage.mjs';

const KEY = 'the secret that docs and desk share';
const keyFile = join(temporaryFolder(), 'identity.key');
const { stage, site } = stageWithSite({ args: ['--identity-key', keyFile] });

writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 });

const call = (page, ...values) => page.evaluate((args) => globalThis.Tierbell(...args), values);
const launcher = (page) => page.getByRole('button', { name: /^Get help/ });
const dialog = (page) => page.getByRole('dialog', { name: 'Developer support' });
const question = (page) => page.getByLabel('What do you need help with?');
const stored = (page) => page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.startsWith('tierbell:')));

async function visit(path, prepare) {
  const page = await stage.page();

  await prepare?.(page);
  await page.goto(site.url + path);
  return page;
}

/* Everything that the page hears, by both ways. */
async function listen(page, names) {
  await page.evaluate((all) => {
    globalThis.heard = [];
    globalThis.seen = [];
    for (const name of all) {
      globalThis.Tierbell('on', name, (detail) => globalThis.heard.push([name, detail]));
      document.addEventListener(`tierbell:${name}`, (event) => globalThis.seen.push([name, event.detail]));
    }
  }, names);
}

const heard = (page, name) => page.evaluate((wanted) => globalThis.heard.filter(([n]) => n === wanted).map(([, d]) => d), name);

test('ux 47: the loader alone is one request: no panel, no socket, no storage', async () => {
  const requests = [];
  const page = await visit('/plain', (made) => {
    made.on('request', (request) => request.url().startsWith(stage.url) && requests.push(new URL(request.url()).pathname));
    made.on('websocket', (socket) => requests.push(socket.url()));
  });

  await launcher(page).waitFor();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(requests, ['/widget.js']);
  assert.deepEqual(await stored(page), []);
  assert.deepEqual(await page.context().cookies(), []);
});

test('ux 50: calls wait in the queue for the loader, and "ready" is heard', async () => {
  const page = await visit('/queue');

  await dialog(page).waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.heard), ['ready']);
  assert.equal(await page.getByLabel('Work email').isVisible(), false, 'who is known is not asked');
  await question(page).fill('Asked from the queue page.');
  await page.getByRole('button', { name: 'Start chat' }).click();
  await page.getByText(/On record as ticket #\d+/).waitFor();
  const { ticket } = await stage.server.ticket(stage.agent, 1);
  assert.equal(ticket.visitor.email, 'kim@example.gov');
  assert.equal(ticket.tags[0], 'from-queue');
});

test('ux 50: an unknown method warns and throws nothing, a second snippet makes no second widget', async () => {
  const warnings = [];
  const page = await visit('/plain', (made) => made.on('console', (message) => message.type() === 'warning' && warnings.push(message.text())));

  await launcher(page).waitFor();
  await call(page, 'fly', 1);
  await call(page, 'constructor');
  assert.deepEqual(warnings, ['Tierbell: there is no method "fly"', 'Tierbell: there is no method "constructor"']);
  await page.evaluate((src) => new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve }));
  }), `${stage.url}/widget.js`);
  assert.equal(await page.locator('#tierbell').count(), 1);
  assert.match(await page.evaluate(() => globalThis.Tierbell.version), /^\d+\.\d+\.\d+$/);
});

test('methods: open, close, toggle, hide, show, and any element that opens it', async () => {
  const page = await visit('/opener');

  await launcher(page).waitFor();
  await call(page, 'open');
  await dialog(page).waitFor();
  await call(page, 'close');
  await until(async () => (await dialog(page).count()) === 0, 'closed');
  await call(page, 'toggle');
  await dialog(page).waitFor();
  await call(page, 'toggle');
  await until(async () => (await dialog(page).count()) === 0, 'toggled away');
  await call(page, 'hide');
  await launcher(page).waitFor({ state: 'hidden' });
  await page.locator('#ask').click();
  await dialog(page).waitFor();
  assert.equal(new URL(page.url()).pathname, '/opener', 'a link that opens it leads nowhere');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ask', 'the focus is back where it was opened');
  await call(page, 'show');
  await launcher(page).waitFor();
});

test('methods: ask and newTicket fill in and send nothing; tags and subject come to the ticket', async () => {
  const page = await visit('/plain');

  await launcher(page).waitFor();
  await call(page, 'setTags', ['billing', ' spaced  out ', 'x'.repeat(60), 'billing', 7]);
  await call(page, 'newTicket', { subject: 'Certificate runs out', body: 'On **Friday**.' });
  await until(async () => (await question(page).inputValue()) === 'Certificate runs out\n\nOn **Friday**.', 'filled in');
  await call(page, 'ask', 'Something else');
  await until(async () => (await question(page).inputValue()) === 'Something else', 'ask');
  await call(page, 'newTicket', { subject: 'Certificate runs out', body: 'On Friday.' });
  await until(async () => /Certificate/.test(await question(page).inputValue()), 'filled in again');
  await page.getByLabel('Work email').fill('kim@example.gov');
  await page.getByRole('button', { name: 'Start chat' }).click();
  await page.getByText(/On record as ticket #1/).waitFor();
  const { ticket, messages } = await stage.server.ticket(stage.agent, 1);
  assert.equal(ticket.title, 'Certificate runs out');
  assert.deepEqual(ticket.tags.slice(0, 3), ['billing', 'spaced out', '7'], 'what is no tag is left out');
  assert.equal(messages[0].text, 'Certificate runs out\n\nOn Friday.');
  await call(page, 'ask', 'And one thing more');
  await until(async () => (await page.getByLabel('Write a message').inputValue()) === 'And one thing more', 'in the composer');
});

test('methods: setTheme and setLocale, also before the panel is there', async () => {
  const page = await visit('/plain');
  const theme = () => page.locator('#tierbell').getAttribute('data-theme');

  await launcher(page).waitFor();
  await call(page, 'setTheme', 'dark');
  assert.equal(await theme(), 'dark');
  await call(page, 'setTheme', 'auto');
  assert.equal(await theme(), 'auto');
  await call(page, 'setLocale', 'es-MX');
  await page.getByRole('button', { name: 'Obtener ayuda' }).click();
  await page.getByLabel('¿En qué necesita ayuda?').fill('Hola');
  await call(page, 'setLocale', 'en');
  await dialog(page).waitFor();
  assert.equal(await question(page).inputValue(), 'Hola', 'what was written stays');
});

test('events: each is told once to both kinds of listeners, and none carries what was written', async () => {
  const names = ['open', 'close', 'state', 'availability', 'queue', 'agent-joined', 'message-sent', 'message-received', 'unread',
    'ticket-created', 'rated', 'ended', 'connection', 'resolved-by-docs', 'doc-click', 'error'];
  const agent = await stage.console();
  const page = await visit('/plain');

  await launcher(page).waitFor();
  await listen(page, names);
  const number = await ask(page, 'quicksilver question');
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'quicksilver answer');
  await bubble(page, 'quicksilver answer').waitFor();
  await page.getByRole('button', { name: 'Minimize' }).click();
  await reply(agent, 'quicksilver two');
  await page.getByRole('button', { name: 'Get help, 1 unread message' }).click();
  await bubble(page, 'quicksilver two').waitFor();
  await agent.getByRole('button', { name: 'Close', exact: true }).click();
  await agent.getByLabel('Answered in the conversation').check();
  await agent.getByRole('button', { name: 'Close ticket' }).click();
  await page.getByLabel(/Very good/).check();
  await page.getByRole('button', { name: 'Send rating' }).click();
  await until(async () => (await heard(page, 'rated')).length > 0, 'rated');

  assert.deepEqual(await heard(page, 'ticket-created'), [{ ticket: number }]);
  assert.equal((await heard(page, 'message-sent')).length, 1);
  assert.equal((await heard(page, 'message-received')).length, 2);
  assert.deepEqual(await heard(page, 'agent-joined'), [{ ticket: number, tier: 1 }]);
  assert.deepEqual(await heard(page, 'ended'), [{ ticket: number }]);
  assert.deepEqual(await heard(page, 'rated'), [{ ticket: number, score: 5 }]);
  assert.deepEqual((await heard(page, 'unread')).map(({ count }) => count), [1, 0]);
  assert.deepEqual((await heard(page, 'state')).map(({ state }) => state), ['home', 'queue', 'chat', 'ended']);
  assert.deepEqual(await heard(page, 'availability'), [{ open: true, opens_at: null }]);
  assert.equal((await heard(page, 'queue'))[0].ticket, number);
  assert.equal((await heard(page, 'connection')).at(-1).state, 'open');
  assert.deepEqual(await page.evaluate(() => globalThis.seen), await page.evaluate(() => globalThis.heard));
  assert.equal((await page.evaluate(() => JSON.stringify(globalThis.seen))).includes('quicksilver'), false);

  await page.goto(`${site.url}/two`);
  await launcher(page).waitFor();
  await listen(page, names);
  await call(page, 'open');
  await bubble(page, 'quicksilver two').waitFor();
  assert.deepEqual([...await heard(page, 'message-received'), ...await heard(page, 'ended'), ...await heard(page, 'ticket-created')], [],
    'a log that comes again is not told again');
});

test('events: a page that was sent and followed, a chat that documentation answered, the context of the page', async () => {
  const page = await visit('/plain');

  await launcher(page).waitFor();
  await listen(page, ['doc-click', 'resolved-by-docs']);
  await call(page, 'setContext', { product: 'Forms library' });
  await call(page, 'setContext', { version: '4.2' });
  const number = await ask(page, 'Where is it written?');
  const agent = await openAgent(stage.server, stage.agent);
  await agent.available();
  await agent.take(number);
  const { context } = await stage.server.ticket(stage.agent, number);
  assert.deepEqual([context.product, context.version], ['Forms library', '4.2']);
  await agent.say(number, 'Here.', { kind: 'article', url: `${site.url}/two`, title: 'The second page' });
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'The second page' }).click();
  await opened;
  assert.deepEqual(await heard(page, 'doc-click'), [{ ticket: number, url: `${site.url}/two` }]);
  await agent.waitFor({ type: 'message', ticket: number, event: 'page_opened' });
  await agent.closeTicket(number, 'docs_sent', { articles: [`${site.url}/two`] });
  await until(async () => (await heard(page, 'resolved-by-docs')).length === 1, 'resolved by documentation');
  assert.deepEqual(await heard(page, 'resolved-by-docs'), [{ ticket: number }]);
  await agent.close();
});

test('identify: who is signed by the site is verified in the console, at once and until the page says otherwise', async () => {
  const agent = await stage.console();
  const page = await visit('/plain');
  const user = { id: '42', email: 'kim@example.gov', name: 'Kim' };
  const hash = createHmac('sha256', KEY).update(`${user.id}\n${user.email}`).digest('hex');
  const about = agent.getByRole('region', { name: 'About this chat' });
  const row = agent.locator('.row', { hasText: 'Kim' });

  await launcher(page).waitFor();
  await call(page, 'identify', user);
  await call(page, 'open');
  await question(page).fill('Who am I to you?');
  await page.getByRole('button', { name: 'Start chat' }).click();
  await bubble(page, 'Who am I to you?').waitFor();
  await goAvailable(agent);
  await accept(agent);
  await about.getByText('kim@example.gov (not verified)').waitFor();
  await call(page, 'identify', { ...user, hash });
  await about.getByText('kim@example.gov (verified)').waitFor();
  await row.locator('.verified').waitFor();
  await call(page, 'identify', { ...user, email: 'lee@example.gov', hash });
  await about.getByText('lee@example.gov (not verified)').waitFor();
  assert.equal(await row.locator('.verified').count(), 0);
});

test('events: off is off, and a listener that throws breaks nothing', async () => {
  const page = await visit('/plain', (made) => made.removeAllListeners('pageerror'));

  await launcher(page).waitFor();
  await page.evaluate(() => {
    globalThis.count = 0;
    const listener = () => globalThis.count++;
    globalThis.Tierbell('on', 'open', () => {
      throw new Error('of the page');
    });
    globalThis.Tierbell('on', 'open', listener);
    globalThis.Tierbell('on', 'close', listener);
    globalThis.Tierbell('off', 'close', listener);
  });
  await call(page, 'open');
  await dialog(page).waitFor();
  await call(page, 'close');
  await until(async () => (await dialog(page).count()) === 0, 'closed');
  assert.equal(await page.evaluate(() => globalThis.count), 1);
});

test('ux 47: shutdown takes everything away, boot starts anew', async () => {
  const page = await visit('/plain');

  await ask(page, 'Forget me.');
  await write(page, 'and this');
  await page.getByLabel('Write a message').fill('and a draft');
  assert.ok((await stored(page)).length > 3);
  await call(page, 'shutdown');
  assert.equal(await page.locator('#tierbell').count(), 0);
  assert.deepEqual(await stored(page), []);
  await call(page, 'open');
  await call(page, 'setTheme', 'dark');
  assert.equal(await page.locator('#tierbell').count(), 0, 'nothing but boot brings it back');
  await call(page, 'boot', { title: 'Help desk', label: 'Ask', user: { email: 'new@example.gov' } });
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.getByRole('dialog', { name: 'Help desk' }).waitFor();
  await question(page).waitFor();
  assert.equal(await page.getByText('Forget me.').count(), 0);
});

test('ux 47: shutdown clears what an earlier page stored, without ever opening', async () => {
  const page = await visit('/plain');

  await ask(page, 'Left on a page before.');
  await page.goto(`${site.url}/two`);
  await launcher(page).waitFor();
  await call(page, 'shutdown');
  await until(async () => (await stored(page)).length === 0, 'nothing is left');
});

test('a panel that does not come is said on the button, told to the page, and asked for again', async () => {
  let broken = true;
  const page = await visit('/plain', (made) => made.route('**/widget/panel.*.js*', (route) => (broken ? route.abort() : route.continue())));

  await launcher(page).waitFor();
  await listen(page, ['error', 'open']);
  await launcher(page).click();
  await page.getByRole('button', { name: 'Help is not reachable' }).waitFor();
  assert.equal((await heard(page, 'error')).length, 1);
  broken = false;
  await page.getByRole('button', { name: 'Help is not reachable' }).click();
  await dialog(page).waitFor();
  await launcher(page).waitFor();
});

test('the files say who may load them, for how long, and as what', async () => {
  const get = async (path, origin = site.url) => (await fetch(stage.url + path, { headers: { origin } })).headers;
  const loader = await get('/widget.js');
  const panel = /\/widget\/panel\.[0-9a-f]+\.js/.exec(await (await fetch(`${stage.url}/widget.js`)).text())[0];
  const version = await (async () => {
    const page = await visit('/plain');
    await launcher(page).waitFor();
    return page.evaluate(() => globalThis.Tierbell.version);
  })();

  for (const headers of [loader, await get(panel), await get(`/widget/${version}/loader.js`)]) {
    assert.equal(headers.get('access-control-allow-origin'), site.url);
    assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-type'), /^text\/javascript/);
    assert.match(headers.get('vary'), /Origin/);
    assert.ok(headers.get('etag'));
  }
  assert.equal(loader.get('cache-control'), 'public, max-age=300');
  assert.match((await get(panel)).get('cache-control'), /immutable/);
  assert.match((await get(`/widget/${version}/loader.js`)).get('cache-control'), /immutable/);
  assert.equal((await get(panel, 'https://evil.example')).get('access-control-allow-origin'), null);
  assert.match((await get('/widget/tierbell.d.ts')).get('content-type'), /^text\/plain/);
});
