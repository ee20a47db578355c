/* SPDX-License-Identifier: MIT */
// The widget as a guest: strict policies, foreign styles, keyboards, nothing before its use.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Stage, accept, ask, goAvailable, reply, serveSite, write } from './support/stage.mjs';

const stage = new Stage();
let site;

function host(support, { attributes = '', head = '', body = '' } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Docs</title>${head}
    <script async src="${support}/widget.js" ${attributes}></script></head>
    <body><h1>Docs</h1><p><a href="#x" id="link">A link</a></p>${body}</body></html>`;
}

const policies = {
  '/strict': (s) => `default-src 'none'; script-src ${s}; connect-src ${s} ${s.replace('http', 'ws')}; img-src ${s}; require-trusted-types-for 'script'; trusted-types 'none'`,
  '/nonce': (s) => `default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src ${s} ${s.replace('http', 'ws')}; img-src ${s}; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'`,
};

const hostile = `<style nonce="r4nd0m">
  html { font-size: 62.5%; } body { transform: translateY(0); min-height: 3000px; }
  * { color: rgb(255, 0, 0) !important; font-family: fantasy !important; }
  div { display: none; } button { font-size: 60px !important; }
  #banner { position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; }
</style>`;

const keys = `<script nonce="r4nd0m">
  globalThis.hits = [];
  for (const type of ['keydown', 'keypress', 'keyup'])
    document.addEventListener(type, (event) => globalThis.hits.push(event.key));
</script>`;

before(async () => {
  await stage.open();
  site = await serveSite(({ support }, path) => {
    const attributes = path === '/nonce' ? 'nonce="r4nd0m"' : '';
    const policy = policies[path]?.(support);
    const head = { '/hostile': hostile, '/keys': keys }[path] ?? '';
    return {
      headers: policy ? { 'Content-Security-Policy': policy } : {},
      body: host(support, { attributes, head, body: path === '/hostile' ? '<section id="banner"></section>' : '' }),
    };
  });
});
beforeEach(async () => {
  await stage.start({ sites: [site] });
  site.support = stage.url;
});
afterEach(() => stage.stop());
after(async () => {
  site.close();
  await stage.close();
});

for (const path of Object.keys(policies)) {
  test(`a whole chat on a page with the policy ${path} violates it nowhere`, async () => {
    const agent = await stage.console();
    const visitor = await stage.visitor({ url: site.url + path });

    await ask(visitor, 'Does it run **here**?');
    await goAvailable(agent);
    await accept(agent);
    await reply(agent, '- yes\n- `it` does, see [docs](https://docs.example.gov)\n\n```\ncode\n```');
    await visitor.locator('.bubble pre').waitFor();
    await write(visitor, 'Good.');
    await agent.getByRole('log').getByText('Good.').waitFor();
    await agent.getByRole('button', { name: 'Close', exact: true }).click();
    await agent.getByLabel('Answered in the conversation').check();
    await agent.getByRole('button', { name: 'Close ticket' }).click();
    await visitor.getByLabel(/Very good/).check();
    await visitor.getByRole('button', { name: 'Send rating' }).click();
    await visitor.getByText('Your rating is recorded.').waitFor();
    assert.deepEqual(await visitor.evaluate(() => globalThis.violations), []);
    assert.deepEqual(await agent.evaluate(() => globalThis.violations), []);
  });
}

test('markup in a message is text for both sides and runs nowhere', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor({ url: `${site.url}/plain` });
  const attack = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script> [x](javascript:globalThis.broken=1) `<b>`';

  await ask(visitor, attack, { name: '<img src=x onerror="globalThis.broken=1">' });
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, attack);
  await until(async () => (await visitor.locator('.bubble').count()) === 2, 'both messages');
  for (const page of [visitor, agent]) {
    assert.equal(await page.evaluate(() => globalThis.broken), undefined);
    assert.equal(await page.locator('.bubble img, .markdown img, .bubble script, .markdown script, a[href^="javascript"]').count(), 0);
  }
});

test('nothing is stored and no socket is opened before the first use', async () => {
  const sockets = [];
  const page = await stage.page();

  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(`${site.url}/plain`);
  const launcher = page.getByRole('button', { name: /^Get help/ });
  await launcher.waitFor();
  await launcher.hover();
  const stored = () => page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
  assert.deepEqual(await stored(), [[], [], '']);
  assert.deepEqual(sockets, []);
  await launcher.click();
  await page.getByLabel('What do you need help with?').waitFor();
  assert.deepEqual((await stored())[0], [], 'an open panel without a message stores nothing that lasts');
});

test('by keyboard alone: open, ask, send, end, close; Escape gives the focus back', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/plain` });
  const focused = () => visitor.evaluate(() => {
    const inner = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
    return inner.getAttribute('aria-label') ?? inner.id ?? inner.textContent;
  });

  await visitor.locator('#link').focus();
  await visitor.keyboard.press('Tab');
  await visitor.keyboard.press('Enter');
  await visitor.getByRole('dialog', { name: 'Developer support' }).waitFor();
  await until(async () => (await focused()) === 'tb-title', 'the heading has the focus');
  for (const [i, text] of ['Can I do this without a mouse?', 'kim@example.gov', 'Kim'].entries()) {
    do
      await visitor.keyboard.press('Tab');
    while (!(await focused()).startsWith('tb-'));
    assert.equal(await focused(), ['tb-question', 'tb-email', 'tb-name'][i]);
    await visitor.keyboard.type(text);
  }
  await visitor.keyboard.press('Enter');
  await visitor.getByText(/On record as ticket #\d+/).waitFor();
  await until(async () => (await focused()) === 'tb-message', 'the composer has the focus');
  await visitor.keyboard.type('line one');
  await visitor.keyboard.press('Shift+Enter');
  await visitor.keyboard.type('line two');
  await visitor.keyboard.press('Enter');
  await until(async () => (await visitor.locator('.bubble').last().innerText()) === 'line one\nline two', 'the second message');
  await visitor.keyboard.press('Escape');
  assert.equal(await visitor.getByRole('dialog').count(), 0);
  assert.match(await visitor.evaluate(() => document.activeElement.shadowRoot.activeElement.className), /launcher/);
  await visitor.keyboard.press('Shift+Tab');
  assert.equal(await visitor.evaluate(() => document.activeElement.id), 'link', 'no trap');
});

test('keys that are typed in the widget fire no shortcut of the page', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/keys` });

  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByLabel('What do you need help with?').pressSequentially('s/fnp,.');
  assert.deepEqual(await visitor.evaluate(() => globalThis.hits), []);
  await visitor.getByRole('button', { name: 'Minimise' }).click();
  await visitor.locator('#link').press('s');
  assert.ok((await visitor.evaluate(() => globalThis.hits)).length > 0, 'outside of it they do');
});

test('foreign styles, a transformed body and a covering layer leave the button usable', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/hostile` });
  const launcher = visitor.getByRole('button', { name: /^Get help/ });
  const box = await launcher.boundingBox();

  assert.ok(box.y > 600 && box.y + box.height <= 800, `in the corner of the window, not of the body: ${box.y}`);
  const look = await launcher.evaluate((node) => {
    const { color, fontSize } = getComputedStyle(node);
    return { color, fontSize };
  });
  assert.deepEqual(look, { color: 'rgb(255, 255, 255)', fontSize: '16px' });
  await launcher.click();
  await visitor.getByLabel('What do you need help with?').waitFor();
  const small = await visitor.evaluate(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('.panel *')]
    .filter((node) => node.childNodes.length && parseFloat(getComputedStyle(node).fontSize) < 12).length);
  assert.equal(small, 0, 'no text under 12 px');
});

test('a second snippet, an unknown method and calls before the load do no harm', async () => {
  const page = await stage.page();

  await page.goto(`${site.url}/plain`);
  await page.getByRole('button', { name: /^Get help/ }).waitFor();
  await page.evaluate((src) => new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = resolve;
    document.head.append(script);
  }), `${stage.url}/widget.js`);
  assert.equal(await page.locator('#tierbell').count(), 1);
  await page.evaluate(() => globalThis.Tierbell('fly'));
  await page.evaluate(() => globalThis.Tierbell('open'));
  await page.getByRole('dialog', { name: 'Developer support' }).waitFor();
  await page.evaluate(() => document.body.replaceWith(Object.assign(document.createElement('body'), { textContent: 'swapped' })));
  await page.getByRole('dialog', { name: 'Developer support' }).waitFor();
  await page.evaluate(() => globalThis.Tierbell('shutdown'));
  assert.equal(await page.locator('#tierbell').count(), 0);
});

test('a small screen gets the whole panel, and loses nothing at 320 px', async () => {
  const visitor = await stage.visitor({ url: `${site.url}/plain`, viewport: { width: 320, height: 640 } });

  await visitor.getByRole('button', { name: /^Get help/ }).click();
  const dialog = visitor.getByRole('dialog', { name: 'Developer support' });
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 320, 640]);
  const wide = await visitor.evaluate(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('.panel *')]
    .filter((node) => node.getBoundingClientRect().right > 320.5).length);
  assert.equal(wide, 0);
});
