// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import test from 'node:test';

import { parse, safeUrl } from '../shared/md.js';
import { plainText } from '../shared/md_text.js';
import { assertLinear } from './linear.mjs';

/* The tree as something to read: tags around text. */
function show(node) {
  if (Array.isArray(node))
    return node.map(show).join('');
  if (typeof node === 'string')
    return node;
  if (node.type === 'br')
    return '|';
  if (node.items)
    return `<${node.type}${node.start > 1 ? node.start : ''}>${node.items.map((item) => `<li>${show(item)}</li>`).join('')}</${node.type}>`;
  if (node.type === 'code')
    return 'lang' in node ? `<pre ${node.lang}>${node.text}</pre>` : `<code>${node.text}</code>`;
  if (node.type === 'a')
    return `<a ${node.href}>${show(node.children)}</a>`;
  return `<${node.type}>${show(node.children)}</${node.type}>`;
}

const rows = [
  ['plain text is a paragraph', 'hello', '<p>hello</p>'],
  ['a line break stays one', 'a\nb', '<p>a|b</p>'],
  ['an empty line parts paragraphs', 'a\n\nb', '<p>a</p><p>b</p>'],
  ['bold, italic, strike', '**b** *i* ~~s~~', '<p><strong>b</strong> <em>i</em> <del>s</del></p>'],
  ['three stars are both', '***x***', '<p><strong><em>x</em></strong></p>'],
  ['marks nest', '**a *b* c**', '<p><strong>a <em>b</em> c</strong></p>'],
  ['marks that do not close are text', '**a *b', '<p>**a *b</p>'],
  ['a product is no emphasis', '2 * 3 * 4', '<p>2 * 3 * 4</p>'],
  ['snake_case is no emphasis', 'my_var_name and _em_', '<p>my_var_name and <em>em</em></p>'],
  ['marks in code are code', '`a*b*`', '<p><code>a*b*</code></p>'],
  ['two backticks hold one', '``a`b``', '<p><code>a`b</code></p>'],
  ['a lone backtick is text', 'it`s', '<p>it`s</p>'],
  ['a backslash takes the meaning away', '\\*a\\* C:\\dir', '<p>*a* C:\\dir</p>'],
  ['a fence keeps its bytes', '```sh\n\tls  *.c\n\n<b>\n```', '<pre sh>\tls  *.c\n\n<b></pre>'],
  ['a longer fence holds a shorter one', '````\n```\nx\n```\n````', '<pre >```\nx\n```</pre>'],
  ['an open fence runs to the end', '```\na', '<pre >a</pre>'],
  ['text goes on after a fence', '```\na\n```\nb', '<pre >a</pre><p>b</p>'],
  ['a fence ends a paragraph', 'see\n```\na\n```', '<p>see</p><pre >a</pre>'],
  ['Windows line ends are line ends', 'a\r\nb', '<p>a|b</p>'],
  ['a list', '- a\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
  ['a numbered list keeps its start', '3. a\n4. b', '<ol3><li><p>a</p></li><li><p>b</p></li></ol>'],
  ['a list in a list', '- a\n  - b', '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>'],
  ['an indented first item', '   - a', '<ul><li><p>a</p></li></ul>'],
  ['a quote', '> a\n> b', '<quote><p>a|b</p></quote>'],
  ['a list in a quote', '> - a', '<quote><ul><li><p>a</p></li></ul></quote>'],
  ['a link', '[docs](https://a.gov/x)', '<p><a https://a.gov/x>docs</a></p>'],
  ['parentheses in a link', '[w](https://a.gov/x_(y))', '<p><a https://a.gov/x_(y)>w</a></p>'],
  ['a link with a title', '[w](https://a.gov "t")', '<p><a https://a.gov/>w</a></p>'],
  ['a script is no link', '[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
  ['a data URL is no link', '[x](data:text/html,hi)', '<p>[x](data:text/html,hi)</p>'],
  ['a relative address is no link', '[x](/docs)', '<p>[x](/docs)</p>'],
  ['a bare address', 'see https://a.gov/q?a=1&b=2.', '<p>see <a https://a.gov/q?a=1&b=2>https://a.gov/q?a=1&b=2</a>.</p>'],
  ['a bare address in parentheses', '(https://a.gov/x)', '<p>(<a https://a.gov/x>https://a.gov/x</a>)</p>'],
  ['a bare address with parentheses', 'https://a.gov/x_(y)', '<p><a https://a.gov/x_(y)>https://a.gov/x_(y)</a></p>'],
  ['underscores in an address are no marks', 'https://a.gov/_a_', '<p><a https://a.gov/_a>https://a.gov/_a</a>_</p>'],
  ['an address in angle brackets', '<https://a.gov>', '<p><<a https://a.gov/>https://a.gov</a>></p>'],
  ['an address in a word is no link', 'xhttps://a.gov', '<p>xhttps://a.gov</p>'],
  ['HTML is text', '<img src=x onerror=alert(1)>', '<p><img src=x onerror=alert(1)></p>'],
  ['a link in a link is one link', '[https://b.gov](https://a.gov)', '<p><a https://a.gov/><em>https://b.gov</em></a></p>'],
];

for (const [name, text, expected] of rows)
  test(`md: ${name}`, () => assert.equal(show(parse(text)), expected));

test('md: only http, https and mailto are addresses', () => {
  for (const bad of ['javascript:1', 'JaVaScRiPt:1', ' javascript:1', 'vbscript:x', 'data:,x', 'file:///etc/passwd', 'blob:x', '//a.gov', ''])
    assert.equal(safeUrl(bad), null, bad);
  assert.equal(safeUrl('mailto:a@b.gov'), 'mailto:a@b.gov');
});

test('md: the time is linear in the length, whatever the text', () => {
  const seeds = ['*a ', '[a', '`a ``b ', '> ', '_a* ', '**a', '[[[[(', '- ', '  - a\n', 'http://a ', '<', '~~a', '](', '![](', '\\*', '*a*b_c_', '((((', 'https://a)))))'];

  for (const seed of seeds)
    assertLinear(seed, parse);
});

test('md: plain text names code and drops marks', () => {
  assert.equal(plainText('**Hi** `x`\n```sh\nls\n```\n- a\n- b'), 'Hi x (code) a; b');
});
