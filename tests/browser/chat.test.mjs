/* SPDX-License-Identifier: MIT */
// The whole job: asked in the widget, answered in the console, a ticket stands.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Stage, accept, ask, bubble, endChat, goAvailable, inPanel, reply, shown, write } from './support/stage.mjs';

const stage = new Stage();

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

async function chat(question) {
  const agent = await stage.console();
  const visitor = await stage.visitor();
  const number = await ask(visitor, question);

  await goAvailable(agent);
  await accept(agent);
  return { agent, visitor, number };
}

test('a question is asked, offered, answered, closed, and found as a ticket with its transcript', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor();

  await ask(visitor, 'Token refresh returns 401 on staging, zanzibar.');
  await visitor.getByText(/On record as ticket #\d+/).waitFor();
  await goAvailable(agent);
  const offer = agent.getByRole('article', { name: /Offer/ });
  await offer.getByText('Ana Ruiz').waitFor();
  await accept(agent);
  await visitor.getByText('Dana Reyes, Tier 1').waitFor();

  await reply(agent, 'Hello Ana, try it **once** more:\n\n```sh\ncurl -i "https://api.example.gov"\n```');
  await visitor.locator('.bubble strong', { hasText: 'once' }).waitFor();
  assert.equal(await visitor.locator('.bubble pre code').textContent(), 'curl -i "https://api.example.gov"');
  await write(visitor, 'That worked, thank you!');
  await agent.getByRole('log').getByText('That worked, thank you!').waitFor();

  await agent.getByRole('button', { name: 'Close', exact: true }).click();
  await agent.getByRole('button', { name: 'Close ticket' }).click();
  await agent.getByText('Choose how it was resolved.').waitFor();
  await agent.getByLabel('Answered in the conversation').check();
  await agent.getByRole('button', { name: 'Close ticket' }).click();
  await visitor.getByText('This chat has ended').waitFor();
  await visitor.getByLabel(/Very good/).check();
  await visitor.getByRole('button', { name: 'Send rating' }).click();
  await visitor.getByText('Your rating is recorded.').waitFor();

  await agent.getByRole('link', { name: 'Tickets' }).click();
  await agent.getByLabel('Search').fill('zanzibar');
  await agent.getByRole('link', { name: /Token refresh/ }).first().click();
  const transcript = agent.locator('.transcript');
  await transcript.getByText('That worked, thank you!').waitFor();
  await transcript.getByText(/^Closed: Answered/).waitFor();
  await agent.getByText('5 of 5').first().waitFor();
  const history = await agent.locator('.changes tbody tr').allTextContents();
  assert.ok(history.length > 0, 'the ticket tells who changed what');
});

test('ux 39: a page that was sent and opened says so to its agent alone, once, and stands in the transcript', async () => {
  const { agent, visitor, number } = await chat('Where is it written?');
  const log = agent.getByRole('log');
  const page = `${stage.url}/docs/deployments/`;

  await agent.getByRole('tab', { name: 'Documentation' }).click();
  await agent.getByLabel('Address of the page').fill(page);
  await agent.getByRole('button', { name: 'Send page' }).click();
  const name = page.replace('http://', '');
  const card = visitor.getByRole('link', { name });
  const sent = log.locator('.entry', { has: agent.getByRole('link', { name }) });

  await card.waitFor();
  assert.equal(await sent.getByText('Opened').count(), 0);
  for (const button of ['left', 'middle', 'left']) {
    const opened = visitor.context().waitForEvent('page');
    await card.click({ button });
    await (await opened).close();
  }
  await sent.getByText(/^Opened \d+:\d+/).waitFor();
  await write(visitor, 'I have read it.');
  await log.getByText('I have read it.').waitFor();
  assert.equal(await log.getByText('The customer opened the page').count(), 1);
  assert.equal(await visitor.getByText(/opened the page/).count(), 0);
  await agent.goto(`${stage.url}/console/#/tickets/${number}`);
  await agent.locator('.transcript').getByText(/^Opened \d+:\d+/).waitFor();
  const { messages } = await stage.server.ticket(stage.agent, number);

  assert.deepEqual(messages.filter(({ event }) => event === 'page_opened').map(({ page: seq }) => messages[seq - 1].url), [page]);
});

test('an internal note never reaches the visitor, in no frame', async () => {
  const agent = await stage.console();
  const visitor = await stage.page();
  const frames = [];

  visitor.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload)));
  await visitor.goto(`${stage.url}/docs/deployments/`);
  await ask(visitor, 'Is the deploy stuck?');
  await goAvailable(agent);
  await accept(agent);
  await agent.getByRole('tab', { name: 'Internal note' }).click();
  await agent.getByLabel('Internal note, only agents see it').fill('secretplum is on call');
  await agent.getByRole('button', { name: 'Add note' }).click();
  await agent.locator('.entry.note', { hasText: 'secretplum' }).waitFor();
  await agent.getByRole('tab', { name: 'Reply' }).click();
  await reply(agent, 'It goes on now.');
  await bubble(visitor, 'It goes on now.').waitFor();
  await visitor.reload();
  await bubble(visitor, 'It goes on now.').waitFor();
  assert.ok(frames.length > 3);
  assert.equal(frames.some((frame) => String(frame).includes('secretplum')), false);
});

test('a reload shows the same log, tells the open panel, and takes no focus', async () => {
  const { agent, visitor } = await chat('Where is my review instance?');

  await reply(agent, 'Look at the pull request.');
  await bubble(visitor, 'Look at the pull request.').waitFor();
  const before = await shown(visitor);
  await visitor.reload();
  await bubble(visitor, 'Look at the pull request.').waitFor();
  assert.deepEqual(await shown(visitor), before);
  assert.equal(await visitor.evaluate(() => document.activeElement.tagName), 'BODY');
  await reply(agent, 'Still there?');
  await bubble(visitor, 'Still there?').waitFor();
});

test('a closed panel counts what it has not shown, also after a change of page', async () => {
  const { agent, visitor } = await chat('How do I prefill a form?');

  await visitor.getByRole('button', { name: 'Minimize' }).click();
  await reply(agent, 'First answer.');
  await visitor.getByRole('button', { name: 'Get help, 1 unread message' }).waitFor();
  await visitor.goto(`${stage.url}/docs/forms-library/`);
  await reply(agent, 'Second answer.');
  await visitor.getByRole('button', { name: 'Get help, 2 unread messages' }).click();
  await bubble(visitor, 'Second answer.').waitFor();
  await visitor.getByRole('button', { name: 'Get help', exact: true }).waitFor();
});

test('an answer is announced once, in the light DOM; history is silent', async () => {
  const { agent, visitor } = await chat('What is LOA3?');
  const region = visitor.locator('#tierbell [role=status]');

  await visitor.evaluate(() => {
    globalThis.spoken = [];
    const node = document.querySelector('#tierbell [role=status]');
    new MutationObserver(() => node.textContent && globalThis.spoken.push(node.textContent))
      .observe(node, { childList: true, characterData: true, subtree: true });
  });
  await reply(agent, 'It is a **proved** identity.\n\n```js\nlevel === 3\n```');
  await until(async () => /proved identity/.test(await region.textContent()), 'the answer is announced');
  const spoken = await visitor.evaluate(() => globalThis.spoken);
  assert.equal(spoken.filter((text) => text.includes('proved')).length, 1);
  assert.match(spoken.at(-1), /Dana Reyes: .*\(code block\)/);
  await visitor.reload();
  await bubble(visitor, 'proved').waitFor();
  assert.equal(await region.textContent(), '');
});

test('the visitor ends the chat after being asked once more', async () => {
  const { agent, visitor } = await chat('Never mind.');

  await endChat(visitor);
  await visitor.getByRole('button', { name: 'Keep chatting' }).click();
  await visitor.getByLabel('Write a message').waitFor();
  await endChat(visitor);
  await visitor.getByRole('group', { name: 'End chat' }).getByRole('button', { name: 'End chat' }).click();
  await visitor.getByText('This chat has ended').waitFor();
  await until(async () => !(await agent.getByRole('button', { name: 'Escalate' }).isVisible()) ||
    await agent.getByText('The customer has ended this chat.').isVisible(), 'the agent is told');
});

test('however long the log is, the composer stays in sight and the newest message with it', async () => {
  const { agent, visitor } = await chat('Long answers, please.');

  for (let i = 0; i < 6; i++)
    await reply(agent, `Answer ${i}:\n\n${'- a line of it\n'.repeat(6)}`);
  await bubble(visitor, 'Answer 5').waitFor();
  const panel = await visitor.getByRole('dialog').boundingBox();
  const inside = async (locator) => {
    const box = await locator.evaluate((node) => node.getBoundingClientRect().toJSON());
    return box.top >= panel.y && box.bottom <= panel.y + panel.height && box.left >= panel.x && box.right <= panel.x + panel.width;
  };
  await until(() => inside(bubble(visitor, 'Answer 5')), 'the newest message is in sight');
  assert.equal(await inside(visitor.getByRole('button', { name: 'Send' })), true, 'Send');
  assert.equal(await inside(visitor.getByRole('heading', { name: 'Developer support' })), true, 'the heading');
  await visitor.getByRole('log').evaluate((node) => {
    node.scrollTop = 0;
  });
  await reply(agent, 'While you read above.');
  await visitor.getByRole('button', { name: '1 new message' }).click();
  await until(() => inside(bubble(visitor, 'While you read above.')), 'the jump leads to the end');
});

test('a transfer to a tier and an escalation leave the chat open for the visitor', async () => {
  const { agent, visitor } = await chat('The pipeline is red.');

  await agent.getByRole('button', { name: 'Escalate' }).click();
  await agent.getByRole('dialog').getByRole('button', { name: 'Escalate' }).click();
  await agent.getByText('Tick at least one criterion.').waitFor();
  await agent.getByLabel('It needs logs, code or rights on infrastructure.').check();
  await agent.getByLabel('Summary for who takes over').fill('Needs someone with rights on the runners.');
  await agent.getByRole('dialog').getByRole('button', { name: 'Escalate' }).click();
  await inPanel(visitor, /goes up to Tier 2/).waitFor();
  assert.equal(await visitor.getByLabel('Write a message').isVisible(), true);
  await agent.getByText('No chats').waitFor();
});

test('a refused login says so and keeps the email', async () => {
  const page = await stage.page();

  await page.goto(`${stage.url}/console/`);
  await page.getByLabel('Email').fill('dana@example.gov');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('The email or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Email').inputValue(), 'dana@example.gov');
});
