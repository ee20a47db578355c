/* SPDX-License-Identifier: MIT */
// What a browser test stands on: the real server, Chromium, a visitor's page and an agent's.

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

import { loadPackage } from '../../support/packages.mjs';
import { startRelay } from '../../support/relay.mjs';
import { PASSWORD, startServer } from '../../support/server.mjs';
import { PATIENCE_MS } from '../../support/wait.mjs';

const { chromium } = loadPackage('playwright-core');

/* The same engine without windows, menus and profiles takes half of the time. */
const CHROMIUM = process.env.CHROMIUM ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run'];

/* To find what only a slow machine finds: TIERBELL_TEST_CPU=6 makes the scripts of pages six times slower,
   TIERBELL_TEST_MOTION=0.05 what rises and fades 20 times; TIERBELL_TEST_LATE_MS=150 holds their timers
   and frames for that long, and TIERBELL_TEST_LAG_MS=200 what passes the relay for up to that. */
const LATE_MS = Number(process.env.TIERBELL_TEST_LATE_MS ?? 0);
const slowdowns = [
  ['TIERBELL_TEST_CPU', (session, rate) => session.send('Emulation.setCPUThrottlingRate', { rate })],
  ['TIERBELL_TEST_MOTION', async (session, playbackRate) => {
    await session.send('Animation.enable');
    await session.send('Animation.setPlaybackRate', { playbackRate });
  }],
].filter(([name]) => process.env[name]);

async function slow(page) {
  if (slowdowns.length === 0)
    return;
  const session = await page.context().newCDPSession(page);

  for (const [name, apply] of slowdowns)
    await apply(session, Number(process.env[name]));
}

/* Timers and frames of a page come late, and with them all that is done "after the next paint". */
const beLate = (ms) => {
  const { requestAnimationFrame: frame, setTimeout: wait, clearTimeout: clear, cancelAnimationFrame: cancel } = globalThis;
  const held = new Map(); // a frame by the timer that holds it

  globalThis.setTimeout = (act, after = 0, ...values) => wait(act, after + ms, ...values);
  globalThis.requestAnimationFrame = (draw) => {
    const id = wait(() => held.set(id, frame(draw)), ms);
    return id;
  };
  globalThis.cancelAnimationFrame = (id) => {
    clear(id);
    cancel(held.get(id));
  };
};

/* Pages say what went wrong in them; a test that ends well must have had none of it. */
function watch(page, trouble) {
  page.setDefaultTimeout(PATIENCE_MS);
  slow(page).catch(() => {}); // it may be gone already
  page.on('pageerror', (error) => trouble.push(`${page.url()}: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text()))
      trouble.push(`${page.url()}: ${message.text()}`);
  });
}

const collectViolations = () => {
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
};

export class Stage {
  constructor() {
    this.trouble = [];
    this.contexts = [];
  }

  /* Before all tests of a file: the browser, which starts slowly. */
  async open() {
    this.browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }

  async close() {
    await this.browser?.close();
  }

  /* Before each: a server that knows nothing yet, behind a relay that a test may cut.
     `sites`: of other origins that may embed the widget (see serveSite).
     `policy`: changes the one it runs by, which is open at any time. `args`: more of the command line.
     The rest is the server's (support/server.mjs): `limits` by name, `wrap`, `env`. */
  async start({ sites = [], args = [], ...options } = {}) {
    const target = {};

    this.relay = await startRelay(target);
    this.url = `http://127.0.0.1:${this.relay.port}`;
    this.server = await startServer({
      origins: sites.map((site) => site.url), args: ['--public-url', this.url, ...args], ...options,
    });
    target.port = this.server.port;
    this.agent = await this.server.addAgent({ name: 'Dana Reyes', email: 'dana@example.gov' });
  }

  /* After each: fails the test when a page or the server had trouble. */
  async stop() {
    for (const context of this.contexts.splice(0))
      await context.close();
    await this.relay?.stop();
    await this.server?.stop();
    const trouble = this.trouble.splice(0);

    if (trouble.length > 0)
      throw new Error(`in the pages:\n${trouble.join('\n')}`);
  }

  /* `late`: how long its timers and frames are held, in ms. */
  async context({ late = LATE_MS, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });

    this.contexts.push(context);
    await context.addInitScript(collectViolations);
    if (late > 0)
      await context.addInitScript(beLate, late);
    context.on('page', (page) => watch(page, this.trouble));
    return context;
  }

  async page(options) {
    return (await this.context(options)).newPage();
  }

  /* A visitor on a documentation page, or on `url`. */
  async visitor({ url = `${this.url}/docs/authentication/`, ...options } = {}) {
    const page = await this.page(options);

    await page.goto(url);
    return page;
  }

  /* The agent, logged in. `begin`: what is done with the page before it loads anything. */
  async console({ agent = this.agent, hash = '', begin = () => {}, ...options } = {}) {
    const page = await this.page({ viewport: { width: 1440, height: 900 }, ...options });

    await begin(page);
    await page.goto(`${this.url}/console/${hash}`);
    await logIn(page, agent);
    return page;
  }
}

export async function logIn(page, agent, password = PASSWORD) {
  await enterLogin(page, agent, password);
  await presenceButton(page).waitFor();
}

/* The login, whatever comes behind it. */
export async function enterLogin(page, agent, password) {
  await page.getByLabel('Email').fill(agent.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

const presenceButton = (page) => page.getByRole('button', { name: /^Presence: / });

/* Opens the menu, chooses, and waits until the server knows. */
export async function choosePresence(page, state) {
  await presenceButton(page).click();
  await page.getByRole('radio', { name: new RegExp(`^${state}`) }).and(page.locator(':enabled')).check();
  await page.keyboard.press('Escape');
  await presenceButton(page).filter({ hasText: state }).waitFor();
}

export const goAvailable = (page) => choosePresence(page, 'Available');

/* Opens the widget and asks; the question is on record when this returns. */
export async function ask(page, question, { email = 'ana@example.gov', name = 'Ana Ruiz' } = {}) {
  await page.getByRole('button', { name: /^Get help/ }).click();
  await page.getByLabel('What do you need help with?').fill(question);
  await page.getByLabel('Work email').fill(email);
  await page.getByLabel('Name (optional)').fill(name);
  await page.getByRole('button', { name: 'Start chat' }).click();
  return ticketNumber(page);
}

/* The number that the widget shows. */
export async function ticketNumber(page) {
  const text = await page.getByText(/#\d+/).first().textContent();

  return Number(/#(\d+)/.exec(text)[1]);
}

export async function accept(page) {
  await page.getByRole('button', { name: 'Accept' }).first().click();
  await page.getByLabel('Reply to the customer').waitFor();
}

export async function reply(page, text) {
  await page.getByLabel('Reply to the customer').fill(text);
  await page.keyboard.press('Control+Enter');
}

export async function write(page, text) {
  await page.getByLabel('Write a message').fill(text);
  await page.keyboard.press('Enter');
}

/* Chooses "End chat" in the widget's menu; it asks once more. */
export async function endChat(page) {
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('button', { name: 'End chat' }).click();
}

/* What the panel of a widget says: a live region beside it may say the same, a moment later or sooner. */
export const inPanel = (page, text) => page.locator('.panel').getByText(text);

/* A message that a widget shows. */
export const bubble = (page, text) => page.locator('.rows .bubble', { hasText: text });

/* Bodies of the messages that a widget shows, in order. */
export const shown = (page) => page.locator('.rows .bubble').allTextContents();

/* A page of another origin: what a documentation site with its own policy sends. Fills `site` with
   `url` and `close`; `make` is given it with each path. */
export async function serveSite(make, site = {}) {
  const server = createServer((request, response) => {
    const { headers, body } = make(site, request.url);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(body);
  });

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return site;
}
