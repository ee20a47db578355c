/* SPDX-License-Identifier: MIT */
// The Markdown subset of messages, the same for visitors and agents: fences, inline code, bold,
// italic, strike, links, lists, quotes, bare addresses, line breaks. Raw HTML stays text.
// parse() gives a tree of plain values; nothing here ever makes a string of HTML.
//
//   block:  {type: 'p'|'quote', children} {type: 'code', lang, text} {type: 'ul'|'ol', start, items}
//   inline: 'text' {type: 'code', text} {type: 'strong'|'em'|'del', children} {type: 'a', href, children}
//           {type: 'br'}
//
// Every scan is bounded, so the time is linear in the length of the text.

const FENCE = /^ {0,3}(`{3,}|~{3,}) *([\w+#.-]*)[^`]*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)]) +(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const BARE_URL = /https?:\/\/[^\s<>"`]{1,2000}/y;
const ESCAPED = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}_]/u;

const BLOCK_DEPTH = 5;
const MARKS_OPEN = 40;
const LINK_TEXT = 200;
const LINK_URL = 1000;

/** The address if a link may lead there, else null. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function parse(text) {
  return parseBlocks(String(text).replace(/\r\n?/g, '\n').split('\n'), 0);
}

function parseBlocks(lines, depth) {
  const blocks = [];
  let at = 0;

  while (at < lines.length) {
    const line = lines[at];
    const nested = depth < BLOCK_DEPTH;

    if (line.trim() === '')
      at++;
    else if (FENCE.test(line))
      at = takeFence(lines, at, blocks);
    else if (nested && QUOTE.test(line))
      at = takeQuote(lines, at, blocks, depth);
    else if (nested && ITEM.test(line))
      at = takeList(lines, at, blocks, depth);
    else
      at = takeParagraph(lines, at, blocks, nested);
  }
  return blocks;
}

function takeFence(lines, start, blocks) {
  const [, fence, lang] = FENCE.exec(lines[start]);
  const body = [];
  let at = start + 1;

  for (; at < lines.length; at++) {
    const line = lines[at].trim();
    if (line.length >= fence.length && line === fence[0].repeat(line.length))
      break;
    body.push(lines[at]);
  }
  blocks.push({ type: 'code', lang, text: body.join('\n') });
  return at + 1;
}

function takeQuote(lines, start, blocks, depth) {
  const inner = [];
  let at = start;

  for (let match; at < lines.length && (match = QUOTE.exec(lines[at])); at++)
    inner.push(match[1]);
  blocks.push({ type: 'quote', children: parseBlocks(inner, depth + 1) });
  return at;
}

/* An item goes on over lines that are indented by two or more. */
function takeList(lines, start, blocks, depth) {
  const [, , first] = ITEM.exec(lines[start]);
  const ordered = /\d/.test(first);
  const items = [];
  let at = start;

  while (at < lines.length) {
    const match = ITEM.exec(lines[at]);
    const goesOn = /^ {2,}\S/.test(lines[at]);
    const blank = lines[at].trim() === '';
    const next = lines[at + 1] ?? '';

    if (match && (at === start || match[1].length < 2) && /\d/.test(match[2]) === ordered)
      items.push([match[3]]);
    else if (goesOn)
      items[items.length - 1].push(lines[at].replace(/^ {2,4}/, ''));
    else if (!blank || !(ITEM.test(next) || /^ {2,}\S/.test(next)))
      break;
    at++;
  }
  blocks.push({
    type: ordered ? 'ol' : 'ul',
    start: ordered ? parseInt(first, 10) : undefined,
    items: items.map((item) => parseBlocks(item, depth + 1)),
  });
  return at;
}

function takeParagraph(lines, start, blocks, nested) {
  const children = [];
  let at = start;

  for (; at < lines.length; at++) {
    const line = lines[at];
    const other = FENCE.test(line) || (nested && (QUOTE.test(line) || ITEM.test(line)));

    if (line.trim() === '' || (at > start && other))
      break;
    if (at > start)
      children.push({ type: 'br' });
    children.push(...parseInline(line.trim()));
  }
  blocks.push({ type: 'p', children });
  return at;
}

/* Marks (*, _, ~~) are matched on a stack of frames; what stays open becomes text again. */
function parseInline(text) {
  const frames = [{ mark: '', children: [] }];
  const missing = new Set(); /* lengths of backtick runs that have no partner further on */
  let plain = '';
  let at = 0;

  const top = () => frames[frames.length - 1];
  const flush = () => {
    if (plain)
      top().children.push(plain);
    plain = '';
  };

  while (at < text.length) {
    const taken = takeCode(text, at, missing) ?? takeLink(text, at) ?? takeUrl(text, at);

    if (taken) {
      flush();
      top().children.push(taken.node);
      at = taken.end;
    } else if (text[at] === '\\' && ESCAPED.test(text[at + 1] ?? '')) {
      plain += text[at + 1];
      at += 2;
    } else if ('*_~'.includes(text[at])) {
      const run = runLength(text, at);
      flush();
      if (!takeMark(text, at, run, frames))
        plain += text.slice(at, at + run);
      at += run;
    } else {
      plain += text[at++];
    }
  }
  flush();
  unwind(frames, 0);
  return frames[0].children;
}

function runLength(text, at) {
  let end = at;

  while (text[end] === text[at])
    end++;
  return end - at;
}

function takeCode(text, at, missing) {
  if (text[at] !== '`')
    return null;
  const run = runLength(text, at);
  const wall = '`'.repeat(run);

  if (missing.has(run))
    return { node: wall, end: at + run };
  for (let end = text.indexOf(wall, at + run); end !== -1; end = text.indexOf(wall, end)) {
    const length = runLength(text, end);
    if (length === run) {
      const body = text.slice(at + run, end);
      const padded = body.length > 2 && body.startsWith(' ') && body.endsWith(' ');
      return { node: { type: 'code', text: padded ? body.slice(1, -1) : body }, end: end + run };
    }
    end += length;
  }
  missing.add(run);
  return { node: wall, end: at + run };
}

/* [text](address): brackets in the text and parentheses in the address are balanced. */
function takeLink(text, at) {
  if (text[at] !== '[')
    return null;
  const close = balanced(text, at, '[', ']', LINK_TEXT);

  if (close === -1 || text[close + 1] !== '(')
    return null;
  const end = balanced(text, close + 1, '(', ')', LINK_URL);
  if (end === -1)
    return null;
  const [address] = text.slice(close + 2, end).trim().split(/\s/, 1);
  const href = safeUrl(address.replace(/^<|>$/g, ''));
  const label = text.slice(at + 1, close);

  if (!href || label === '' || label.includes(']('))
    return null;
  return { node: { type: 'a', href, children: parseInline(label).map(withoutLink) }, end: end + 1 };
}

function withoutLink(node) {
  return node.type === 'a' ? { type: 'em', children: node.children } : node;
}

function balanced(text, at, open, close, limit) {
  let depth = 0;

  for (let i = at; i < text.length && i < at + limit; i++) {
    if (text[i] === open)
      depth++;
    else if (text[i] === close && --depth === 0)
      return i;
  }
  return -1;
}

function takeUrl(text, at) {
  if (text[at] !== 'h' || (at > 0 && WORD.test(text[at - 1])))
    return null;
  BARE_URL.lastIndex = at;
  const match = BARE_URL.exec(text);
  if (!match)
    return null;
  const address = trimUrl(match[0]);
  const href = safeUrl(address);
  return href ? { node: { type: 'a', href, children: [address] }, end: at + address.length } : null;
}

/* The full stop after an address is not of it; a closing parenthesis is, if it was opened in it. */
function trimUrl(address) {
  let end = address.length;
  let open = 0;

  for (const char of address)
    open += char === '(' ? 1 : char === ')' ? -1 : 0;
  for (;;) {
    const char = address[end - 1];
    if (char === ')' && open < 0)
      open++;
    else if (!'.,;:!?\'*_~'.includes(char))
      return address.slice(0, end);
    end--;
  }
}

/* True: the run of marks was used to open or close something. */
function takeMark(text, at, run, frames) {
  const mark = text[at];
  const before = text[at - 1] ?? ' ';
  const after = text[at + run] ?? ' ';
  const opens = !/\s/.test(after) && (mark !== '_' || !WORD.test(before));
  const closes = !/\s/.test(before) && (mark !== '_' || !WORD.test(after));
  let left = run;

  if (run > 3 || (mark === '~' && run !== 2))
    return false;
  while (closes && left > 0) {
    const found = frames.findLastIndex((frame) => frame.mark[0] === mark && frame.mark.length <= left);
    if (found < 1)
      break;
    left -= frames[found].mark.length;
    closeFrame(frames, found);
  }
  if (left < run) {
    if (left > 0)
      frames[frames.length - 1].children.push(mark.repeat(left));
    return true;
  }
  if (!opens || frames.length > MARKS_OPEN)
    return false;
  for (const size of run === 3 ? [2, 1] : [run])
    frames.push({ mark: mark.repeat(size), children: [] });
  return true;
}

function closeFrame(frames, index) {
  unwind(frames, index);
  const { mark, children } = frames.pop();
  const type = mark === '~~' ? 'del' : mark.length === 2 ? 'strong' : 'em';

  frames[frames.length - 1].children.push({ type, children });
}

function unwind(frames, index) {
  for (const { mark, children } of frames.splice(index + 1))
    frames[index].children.push(mark, ...children);
}

/** The tree as DOM nodes. `labels`: {copy, copied, code}, and where there is room for it `wrap`;
 *  `paint(element, language, text)` may colour the text of a code block that names its language. */
export function toNodes(blocks, doc, labels) {
  const element = (name, children = []) => {
    const node = doc.createElement(name);
    node.append(...children);
    return node;
  };
  const link = (node) => {
    const a = element('a', node.children.map(inline));
    a.href = node.href;
    a.target = '_blank';
    a.rel = 'noopener noreferrer nofollow';
    return a;
  };
  const inline = (node) => {
    if (typeof node === 'string')
      return doc.createTextNode(node);
    if (node.type === 'br')
      return element('br');
    if (node.type === 'code')
      return element('code', [node.text]);
    return node.type === 'a' ? link(node) : element(node.type, node.children.map(inline));
  };
  const block = (node) => {
    if (node.type === 'code')
      return codeBlock(node, doc, element, labels);
    if (node.type === 'quote')
      return element('blockquote', node.children.map(block));
    if (node.type === 'p')
      return element('p', node.children.map(inline));
    const list = element(node.type, node.items.map((item) => element('li', item.map(block))));
    if (node.start > 1)
      list.start = node.start;
    return list;
  };

  return blocks.map(block);
}

/* Long lines scroll, or are broken where the reader wants it. */
function wrapButton(pre, element, labels) {
  const button = element('button', [labels.wrap]);

  button.type = 'button';
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    const on = pre.classList.toggle('wrapped');

    button.setAttribute('aria-pressed', String(on));
  });
  return button;
}

/* The toolbar is a row above the code, never over it; the code scrolls by itself. */
function codeBlock(node, doc, element, labels) {
  const copy = element('button', [labels.copy]);
  const code = element('code', [node.text]);
  const pre = element('pre', [code]);
  const bar = element('div', [element('span', [node.lang || labels.code]), ...(labels.wrap ? [wrapButton(pre, element, labels)] : []), copy]);
  const box = element('div', [bar, pre]);

  if (node.lang)
    labels.paint?.(code, node.lang.toLowerCase(), node.text);

  copy.type = 'button';
  copy.addEventListener('click', async () => {
    try {
      await doc.defaultView.navigator.clipboard.writeText(node.text);
      copy.textContent = labels.copied;
    } catch {
      doc.getSelection().selectAllChildren(pre);
    }
  });
  pre.tabIndex = 0;
  pre.setAttribute('role', 'group');
  pre.setAttribute('aria-label', node.lang ? `${labels.code}: ${node.lang}` : labels.code);
  bar.className = 'code-bar';
  box.className = 'code';
  return box;
}
