/* SPDX-License-Identifier: MIT */
// The wall of who leads the desk: figures that follow, what is at risk, and what can be done.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { clean } from './support/axe.mjs';
import { chatFrom, fillQueue } from './support/queue.mjs';
import { Stage, accept, goAvailable } from './support/stage.mjs';

const stage = new Stage();
const tile = (page, label) => page.locator('.tile', { has: page.getByText(label, { exact: true }) }).locator('dd');
const value = (page, label, text) => tile(page, label).filter({ hasText: text }).waitFor();
let lead;

before(() => stage.open());
beforeEach(async () => {
  await stage.start({ policy: (policy) => {
    policy.channels.phone.targets.critical.first_response = '3 s';
  } });
  lead = await stage.server.addAgent({ name: 'Lena Voss', role: 'supervisor', tier: 3 });
});
afterEach(() => stage.stop());
after(() => stage.close());

test('ux 14: what waits shows on the wall by itself, with who is there and how full', async () => {
  const wall = await stage.console({ agent: lead, hash: '#/wall' });
  const agent = await stage.console();

  await value(wall, 'Waiting', /^0$/);
  await chatFrom(stage, 'Is anybody there?');
  await value(wall, 'Waiting', /^1$/);
  await goAvailable(agent);
  await accept(agent);
  await wall.getByText('Dana Reyes', { exact: true }).waitFor();
  await value(wall, 'Waiting', /^0$/);
  await value(wall, 'Active', /^1\/3/);
  await wall.getByRole('img', { name: /^By topic: / }).waitFor();
  await wall.getByText('As a table').click();
  await wall.getByRole('row', { name: /1$/ }).first().waitFor();
});

test('ux 2.6: the wall is not for agents, and says which role is missing', async () => {
  const agent = await stage.console({ hash: '#/wall' });

  await agent.getByText('The wall is for supervisors and administrators. Your role is agent.').waitFor();
  assert.equal(await agent.getByRole('link', { name: 'Wall' }).count(), 0);
});

for (const colorScheme of ['light', 'dark']) {
  test(`ux 2.6: a late ticket is listed, read along, and taken over; axe is content, ${colorScheme}`, async () => {
    const wall = await stage.console({ agent: lead, hash: '#/wall', colorScheme });
    const [number] = await fillQueue(stage, 1, { priority: 'critical', title: () => 'Everything is down' });

    await value(wall, 'Breached', /^1$/);
    await clean(wall, 'wall');
    await goAvailable(wall);
    await wall.getByRole('button', { name: `Read along #${number}` }).click();
    await wall.getByText('You read along.', { exact: false }).waitFor();
    await wall.getByRole('log').getByText('What about 0?').waitFor();
    await clean(wall, 'reading along');
    await wall.getByRole('button', { name: 'Take over' }).click();
    await wall.getByText('You read along.', { exact: false }).waitFor({ state: 'detached' });
    const { ticket } = await stage.server.ticket(lead, number);
    assert.equal(ticket.agent.name, 'Lena Voss');
    await wall.goto(`${stage.url}/console/#/policy`);
    await wall.getByText('On duty now').first().waitFor();
    await clean(wall, 'policy');
    await wall.goto(`${stage.url}/console/#/customers`);
    await wall.getByRole('link', { name: 'Caller 0' }).waitFor();
    await clean(wall, 'customers');
    await wall.goto(`${stage.url}/console/#/tickets`);
    await wall.getByRole('link', { name: `#${number}`, exact: true }).waitFor();
    await clean(wall, 'tickets');
  });
}

test('very many tickets that are late at one moment are one line, and the lists follow', async () => {
  await stage.stop();
  await stage.start({ limits: { alerts_per_second: 1 }, policy: (policy) => {
    policy.channels.phone.targets.critical.first_response = '3 s';
  } });
  lead = await stage.server.addAgent({ name: 'Lena Voss', role: 'supervisor', tier: 3 });
  const wall = await stage.console({ agent: lead, hash: '#/wall' });

  /* Later notices put this one away: it is waited for from the beginning. */
  const told = wall.getByText(/^\d+ tickets?: the target for the first reply has passed\.$/).first().waitFor();

  await Promise.all([told, fillQueue(stage, 12, { priority: 'critical', title: () => 'Everything is down' })]);
  await value(wall, 'Breached', /^12$/);
});
