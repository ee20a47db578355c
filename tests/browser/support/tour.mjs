/* SPDX-License-Identifier: MIT */
// Through every state of the widget and every view of the console, in the order in which people meet
// them. `see(page, name)` is awaited at each: it takes a picture, or looks with axe.

import { accept, ask, bubble, endChat, goAvailable, inPanel, reply, write } from './stage.mjs';

const QUESTION = 'After a token refresh on staging, `/v0/user` answers **401**:\n\n```bash\ncurl -i https://api.example.gov/v0/user \\\n  -b "session=$SESSION"\n```';
const ANSWER = 'Hello Ana, the refresh token works **once**. Keep the new one from the answer:\n\n1. store `refresh_token` before the next call\n2. on a second `401`, send the person to sign in\n\nSee [the guide](https://docs.example.gov/auth).';
const NOTE = 'Same as last week: the staging clock is six minutes slow.';
const PAGE = 'https://docs.example.gov/auth/tokens';
const KEY = `ghp_${'aB3dE5gH7j'.repeat(4)}`;

/** `policy` for a desk that is never open, but for a day that nobody lives to see. */
export function openNever(policy) {
  policy.calendars.never = {
    zone: 'America/New_York', week: { 'monday-friday': [], saturday: [], sunday: [] }, known_until: '2099-12-31',
    special: [{ date: '2027-07-01', name: 'The day', hours: ['09:00-17:00'] }],
  };
  policy.desk.calendar = 'never';
  policy.channels.chat.hours = 'never';
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const launcher = (page) => page.getByRole('button', { name: /^Get help/ });

/** What a visitor sees while nobody is there: of a desk that runs by openNever. */
export async function tourClosed(stage, { visitor, see }) {
  const page = await stage.visitor(visitor);

  await launcher(page).click();
  await page.getByText(/^We open again/).waitFor();
  await see(page, 'widget closed hours');
  await page.getByLabel('What do you need help with?').fill('Where is the list of test users?');
  await page.getByLabel('Work email').fill('ana@example.gov');
  await button(page, 'Send question').click();
  await inPanel(page, /Nobody is on duty now/).waitFor();
  await see(page, 'widget closed hours on record');
}

/**
 * A chat from the first look at the page to the rating.
 * `visitor`, `agent`: options of their pages. `wide`: the console has its three panes.
 */
export async function tour(stage, { visitor, agent, see, wide = true }) {
  const asker = await stage.visitor(visitor);

  await launcher(asker).waitFor();
  await see(asker, 'page');
  await launcher(asker).click();
  await button(asker, 'Start chat').waitFor();
  await see(asker, 'widget home');
  await button(asker, 'Start chat').click();
  await asker.getByText('Write your question first.').waitFor();
  await see(asker, 'widget form errors');
  await button(asker, 'Minimize').click();

  const lead = await stage.server.addAgent({ name: 'Lena Voss', role: 'admin', tier: 2 });
  const page = await stage.page(agent);
  await page.goto(`${stage.url}/console/`);
  await page.getByLabel('Email').waitFor();
  await see(page, 'console login');
  await page.getByLabel('Email').fill(stage.agent.email);
  await page.getByLabel('Password').fill(stage.agent.password);
  await button(page, 'Log in').click();
  await page.getByText(/^No chats/).waitFor();
  await see(page, 'console empty');

  await ask(asker, QUESTION);
  await asker.getByText(/On record as ticket/).waitFor();
  await see(asker, 'widget waiting');
  await goAvailable(page);
  await button(page.getByRole('article'), /^Accept/).or(page.getByRole('button', { name: /^Accept/ })).first().waitFor();
  await see(page, 'console offer');
  await accept(page);
  await reply(page, ANSWER);
  await bubble(asker, 'works once').waitFor();
  await tourWriting(asker, see);
  await tourConversation(page, { asker, see, wide });
  await see(asker, 'widget chat');
  await tourEnd(asker, page, see);
  await tourViews(stage, page, see);
  await tourLead(await stage.console({ ...agent, agent: lead }), see);
}

/* What the visitor may meet while writing. */
async function tourWriting(page, see) {
  await write(page, `my token ${KEY}`);
  await page.getByRole('dialog', { name: 'Is this meant to be sent?' }).waitFor();
  await see(page, 'widget secret');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Is this meant to be sent?' }).waitFor({ state: 'hidden' });
  await page.getByLabel('Write a message').fill('');
  await write(page, 'That was it, thank you!');
  await bubble(page, 'That was it').waitFor();
  await button(page, 'Options').click();
  await see(page, 'widget menu');
  await page.keyboard.press('Escape');
}

/* A page that was sent, read in a tab of its own. */
async function readPage(page) {
  await page.context().route(`${PAGE}*`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Tokens</title>' }));
  const opened = page.context().waitForEvent('page');

  await page.getByRole('link', { name: /auth\/tokens/ }).click();
  await (await opened).close();
}

async function tourConversation(page, { asker, see, wide }) {
  await page.getByRole('tab', { name: 'Documentation' }).click();
  await page.getByLabel('Address of the page').fill(PAGE);
  await see(page, 'console documentation');
  await button(page, 'Send page').click();
  await readPage(asker);
  await page.getByRole('log').getByText(/^Opened /).waitFor();
  await page.getByRole('tab', { name: 'Internal note' }).click();
  await page.getByLabel('Internal note, only agents see it').fill(NOTE);
  await see(page, 'console note');
  await button(page, 'Add note').click();
  await page.locator('.entry.note').waitFor();
  await page.getByRole('tab', { name: 'Reply' }).click();
  await page.getByRole('log').getByText('That was it').waitFor();
  await see(page, 'console conversation');
  await page.getByLabel('Reply to the customer').focus();
  await page.keyboard.type('/');
  await page.getByRole('listbox').waitFor();
  await see(page, 'console slash');
  await page.keyboard.press('Escape');
  await page.getByLabel('Reply to the customer').fill('');
  for (const name of ['Escalate', 'Transfer', 'Close', 'Incident']) {
    await button(page, name).click();
    await page.getByRole('dialog').waitFor();
    await see(page, `console dialog ${name.toLowerCase()}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  if (!wide)
    return;
  for (const name of ['Earlier', 'Why', 'Details']) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel', { name }).waitFor();
    await see(page, `console ${name.toLowerCase()}`);
  }
  await page.getByRole('log').focus();
  await page.keyboard.press('s');
  await page.locator('.rows .sla.paused').click();
  await page.getByRole('group', { name: /^Targets of ticket/ }).waitFor();
  await see(page, 'console paused');
  await page.keyboard.press('Escape');
}

async function tourEnd(asker, page, see) {
  await endChat(asker);
  await button(asker, 'Keep chatting').waitFor();
  await see(asker, 'widget end asked');
  await button(asker, 'Keep chatting').click();
  await button(page, 'Close').click();
  await page.getByLabel('Answered in the conversation').check();
  await button(page, 'Close ticket').click();
  await page.getByRole('button', { name: /^Undo closing/ }).waitFor();
  await see(page, 'console undo');
  await asker.getByLabel(/Very good/).check();
  await see(asker, 'widget ended');
  await button(asker, 'Send rating').click();
  await asker.getByText('Your rating is recorded.').waitFor();
  await see(asker, 'widget rated');
}

async function tourViews(stage, page, see) {
  for (const [view, name] of [['tickets', 'tickets'], ['tickets/1', 'ticket'], ['customers', 'customers'], ['settings', 'settings']]) {
    await page.goto(`${stage.url}/console/#/${view}`);
    await page.getByRole('heading', { level: 1 }).or(page.getByRole('heading', { level: 2 })).first().waitFor();
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    await see(page, `console ${name}`);
  }
  await page.goto(`${stage.url}/console/#/tickets?status=resolved&sort=due`);
  await page.getByLabel('Name of this list').fill('Resolved, due first');
  await button(page, 'Save list').click();
  await page.getByRole('group', { name: 'Saved lists' }).getByRole('link').waitFor();
  await see(page, 'console saved list');
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
  await see(page, 'console shortcuts');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'hidden' }); // keys are its own until then
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await see(page, 'console palette');
  await page.keyboard.press('Escape');
}

async function tourLead(page, see) {
  const at = new URL(page.url()).origin;

  for (const [view, name] of [['wall', 'wall'], ['policy', 'policy'], ['people', 'people']]) {
    await page.goto(`${at}/console/#/${view}`);
    await page.getByRole('heading').first().waitFor();
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    await see(page, `console ${name}`);
  }
  await page.goto(`${at}/console/#/settings`);
  await button(page, 'Make a link for a screen').click();
  await page.getByLabel('Where the screen is').fill('Room 12');
  await button(page.getByRole('dialog'), 'Make the link').click();
  await page.goto(await page.locator('.secret code').textContent());
  await page.locator('.tile').first().waitFor();
  await see(page, 'console screen');
}
