/* SPDX-License-Identifier: MIT */
// Where an agent writes: three drafts, ready-made replies, commands.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { clean } from './support/axe.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();

before(() => talk.open(), { timeout: 120000 });
afterEach(() => talk.clear());
after(() => talk.close());

const tab = (name) => talk.page.getByRole('tab', { name });
const menu = () => talk.page.getByRole('listbox', { name: 'Commands and ready-made replies' });
const answer = () => talk.page.getByRole('region', { name: 'Answer to the command' });

async function type(text) {
  await talk.composer.focus();
  await talk.page.keyboard.type(text);
}

test('ux 10: reply, note and documentation keep drafts of their own, and switching carries nothing over', async () => {
  const { page, visitor, ticket } = await talk.chat();

  await type('for the customer');
  await tab('Internal note').click();
  assert.equal(await talk.composer.inputValue(), '');
  await page.keyboard.press('Control+z');
  assert.equal(await talk.composer.inputValue(), '', 'not by undoing either');
  await page.keyboard.type('secretplum');
  await tab('Reply (draft)').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Documentation');
  await page.getByLabel('Address of the page').waitFor();
  await page.keyboard.press('ArrowRight');
  assert.equal(await talk.composer.inputValue(), 'for the customer');
  await page.reload();
  await page.getByRole('tab', { name: 'Internal note (draft)' }).click();
  assert.equal(await talk.composer.inputValue(), 'secretplum', 'drafts outlive a reload');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.locator('.entry.note', { hasText: 'secretplum' }).waitFor();
  assert.equal(await talk.composer.inputValue(), '');
  await tab('Reply').click();
  await talk.composer.press('Enter');
  await visitor.waitFor({ type: 'message', text: 'for the customer' });
  assert.ok(!JSON.stringify(visitor.peer.frames).includes('secretplum'));
  assert.deepEqual((await talk.ticket(ticket)).messages.filter(({ kind }) => kind === 'note').map(({ text }) => text), ['secretplum']);
});

test('ux 9: Enter sends, Shift+Enter does not, nor inside an open fence or while composing', async () => {
  const { page, visitor } = await talk.chat();

  await type('```js');
  await page.keyboard.press('Enter');
  await page.keyboard.type('let x = 1;');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('```');
  await talk.composer.evaluate((node) => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true, cancelable: true })));
  assert.equal(await talk.composer.inputValue(), '```js\nlet x = 1;\n```');
  await page.getByRole('button', { name: 'Preview' }).click();
  assert.equal(await page.getByRole('group', { name: 'Preview' }).locator('pre code').textContent(), 'let x = 1;');
  await page.getByRole('button', { name: 'Preview' }).click();
  await talk.composer.press('Control+Enter');
  await visitor.waitFor({ type: 'message', text: '```js\nlet x = 1;\n```' });
});

test('ux 33: /usr/bin/env can be sent by an agent', async () => {
  const { page, visitor } = await talk.chat();

  await type('/usr');
  assert.equal(await menu().isVisible(), false, 'nothing matches: no list');
  await page.keyboard.type('/bin/env');
  await page.keyboard.press('Enter');
  await visitor.waitFor({ type: 'message', text: '/usr/bin/env' });
  await type('put #!');
  await page.keyboard.type('/usr/bin/env node there');
  await page.keyboard.press('Enter');
  await visitor.waitFor({ type: 'message', text: 'put #!/usr/bin/env node there' });
});

test('ux 34: a ready-made reply is found by a slash, filled in, and not sent while a name is open', async () => {
  const { page, visitor } = await talk.chat();

  await type('Hi. /docu');
  await menu().getByRole('option', { name: /^Documentation/ }).waitFor();
  const id = await talk.composer.getAttribute('aria-activedescendant');

  assert.equal(await page.locator(`#${id}`).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Enter');
  assert.equal(await talk.composer.inputValue(), 'Hi. This page has the steps: {link}\nDoes it answer your question?');
  assert.equal(await talk.composer.evaluate((node) => node.value.slice(node.selectionStart, node.selectionEnd)), '{link}');
  assert.equal(await page.locator('.marks mark').textContent(), '{link}');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('Fill in {link} before you send.').waitFor();
  assert.equal(await talk.composer.getAttribute('aria-invalid'), 'true');
  assert.deepEqual(talk.texts(visitor), ['Token refresh returns 401.']);
  await page.keyboard.type('https://docs.example.gov/tokens');
  await page.keyboard.press('Control+Enter');
  await visitor.waitFor({ type: 'message', text: 'Hi. This page has the steps: https://docs.example.gov/tokens\nDoes it answer your question?' });

  await type('/gree');
  await page.keyboard.press('Tab');
  assert.match(await talk.composer.inputValue(), /^Hello, this is Dana Reyes\./);
  await page.keyboard.press('Control+z');
  assert.equal(await talk.composer.inputValue(), '/gree', 'one undo takes it back');
  await page.keyboard.press('Escape');
  assert.equal(await menu().isVisible(), false);
  assert.equal(await talk.composer.inputValue(), '/gree', 'Esc keeps the slash');
  await talk.composer.fill('curl /users/{link}');
  await page.keyboard.press('Enter');
  await visitor.waitFor({ type: 'message', text: 'curl /users/{link}' });
});

test('the commands of the first bot change the ticket and are never sent', async () => {
  const { page, visitor, ticket } = await talk.chat();
  const run = async (text) => {
    await type(text);
    await page.keyboard.press('Enter');
  };
  const says = (text) => answer().getByText(text).waitFor();

  await run('/title Token refresh on staging');
  await page.getByRole('heading', { name: `#${ticket} Token refresh on staging` }).waitFor();
  await run('/category add docs gap');
  await says('The category "docs gap" is added.');
  await run('/category add runners');
  await says('The category "runners" is added.');
  await run('/remove category runners');
  await says('The category "runners" is removed.');
  await run('/category list');
  await answer().getByRole('listitem').getByText('docs gap').waitFor();
  await run('/link add https://docs.example.gov/tokens');
  await says('The link "https://docs.example.gov/tokens" is added.');
  await run('/link remove nothing');
  await says('There is none called "nothing".');
  await run('/note secretplum in a note');
  await page.locator('.entry.note', { hasText: 'secretplum' }).waitFor();
  await run('/track');
  await says('On record since');
  const { ticket: now, changes } = await talk.ticket(ticket);

  assert.ok(now.tags.includes('docs gap') && !now.tags.includes('runners'));
  assert.deepEqual(now.links, ['https://docs.example.gov/tokens']);
  assert.deepEqual(changes.filter(({ field }) => field === 'link').map(({ actor, to }) => [actor, to]),
    [['agent:Dana Reyes', 'https://docs.example.gov/tokens']]);
  await run('/escalate needs the logs');
  await page.getByRole('dialog', { name: `Escalate #${ticket}` }).waitFor();
  await page.keyboard.press('Escape');
  await run('/transfer');
  await page.getByRole('dialog', { name: `Transfer #${ticket}` }).waitFor();
  await page.keyboard.press('Escape');
  await run('/resolve');
  await page.getByRole('dialog', { name: `Close #${ticket}` }).waitFor();
  await page.keyboard.press('Escape');
  const { seq } = await visitor.say('Still there?');

  await visitor.caughtUp(seq);
  assert.deepEqual(talk.texts(visitor), ['Token refresh returns 401.', 'Still there?']);
  assert.ok(!JSON.stringify(visitor.peer.frames).includes('secretplum'));
});

test('an unknown command shows help and goes to nobody, unless it is meant', async () => {
  const { page, visitor } = await talk.chat();

  await type('/etc');
  await page.keyboard.press('Enter');
  await answer().getByText('There is no command /etc. Nothing was sent.').waitFor();
  await answer().getByText('/category').waitFor();
  assert.equal(await talk.composer.inputValue(), '/etc', 'what was written stays');
  await talk.composer.fill('/title');
  await page.keyboard.press('Enter');
  assert.equal(await talk.composer.inputValue(), '/title ', 'the list completes it');
  await page.keyboard.press('Enter');
  await answer().getByText('/title needs more words. Nothing was sent.').waitFor();
  assert.deepEqual(talk.texts(visitor), ['Token refresh returns 401.']);
  await talk.composer.fill('/etc');
  await page.keyboard.press('Enter');
  await answer().getByRole('button', { name: 'Send it as a message' }).click();
  await visitor.waitFor({ type: 'message', text: '/etc' });
  await talk.composer.fill('//tmp');
  await page.keyboard.press('Enter');
  await visitor.waitFor({ type: 'message', text: '/tmp' });
  await until(async () => !(await answer().isVisible()), 'the help is gone once something is sent');
});

test('ux 30: pasted code becomes a fence, which one undo or a button takes back', async () => {
  const { page, visitor } = await talk.chat();
  const code = 'const x = `a`;\nif (x) {\n  run();\n}';
  const paste = (text) => talk.composer.evaluate((node, data) => {
    const clipboardData = new DataTransfer();

    clipboardData.setData('text/plain', data);
    node.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);

  await type('Try:');
  await paste(code);
  assert.equal(await talk.composer.inputValue(), `Try:\n\`\`\`\n${code}\n\`\`\`\n`);
  await page.getByRole('button', { name: 'Paste as text' }).click();
  assert.equal(await talk.composer.inputValue(), `Try:${code}`);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  assert.equal(await talk.composer.inputValue(), 'Try:');
  await paste('Just a sentence,\nand another one.');
  assert.equal(await talk.composer.inputValue(), 'Try:', 'prose is left to the browser');
  await paste(`${code}\n\`\`\`sh\nls\n\`\`\``);
  await page.keyboard.press('Control+Enter');
  const { text } = await visitor.waitFor((frame) => frame.type === 'message' && frame.text.startsWith('Try:'));

  assert.match(text, /^Try:\n````\n[^]+\n````$/, 'longer than any fence inside');
});

const pasteInto = (text) => talk.composer.evaluate((node, data) => {
  const clipboardData = new DataTransfer();

  clipboardData.setData('text/plain', data);
  node.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, text);

test('ux 30: what an agent pastes that is too long becomes a file, which survives a reload and reaches the customer', async () => {
  const { page, visitor, ticket } = await talk.chat();
  const log = Array.from({ length: 2000 }, (_, i) => `2026-03-02 09:00:00 INFO step ${i}`).join('\n');

  await type('See the log.');
  await pasteInto(log);
  await page.getByRole('list', { name: 'Attached' }).getByText('paste-1.log', { exact: true }).first().waitFor();
  assert.equal(await talk.composer.inputValue(), 'See the log.');
  await clean(page, 'a file beside a reply');
  await page.reload();
  await page.getByRole('list', { name: 'Attached' }).getByText('2,000 lines').waitFor();
  await page.locator('input[type=file]').setInputFiles([
    { name: 'fix.patch', mimeType: 'text/plain', buffer: Buffer.from('+ a line\n') }, { name: 'image.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0xff, 0]) },
  ]);
  await page.getByText('image.png is no text: only text files can be sent.').waitFor();
  await page.getByRole('button', { name: 'Remove fix.patch' }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await visitor.waitFor({ type: 'message', text: 'See the log.' });
  const entry = await visitor.waitFor({ type: 'message', kind: 'file' });

  assert.deepEqual([entry.title, entry.lines, entry.from.role], ['paste-1.log', 2000, 'agent']);
  assert.equal(await page.getByRole('list', { name: 'Attached' }).count(), 0);
  await page.getByRole('log').getByRole('link', { name: 'Download paste-1.log' }).waitFor();
  assert.equal((await talk.ticket(ticket)).messages.filter(({ kind }) => kind === 'file').length, 1);
});

test('ux 31: an agent is asked before a secret is sent: taken out, sent all the same, or written on', async () => {
  const { page, visitor } = await talk.chat();
  const key = `ghp_${'aB3dE5gH7j'.repeat(4)}`;
  const dialog = () => page.getByRole('dialog', { name: 'This looks like a secret' });

  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('secret_words')));
  await type(`Use ${key}.`);
  await page.keyboard.press('Enter');
  await dialog().getByText('GitHub token').waitFor();
  await clean(page, 'asked about a secret');
  await page.keyboard.press('Escape');
  assert.equal(await talk.composer.inputValue(), `Use ${key}.`);
  await talk.composer.press('Enter');
  await dialog().getByRole('button', { name: 'Remove it' }).click();
  await visitor.waitFor({ type: 'message', text: 'Use [removed: GitHub token].' });
  await type(`An example: ${key}`);
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'Send anyway' }).click();
  await visitor.waitFor({ type: 'message', text: `An example: ${key}` });
});
