/* SPDX-License-Identifier: MIT */
// ux 3: whatever people write, nothing of it runs. Each hostile string goes through the fields of a chat
// and of a ticket, some of them through what takes many at once, and the widget and the console show them.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { visitorPeer } from '../support/peer.mjs';
import { until } from '../support/wait.mjs';
import { MANY, armed, chat, quiet, sawMarks, scrollThrough, watchMarks } from './support/hostile_pages.mjs';
import { HOSTILE, oneLine } from './support/hostile_strings.mjs';
import { Stage, bubble, logIn } from './support/stage.mjs';

const HITS_OF_CONTROL = 60; // fewer would say that the strings are harmless
const stage = new Stage();

before(() => stage.open());
beforeEach(() => stage.start());
afterEach(() => stage.stop());
after(() => stage.close());

/* Several of them where there is one line of a limited length. */
const asLine = (strings) => oneLine(strings.join(' ')).slice(0, 500);

/* Says hello as somebody; what is refused as a whole is not shown either. */
async function introduce(token, user, page) {
  const peer = visitorPeer(stage.server, { origin: stage.url });

  await peer.opened;
  peer.send({ type: 'hello', token, after: 0, user, page, locale: user.name });
  await peer.waitFor(({ type }) => type === 'welcome' || type === 'error');
  await peer.close();
}

test('control: where a page takes them as markup, they run', async () => {
  const page = await armed(await stage.page());
  page.removeAllListeners('pageerror');
  page.removeAllListeners('console');
  await page.route('**/control', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  await page.goto(`${stage.url}/control`);
  await page.evaluate((strings) => {
    for (const text of strings)
      document.body.appendChild(document.createElement('div')).innerHTML = text;
  }, HOSTILE.filter((text) => !/http-equiv|<base|srcdoc|parent\./.test(text))); // would leave the page
  await until(() => page.evaluate(() => globalThis.hits.length).then((n) => n >= HITS_OF_CONTROL), 'they run');
});

test(`ux 3: ${HOSTILE.length} strings as message, reply, note and document card`, async () => {
  const { agentPage, visitorPage, number, visitor, agent } = await chat(stage, 'Hostile ones follow.');

  await agent.peer.waitFor('welcome');
  for (const text of HOSTILE) {
    visitor.say(text).catch(() => {});
    await agent.say(number, text);
    agent.note(number, text).catch(() => {});
    agent.say(number, text, { kind: 'article', url: 'https://docs.example.gov/', title: oneLine(text) }).catch(() => {});
    agent.say(number, text, { kind: 'article', url: text, title: 'A page' }).catch(() => {}); // most are refused
  }
  const last = await agent.say(number, 'That was the last one.');
  await visitor.caughtUp(last.seq);
  assert.ok(last.seq > 4 * HOSTILE.length, `${last.seq} entries`);
  await bubble(visitorPage, 'That was the last one.').waitFor({ state: 'attached', ...MANY });
  await scrollThrough(visitorPage);
  await quiet(visitorPage, 'widget');
  await agentPage.getByRole('log').getByText('That was the last one.').waitFor({ state: 'attached', ...MANY });
  await scrollThrough(agentPage);
  await quiet(agentPage, 'console');
  await visitorPage.reload();
  await bubble(visitorPage, 'That was the last one.').waitFor({ state: 'attached', ...MANY });
  await scrollThrough(visitorPage);
  await quiet(visitorPage, 'widget, again');
  await agentPage.goto(`${stage.url}/console/#/tickets/${number}`);
  await agentPage.locator('.transcript:not([aria-busy])').getByText('That was the last one.').waitFor(MANY);
  await quiet(agentPage, 'ticket');
});

test(`ux 3: ${HOSTILE.length} strings as name, page, title, topic, tag, reason and comment`, async () => {
  const { agentPage, visitorPage, number, visitor, agent, token } = await chat(stage, 'Fields follow.');

  await watchMarks(agentPage);
  for (const [i, text] of HOSTILE.entries()) {
    const line = `${oneLine(text)} mark${i}`;
    await introduce(token, { name: line, id: line }, { url: text, title: line });
    await introduce(token, { name: 'Ana', email: `${line}@example.gov` }, { url: 'https://docs.example.gov/', title: line });
    visitor.peer.send({ type: 'page', url: text, title: line });
    visitor.peer.send({ type: 'page', url: `https://docs.example.gov/?q=${encodeURI(text)}`, title: line });
    agent.peer.call('set', { ticket: number, topic: line }).catch(() => {});
    agent.peer.call('set', { ticket: number, tags: [line] }).catch(() => {});
    agent.peer.call('set', { ticket: number, add_link: line }).catch(() => {});
    await agent.peer.ok('set', { ticket: number, title: line });
    agent.peer.call('set', { ticket: number, remove_link: line }).catch(() => {}); // a ticket has room for a few
  }
  await agent.peer.ok('set', { ticket: number, add_link: HOSTILE[0] });
  await visitor.peer.settle();
  await sawMarks(agentPage, HOSTILE.length);
  await quiet(agentPage, 'conversation');

  await agent.peer.ok('escalate', { ticket: number, reason: asLine(HOSTILE.slice(0, 20)), note: HOSTILE.slice(60, 100).join('\n\n') });
  visitor.peer.call('solved', { article: HOSTILE[0], query: HOSTILE[1] }).catch(() => {});
  await visitor.peer.ok('close', {});
  await visitor.peer.ok('rate', { score: 2, comment: asLine(HOSTILE.slice(20, 40)) });
  await visitorPage.getByText('This chat has ended').waitFor();
  await quiet(visitorPage, 'widget');
  await agentPage.goto(`${stage.url}/console/#/tickets/${number}`);
  await agentPage.locator('.transcript:not([aria-busy])').waitFor(MANY);
  await quiet(agentPage, 'ticket');
});

test(`ux 3: ${HOSTILE.length} tickets of another channel in the list`, async () => {
  const headers = { authorization: `Bearer ${stage.agent.token}` };

  for (const text of HOSTILE) {
    const line = oneLine(text);
    const answer = await stage.server.request('POST', '/api/v1/tickets', {
      headers, body: { channel: 'phone', title: line, text, tags: [line.slice(0, 40)], visitor: { name: line } },
    });
    assert.equal(answer.status, 201, `${line}: ${answer.text}`);
  }
  const page = await armed(await stage.page({ viewport: { width: 1440, height: 900 } }));
  await page.goto(`${stage.url}/console/#/tickets`);
  await logIn(page, stage.agent);
  await page.getByRole('link', { name: /^#\d+/ }).first().waitFor();
  const rows = page.getByRole('link', { name: /^#\d+/ });
  const more = page.getByRole('button', { name: 'Show more' });
  for (let shown = await rows.count(); shown < HOSTILE.length; shown = await rows.count()) {
    await more.click();
    await until(async () => await rows.count() > shown, 'more rows');
  }
  await quiet(page, 'list');
});
