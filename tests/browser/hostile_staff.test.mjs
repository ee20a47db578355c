/* SPDX-License-Identifier: MIT */
// ux 3, the fields that only some fill in: hand-overs, names of agents, why somebody is away, files,
// what a page tells of itself, ratings, ready-made replies, saved lists and what is searched for.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { httpRequest } from '../support/http.mjs';
import { openVisitor } from '../support/visitor.mjs';
import { until } from '../support/wait.mjs';
import { MANY, armed, chat, markedLine, quiet, sawMarks, scrollThrough, watchMarks } from './support/hostile_pages.mjs';
import { HOSTILE, oneLine } from './support/hostile_strings.mjs';
import { Stage, goAvailable, logIn } from './support/stage.mjs';

const SAVED = 20; /* lists of an agent at most */
const NAME_BYTES = 100;
const REASON_BYTES = 60;
const REPLIES = 200; /* of a policy at most */
const REASONS_AT_ONCE = 4; /* in 511 bytes */
const TOLD_AT_ONCE = 9;
const FOUND_AT_ONCE = 8; /* ready-made replies that the palette shows */
const stage = new Stage();

before(() => stage.open());
afterEach(() => stage.stop());
after(() => stage.close());

const administrator = () => stage.server.addAgent({ name: 'Root', email: 'root@example.gov', role: 'admin', tier: 3 });

async function open(agent, hash) {
  const page = await armed(await stage.page({ viewport: { width: 1440, height: 900 } }));

  await page.goto(`${stage.url}/console/${hash}`);
  await logIn(page, agent);
  return page;
}

test(`ux 3: ${HOSTILE.length} strings as names of agents, and as notes and reasons of hand-overs`, async () => {
  await stage.start();
  const root = await administrator();
  const eve = await stage.server.addAgent({ name: 'Eve', email: 'eve@example.gov' });
  const { agentPage, visitorPage, number, agent } = await chat(stage, 'Hand-overs follow.');
  const other = await openAgent(stage.server, eve);
  const lead = await openAgent(stage.server, root);
  const ids = [other, agent].map(({ welcome }) => welcome.agent.id);

  await other.available();
  await agentPage.goto(`${stage.url}/console/#/settings`);
  await watchMarks(visitorPage);
  for (const [i, text] of HOSTILE.entries()) {
    const to = ids[i % 2];
    const { status, text: said } = await stage.server.api(root, 'PATCH', `/api/v1/agents/${to}`, { body: { name: markedLine(text, i, NAME_BYTES) } });

    assert.equal(status, 200, said);
    await lead.peer.ok('transfer', { ticket: number, to: { agent: to }, note: `${text} note${i}end` });
  }
  await sawMarks(visitorPage, HOSTILE.length);
  for (let from = 0; from < HOSTILE.length; from += REASONS_AT_ONCE) {
    const strings = HOSTILE.slice(from, from + REASONS_AT_ONCE);

    await lead.peer.ok('escalate', {
      ticket: number, tier: 2, reason: strings.map((text, i) => `${oneLine(text)} reason${from + i}end`).join(' '),
      note: strings.map((text, i) => `${text}\n\nhand${from + i}end`).join('\n\n'),
    });
    await lead.peer.ok('transfer', { ticket: number, to: { agent: ids[1] } });
  }
  await quiet(visitorPage, 'widget');
  await agentPage.goto(`${stage.url}/console/#/tickets/${number}`);
  await agentPage.getByText(`reason${HOSTILE.length - 1}end`).first().waitFor(MANY);
  await agentPage.locator('.transcript:not([aria-busy])').waitFor(MANY);
  const found = await agentPage.evaluate(() => Object.groupBy(document.body.textContent.match(/(note|reason|hand)\d+end/g), (word) => word.replace(/\d+end/, '')));
  for (const kind of ['note', 'reason', 'hand'])
    assert.equal(new Set(found[kind]).size, HOSTILE.length, kind);
  await quiet(agentPage, 'ticket');
  const people = await open(root, '#/people');
  await people.getByText(`mark${HOSTILE.length - 1}`).first().waitFor();
  await quiet(people, 'people');
});

test(`ux 3: ${HOSTILE.length} strings as why an agent is away`, async () => {
  await stage.start();
  const page = await open(stage.agent, '#/inbox');
  const agent = await openAgent(stage.server, stage.agent);

  await goAvailable(page);
  await page.getByRole('button', { name: /^Presence: / }).click();
  await watchMarks(page);
  for (const [i, text] of HOSTILE.entries())
    await agent.peer.ok('presence', { state: 'away', reason: markedLine(text, i, REASON_BYTES) });
  await sawMarks(page, HOSTILE.length);
  await quiet(page, 'presence');
});

test(`ux 3: ${HOSTILE.length} strings as names of files and as what is in them`, async () => {
  await stage.start({ limits: { files_per_ticket: 0, files_per_hour_per_address: 0 } });
  const { agentPage, visitorPage, number, token } = await chat(stage, 'Files follow.');

  await watchMarks(agentPage);
  await watchMarks(visitorPage);
  for (const [i, text] of HOSTILE.entries()) {
    const { status, text: said } = await httpRequest(stage.server, 'POST', '/api/v1/files', {
      body: text,
      headers: {
        origin: stage.url, authorization: `Visitor ${token}`, 'content-type': 'text/plain; charset=utf-8',
        'idempotency-key': `file-${i}`, 'x-file-name': encodeURIComponent(markedLine(text, i, NAME_BYTES)),
      },
    });
    assert.equal(status, 201, said);
  }
  await sawMarks(agentPage, HOSTILE.length);
  await sawMarks(visitorPage, HOSTILE.length);
  await scrollThrough(agentPage);
  await quiet(agentPage, 'conversation');
  await scrollThrough(visitorPage);
  await quiet(visitorPage, 'widget');
  await agentPage.goto(`${stage.url}/console/#/tickets/${number}`);
  await agentPage.getByText('Files follow.').first().waitFor();
  await quiet(agentPage, 'ticket');
});

test(`ux 3: ${HOSTILE.length} strings as what a page tells of itself, and as a comment with a rating`, async () => {
  await stage.start({ limits: { chats_per_hour_per_address: 0, chats_per_hour_per_visitor: 0, messages_per_10s: 0 } });
  const page = await open(stage.agent, '#/tickets');
  const visitor = await openVisitor(stage.server, { origin: stage.url });

  for (let from = 0; from < HOSTILE.length; from += TOLD_AT_ONCE) {
    const strings = HOSTILE.slice(from, from + TOLD_AT_ONCE).map((text, i) => `${text} mark${from + i}`);
    const [first, second] = strings.map((text, i) => markedLine(text, from + i, 120));

    visitor.peer.send({ type: 'page', context: { selection: strings.join('\n'), project: first, anchor: second, product: first, version: second } });
    const { ticket } = await visitor.say('It says this.', { new: true });
    await visitor.peer.ok('close', {});
    await visitor.peer.ok('rate', { score: 2, comment: oneLine(strings.join(' ')) });
    await page.goto(`${stage.url}/console/#/tickets/${ticket}`);
    for (const mark of strings.map((_, i) => `mark${from + i}`)) {
      await page.locator('.told .selection').filter({ hasText: mark }).waitFor();
      await page.locator('.entry.event', { hasText: 'Rated' }).filter({ hasText: mark }).waitFor();
    }
    await quiet(page, `ticket ${ticket}`);
  }
});

/* A policy holds fewer replies than there are strings. */
for (let from = 0; from < HOSTILE.length; from += REPLIES) {
  const strings = HOSTILE.slice(from, from + REPLIES);

  test(`ux 3: ${strings.length} strings as ready-made replies`, async () => {
    await stage.start({
      policy(policy) {
        policy.canned = strings.map((text, i) => ({ id: `r${i}`, title: markedLine(text, i, 100).replace(/[\u202a-\u202e\u2066-\u2069]/g, ''), text: `${text} set${Math.floor(i / FOUND_AT_ONCE)}end` }));
      },
    });
    const { agentPage: page } = await chat(stage, 'Replies follow.');
    const field = page.getByLabel('Reply to the customer');
    const replies = page.getByRole('option', { name: /^Ready-made replies/ });

    await watchMarks(page);
    for (let set = 0; set * FOUND_AT_ONCE < strings.length; set++) {
      const count = Math.min(FOUND_AT_ONCE, strings.length - set * FOUND_AT_ONCE);

      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).fill(`set${set}end`);
      await until(async () => await replies.count() === count, `set ${set}`);
      await quiet(page, `palette, set ${set}`);
      await replies.first().click();
      await until(async () => await field.inputValue() !== '', 'it is put in');
      await field.fill('');
    }
    await sawMarks(page, strings.length);
  });
}

test(`ux 3: ${HOSTILE.length} strings as what is searched for, and as names of saved lists`, async () => {
  await stage.start();
  const page = await open(stage.agent, '#/tickets');
  const lists = page.getByRole('group', { name: 'Saved lists' });

  await lists.waitFor({ state: 'attached' });
  for (let from = 0; from < HOSTILE.length; from += SAVED) {
    const strings = HOSTILE.slice(from, from + SAVED);
    const filters = strings.map((text, i) => ({ name: markedLine(text, from + i, 40), href: `#/tickets?${new URLSearchParams({ q: oneLine(text) })}` }));

    /* As a browser had them when it alone did. */
    await page.evaluate((saved) => {
      const { 'tierbell:console:prefs:last': me } = localStorage;
      localStorage.setItem(`tierbell:console:prefs:${JSON.parse(me)}`, JSON.stringify({ filters: saved }));
    }, filters);
    await page.reload();
    await lists.getByText(`mark${from + strings.length - 1}`).waitFor();
    assert.equal(await lists.getByRole('link').count(), strings.length);
    await quiet(page, `lists up to ${from + strings.length}`);
    for (const { href } of filters) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, href);
    }
    await page.waitForFunction((words) => [...document.querySelectorAll('input')].some(({ value }) => value === words), oneLine(strings.at(-1)));
    await lists.getByRole('button', { name: /^Delete the list "mark/ }).waitFor();
    await quiet(page, `searches up to ${from + strings.length}`);
    for (const { id } of (await stage.server.api(stage.agent, 'GET', '/api/v1/lists')).json.items)
      await stage.server.api(stage.agent, 'DELETE', `/api/v1/lists/${id}`);
    await lists.getByRole('link').first().waitFor({ state: 'detached' });
  }
});
