/* SPDX-License-Identifier: MIT */
// The chat as the visitor sees it: gaps, tabs, waiting, the end, and what went wrong, in words.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { openVisitor } from '../support/visitor.mjs';
import { until } from '../support/wait.mjs';
import { Stage, accept, ask, bubble, endChat, goAvailable, inPanel, reply, shown, write } from './support/stage.mjs';

const stage = new Stage();

before(() => stage.open());
afterEach(() => stage.stop());
after(() => stage.close());

async function chat(question = 'It fails.', options) {
  const agent = await stage.console();
  const visitor = await stage.visitor(options);
  const number = await ask(visitor, question);

  await goAvailable(agent);
  await accept(agent);
  return { agent, visitor, number };
}

async function end(visitor) {
  await endChat(visitor);
  await visitor.getByRole('group', { name: 'End chat' }).getByRole('button', { name: 'End chat' }).click();
  await visitor.getByText('This chat has ended').waitFor();
}

const textsOf = async (number) => (await stage.server.ticket(stage.agent, number)).messages
  .filter((entry) => entry.kind === 'text').map((entry) => entry.text);

async function textOf(download) {
  const chunks = [];

  for await (const chunk of await download.createReadStream())
    chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('ux 2: after ten minutes without a connection both sides show the same log and state', async () => {
  await stage.start();
  let blocked = false;
  stage.relay.onBytes = (direction, chunk, link) => {
    if (blocked && direction === 'up' && chunk.includes('/ws/visitor'))
      link.cut();
  };
  const agent = await stage.console();
  const visitor = await stage.page();

  await visitor.clock.install();
  await visitor.goto(`${stage.url}/docs/authentication/`);
  const number = await ask(visitor, 'Before the gap.');
  await goAvailable(agent);
  await accept(agent);
  await visitor.getByText('Dana Reyes, Tier 1').waitFor();
  blocked = true;
  stage.relay.cut();
  await inPanel(visitor, 'No connection. You can go on writing').waitFor();
  await write(visitor, 'Written in the gap.');
  await agent.getByLabel('Reply to the customer').waitFor();
  await reply(agent, 'Said in the gap.');
  await until(async () => (await textsOf(number)).includes('Said in the gap.'), 'the answer is on record');
  await visitor.clock.fastForward('10:00');
  blocked = false;
  await visitor.clock.fastForward('00:31');
  await bubble(visitor, 'Said in the gap.').waitFor();
  await agent.getByRole('log').getByText('Written in the gap.').waitFor();
  assert.deepEqual(await textsOf(number), ['Before the gap.', 'Said in the gap.', 'Written in the gap.']);
  await until(async () => String(await shown(visitor)) === String(await textsOf(number)), 'the visitor sees the same');
  await visitor.getByText('Dana Reyes, Tier 1').waitFor();
});

test('ux 21: what is written or read in one tab is so in the other', async () => {
  await stage.start();
  const agent = await stage.console();
  const context = await stage.context();
  const first = await context.newPage();
  const second = await context.newPage();

  await first.goto(`${stage.url}/docs/authentication/`);
  await ask(first, 'Two tabs.');
  await goAvailable(agent);
  await accept(agent);
  await second.goto(`${stage.url}/docs/deployments/`);
  await second.getByRole('button', { name: /^Get help/ }).click();
  await bubble(second, 'Two tabs.').waitFor();
  await first.getByLabel('Write a message').fill('half a sent');
  await until(async () => await second.getByLabel('Write a message').inputValue() === 'half a sent', 'the draft is there, too');

  await second.getByRole('button', { name: 'Minimize' }).click();
  await first.getByRole('button', { name: 'Minimize' }).click();
  await reply(agent, 'Read me.');
  await first.getByRole('button', { name: 'Get help, 1 unread message' }).waitFor();
  await second.getByRole('button', { name: 'Get help, 1 unread message' }).click();
  await bubble(second, 'Read me.').waitFor();
  await first.getByRole('button', { name: 'Get help', exact: true }).waitFor();
});

test('who waits may leave a ticket instead, and the answer still comes', async () => {
  await stage.start();
  const agent = await stage.console();
  const visitor = await stage.visitor();

  const number = await ask(visitor, 'No hurry.');
  await visitor.getByRole('button', { name: 'Leave a ticket instead' }).click();
  await inPanel(visitor, `Your question stays on record as ticket #${number}. You need not wait`).waitFor();
  await visitor.reload();
  await inPanel(visitor, `Your question stays on record as ticket #${number}.`).waitFor();
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Here it is.');
  await bubble(visitor, 'Here it is.').waitFor();
});

test('ux 19: the place in the queue follows, and is announced once a minute at most', async () => {
  await stage.start();
  const agent = await openAgent(stage.server, stage.agent);
  await agent.available(1);
  const before = [];
  for (const text of ['Taken.', 'First.', 'Second.']) {
    before.push(await openVisitor(stage.server, { origin: stage.url }));
    await before.at(-1).say(text);
    if (text === 'Taken.')
      await agent.take();
  }
  const visitor = await stage.page();
  await visitor.clock.install();
  await visitor.goto(`${stage.url}/docs/authentication/`);
  await visitor.evaluate(() => {
    globalThis.spoken = [];
    new MutationObserver(() => {
      const text = document.querySelector('#tierbell [role=status]')?.textContent;
      if (text && globalThis.spoken.at(-1) !== text)
        globalThis.spoken.push(text);
    }).observe(document.querySelector('#tierbell'), { childList: true, characterData: true, subtree: true });
  });
  const places = async () => (await visitor.evaluate(() => globalThis.spoken)).filter((text) => /number|You are next/.test(text));

  await ask(visitor, 'Third.');
  await inPanel(visitor, 'You are number 3 in the queue.').waitFor();
  await visitor.clock.runFor(1000);
  await until(async () => (await places()).length === 1, 'the first place is announced');
  await before[1].peer.ok('close', {});
  await inPanel(visitor, 'You are number 2 in the queue.').waitFor();
  await before[2].peer.ok('close', {});
  await inPanel(visitor, 'You are next.').waitFor();
  await visitor.clock.runFor(30000);
  assert.equal((await places()).length, 1, 'within the minute nothing is added');
  await visitor.clock.runFor(31000);
  await until(async () => (await places()).length === 2, 'then the newest place is');
  assert.match((await places()).at(-1), /You are next/);
});

test('a closed desk says when it opens in the visitor\'s time and in its own', async () => {
  await stage.start({
    policy: (policy) => {
      policy.calendars.never = {
        zone: 'America/New_York', week: { 'monday-friday': [], saturday: [], sunday: [] }, known_until: '2099-12-31',
        special: [{ date: '2027-07-01', name: 'The day', hours: ['09:00-17:00'] }],
      };
      policy.desk.calendar = 'never';
      policy.channels.chat.hours = 'never';
    },
  });
  const visitor = await stage.visitor({ timezoneId: 'Europe/Berlin' });

  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByText(/We open again Thursday, Jul 1, 3:00.PM GMT\+2 \(9:00.AM EDT\)/).waitFor();
  const near = await stage.visitor({ timezoneId: 'America/New_York' });
  await near.getByRole('button', { name: /^Get help/ }).click();
  const text = await near.getByText(/We open again Thursday/).textContent();
  assert.match(text, /9:00.AM EDT\. Your question/, 'not twice where the clocks agree');
});

test('ux 45: the survey is a radio group for the keyboard, may be skipped, and may be changed', async () => {
  await stage.start();
  const { visitor, number } = await chat();

  await end(visitor);
  const group = visitor.getByRole('group', { name: 'How was the help?' });
  await group.getByLabel(/Fair/).focus();
  await visitor.keyboard.press('Space');
  await visitor.keyboard.press('ArrowRight');
  assert.equal(await group.getByLabel(/^4/).isChecked(), true);
  await visitor.getByLabel('What should we know? (optional)').fill('Quick.');
  await visitor.getByRole('button', { name: 'Send rating' }).click();
  await visitor.getByText('Your rating is recorded.').waitFor();
  const rating = async () => (await stage.server.ticket(stage.agent, number)).ticket.rating;
  await until(async () => await rating() === 4, 'it is on record');
  await visitor.getByRole('button', { name: 'Change the rating' }).click();
  assert.equal(await visitor.getByLabel('What should we know? (optional)').inputValue(), 'Quick.');
  await group.getByLabel(/^5/).check();
  await visitor.getByRole('button', { name: 'Send rating' }).click();
  await until(async () => await rating() === 5, 'the newest answer counts');
});

test('ux 44: the transcript is the log without notes, as Markdown and as text', async () => {
  await stage.start();
  const { agent, visitor, number } = await chat('Where is the *log*?');

  await reply(agent, 'Here:\n\n```sh\ncat a\tb\n```');
  await stage.server.api(stage.agent, 'POST', `/api/v1/tickets/${number}/messages`, { body: { kind: 'note', text: 'secretplum' } });
  await bubble(visitor, 'Here:').waitFor();
  await end(visitor);
  for (const [button, ending, title] of [['Download transcript', 'md', `# Ticket #${number}`], ['As plain text', 'txt', `Ticket #${number}`]]) {
    const [download] = await Promise.all([visitor.waitForEvent('download'), visitor.getByRole('button', { name: button }).click()]);
    const text = await textOf(download);

    assert.equal(download.suggestedFilename(), `ticket-${number}.${ending}`);
    assert.ok(text.startsWith(`${title}\n\n`), text);
    assert.ok(text.includes('Where is the *log*?') && text.includes('```sh\ncat a\tb\n```'), text);
    assert.ok(text.indexOf('Where is') < text.indexOf('joined the chat') && text.indexOf('joined the chat') < text.indexOf('cat a'), text);
    assert.equal(text.includes('secretplum'), false);
  }
});

test('a rate that is used up is told with the time to wait, and the message goes by itself', async () => {
  await stage.start({ limits: { messages_per_10s: 2 } });
  const { visitor, number } = await chat();

  const told = visitor.getByText(/Too many messages at once.* It goes again in/).first();
  let count = 0;

  await until(async () => await told.isVisible() || (await write(visitor, `one more, ${++count}`), false), 'it is too many', { every: 500 });
  await until(async () => (await stage.server.ticket(stage.agent, number)).messages.some(({ text }) => text === `one more, ${count}`), 'it went');
  await visitor.getByText(/It goes again in/).waitFor({ state: 'hidden' });
});
