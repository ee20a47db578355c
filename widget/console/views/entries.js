/* SPDX-License-Identifier: MIT */
// Entries of a log, many of them: drawn in parts, so that what is read first is there at once and the
// page goes on answering; and each drawn once, whatever else of the log changes.
//
// The next part has a timer of its own. An idle moment may never come: something that moves on the page is
// enough. Nobody sees the parts of a page in the background, nor does a printer wait for them: all at once.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { html } from '../html.js';
import { Entry } from './entry.js';

const FIRST = 60; /* entries that are there at once */
const MORE = 100; /* and with each part */
const BREATH_MS = 4; /* between two parts, for keys and clicks */

/** How many of `count` entries are left out so far; 0 in the end. `again`: where many come in at once later,
    too, it begins anew with the first part. `least`: the first part has that many, for one that is to be seen. */
export function useLeftOut(count, { again = false, least = 0 } = {}) {
  const { current: log } = useRef({ left: 0, count: 0 });
  const [drawn, setDrawn] = useState(0);
  const first = Math.max(FIRST, least);

  if ((again || log.count === 0) && count - log.count > first)
    log.left = count - first;
  log.left = Math.min(log.left, count);
  log.count = count;

  const draw = (more) => {
    log.left = Math.max(0, log.left - more);
    setDrawn((times) => times + 1);
  };

  /* From the first moment on; the timer below is set after the paint. */
  useLayoutEffect(() => {
    const all = () => log.left > 0 && draw(Infinity);

    addEventListener('beforeprint', all);
    return () => removeEventListener('beforeprint', all);
  }, []);

  useEffect(() => {
    if (log.left === 0)
      return undefined;
    const timer = setTimeout(() => draw(document.visibilityState === 'hidden' ? Infinity : MORE), BREATH_MS);

    return () => clearTimeout(timer);
  }, [log.left, drawn]);
  return log.left;
}

/** (entry, foot, joined) => its node. The same entry is the same node, which is then not compared again. Not so
    what changes: the newest reply, and a page that is opened. `pages`: sentPages() of the log; `joined`: see Entry. */
export function useNodes(visitor, pages) {
  const nodes = useRef({ visitor, made: new WeakMap() });

  if (nodes.current.visitor !== visitor)
    nodes.current = { visitor, made: new WeakMap() };
  return (entry, foot, joined = false) => {
    const { made } = nodes.current;
    const known = made.get(entry);

    if (foot || pages.has(entry.seq) || pages.has(entry.page))
      return html`<${Entry} key=${entry.seq} entry=${entry} visitor=${visitor} joined=${joined} foot=${foot} pages=${pages} />`;
    if (known?.joined === joined)
      return known.node;
    const node = html`<${Entry} key=${entry.seq} entry=${entry} visitor=${visitor} joined=${joined} />`;

    made.set(entry, { joined, node });
    return node;
  };
}
