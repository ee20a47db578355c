/* SPDX-License-Identifier: MIT */
// Administration in the console: a new agent, a new password, disabling.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/wait.mjs';
import { clean } from './support/axe.mjs';
import { Stage, enterLogin, logIn } from './support/stage.mjs';

const stage = new Stage();
let root;

before(() => stage.open());
beforeEach(async () => {
  await stage.start();
  root = await stage.server.addAgent({ name: 'Root Admin', role: 'admin', tier: 3 });
});
afterEach(() => stage.stop());
after(() => stage.close());

for (const colorScheme of ['light', 'dark']) {
  test(`ux 2.1: an agent is added, logs in with the password that is shown once, and is disabled, ${colorScheme}`, async () => {
    const page = await stage.console({ agent: root, hash: '#/people', colorScheme });

    await page.getByRole('button', { name: 'Add an agent' }).click();
    await page.getByLabel(/^Name/).fill('Nora Quinn');
    await page.getByLabel(/^Email/).fill('nora@example.gov');
    await page.getByLabel('Tier').selectOption('2');
    await clean(page, 'dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    const password = await page.locator('.secret code').textContent();
    assert.match(password, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    await clean(page, 'people, with a password');
    await page.getByRole('button', { name: 'I have it' }).click();
    assert.equal(await page.getByText(password).count(), 0);

    const nora = await stage.page();
    await nora.goto(`${stage.url}/console/`);
    await enterLogin(nora, { email: 'nora@example.gov' }, password);
    await nora.getByRole('heading', { name: 'Choose a password' }).waitFor();
    await clean(nora, 'first password');
    await nora.goto(`${stage.url}/console/#/tickets`);
    await nora.reload();
    await nora.getByRole('heading', { name: 'Choose a password' }).waitFor();
    assert.equal(await nora.getByRole('navigation').count(), 0, 'nothing else is shown');
    await nora.getByLabel('The one you were given').fill(password);
    await nora.getByLabel(/^New password, 8/).fill('a word of my own');
    await nora.getByLabel('New password again').fill('another word');
    await nora.getByRole('button', { name: 'Save and go on' }).click();
    await nora.getByText('The two passwords are not the same.').waitFor();
    await nora.getByLabel('New password again').fill('a word of my own');
    await nora.getByRole('button', { name: 'Save and go on' }).click();
    await nora.getByRole('navigation', { name: 'Console' }).waitFor();
    await page.getByRole('button', { name: 'Disable Nora Quinn' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('row', { name: /Nora Quinn.*Disabled/ }).waitFor();
    await nora.getByRole('textbox', { name: 'Password' }).waitFor();
  });
}

test('a newcomer does not type the one-time password twice, and logs in with the own one afterwards', async () => {
  const email = 'new@example.gov';
  await stage.server.api(root, 'POST', '/api/v1/agents', { body: { name: 'New Comer', email, tier: 1, password: 'first-time-1' } });
  const page = await stage.page();

  await page.goto(`${stage.url}/console/`);
  await enterLogin(page, { email }, 'first-time-1');
  assert.equal(await page.getByLabel('The one you were given').count(), 0);
  await page.getByLabel(/^New password, 8/).fill('a word of my own');
  await page.getByLabel('New password again').fill('a word of my own');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
  const again = await stage.page();

  await again.goto(`${stage.url}/console/`);
  await logIn(again, { email }, 'a word of my own');
});

test('ux 2.8: who is no administrator is told which role is missing', async () => {
  const page = await stage.console({ hash: '#/people' });

  await page.getByText(/This is for administrators/).waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Shortcuts' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0);
});

test('API tokens: one\'s own are renamed and revoked in the settings, others\' by an administrator', async () => {
  const { server, agent } = stage;
  const page = await stage.console({ hash: '#/settings' });

  await server.runOk(['token', 'create', '--email', agent.email, '--label', 'nightly export']);
  await page.reload();
  await page.getByRole('row', { name: /nightly export.*All of the agent.*Never/ }).waitFor();
  await page.getByRole('button', { name: 'Rename nightly export' }).click();
  await page.getByLabel('What it is for').fill('weekly export');
  await clean(page, 'renaming a token');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /weekly export/ }).waitFor();
  await clean(page, 'tokens in the settings');

  const admin = await stage.console({ agent: root, hash: '#/people' });
  await admin.getByRole('button', { name: 'Tokens Dana Reyes' }).click();
  await admin.getByRole('region', { name: 'API tokens of Dana Reyes' }).getByRole('button', { name: 'Revoke weekly export' }).click();
  await clean(admin, 'revoking a token');
  await admin.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await admin.getByRole('row', { name: /weekly export/ }).waitFor({ state: 'detached' });
  await clean(admin, 'tokens of a colleague');
  assert.equal((await server.api(agent, 'GET', '/api/v1/tokens')).json.items.some(({ label }) => label === 'weekly export'), false);
});

test('a reload that was refused is told with its mistakes, and what holds beside it', async () => {
  const { server } = stage;
  const broken = JSON.parse(readFileSync(server.policy, 'utf8'));

  broken.chat.offer = '30';
  writeFileSync(server.policy, JSON.stringify(broken));
  server.child.kill('SIGHUP');
  await until(() => /reload\.refused/.test(server.log), 'the refusal');
  const page = await stage.console({ agent: root, hash: '#/policy' });
  const last = page.getByRole('region', { name: 'The last reload' });

  await last.getByText(/^Refused .+ has 1 mistake.*\. What is below still holds\.$/).waitFor();
  await last.getByText('$.chat.offer').waitFor();
  await page.getByText('Mitigation', { exact: true }).waitFor();
  await clean(page, 'policy, with mistakes');
});
