/* SPDX-License-Identifier: MIT */
// Beside the conversation: what the customer asked before, and why the ticket is where it is.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { until } from '../support/wait.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();

before(() => talk.open({
  policy: (policy) => Object.assign(policy.chat, { capacity: 20 }), people: { lena: { name: 'Lena Voss', role: 'admin', tier: 3 } },
}), { timeout: 120000 });
afterEach(() => talk.clear());
after(() => talk.close());

const panel = () => talk.page.getByRole('region', { name: 'About this chat' });
const turnTo = (name) => panel().getByRole('tab', { name }).click();

test('earlier and open tickets of the same customer, and nobody else\'s', async () => {
  const create = async (title, email) => (await talk.server.api(talk.people.dana, 'POST', '/api/v1/tickets', {
    body: { channel: 'email', title, text: title, visitor: { name: 'x', email } },
  })).json.ticket.number;
  const open = await create('Still open about tokens', 'ANA@example.gov');
  const other = await create('Of somebody else', 'bob@example.gov');

  const first = await talk.chat('The first question of Ana');

  await first.page.getByRole('button', { name: 'Close', exact: true }).click();
  await first.page.getByLabel('Answered in the conversation').check();
  await first.page.getByRole('dialog').getByLabel('Tags, separated by commas').fill('tokens');
  await first.page.getByRole('button', { name: 'Close ticket' }).click();
  const { page } = await talk.chat('The second question of Ana');

  await panel().getByText('ana@example.gov (not verified)').waitFor();
  await turnTo('Earlier');
  await panel().getByText('The address is not verified').waitFor();
  await panel().getByRole('link', { name: `#${open} Still open about tokens` }).waitFor();
  await panel().getByRole('link', { name: `#${first.ticket} The first question of Ana` }).waitFor();
  assert.match(await panel().getByRole('listitem').filter({ hasText: 'first question' }).textContent(), /Answered in the conversation/);
  assert.equal(await panel().getByText('Of somebody else').count(), 0);
  assert.equal(await panel().getByText('The second question').count(), 0);
  await panel().getByRole('link', { name: `#${open} ` }).click();
  await page.getByRole('heading', { name: `#${open} Still open about tokens` }).waitFor();
  const lead = await openAgent(talk.server, talk.people.lena);

  for (const number of [open, other]) /* their offers would lie over what the next tests press */
    await lead.closeTicket(number);
  await lead.close();
});

test('what is being edited stays when a colleague changes the ticket, and only that is saved', async () => {
  const { page, ticket } = await talk.chat();
  const field = (name) => panel().getByLabel(name, { exact: true });
  const patch = (body) => talk.server.api(talk.people.dana, 'PATCH', `/api/v1/tickets/${ticket}`, { body });

  await field('Title').fill('Tokens on staging');
  await patch({ priority: 'high', topic: 'tokens' });
  await until(async () => await field('Topic').inputValue() === 'tokens', 'the change of a colleague');
  assert.deepEqual([await field('Title').inputValue(), await field('Priority').inputValue()], ['Tokens on staging', 'high']);
  await panel().getByRole('button', { name: 'Save' }).click();
  await page.getByText(`Ticket #${ticket} is saved.`).waitFor();
  const { ticket: { title, priority, topic } } = await talk.ticket(ticket);

  assert.deepEqual([title, priority, topic], ['Tokens on staging', 'high', 'tokens']);
});

test('ux why: routing, triage, clocks and hand-overs in sentences', async () => {
  const { page, ticket } = await talk.chat('The deploy of our form failed at the archive step.');

  await panel().getByRole('tab', { name: 'Details' }).focus();
  await page.keyboard.press('End');
  await panel().getByText('It went to Dana Reyes, who alone was available on Tier 1.').waitFor();
  await panel().getByText(/^The topic is .+: the customer wrote “.+”\./).waitFor();
  await panel().getByText(/^First reply: due .+ after it was opened\./).waitFor();
  await panel().getByText(/^The targets are those of Chat with \w+ priority, version \d+ of the policy\./).waitFor();
  await talk.composer.fill('/title Archive step fails');
  await talk.composer.press('Enter');
  await page.getByRole('heading', { name: `#${ticket} Archive step fails` }).waitFor();
  await page.goto(`${talk.stage.url}/console/#/tickets/${ticket}`);
  await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
  assert.equal(await page.locator('.why').getByText(/[{}]|"why"/).count(), 0, 'sentences, not JSON');
});

test('links are added and taken away beside the conversation', async () => {
  const { page, ticket } = await talk.chat();

  await panel().getByLabel('Add a link').fill('https://docs.example.gov/tokens');
  await page.keyboard.press('Enter');
  await panel().getByRole('link', { name: 'https://docs.example.gov/tokens' }).waitFor();
  await panel().getByLabel('Add a link').fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await panel().getByText('javascript:alert(1)').waitFor();
  assert.equal(await panel().getByRole('link', { name: 'javascript:alert(1)' }).count(), 0);
  await panel().getByRole('button', { name: 'Remove link javascript:alert(1)' }).click();
  await panel().getByText('javascript:alert(1)').waitFor({ state: 'detached' });
  assert.deepEqual((await talk.ticket(ticket)).ticket.links, ['https://docs.example.gov/tokens']);
});

test('a milestone is marked as done with what was done, and that is taken back', async () => {
  const { page, ticket } = await talk.chat('How do I add a colleague?');
  const row = panel().getByRole('listitem').filter({ hasText: 'Mitigation' });

  assert.equal(await panel().getByRole('heading', { name: 'Milestones' }).count(), 0);
  await talk.server.api(talk.people.dana, 'PATCH', `/api/v1/tickets/${ticket}`, { body: { priority: 'critical' } });
  await panel().getByRole('heading', { name: 'Milestones' }).waitFor();
  await row.getByText(/on time, 3h 59m|on time, 4h 0m/).waitFor();
  await talk.composer.fill('I am looking at it.');
  await talk.composer.press('Enter');
  await page.getByRole('button', { name: /^Mitigate 3h 59m|^Mitigate 4h/ }).first().waitFor();
  await row.getByLabel('What was done for Mitigation').fill('rolled back');
  await row.getByRole('button', { name: 'Mark done for Mitigation' }).click();
  await row.getByText(/met, in /).waitFor();
  const { ticket: now, changes } = await talk.ticket(ticket);

  assert.ok(now.milestones[0].done_at > 0);
  assert.equal(changes.find(({ field }) => field === 'done').why, 'rolled back');
  /* By keys: a notice lies over it for some seconds. */
  await row.getByRole('button', { name: 'Undo that Mitigation is done' }).press('Enter');
  await row.getByRole('button', { name: 'Mark done for Mitigation' }).waitFor();
  assert.equal((await talk.ticket(ticket)).ticket.milestones[0].done_at, null);
  await panel().getByRole('tab', { name: 'Details' }).press('End');
  await panel().getByText('Dana Reyes marked Mitigate as done: rolled back.').waitFor();
  await panel().getByText(/^Mitigation: due .+, 4 hours after it was opened\./).waitFor();
});
