/* SPDX-License-Identifier: MIT */
// docs/EMBEDDING.md, taken at its word: its snippets, its policy, its integrity, on the frames of
// the themes that it names.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, bubble, goAvailable, reply } from './support/stage.mjs';

const guide = readFileSync(new URL('../../docs/EMBEDDING.md', import.meta.url), 'utf8');
const shown = {}; /* what the site answers, set by each test */
const { stage, site } = stageWithSite({}, () => shown);

/* The code of the guide with `words` in it, for this desk. */
function recipe(words) {
  const [, code] = [...guide.matchAll(/```\w*\n([^]*?)```/g)].find(([, text]) => text.includes(words));

  return code.replaceAll('wss://support.example.gov', stage.url.replace('http', 'ws')).replaceAll('https://support.example.gov', stage.url);
}

async function visit({ head = '', html = '', body = '', inner = '', headers = {} }) {
  Object.assign(shown, {
    headers,
    body: `<!doctype html><html lang="en" ${html}><head><meta charset="utf-8"><title>Guide</title>${head}</head><body ${body}><h1>Guide</h1>${inner}</body></html>`,
  });
  return stage.visitor({ url: `${site.url}/guide` });
}

const launcher = (page) => page.getByRole('button', { name: /^Get help/ });

async function wholeChat(page) {
  const agent = await stage.console();

  await ask(page, 'By the guide?');
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'By the guide.\n\n```js\nlet x = 1;\n```');
  await bubble(page, 'By the guide.').waitFor();
}

test('a plain page: the one tag', async () => {
  await wholeChat(await visit({ head: recipe('<script async') }));
});

test('the policy of the guide, and not a word more, is enough for a whole chat', async () => {
  const policy = `default-src 'none'; ${recipe('connect-src').trim().replace(/\s+/g, ' ')}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const page = await visit({ head: recipe('<script async'), headers: { 'Content-Security-Policy': policy } });

  await wholeChat(page);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
});

/* What each generator makes of the recipe's script in its page. */
const generators = {
  Docusaurus: { words: 'scripts:', html: 'data-theme="light" class="plugin-docs"', inner: '<div id="__docusaurus"><div class="main-wrapper"><article>Guide</article></div></div>' },
  MkDocs: { words: 'extra_javascript', body: 'dir="ltr" data-md-color-scheme="default"', inner: '<div class="md-container" data-md-component="container"><article class="md-content__inner">Guide</article></div>' },
  Sphinx: { words: 'html_js_files', body: 'data-theme="auto"', inner: '<div class="document"><div class="body" role="main">Guide</div></div>' },
};

for (const [name, { words, ...page }] of Object.entries(generators)) {
  test(`${name}: the script of its recipe on a page of its frame`, async () => {
    const src = /(http:[^"' ,]+widget\.js)/.exec(recipe(words))[1];
    const visitor = await visit({ ...page, head: `<script async crossorigin="anonymous" src="${src}"></script>` });

    await ask(visitor, `In ${name}.`);
    await visitor.getByText(/On record as ticket #1/).waitFor();
  });
}

test('the link of the guide opens the chat, and leads somewhere without it', async () => {
  const page = await visit({ inner: recipe('data-support-open>Ask the team') });

  assert.equal(await page.getByRole('link', { name: 'Ask the team' }).getAttribute('href'), `${stage.url}/help/policy`);
  await page.addScriptTag({ url: `${stage.url}/widget.js` });
  await launcher(page).waitFor();
  await page.getByRole('link', { name: 'Ask the team' }).click();
  await page.getByRole('dialog', { name: 'Developer support' }).waitFor();
});

test('the queue of the guide', async () => {
  const page = await visit({ head: `${recipe('Tierbell.q')}<script>Tierbell('ask', 'From the queue');</script>${recipe('<script async')}` });

  await until(async () => (await page.getByLabel('What do you need help with?').inputValue()) === 'From the queue', 'filled in');
});

test('a pinned version with its integrity loads; another integrity does not', async () => {
  const [, path] = /(\/widget\/[\d.]+\/loader\.js)/.exec(guide);
  const bytes = Buffer.from(await (await fetch(stage.url + path)).arrayBuffer());
  const tag = (integrity) => `<script async src="${stage.url}${path}" integrity="${integrity}" crossorigin="anonymous"></script>`;

  await wholeChat(await visit({ head: tag(`sha384-${createHash('sha384').update(bytes).digest('base64')}`) }));
  const page = await visit({ head: tag(`sha384-${'A'.repeat(64)}`) }).finally(() => stage.trouble.splice(0));
  assert.equal(await page.evaluate(() => typeof globalThis.Tierbell), 'undefined');
  stage.trouble.splice(0);
});

test('ux 48: where the page may store nothing the chat works in memory, says so, and offers a window', async () => {
  const page = await stage.page();

  await page.addInitScript((origin) => {
    if (location.origin !== origin)
      return;
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    }
  }, site.url);
  await visit({ head: recipe('<script async') }); /* for what the site answers */
  await page.goto(site.url);
  await wholeChat(page);
  await page.getByText('Your browser lets this page store nothing').waitFor();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Chat in a window of its own' }).click();
  const window = await opened;
  await window.getByLabel('What do you need help with?').waitFor();
  assert.equal(new URL(window.url()).pathname, '/widget/popout');
});
