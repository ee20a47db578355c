/* SPDX-License-Identifier: MIT */
// Pages that make it hard for a guest: styles, sizes, layers, shortcuts, modals, swapped bodies.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, bubble, goAvailable, reply, write } from './support/stage.mjs';

const { stage, site } = stageWithSite();

const launcher = (page) => page.getByRole('button', { name: /^Get help/ });
const dialog = (page) => page.getByRole('dialog', { name: 'Developer support' });
const question = (page) => page.getByLabel('What do you need help with?');
const composer = (page) => page.getByLabel('Write a message');

async function visit(path, options) {
  const page = await stage.visitor({ url: site.url + path, ...options });

  await launcher(page).waitFor();
  return page;
}

async function opened(path, options) {
  const page = await visit(path, options);

  await launcher(page).click();
  await page.getByText('Open now').waitFor();
  return page;
}

/* Of everything with words in the widget: tag and class, size of the text and of the box. */
const measures = (page) => page.evaluate(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('*')]
  .filter((node) => node.checkVisibility() && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
  .map((node) => {
    const { fontSize, color, fontFamily, letterSpacing } = getComputedStyle(node);
    return { what: `${node.localName}.${node.className}`, size: parseFloat(fontSize), height: Math.round(node.getBoundingClientRect().height), color, fontFamily, letterSpacing };
  }));

test('ux 23: a transformed body, a layer above all and "* { color: red !important }" change nothing', async () => {
  const plain = await measures(await opened('/plain'));
  const page = await visit('/hostile');
  const box = await launcher(page).boundingBox();

  assert.ok(box.y > 700 && box.y + box.height <= 800, `in the corner of the window, not of the body: ${box.y}`);
  await launcher(page).click();
  await page.getByText('Open now').waitFor();
  assert.deepEqual(await measures(page), plain);
});

for (const [path, root] of [['/hostile', '62.5 %'], ['/root125', '125 %']]) {
  test(`ux 24: a root of ${root} leaves every size as it is, none under 12 px`, async () => {
    const plain = await measures(await opened('/plain'));
    const sizes = await measures(await opened(path));

    assert.deepEqual(sizes.map(({ what, size, height }) => [what, size, height]), plain.map(({ what, size, height }) => [what, size, height]));
    assert.deepEqual(sizes.filter(({ size }) => size < 12), []);
  });
}

test('ux 8: keys that are typed in the widget fire no shortcut of the page', async () => {
  const page = await opened('/mkdocs');

  await question(page).pressSequentially('/sfnp,. ?');
  assert.equal(await question(page).inputValue(), '/sfnp,. ?');
  assert.deepEqual(await page.evaluate(() => globalThis.hits), []);
  await page.getByRole('button', { name: 'Minimize' }).click();
  await page.locator('#link').press('s');
  assert.ok((await page.evaluate(() => globalThis.hits)).includes('s'), 'outside of it they do');
});

test('ux 25: a modal dialog of the page does not shut the chat out, and gives it back', async () => {
  const page = await visit('/modal');

  await ask(page, 'Before the dialog.');
  await composer(page).fill('a draft');
  await page.evaluate(() => document.querySelector('#dialog').showModal());
  await until(async () => page.evaluate(() => document.querySelector('#tierbell').parentNode.id === 'dialog'), 'it moved in');
  await dialog(page).waitFor();
  assert.equal(await composer(page).inputValue(), 'a draft');
  await write(page, 'Inside the dialog.');
  await bubble(page, 'Inside the dialog.').waitFor();
  await page.locator('#name').fill('the page works too');
  await page.evaluate(() => document.querySelector('#dialog').close());
  await until(async () => page.evaluate(() => document.querySelector('#tierbell').parentNode === document.body), 'it is back');
  await bubble(page, 'Inside the dialog.').waitFor();
  await page.evaluate(() => document.querySelector('#dialog').showModal());
  await until(async () => page.evaluate(() => document.querySelector('#tierbell').parentNode.id === 'dialog'), 'once more');
  await page.evaluate(() => document.querySelector('main').remove());
  await dialog(page).waitFor();
  await write(page, 'The dialog is gone.');
  await bubble(page, 'The dialog is gone.').waitFor();
});

const swaps = {
  'a body swap as Turbo does it': () => {
    const old = document.body;
    const copy = old.cloneNode(true); /* a cache of the page holds a dead copy of the widget */
    copy.querySelector('h1').textContent = 'swapped';
    old.replaceWith(copy);
  },
  'a view transition': () => document.startViewTransition(() => {
    document.body.replaceWith(Object.assign(document.createElement('body'), { textContent: 'swapped' }));
  }).finished,
  'a swap as Astro does it': () => {
    const next = new DOMParser().parseFromString('<!doctype html><html lang="en" data-theme="dark"><head><title>Two</title></head><body>swapped</body></html>', 'text/html');
    for (const { name, value } of next.documentElement.attributes)
      document.documentElement.setAttribute(name, value);
    document.body.replaceWith(next.body);
    document.dispatchEvent(new Event('astro:after-swap'));
  },
  'a body that is emptied by a framework': () => {
    document.body.replaceChildren(Object.assign(document.createElement('p'), { textContent: 'swapped' }));
  },
};

for (const [name, swap] of Object.entries(swaps)) {
  test(`ux 22: ${name} keeps the panel, the draft and the place in the log`, async () => {
    const page = await visit('/plain');
    const place = () => page.getByRole('log').evaluate((node) => node.scrollTop);

    await ask(page, 'Will you stay?');
    for (let i = 0; i < 3; i++)
      await write(page, `Line ${i}\n\n${'- and more\n'.repeat(8)}`);
    await bubble(page, 'Line 2').waitFor();
    await composer(page).fill('half a word');
    await page.getByRole('log').evaluate((node) => new Promise((done) => {
      node.addEventListener('scroll', done, { once: true }); // the widget has heard of it, too
      node.scrollTop = 60;
    }));
    await page.evaluate(swap);
    await page.getByText('swapped').waitFor();
    await dialog(page).waitFor();
    assert.equal(await page.locator('#tierbell').count(), 1);
    assert.equal(await composer(page).inputValue(), 'half a word');
    await until(async () => (await place()) === 60, 'at the same place');
    /* and a second time: the new body is watched as the first was */
    await page.evaluate(() => document.body.replaceChildren());
    await dialog(page).waitFor();
  });
}

test('ux 26: nothing shifts when it loads, opens and closes', async () => {
  const page = await stage.page();

  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        globalThis.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${site.url}/long`);
  await launcher(page).waitFor();
  await page.waitForLoadState('load');
  assert.equal(await page.evaluate(() => globalThis.shift), 0);
  await launcher(page).click();
  await question(page).waitFor();
  await page.keyboard.press('Escape');
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  assert.ok((await page.evaluate(() => globalThis.shift)) < 0.02);
});

test('the button covers nothing but itself, and hides on paper', async () => {
  const page = await visit('/long');
  const box = await launcher(page).boundingBox();
  const at = (x, y) => page.evaluate(([px, py]) => document.elementFromPoint(px, py)?.id, [x, y]);

  assert.equal(await at(box.x + 5 + box.width / 2, box.y + 10), 'tierbell');
  assert.notEqual(await at(box.x - 4, box.y + 10), 'tierbell');
  assert.notEqual(await at(box.x + 10, box.y - 4), 'tierbell');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await launcher(page).isVisible(), false);
});

const themes = {
  '/docusaurus': 'dark', '/mkdocs': 'dark', '/vitepress': 'dark', '/sphinx': 'light',
};

for (const [path, theme] of Object.entries(themes)) {
  test(`ux 42: the theme of ${path.slice(1)} is followed, and its switch`, async () => {
    const page = await visit(path, { colorScheme: theme === 'dark' ? 'light' : 'dark' });
    const shown = () => page.locator('#tierbell').getAttribute('data-theme');
    const paper = () => dialog(page).evaluate((node) => getComputedStyle(node).backgroundColor);

    assert.equal(await shown(), theme);
    await launcher(page).click();
    await question(page).waitFor();
    assert.equal(await paper(), theme === 'dark' ? 'rgb(27, 27, 27)' : 'rgb(255, 255, 255)');
    await page.evaluate(() => document.body.setAttribute('data-md-color-scheme', 'default'));
    await until(async () => (await shown()) === 'light', 'switched to light');
    assert.equal(await paper(), 'rgb(255, 255, 255)');
    await page.evaluate(() => document.body.setAttribute('data-md-color-scheme', 'slate'));
    await until(async () => (await shown()) === 'dark', 'switched to dark');
  });
}

test('custom properties are all that a page can set', async () => {
  const page = await opened('/own-look');
  const style = await page.getByRole('button', { name: 'Start chat' }).evaluate((node) => {
    const { backgroundColor, borderTopLeftRadius } = getComputedStyle(node);
    return { backgroundColor, borderTopLeftRadius };
  });
  const box = await launcher(page).boundingBox();

  assert.deepEqual(style, { backgroundColor: 'rgb(122, 31, 92)', borderTopLeftRadius: '0px' });
  assert.equal(Math.round(1280 - box.x - box.width), 60);
});

test('an agent who answers on a page with a modal is announced from inside of it', async () => {
  const agent = await stage.console();
  const page = await visit('/modal');

  await ask(page, 'Say it aloud.');
  await goAvailable(agent);
  await accept(agent);
  await page.evaluate(() => document.querySelector('#dialog').showModal());
  await until(async () => page.evaluate(() => document.querySelector('#tierbell').parentNode.id === 'dialog'), 'it moved in');
  await reply(agent, 'Aloud indeed.');
  await until(async () => /Aloud indeed/.test(await page.locator('#dialog #tierbell [role=status]').textContent()), 'announced');
});
