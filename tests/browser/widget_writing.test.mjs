/* SPDX-License-Identifier: MIT */
// Writing in the widget: pasted code, logs and secrets, files, and what the agent sees of the page.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Stage, accept, ask, bubble, goAvailable, reply, shown, write } from './support/stage.mjs';

const stage = new Stage();
const KEY = `ghp_${'aB3dE5gH7j'.repeat(4)}`;
const TRACE = 'Traceback (most recent call last):\n  File "app.py", line 3, in <module>\n\tmain()\nValueError: no ```fence```';

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

/* What the clipboard holds is pasted with the keys that people use. */
async function paste(page, text, keys = 'Control+V') {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press(keys);
}

const visit = (options) => stage.visitor({ permissions: ['clipboard-read', 'clipboard-write'], ...options });

async function chat() {
  const visitor = await visit();
  const number = await ask(visitor, 'It fails.');

  await visitor.locator('.composer').getByLabel('Attach a text file').waitFor();
  await visitor.getByLabel('Write a message').focus();
  return { visitor, number };
}

test('ux 30: a pasted stack trace becomes a code block that nothing in it closes; one undo takes it back', async () => {
  const { visitor } = await chat();
  const input = visitor.getByLabel('Write a message');

  await visitor.keyboard.type('see: ');
  await paste(visitor, TRACE);
  assert.equal(await input.inputValue(), `see: \n\`\`\`\`\n${TRACE}\n\`\`\`\`\n`);
  await visitor.getByText('Pasted as code.').waitFor();
  await visitor.keyboard.press('Control+Z');
  assert.equal(await input.inputValue(), 'see: ');
  await paste(visitor, TRACE);
  await visitor.getByRole('button', { name: 'Paste as text' }).click();
  assert.equal(await input.inputValue(), `see: ${TRACE}`);
  assert.equal(await visitor.getByText('Pasted as code.').isVisible(), false);
});

test('ux 30: Ctrl+Shift+V pastes as it is, and so does prose, and code inside a fence', async () => {
  const { visitor } = await chat();
  const input = visitor.getByLabel('Write a message');

  await paste(visitor, 'a = 1;\nb = 2;', 'Control+Shift+V');
  assert.equal(await input.inputValue(), 'a = 1;\nb = 2;');
  await input.fill('');
  await paste(visitor, 'First I log in\nThen it is empty');
  assert.equal(await input.inputValue(), 'First I log in\nThen it is empty');
  await input.fill('```\n');
  await visitor.keyboard.press('Control+End');
  await paste(visitor, 'a = 1;\nb = 2;');
  assert.equal(await input.inputValue(), '```\na = 1;\nb = 2;');
});

test('ux 30: ten thousand lines become a file, which both sides can read', async () => {
  const { visitor, number } = await chat();
  const agent = await stage.console();
  const log = Array.from({ length: 10_000 }, (_, i) => `10:41:${String(i % 60).padStart(2, '0')} ok ${i}`).join('\n');

  await paste(visitor, log);
  const chip = visitor.locator('.chip');
  await chip.getByText('paste-1.log').waitFor();
  await chip.getByText('10,000 lines, 165 KB').waitFor();
  assert.equal(await visitor.getByLabel('Write a message').inputValue(), '');
  await chip.getByText('Preview').click();
  assert.match(await chip.locator('pre').textContent(), /^10:41:00 ok 0\n10:41:01 ok 1/);
  await write(visitor, 'The whole log:');
  const card = visitor.locator('.row.own .file');
  await card.getByRole('button', { name: 'Download' }).waitFor();
  assert.equal(await chip.count(), 0);
  const [download] = await Promise.all([visitor.waitForEvent('download'), card.getByRole('button', { name: 'Download' }).click()]);
  assert.equal(download.suggestedFilename(), 'paste-1.log');
  const chunks = [];
  for await (const chunk of await download.createReadStream())
    chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), log);
  const [view] = await Promise.all([visitor.waitForEvent('popup'), card.getByRole('button', { name: 'Open' }).click()]);
  await view.getByText('10:41:00 ok 0').waitFor();

  await goAvailable(agent);
  await accept(agent);
  const shownCard = agent.getByRole('log').locator('.file');
  await shownCard.getByText('10,000 lines, 165 KB').waitFor();
  const [got] = await Promise.all([agent.waitForEvent('download'), shownCard.getByRole('link', { name: 'Download' }).click()]);
  assert.equal(got.suggestedFilename(), 'paste-1.log');
  assert.ok(number > 0);
});

test('a file that is chosen or dropped is a chip too; what is no text or too large is said', async () => {
  const { visitor } = await chat();
  const choose = async (name, buffer) => {
    const [chooser] = await Promise.all([visitor.waitForEvent('filechooser'), visitor.locator('.composer').getByLabel('Attach a text file').click()]);
    await chooser.setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(buffer) });
  };

  await choose('small.yml', 'a: 1\nb: 2\n');
  await visitor.locator('.chip').getByText('2 lines').waitFor();
  await choose('picture.png', [0x89, 0x50, 0xff, 0x00]);
  await visitor.getByRole('alert').getByText('picture.png is not a text file').waitFor();
  await choose('huge.log', 'x'.repeat(300_000));
  await visitor.getByRole('alert').getByText('huge.log has 293 KB, and 256 KB is the most').waitFor();
  await visitor.getByRole('button', { name: 'Put it in the message' }).click();
  assert.equal(await visitor.getByLabel('Write a message').inputValue(), '```\na: 1\nb: 2\n```\n');
  assert.equal(await visitor.locator('.chip').count(), 0);
  await visitor.evaluate(() => {
    const data = new DataTransfer();
    const box = document.querySelector('#tierbell').shadowRoot.querySelector('.composer');

    data.items.add(new File(['dropped\n'], 'dropped.txt', { type: 'text/plain' }));
    box.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await visitor.getByRole('button', { name: 'Remove dropped.txt' }).click();
  assert.equal(await visitor.locator('.chip').count(), 0);
});

test('a file that waits for the connection survives a reload and is sent once', async () => {
  const { visitor } = await chat();

  await visitor.context().setOffline(true);
  stage.relay.cut();
  await paste(visitor, 'line;\n'.repeat(2000));
  await visitor.locator('.chip').waitFor();
  await visitor.keyboard.press('Enter');
  await visitor.locator('.row.own .file').waitFor();
  await visitor.locator('.row.own', { has: visitor.locator('.file') }).getByText('Waiting for connection').waitFor();
  await visitor.context().setOffline(false);
  await visitor.reload();
  await visitor.locator('.file').getByRole('button', { name: 'Open' }).waitFor();
  assert.equal(await visitor.locator('.file').count(), 1);
});

test('ux 31: a secret is asked about before it is sent: removed, sent as it is, or edited on', async () => {
  const { visitor } = await chat();
  const dialog = visitor.getByRole('dialog', { name: 'Is this meant to be sent?' });
  const input = visitor.getByLabel('Write a message');

  await write(visitor, `my token ${KEY} and password=hunter22`);
  await dialog.getByText('There are 2 things that look like secrets: GitHub token and password.').waitFor();
  assert.equal(await visitor.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent), 'Remove it and send');
  await visitor.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await input.inputValue(), `my token ${KEY} and password=hunter22`);
  await input.waitFor();
  await visitor.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Remove it and send' }).click();
  await bubble(visitor, 'my token [removed: GitHub token] and password=[removed: password]').waitFor();

  await write(visitor, `an example: ${KEY}`);
  await dialog.getByRole('button', { name: 'Send anyway' }).click();
  await bubble(visitor, KEY).waitFor();
  await write(visitor, 'Nothing to hide here.');
  await bubble(visitor, 'Nothing to hide').waitFor();
  assert.equal(await dialog.isVisible(), false);
});

test('ux 31: what an old client sends is taken out by the server, and both sides are told', async () => {
  const visitor = await visit();
  const agent = await stage.console();

  await visitor.route(/\/widget\/editor\./, (route) => route.abort());
  await ask(visitor, `Why is ${KEY} refused?`);
  await bubble(visitor, '[removed: GitHub token]').waitFor();
  await visitor.getByText('What looked like a secret was removed before it was stored.').waitFor();
  await goAvailable(agent);
  await accept(agent);
  await agent.getByRole('log').getByText('A secret was removed before it was stored.').waitFor();
  assert.equal((await agent.content()).includes(KEY), false);
});

test('what the agent sees of the page is shown first, and what is removed is not sent', async () => {
  const agent = await stage.console();
  const visitor = await visit({ timezoneId: 'America/Denver', url: `${stage.url}/docs/authentication/?token=s3cr3t&tab=2` });

  await visitor.evaluate(() => {
    const range = document.createRange();

    range.selectNodeContents(document.querySelector('main p, p'));
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    globalThis.Tierbell('setContext', { product: 'Login', version: '2.3' });
  });
  const selected = await visitor.evaluate(() => String(document.getSelection()));
  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByText('What the agent sees').click();
  const row = (name) => visitor.locator(`.seen li[data-name=${name}]`);
  assert.match(await row('url').textContent(), /token=\*\*\*&tab=2/);
  assert.equal(await row('selection').locator('.value').textContent(), selected.trim());
  await row('version').getByText('2.3').waitFor();
  await row('zone').getByText('America/Denver').waitFor();
  await visitor.getByRole('button', { name: 'Do not share: Browser' }).click();
  await visitor.getByRole('button', { name: 'Do not share: Window' }).click();
  await visitor.getByLabel('What do you need help with?').fill('Which version is this?');
  await visitor.getByLabel('Work email').fill('ana@example.gov');
  await visitor.getByRole('button', { name: 'Start chat' }).click();
  await visitor.getByText(/On record as ticket #\d+/).waitFor();
  await goAvailable(agent);
  await accept(agent);
  const told = agent.locator('.told');
  await told.getByText('2.3').waitFor();
  await told.getByText(selected.trim()).waitFor();
  await told.getByText('America/Denver').waitFor();
  assert.equal(await told.getByText('Browser').count(), 0);
  assert.equal(await told.getByText('Window').count(), 0);
});

test('nothing of the page is told before there is a question', async () => {
  const visitor = await stage.page();
  const frames = [];

  visitor.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(payload)));
  await visitor.goto(`${stage.url}/docs/authentication/`);
  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByText('What the agent sees').waitFor();
  await until(() => frames.length > 0, 'hello is said');
  assert.equal(frames.some((frame) => /authentication|context/.test(frame)), false);
});

test('ux 32: code is copied byte by byte, wrapped when wanted, and coloured without markup', async () => {
  const { visitor } = await chat();
  const agent = await stage.console();
  const code = 'def a(x):\n\treturn {"k": x}  # two  spaces\n\n\tpass';

  await goAvailable(agent);
  await accept(agent);
  await reply(agent, `Try:\n\n\`\`\`python\n${code}\n\`\`\``);
  const block = visitor.locator('.bubble .code');
  await block.getByRole('button', { name: 'Copy' }).click();
  await block.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await visitor.evaluate(() => navigator.clipboard.readText()), code);
  await block.locator('.hl-keyword', { hasText: 'def' }).waitFor();
  assert.equal(await block.locator('code').textContent(), code);
  const wrap = block.getByRole('button', { name: 'Wrap' });
  assert.equal(await wrap.getAttribute('aria-pressed'), 'false');
  await wrap.click();
  assert.equal(await wrap.getAttribute('aria-pressed'), 'true');
  assert.equal(await block.locator('pre').evaluate((node) => getComputedStyle(node).whiteSpace), 'pre-wrap');
  const bar = await block.locator('.code-bar').boundingBox();
  const pre = await block.locator('pre').boundingBox();
  assert.ok(bar.y + bar.height <= pre.y + 1, 'the buttons are above the code');
  assert.deepEqual(await visitor.evaluate(() => globalThis.violations), []);
  await reply(agent, `Long:\n\n\`\`\`\n${'line\n'.repeat(100)}\`\`\``);
  await bubble(visitor, 'Long:').waitFor();
  assert.ok((await bubble(visitor, 'Long:').locator('pre').boundingBox()).height <= 320);
});

test('Enter in an open fence is a new line, Ctrl+Enter sends, and an input method is let alone', async () => {
  const { visitor } = await chat();
  const input = visitor.getByLabel('Write a message');

  await visitor.keyboard.type('```');
  await visitor.keyboard.press('Enter');
  await visitor.keyboard.type('a');
  assert.equal(await input.inputValue(), '```\na');
  await visitor.keyboard.press('Control+Enter');
  await until(async () => (await shown(visitor)).length === 2, 'it is sent');
  await input.fill('ni');
  await input.evaluate((node) => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true, composed: true })));
  await input.evaluate((node) => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true, composed: true })));
  assert.equal(await input.inputValue(), 'ni');
});
