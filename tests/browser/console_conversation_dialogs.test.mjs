/* SPDX-License-Identifier: MIT */
// Handing a ticket on, closing it, and taking that back.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { until } from '../support/wait.mjs';
import { accept, ask, inPanel } from './support/stage.mjs';
import { Talk } from './support/talk.mjs';

const talk = new Talk();
let theo;

before(async () => {
  await talk.open({ people: { theo: { name: 'Theo Wu', tier: 2 }, ines: { name: 'Ines Lo', tier: 3 } } });
  theo = await openAgent(talk.server, talk.people.theo);
}, { timeout: 120000 });
afterEach(async () => {
  talk.stage.relay.refuse = false;
  talk.stage.relay.release();
  await theo.presence('offline');
  await talk.clear();
});
after(async () => {
  await theo?.close();
  await talk.close();
});

const dialog = (name) => talk.page.getByRole('dialog', { name });
const press = (name) => talk.page.getByRole('button', { name, exact: true }).click();

async function fails(box, button, sentence) {
  await box.getByRole('button', { name: button, exact: true }).click();
  await box.getByRole('alert').getByText(sentence).waitFor();
}

test('ux 35: an escalation needs a criterion and a summary, and the target sees both first', async () => {
  const { page, visitor, ticket } = await talk.chat('The deploy of our form failed at the archive step.');

  await theo.available(3);
  await talk.composer.fill('Did a retry help?');
  await talk.composer.press('Control+Enter');
  await talk.onRecord('Did a retry help?');
  await press('Escalate');
  const box = dialog(`Escalate #${ticket}`);

  await until(async () => /1 available, 0 of 3 chats taken/.test(await box.getByLabel('To', { exact: true }).textContent()), 'the load of the tier is told');
  const summary = box.getByLabel('Summary for who takes over');

  assert.match(await summary.inputValue(), /Problem:\*\* The deploy of our form failed[^]*Tried:[^]*- Did a retry help\?[^]*Environment:\*\* Guide, https:/);
  await box.getByText('Your question goes up to Tier 2. This chat stays open.').waitFor();
  await box.getByText(/Tier 2 has .+ to take it\./).waitFor();
  await fails(box, 'Escalate', 'Tick at least one criterion.');
  await box.getByLabel('It needs logs, code or rights on infrastructure.').check();
  await summary.fill('**Problem:**');
  await fails(box, 'Escalate', 'Write the summary');
  await summary.fill('**Tried:** a retry, secretplum');
  await box.getByRole('button', { name: 'Escalate', exact: true }).click();

  const offer = await theo.offer(ticket);

  assert.equal(offer.messages.at(-1).reason, 'It needs logs, code or rights on infrastructure.');
  assert.equal(offer.messages.at(-2).text, '**Tried:** a retry, secretplum');
  const other = await talk.stage.console({ agent: talk.people.theo });
  const card = other.getByRole('article', { name: `Offer: ticket ${ticket}` }).getByRole('region', { name: 'Hand-over' });

  await card.getByText('It needs logs, code or rights').waitFor();
  await card.getByText('a retry, secretplum').waitFor();
  await other.getByRole('button', { name: 'Accept' }).click();
  const top = other.locator('main .handover');

  await top.getByText('Handed up from Tier 1, Platform Support by Dana Reyes').waitFor();
  await top.getByText('a retry, secretplum').waitFor();
  assert.ok((await top.boundingBox()).y < (await other.getByRole('log').boundingBox()).y, 'above the log');
  await other.context().close();
  assert.ok(!JSON.stringify(visitor.peer.frames).includes('secretplum'));
  assert.equal(await page.getByText('No chats.').or(page.getByText('No chats yet.')).first().isVisible(), true);
});

test('an outage is immediate: no criterion, Tier 3 is paged', async () => {
  const { visitor, ticket } = await talk.chat('The page looks strange today.');

  await press('Escalate');
  const box = dialog(`Escalate #${ticket}`);

  await box.getByLabel('This is an outage or a security incident').check();
  await box.getByText('This is handled as an emergency now.').waitFor();
  await fails(box, 'Declare incident', 'Write what has happened');
  await box.getByLabel('What has happened').fill('Nobody can sign in on production');
  await box.getByRole('button', { name: 'Declare incident', exact: true }).click();
  await visitor.waitFor((frame) => frame.event === 'incident');
  const { ticket: now } = await talk.ticket(ticket);

  assert.deepEqual([now.priority, now.tier, now.immediate], ['critical', 3, true]);
});

test('a transfer names who is there with what room, and needs a note', async () => {
  const { visitor, ticket } = await talk.chat('A question for a colleague.');

  await theo.available(1);
  await press('Transfer');
  const box = dialog(`Transfer #${ticket}`);
  const to = box.getByLabel('To', { exact: true });

  await until(async () => /Theo Wu, Tier 2, Available, 0 of 1 chats/.test(await to.textContent()), 'people with their load');
  await box.getByLabel('Note for the receiver').fill('');
  await fails(box, 'Transfer', 'Write a note');
  await box.getByLabel('Note for the receiver').fill('Please look at the runner.');
  await to.selectOption({ label: 'Theo Wu, Tier 2, Available, 0 of 1 chats' });
  await box.getByText('Your chat moves to another agent. Tier 2 takes over.').waitFor();
  await box.getByRole('button', { name: 'Transfer', exact: true }).click();
  await theo.waitFor((frame) => frame.type === 'assigned' && frame.ticket.number === ticket);
  await visitor.waitFor((frame) => frame.event === 'transferred');
  await theo.closeTicket(ticket);
});

test('a close needs resolution and tags, suggests them, and prefers the page that was sent', async () => {
  const { page, visitor, ticket } = await talk.chat('Where is the page about staging?');

  await page.getByRole('tab', { name: 'Documentation' }).click();
  await page.getByLabel('Address of the page').fill('https://docs.example.gov/staging');
  await press('Send page');
  await talk.onRecord('docs.example.gov/staging');
  const sent = await visitor.waitFor({ type: 'message', kind: 'article' });
  const box = dialog(`Close #${ticket}`);

  await press('Close');
  await box.getByText('You sent a page, not opened so far.').waitFor();
  assert.equal(await box.getByLabel('Answered with documentation').isChecked(), false);
  await box.getByRole('button', { name: 'Cancel' }).click();
  await visitor.peer.ok('page_opened', { seq: sent.seq });
  await page.getByRole('log').getByText(/^The customer opened the page “docs.example.gov\/staging”/).waitFor();
  await press('Close');
  await box.getByText('The customer opened a page that you sent').waitFor();
  assert.equal(await box.getByLabel('Answered with documentation').isChecked(), true);
  assert.equal(await box.getByLabel('Pages that answered it, one per line').inputValue(), 'https://docs.example.gov/staging');
  await box.getByLabel('Tags, separated by commas').fill('');
  await fails(box, 'Close ticket', 'Give it at least one tag');
  await box.getByRole('button', { name: /Add tag/ }).first().click();
  const tags = await box.getByLabel('Tags, separated by commas').inputValue();

  assert.notEqual(tags, '');
  await box.getByRole('button', { name: 'Close ticket' }).click();
  await visitor.waitFor((frame) => frame.event === 'closed');
  const { ticket: now } = await talk.ticket(ticket);

  assert.deepEqual([now.resolution, now.articles, now.tags], ['docs_sent', ['https://docs.example.gov/staging'], [tags]]);
});

test('a close is undone from the keyboard, and the chat is where it was', async () => {
  const { page, visitor, ticket } = await talk.chat('Is this closed by mistake?');

  await talk.composer.fill('half a reply');
  await press('Close');
  await dialog(`Close #${ticket}`).getByLabel('Answered in the conversation').check();
  await dialog(`Close #${ticket}`).getByLabel('Tags, separated by commas').fill('mistake');
  await dialog(`Close #${ticket}`).getByRole('button', { name: 'Close ticket' }).click();
  await visitor.waitFor({ type: 'status', ticket, state: 'closed' });
  const from = visitor.peer.mark();
  const undo = page.getByRole('button', { name: `Undo closing ticket #${ticket}` });

  await undo.focus();
  await page.keyboard.press('Enter');
  await visitor.waitFor({ type: 'status', ticket, state: 'active' }, { from });
  await page.getByRole('heading', { name: new RegExp(`^#${ticket} `) }).waitFor();
  assert.equal(await talk.composer.inputValue(), 'half a reply');
  await page.getByRole('log').getByText('Is this closed by mistake?').waitFor();
  await talk.composer.press('Enter');
  await visitor.waitFor({ type: 'message', text: 'half a reply' });
  assert.equal((await talk.ticket(ticket)).ticket.status, 'open');
  assert.equal(await undo.isVisible(), false);
});

test('the widget of a chat that was closed by mistake goes on', async () => {
  const { page, stage } = talk;
  const widget = await stage.visitor();
  const ticket = await ask(widget, 'Closed while I write?');

  await accept(page);
  await widget.getByLabel('Write a message').fill('half a question');
  await press('Close');
  await dialog(`Close #${ticket}`).getByLabel('Answered in the conversation').check();
  await dialog(`Close #${ticket}`).getByLabel('Tags, separated by commas').fill('mistake');
  await dialog(`Close #${ticket}`).getByRole('button', { name: 'Close ticket' }).click();
  await widget.getByText('This chat has ended').waitFor();
  await page.getByRole('button', { name: `Undo closing ticket #${ticket}` }).click();
  await inPanel(widget, 'The ticket is open again.').waitFor();
  await widget.getByLabel('Write a message').waitFor();
  assert.equal(await widget.getByText('This chat has ended').isVisible(), false);
  await talk.composer.fill('Sorry, here I am.');
  await talk.composer.press('Enter');
  await widget.locator('.rows .bubble', { hasText: 'Sorry, here I am.' }).waitFor();
  await page.goto(`${stage.url}/console/#/inbox`);
  await widget.context().close();
});

/* Said, and the word that it is on record does not come: as if nothing went down any more. */
async function sayUnheard(text) {
  talk.stage.relay.hold('down');
  await talk.composer.fill(text);
  await talk.composer.press('Control+Enter');
  await talk.page.getByRole('log').locator('li.entry', { hasText: text }).getByText(/Sending \.\.\.|Waiting for connection/).waitFor();
}

const entriesOf = async (ticket) => (await talk.server.api(talk.people.dana, 'GET', `/api/v1/tickets/${ticket}`)).json.messages;

test('what is still being sent goes first, and is in the summary of an escalation', async () => {
  const { page, visitor, ticket } = await talk.chat('The archive step fails again.');
  const box = dialog(`Escalate #${ticket}`);

  await sayUnheard('Restart the runner, please.');
  await talk.composer.fill('And send its log.');
  await talk.composer.press('Control+Enter');
  await press('Escalate');
  const summary = box.getByLabel('Summary for who takes over');

  assert.match(await summary.inputValue(), /Tried:[^]*- Restart the runner, please\.\n- And send its log\./);
  await box.getByLabel('It needs logs, code or rights on infrastructure.').check();
  await box.getByRole('button', { name: 'Escalate', exact: true }).click();
  await box.getByText(/^(Sending your message first|Your message goes first)/).waitFor(); /* a line that says nothing for long is given up */
  assert.equal(await box.getByRole('button', { name: 'Escalate', exact: true }).isEnabled(), false);
  talk.stage.relay.release();
  await visitor.waitFor((frame) => frame.event === 'escalated');
  await box.waitFor({ state: 'detached' });
  const entries = await entriesOf(ticket);
  const order = entries.map(({ text, event }) => text?.split('\n')[0] || event).slice(-4);

  assert.deepEqual(order, ['Restart the runner, please.', 'And send its log.', '**Problem:** The archive step fails again.', 'escalated']);
  assert.match(entries.at(-2).text, /- Restart the runner, please\.\n- And send its log\./);
  assert.equal(await page.getByRole('log').count(), 0);
});

test('without a connection it says that it waits, and goes on when there is one, or is left', async () => {
  const { page, visitor, ticket } = await talk.chat('Where do I find the runner?');
  const { relay } = talk.stage;
  const box = dialog(`Transfer #${ticket}`);

  for (const last of [false, true]) {
    relay.refuse = true;
    relay.cut();
    await page.getByText(/No connection/).first().waitFor();
    await talk.composer.fill(`In the settings, ${last}.`);
    await talk.composer.press('Control+Enter');
    await press('Transfer');
    await box.getByLabel('To', { exact: true }).selectOption('tier:2');
    await box.getByRole('button', { name: 'Transfer', exact: true }).click();
    await box.getByText(/^Your message goes first\. There is no connection/).waitFor();
    if (!last)
      await box.getByRole('button', { name: 'Cancel' }).click();
    relay.refuse = false;
    await visitor.waitFor({ type: 'message', text: `In the settings, ${last}.` });
    if (!last)
      await talk.onRecord(`In the settings, ${last}.`);
  }
  await visitor.waitFor((frame) => frame.event === 'transferred');
  const entries = await entriesOf(ticket);

  assert.deepEqual(entries.filter(({ event, kind }) => event === 'transferred' || kind === 'text').map(({ text, event }) => event ?? text).slice(-3),
    ['In the settings, false.', 'In the settings, true.', 'transferred'], 'and what was left did nothing');
});

test('a close waits for what was sent and proposes its page; a message that is refused stops it', async () => {
  const { page, ticket } = await talk.chat('Which page is it?');
  const { relay } = talk.stage;
  const box = dialog(`Close #${ticket}`);

  relay.refuse = true;
  relay.cut();
  await page.getByText(/No connection/).first().waitFor();
  await talk.composer.fill('It crosses.');
  await talk.composer.press('Control+Enter');
  await page.getByRole('tab', { name: 'Documentation' }).click();
  await page.getByLabel('Address of the page').fill('https://docs.example.gov/runner');
  await press('Send page');
  await press('Close');
  await box.getByText('You sent a page, not opened so far.').waitFor();
  await box.getByLabel('Answered with documentation').check();
  assert.equal(await box.getByLabel('Pages that answered it, one per line').inputValue(), 'https://docs.example.gov/runner');
  await box.getByLabel('Tags, separated by commas').fill('runner');
  await box.getByRole('button', { name: 'Close ticket' }).click();
  await box.getByText(/^Your message goes first/).waitFor();
  const ines = await openAgent(talk.server, talk.people.ines);

  await ines.say(ticket, 'Ines was quicker.');
  relay.refuse = false;
  await box.getByRole('alert').getByText('A message of yours was not sent.').waitFor();
  await box.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('group', { name: 'Not sent' }).getByRole('button', { name: 'Send anyway' }).click();
  await talk.onRecord('It crosses.');
  await press('Close');
  await box.getByLabel('Answered with documentation').check();
  await box.getByLabel('Tags, separated by commas').fill('runner');
  await box.getByRole('button', { name: 'Close ticket' }).click();
  await box.waitFor({ state: 'detached' });
  assert.equal((await talk.ticket(ticket)).ticket.status, 'resolved');
  await ines.close();
});

test('an incident does not wait for a message that was refused, which is there when the chat comes back', async () => {
  const { page, visitor, ticket } = await talk.chat('Nobody can sign in.');
  const { relay } = talk.stage;
  const ines = await openAgent(talk.server, talk.people.ines);
  const box = dialog(`Declare an incident on #${ticket}`);

  relay.refuse = true;
  relay.cut();
  await page.getByText(/No connection/).first().waitFor();
  await talk.composer.fill('Since when?');
  await talk.composer.press('Control+Enter');
  await ines.say(ticket, 'I look at it.');
  await press('Incident');
  await box.getByLabel('What has happened').fill('Nobody can sign in on production');
  await box.getByRole('button', { name: 'Declare incident', exact: true }).click();
  await box.getByText(/^Your message goes first/).waitFor();
  relay.refuse = false;
  await visitor.waitFor((frame) => frame.event === 'incident');
  await box.waitFor({ state: 'detached' });
  assert.equal((await entriesOf(ticket)).some(({ text }) => text === 'Since when?'), false, 'it crossed a reply, and was not sent');
  const { json: session } = await talk.server.api(talk.people.dana, 'GET', '/api/v1/session');

  await ines.peer.ok('transfer', { ticket, to: { agent: session.agent.id }, note: 'It is over, please say so.' });
  const held = page.getByRole('group', { name: 'Not sent' });

  await page.goto(`${talk.stage.url}/console/#/inbox/${ticket}`);
  await held.getByText('somebody replied while you were writing').waitFor();
  await page.getByRole('log').locator('li.entry', { hasText: 'Since when?' }).getByRole('button', { name: 'Send anyway' }).click();
  await visitor.waitFor({ type: 'message', text: 'Since when?' });
  await ines.close();
});

test('a form that is higher than the window keeps its buttons in sight, and shows what is wrong', async () => {
  const { page, ticket } = await talk.chat('A small window.');
  const box = dialog(`Escalate #${ticket}`);
  const inSight = async (part) => {
    const { y, height } = await part.boundingBox();
    return y >= 0 && y + height <= 560;
  };

  await page.setViewportSize({ width: 1280, height: 560 });
  await press('Escalate');
  assert.equal(await inSight(box.getByRole('button', { name: 'Escalate' })), true);
  await box.getByLabel(/^Summary for/).scrollIntoViewIfNeeded();
  await box.getByRole('button', { name: 'Escalate' }).click();
  const error = box.getByText('Tick at least one criterion.');

  await error.waitFor();
  assert.equal(await inSight(error), true);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
});
