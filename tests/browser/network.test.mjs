/* SPDX-License-Identifier: MIT */
// Bad networks, several tabs: every message arrives once and in order, one socket a browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { range, until } from '../support/wait.mjs';
import { Stage, accept, ask, bubble, goAvailable, inPanel, reply, shown, ticketNumber, write } from './support/stage.mjs';

const stage = new Stage();
let blocked = false;

before(() => stage.open());
beforeEach(async () => {
  blocked = false;
  await stage.start();
  /* Pages load while websockets are cut: a browser that is "offline" for the chat only. */
  stage.relay.onBytes = (direction, chunk, link) => {
    if (blocked && direction === 'up' && chunk.includes('/ws/visitor'))
      link.cut();
  };
});
afterEach(() => stage.stop());
after(() => stage.close());

const textsOf = async (number) => {
  const { messages } = await stage.server.ticket(stage.agent, number);

  return messages.filter((entry) => entry.kind === 'text').map((entry) => entry.text);
};

test('ux 1: what is written while the network is away is kept over a reload and arrives once, in order', async () => {
  const visitor = await stage.visitor();
  const number = await ask(visitor, 'First words.');
  const texts = range(5).map((i) => `written offline ${i}`);

  blocked = true;
  stage.relay.cut();
  await inPanel(visitor, 'No connection. You can go on writing').waitFor();
  for (const text of texts)
    await write(visitor, text);
  await visitor.getByText('Waiting for connection').first().waitFor();
  await visitor.reload();
  await bubble(visitor, 'written offline 4').waitFor();
  await inPanel(visitor, 'Your conversation is shown here when the connection is back.').waitFor();
  assert.deepEqual(await textsOf(number), ['First words.']);

  blocked = false;
  await until(async () => (await textsOf(number)).length === 6, 'all messages are on record');
  assert.deepEqual(await textsOf(number), ['First words.', ...texts]);
  await until(async () => (await shown(visitor)).length === 6, 'the log is whole');
  assert.deepEqual(await shown(visitor), ['First words.', ...texts]);
});

test('connections that break in the middle lose and double nothing on either side', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor();
  const number = await ask(visitor, 'start');

  await goAvailable(agent);
  await accept(agent);
  for (const i of range(8)) {
    await write(visitor, `from the visitor ${i}`);
    stage.relay.cut();
    await reply(agent, `from the agent ${i}`);
  }
  await until(async () => (await textsOf(number)).length === 17, 'all messages are on record');
  const record = await textsOf(number);
  assert.equal(new Set(record).size, 17);
  await until(async () => (await shown(visitor)).length === 17, 'the widget shows all');
  assert.deepEqual(await shown(visitor), record);
  const entries = agent.getByRole('log').locator('.entry .markdown');
  await until(async () => (await entries.count()) === 17, 'the console shows all');
  assert.deepEqual(await entries.allTextContents(), record);
});

test('ux 21: two tabs have one socket and one log; when the first goes, the second takes over', async () => {
  const context = await stage.context();
  const sockets = [];
  context.on('page', (page) => page.on('websocket', (socket) => {
    const row = { page, open: true };
    sockets.push(row);
    socket.on('close', () => {
      row.open = false;
    });
  }));
  const open = () => sockets.filter((row) => row.open && !row.page.isClosed());
  const agent = await stage.console();
  const first = await context.newPage();
  const second = await context.newPage();

  await first.goto(`${stage.url}/docs/authentication/`);
  const number = await ask(first, 'One question, two tabs.');
  await second.goto(`${stage.url}/docs/deployments/`);
  await second.getByRole('button', { name: /^Get help/ }).click();
  await bubble(second, 'One question, two tabs.').waitFor();
  assert.equal(await ticketNumber(second), number);
  assert.equal(open().length, 1);

  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Answer to both.');
  await bubble(first, 'Answer to both.').waitFor();
  await bubble(second, 'Answer to both.').waitFor();
  await write(second, 'Written in the second.');
  await bubble(first, 'Written in the second.').waitFor();
  await agent.getByRole('log').getByText('Written in the second.').waitFor();

  await first.close();
  await until(() => open().length === 1 && open()[0].page === second, 'the second tab has the socket');
  await reply(agent, 'Only one is left.');
  await bubble(second, 'Only one is left.').waitFor();
  assert.deepEqual(await shown(second),
    ['One question, two tabs.', 'Answer to both.', 'Written in the second.', 'Only one is left.']);
});

test('two replies that cross: the second agent sees the first before it can be sent', async () => {
  const agent = await stage.console();
  const visitor = await stage.visitor();
  const number = await ask(visitor, 'Who answers?');

  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'One moment.');
  await bubble(visitor, 'One moment.').waitFor();
  /* A colleague answers through the API while the console's socket is cut off from news. */
  const other = await stage.server.addAgent({ name: 'Sam Park', role: 'supervisor' });
  const hold = (direction, chunk) => (direction === 'down' ? Buffer.alloc(0) : chunk);
  const before = stage.relay.onBytes;
  stage.relay.onBytes = hold;
  const { status } = await stage.server.api(other, 'POST', `/api/v1/tickets/${number}/messages`, {
    body: { kind: 'text', text: 'Sam was faster.' },
  });
  assert.ok(status < 300, `the reply of the colleague: ${status}`);
  await reply(agent, 'Dana is slower.');
  stage.relay.onBytes = before;
  stage.relay.cut();
  await agent.getByText('somebody replied while you were writing').waitFor();
  await agent.getByRole('log').getByText('Sam was faster.').first().waitFor();
  await agent.getByRole('button', { name: 'Send anyway' }).click();
  await bubble(visitor, 'Dana is slower.').waitFor();
});
