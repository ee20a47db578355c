/* SPDX-License-Identifier: MIT */
// What a close begins with.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTags, sentArticles, suggestTags } from '../console/ticket/closing.js';

test('pages that were sent, each once, the newest four', () => {
  let seq = 0;
  const article = (url) => ({ seq: ++seq, kind: 'article', url, from: { role: 'agent' } });
  const log = [article('a'), { seq: 0, kind: 'text', from: { role: 'agent' } }, article('b'), article('a'), article('c'), article('d'), article('e')];

  assert.deepEqual(sentArticles(log), { urls: ['b', 'c', 'd', 'e'], opened: false });
  assert.deepEqual(sentArticles([]), { urls: [], opened: false });
  const opened = (page) => ({ seq: 99, kind: 'event', event: 'page_opened', page, at: 5, from: { role: 'visitor' } });

  assert.deepEqual(sentArticles([...log, opened(log[2].seq), opened(77)]), { urls: ['b'], opened: true }, 'what was opened comes first');
});

test('tags from the topic, then from the page, nearest part first, and none that it has', () => {
  const page = { url: 'https://docs.example.gov/docs/authentication/token-refresh.html?x=1#y' };

  assert.deepEqual(suggestTags({ topic: 'api', tags: [] }, page), ['api', 'token-refresh', 'authentication']);
  assert.deepEqual(suggestTags({ topic: 'api', tags: ['api'] }, page), ['token-refresh', 'authentication']);
  assert.deepEqual(suggestTags({ topic: 'something-else' }, null), []);
  assert.deepEqual(suggestTags({ topic: null }, { url: 'not an address' }), []);
});

test('what was written as tags is read, or refused with a sentence', () => {
  assert.deepEqual(readTags(' a,  b  c ,a,'), { tags: ['a', 'b c'] });
  for (const text of ['', ' , ', Array.from({ length: 11 }, (_, i) => i).join(','), 'ü'.repeat(24)])
    assert.match(readTags(text).error, /\.$/, text);
});
