/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import test from 'node:test';

import { parse } from '../shared/md.js';
import { beginning, fenced, looksLikeCode, measure } from '../shared/paste.js';
import { assertLinear } from './linear.mjs';

const CODE = {
  'a JavaScript function': 'function a() {\n  return 1;\n}',
  'a Python trace': 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    main()\nValueError: nope',
  'a Java trace': 'java.lang.IllegalStateException: no\n\tat com.example.A.b(A.java:3)\n\tat com.example.C.d(C.java:9)',
  'a log': '2026-03-02T10:41:07Z INFO started\n2026-03-02T10:41:08Z ERROR gone',
  'JSON': '{\n  "a": 1\n}',
  'YAML': 'name: build\nsteps:\n  - run: make',
  'a shell session': '$ curl -i https://api.example.gov\nHTTP/1.1 401 Unauthorized\ncontent-type: application/json',
  'a diff': '@@ -1,2 +1,2 @@\n-old\n+new',
  'an env file': 'A=1\nB=two',
  'SQL': 'SELECT *\nFROM a\nWHERE b = 1',
  'HTML': '<div>\n<p>Hello</p>\n</div>',
};
const PROSE = {
  'one line of code': 'const a = 1;',
  'two sentences': 'The build hangs since noon.\nIt worked yesterday.',
  'a mail': 'Hello,\n\nI tried what the page says, and it does not work.\nCan you help me?\n\nAna',
  'a list of words': 'First I log in\nThen I open the page\nThen it is empty',
  'nothing': '',
  'Spanish': 'Hola,\nno puedo entrar en el portal desde ayer.\nGracias',
};

for (const [what, text] of Object.entries(CODE))
  test(`paste: ${what} is code`, () => assert.equal(looksLikeCode(text), true));
for (const [what, text] of Object.entries(PROSE))
  test(`paste: ${what} is not`, () => assert.equal(looksLikeCode(text), false));

test('paste: the fence is longer than any inside, and what is inside comes back byte by byte', () => {
  for (const text of ['a', 'a\n```js\nb\n```', '`````', '~~~\nx\n~~~', '\ttabs\n  and spaces', '```\n'.repeat(3).trim()]) {
    const blocks = parse(fenced(text));

    assert.equal(blocks.length, 1, text);
    assert.equal(blocks[0].text, text);
  }
  assert.equal(parse(fenced('{"a": 1}'))[0].lang, 'json');
  assert.equal(parse(fenced('{a: 1}'))[0].lang, '');
});

test('paste: how long it is, and how it begins', () => {
  assert.deepEqual(measure('a\nb\n'), { lines: 2, bytes: 4 });
  assert.deepEqual(measure('ä'), { lines: 1, bytes: 2 });
  assert.equal(beginning('\n\n  a\nb\n'), '  a\nb');
  assert.equal(beginning('1\n2\n3\n4\n5\n6\n7').split('\n').length, 6);
  assert.equal(beginning('x'.repeat(1000)).length, 400);
});

test('paste: the time is linear in the length', () => {
  for (const seed of ['a ', `${'word '.repeat(50)}\n`])
    assertLinear(seed, looksLikeCode, 1 << 20);
});
