/* SPDX-License-Identifier: MIT */
// What the policy says, on the screens: promises, hours, emergencies, an ended chat that goes on.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { Stage, accept, ask, bubble, goAvailable, inPanel, reply, ticketNumber, write } from './support/stage.mjs';
import { openNever } from './support/tour.mjs';

const stage = new Stage();

before(() => stage.open());
afterEach(() => stage.stop());
after(() => stage.close());

test('who waits reads when the answer comes, and what that rests on', async () => {
  await stage.start();
  const visitor = await stage.visitor();

  await ask(visitor, 'How do I ask for a review instance?');
  await inPanel(visitor, /^We answer by .*(AM|PM)/).waitFor();
  await visitor.getByText(/On record as ticket #\d+/).waitFor();
  const link = visitor.getByRole('link', { name: 'How support works' });
  assert.match(await link.getAttribute('href'), /\/help\/policy$/);
});

test('a closed desk says when it opens, in the visitor\'s own zone, and keeps the question', async () => {
  await stage.start({ policy: openNever });
  const visitor = await stage.visitor({ timezoneId: 'Europe/Berlin' });

  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByText(/^We open again Thursday, Jul 1, 3:00 PM GMT\+2/).waitFor();
  await visitor.getByLabel('What do you need help with?').fill('Where is the list of test users?');
  await visitor.getByLabel('Work email').fill('ana@example.gov');
  await visitor.getByRole('button', { name: 'Send question' }).click();
  await inPanel(visitor, 'Nobody is on duty now.').waitFor();
  await inPanel(visitor, /^We open Thursday, Jul 1, 3:00 PM GMT\+2 \(9:00 AM EDT\)\. We answer by Thursday, Jul 1, /).waitFor();
  assert.equal(await visitor.getByRole('button', { name: 'Leave a ticket instead' }).count(), 0, 'it is one already');
});

test('Veterans are stopped: the agent is asked, says yes, and it is an emergency for everybody', async () => {
  await stage.start();
  const visitor = await stage.visitor();
  const agent = await stage.console();
  const robin = await stage.server.addAgent({ name: 'Robin Chen', tier: 3, role: 'supervisor' });
  const lead = await stage.console({ agent: robin });

  await visitor.getByRole('button', { name: /^Get help/ }).click();
  await visitor.getByLabel('What do you need help with?').fill('The claim status page shows an empty list.');
  await visitor.getByLabel('Work email').fill('ana@example.gov');
  await visitor.getByLabel('Veterans are stopped in production right now').check();
  await visitor.getByRole('button', { name: 'Start chat' }).click();
  const number = await ticketNumber(visitor);

  await goAvailable(agent);
  await accept(agent);
  await agent.getByText('High', { exact: true }).first().waitFor();
  await agent.getByRole('button', { name: 'Yes, page Tier 3' }).click();
  await lead.getByText(`Emergency: ticket #${number}`).waitFor();
  await lead.getByRole('button', { name: 'I am on it' }).first().click();
  await until(async () => (await stage.server.ticket(robin, number)).ticket.page_acknowledged_at > 0, 'the page is acknowledged');
  await lead.getByText(`Emergency: ticket #${number}`).waitFor({ state: 'detached' });
  await visitor.getByText('This is handled as an emergency', { exact: false }).first().waitFor();
});

test('what did not help counts, and the chat that has ended is opened again by who asked', async () => {
  await stage.start();
  const visitor = await stage.visitor();
  const agent = await stage.console();
  const number = await ask(visitor, 'How do I register a new app in the manifest?');

  await goAvailable(agent);
  await accept(agent);
  await reply(agent, 'Please try the manifest page.');
  await bubble(visitor, 'manifest page').waitFor();
  await agent.getByRole('button', { name: 'Close', exact: true }).click();
  await agent.getByLabel('Answered in the conversation').check();
  await agent.getByRole('button', { name: 'Close ticket' }).click();
  await visitor.getByRole('button', { name: 'It is not solved' }).click();
  await write(visitor, 'The page says nothing about entry names.');
  await accept(agent);
  await agent.getByRole('log').getByText('nothing about entry names').waitFor();
  await agent.getByRole('link', { name: `#${number}`, exact: true }).waitFor();
  await agent.getByText('Reopened').first().waitFor();
});
