/* SPDX-License-Identifier: MIT */
// What a browser test stands on: the real server, Chromium, a visitor's page and an agent's.

import { createServer } from 'node:http';

import { loadPackage } from '../../support/packages.mjs';
import { startRelay } from '../../support/relay.mjs';
import { PASSWORD, freePort, startServer } from '../../support/server.mjs';
import { PATIENCE_MS } from '../../support/wait.mjs';

const { chromium } = loadPackage('playwright-core');

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run'];

/* Pages say what went wrong in them; a test that ends well must have had none of it. */
function watch(page, trouble) {
  page.setDefaultTimeout(PATIENCE_MS);
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
     `policy`: changes the one it runs by, which is open at any time. */
  async start({ sites = [], policy } = {}) {
    const port = await freePort();

    this.relay = await startRelay({ port });
    this.url = `http://127.0.0.1:${this.relay.port}`;
    this.server = await startServer({
      port, origins: sites.map((site) => site.url), args: ['--public-url', this.url], policy,
    });
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

  async context(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });

    this.contexts.push(context);
    await context.addInitScript(collectViolations);
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

  /* The agent, logged in. */
  async console({ agent = this.agent, hash = '', ...options } = {}) {
    const page = await this.page({ viewport: { width: 1440, height: 900 }, ...options });

    await page.goto(`${this.url}/console/${hash}`);
    await logIn(page, agent);
    return page;
  }
}

export async function logIn(page, agent, password = PASSWORD) {
  await page.getByLabel('Email').fill(agent.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Presence').and(page.locator(':enabled')).waitFor();
}

export async function goAvailable(page) {
  await page.getByLabel('Presence').selectOption('available');
}

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

/* A message that a widget shows. */
export const bubble = (page, text) => page.locator('.rows .bubble', { hasText: text });

/* Bodies of the messages that a widget shows, in order. */
export const shown = (page) => page.locator('.rows .bubble').allTextContents();

/* A page of another origin: what a documentation site with its own policy sends. */
export async function serveSite(make) {
  const site = { url: '', support: '' };
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
