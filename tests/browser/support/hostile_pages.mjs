/* SPDX-License-Identifier: MIT */
// For suites with hostile strings: pages that count what runs in them, and a chat between two of them.
import assert from 'node:assert/strict';

import { openAgent } from '../../support/agent.mjs';
import { openVisitor } from '../../support/visitor.mjs';
import { PATIENCE_MS } from '../../support/wait.mjs';
import { oneLine } from './hostile_strings.mjs';
import { accept, ask, goAvailable, logIn } from './stage.mjs';

/* For what is there only when all the strings are: a slow machine draws some hundred rows longer than one. */
export const MANY = { timeout: 3 * PATIENCE_MS };

/* Counts what runs: a call of hit(), and whatever opens a dialog or another page. */
export async function armed(page) {
  await page.addInitScript(() => {
    globalThis.hits = [];
    globalThis.hit = () => globalThis.hits.push(document.activeElement?.outerHTML.slice(0, 80) ?? '');
  });
  page.on('dialog', (dialog) => dialog.dismiss());
  return page;
}

export async function quiet(page, where) {
  const found = await page.evaluate(() => {
    const roots = [document];
    for (const node of document.querySelectorAll('*')) {
      if (node.shadowRoot)
        roots.push(node.shadowRoot);
    }
    const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
    return {
      hits: globalThis.hits,
      violations: globalThis.violations,
      addresses: all('[href], [src], [action], [data]')
        .map((node) => node.href ?? node.src ?? node.action ?? node.data)
        .filter((address) => !/^(https?|mailto):/.test(String(address.baseVal ?? address))),
      handlers: all('*').filter((node) => [...node.attributes].some(({ name }) => name.startsWith('on'))).length,
      foreign: all('script:not([src]), iframe, object, embed, base, svg script, form[action]').length,
    };
  });
  assert.deepEqual(found, { hits: [], violations: [], addresses: [], handlers: 0, foreign: 0 }, where);
}

/* The console draws rows only in sight: all of them are drawn, in a high window many at once. The widget
   always has all; what it does when one scrolls is done some times. */
export async function scrollThrough(page) {
  const size = page.viewportSize();

  await page.setViewportSize({ width: size.width, height: 5000 });
  await page.evaluate(async () => {
    const ofConsole = document.querySelector('[role=log]');
    const log = ofConsole ?? document.querySelector('#tierbell').shadowRoot.querySelector('[role=log]');
    const box = [log, log.parentElement, log.firstElementChild].find((node) => node && node.scrollHeight > node.clientHeight + 1) ?? log;
    const step = Math.max(200, ofConsole ? box.clientHeight : box.scrollHeight / 20);
    for (let top = 0; top <= box.scrollHeight; top += step) {
      box.scrollTop = top;
      await new Promise(requestAnimationFrame);
    }
    box.scrollTop = box.scrollHeight;
  });
  await page.setViewportSize(size);
}

/* The chat of two pages, and a second connection of each side that types faster. */
export async function chat(stage, question) {
  const agentPage = await armed(await stage.page({ viewport: { width: 1440, height: 900 } }));
  await agentPage.goto(`${stage.url}/console/`);
  await logIn(agentPage, stage.agent);
  const visitorPage = await armed(await stage.page());
  await visitorPage.goto(`${stage.url}/docs/authentication/`);
  const number = await ask(visitorPage, question);
  await goAvailable(agentPage);
  await accept(agentPage);
  const token = await visitorPage.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => /^tierbell:.*:token$/.test(name));
    return JSON.parse(localStorage.getItem(key));
  });
  const visitor = await openVisitor(stage.server, { token, origin: stage.url });
  const agent = await openAgent(stage.server, stage.agent);
  return { agentPage, visitorPage, number, visitor, agent, token };
}

/* From now on, `mark12` in a text that the page shows is remembered. */
export async function watchMarks(page) {
  await page.evaluate(() => {
    const take = (text) => {
      for (const [mark] of text.matchAll(/mark\d+/g))
        globalThis.seen.add(mark);
    };
    const roots = [document.body, ...[...document.querySelectorAll('*')].map((node) => node.shadowRoot).filter(Boolean)];
    globalThis.seen = new Set();
    for (const root of roots) {
      new MutationObserver((changes) => changes.forEach(({ target }) => take(target.textContent)))
        .observe(root, { subtree: true, childList: true, characterData: true });
    }
  });
}

/* None was passed over. */
export const sawMarks = (page, count) => page.waitForFunction((n) => globalThis.seen.size === n, count, MANY);

/* The string as a line of at most `bytes`, with its mark in front, so that it is there when the end is cut. */
export function markedLine(text, i, bytes) {
  const line = Buffer.from(`mark${i} ${oneLine(text).replace(/[\u007f-\u009f\u2028\u2029]/g, ' ')}`);

  return line.subarray(0, bytes).toString().replace(/\ufffd$/, '').trim();
}
