/* SPDX-License-Identifier: MIT */
// How it looks and is reached: phones, focus, contrast modes, motion, languages, long words.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../support/wait.mjs';
import { stageWithSite } from './support/sites.mjs';
import { accept, ask, bubble, goAvailable, reply, write } from './support/stage.mjs';

const { stage, site } = stageWithSite();
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true };

const launcher = (page) => page.getByRole('button', { name: /^Get help/ });
const dialog = (page) => page.getByRole('dialog', { name: 'Developer support' });
const question = (page) => page.getByLabel('What do you need help with?');

async function opened(path, options) {
  const page = await stage.visitor({ url: site.url + path, ...options });

  await launcher(page).click();
  await question(page).waitFor();
  return page;
}

/* In the widget: what stands out of the panel to the side, but for code, which scrolls by itself. */
const wide = (page) => page.evaluate(() => {
  const root = document.querySelector('#tierbell').shadowRoot;
  const panel = root.querySelector('.panel').getBoundingClientRect();
  return [...root.querySelectorAll('.panel *')].filter((node) => node.checkVisibility() && !node.closest('pre, svg, select, .unseen'))
    .filter((node) => {
      const box = node.getBoundingClientRect();
      return box.right > panel.right + 0.5 || box.left < panel.left - 0.5 || (node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1);
    }).map((node) => `${node.localName}.${node.className}`);
});

/* Targets: what can be pressed, and how large it is. */
const targets = (page) => page.evaluate(() => [...document.querySelector('#tierbell').shadowRoot
  .querySelectorAll('button, input, textarea, select')].filter((node) => node.checkVisibility())
  .map((node) => [node, (node.closest('label') ?? node).getBoundingClientRect()])
  .map(([node, box]) => ({ what: `${node.localName}.${node.className} ${node.textContent}`, width: Math.round(box.width), height: Math.round(box.height) })));

async function longChat(path, options) {
  const agent = await stage.console();
  const page = await stage.visitor({ url: site.url + path, ...options });

  await ask(page, `Long: ${'Rechtsschutzversicherungsgesellschaften'.repeat(3)} https://example.gov/${'path/'.repeat(30)}\n\n\`\`\`js\n${'const x = 1; '.repeat(40)}\n\`\`\``, { name: 'N'.repeat(90) });
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, '1. one\n2. two\n\n> quoted\n\n`inline`');
  await bubble(page, 'quoted').waitFor();
  return { agent, page };
}

test('ux 28: at 320 px nothing is lost and nothing scrolls sideways but code', async () => {
  const { page } = await longChat('/plain', { viewport: { width: 320, height: 640 } });
  const box = await dialog(page).boundingBox();

  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 320, 640]);
  assert.deepEqual(await wide(page), []);
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('group', { name: 'Options' }).waitFor();
  assert.deepEqual(await wide(page), []);
});

test('ux 28: text of 200 % and wide spacing lose nothing', async () => {
  const page = await opened('/plain');

  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.panel * { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important; } .panel p { margin-bottom: 2em !important; }');
    const root = document.querySelector('#tierbell').shadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  });
  assert.deepEqual(await wide(page), [], 'spacing of WCAG 1.4.12');
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.panel, .panel :is(h2, p, label, button, input, textarea, legend) { font-size: 32px !important; }');
    const root = document.querySelector('#tierbell').shadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, -1), sheet];
  });
  assert.deepEqual(await wide(page), [], 'text of 200 %');
  await page.getByRole('button', { name: 'Start chat' }).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Start chat' }).click();
  await page.getByText('Write your question first.').waitFor();
});

test('ux 27: on a phone with its keyboard out the composer and the last message are in sight, without zoom', async () => {
  const { page } = await longChat('/plain', PHONE);

  assert.equal(await page.evaluate(() => document.querySelector('#tierbell').shadowRoot.querySelector('dialog').matches(':modal')), true);
  for (const size of await page.evaluate(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('input, textarea, select')].map((node) => parseFloat(getComputedStyle(node).fontSize))))
    assert.ok(size >= 16, `a field of ${size} px makes iOS zoom`);
  await page.getByLabel('Write a message').focus();
  await page.setViewportSize({ width: 390, height: 420 });
  await until(async () => (await dialog(page).boundingBox()).height === 420, 'as high as what is left');
  for (const locator of [page.getByLabel('Write a message'), page.getByRole('button', { name: 'Send' })]) {
    const box = await locator.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 420);
  }
  await write(page, 'still in sight');
  await bubble(page, 'still in sight').waitFor();
  await until(async () => {
    const box = await bubble(page, 'still in sight').boundingBox();
    return box.y > 60 && box.y + box.height < 420;
  }, 'the last message is in sight');
  assert.equal(await page.evaluate(() => document.querySelector('#tierbell').shadowRoot.activeElement.id), 'tb-message', 'the keyboard stays out');
});

test('ux 29: every target has 44 px, on a phone and beside the page', async () => {
  for (const options of [PHONE, {}]) {
    const page = await opened('/plain', options);

    for (const { what, width, height } of await targets(page))
      assert.ok(width >= 44 && height >= 44, `${what}: ${width} x ${height}`);
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('group', { name: 'Options' }).waitFor();
    for (const { what, width, height } of await targets(page))
      assert.ok(width >= 44 && height >= 44, `${what}: ${width} x ${height}`);
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`ux 29: the focus ring has two tones on every control, ${colorScheme}`, async () => {
    const page = await opened('/plain', { colorScheme });
    const seen = new Set();

    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      const ring = await page.evaluate(() => {
        const node = document.querySelector('#tierbell').shadowRoot.activeElement;
        if (!node)
          return null;
        const { outlineColor, outlineWidth, boxShadow } = getComputedStyle(node);
        return { what: node.id || node.getAttribute('aria-label') || node.textContent, outlineColor, outlineWidth, boxShadow };
      });
      if (!ring)
        break;
      seen.add(ring.what);
      assert.deepEqual([ring.outlineColor, ring.outlineWidth], ['rgb(250, 206, 0)', '2px'], ring.what);
      assert.match(ring.boxShadow, /rgb\(27, 27, 27\) 0px 0px 0px 4px/, ring.what);
    }
    assert.ok(seen.size >= 5, [...seen].join());
  });
}

test('ux 42: forced colours keep real borders, reduced motion moves nothing', async () => {
  const { page } = await longChat('/plain', { forcedColors: 'active', reducedMotion: 'reduce' });
  const border = (selector) => page.evaluate((s) => {
    const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(document.querySelector('#tierbell').shadowRoot.querySelector(s));
    return [parseFloat(borderTopWidth) > 0, borderTopStyle !== 'none', borderTopColor !== 'rgba(0, 0, 0, 0)'];
  }, selector);

  for (const selector of ['.panel', '.bubble', '.launcher', '.composer button', 'textarea', '.code'])
    assert.deepEqual(await border(selector), [true, true, true], selector);
  const moving = await page.evaluate(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('*')]
    .filter((node) => getComputedStyle(node).animationName !== 'none' || parseFloat(getComputedStyle(node).transitionDuration) > 0).length);
  assert.equal(moving, 0);
});

test('ux 43: a whole chat in Spanish, with no English word of ours left', async () => {
  const agent = await stage.console();
  const page = await stage.visitor({ url: `${site.url}/spanish` });
  const english = () => page.evaluate(() => document.querySelector('#tierbell').shadowRoot.querySelector('.panel').innerText.match(/\b(the|you|your|chat has|message|send|start|ticket|today|open|write)\b/gi));

  await page.getByRole('button', { name: 'Obtener ayuda' }).click();
  await page.getByText('Abierto ahora').waitFor();
  assert.equal(await page.locator('#tierbell').getAttribute('lang'), 'es');
  assert.deepEqual(await english(), null, 'home');
  await page.getByLabel('¿En qué necesita ayuda?').fill('¿Dónde está mi instancia?');
  await page.getByLabel('Correo electrónico del trabajo').fill('ana@example.gov');
  await page.getByRole('button', { name: 'Iniciar chat' }).click();
  await page.getByText(/Registrada como caso n\.º \d+/).waitFor();
  assert.deepEqual(await english(), null, 'waiting');
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Está en la solicitud.');
  await bubble(page, 'Está en la solicitud.').waitFor();
  assert.deepEqual(await english(), null, 'chat');
  await page.getByRole('button', { name: 'Opciones' }).click();
  await page.getByRole('button', { name: 'Terminar chat' }).click();
  await page.getByRole('group', { name: 'Terminar chat' }).getByRole('button', { name: 'Terminar chat' }).click();
  await page.getByText('Este chat ha terminado').waitFor();
  assert.deepEqual(await english(), null, 'ended');
});

test('ux 43: English loads no other language, Spanish only its own file', async () => {
  const files = [];
  const page = await stage.page();

  page.on('request', (request) => files.push(new URL(request.url()).pathname));
  await page.goto(`${site.url}/plain`);
  await launcher(page).click();
  await question(page).waitFor();
  assert.equal(files.filter((file) => file.startsWith('/widget/es.')).length, 0);
  await page.evaluate(() => globalThis.Tierbell('setLocale', 'es'));
  await page.getByLabel('¿En qué necesita ayuda?').waitFor();
  assert.equal(files.filter((file) => file.startsWith('/widget/es.')).length, 1);
});

test('ux 43: on a page from right to left it stands left, and nothing is cut', async () => {
  const { page } = await longChat('/rtl');
  const box = await dialog(page).boundingBox();
  const button = await launcher(page).boundingBox();
  const own = await bubble(page, 'Rechtsschutz').boundingBox();
  const other = await bubble(page, 'quoted').boundingBox();

  assert.equal(Math.round(box.x), 20);
  assert.equal(Math.round(button.x), 20);
  assert.ok(own.x < other.x, 'own messages are at the end of the line, which is left');
  assert.deepEqual(await wide(page), []);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('#tierbell').shadowRoot.querySelector('pre')).direction), 'ltr');
});

test('ux 43: words as long as German ones do not clip', async () => {
  const page = await stage.page();

  await page.route('**/widget/es.*.js', async (route) => {
    const response = await route.fetch();
    const strings = JSON.parse(/export default ([^]*);/.exec(await response.text())[1]);
    for (const key of Object.keys(strings))
      strings[key] = `${strings[key]} Sicherheitsüberprüfungsbescheinigung`;
    await route.fulfill({ response, body: `export default ${JSON.stringify(strings)};` });
  });
  await page.goto(`${site.url}/spanish`);
  await page.getByRole('button', { name: 'Obtener ayuda' }).click();
  await page.getByText(/Abierto ahora Sicherheits/).waitFor();
  assert.deepEqual(await wide(page), [], 'home');
  await page.getByRole('button', { name: /Opciones/ }).click();
  await page.getByRole('group', { name: /Opciones/ }).waitFor();
  assert.deepEqual(await wide(page), [], 'menu');
});
