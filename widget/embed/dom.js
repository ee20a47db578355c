/* SPDX-License-Identifier: MIT */
// Elements without a template and without innerHTML.

/** el('button', {class: 'x', onclick: f, 'aria-label': 'y', hidden: true}, 'text', node, null) */
export function el(name, props = {}, ...children) {
  const node = document.createElement(name);

  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false)
      continue;
    if (key.startsWith('on'))
      node.addEventListener(key.slice(2), value);
    else
      node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child));
  return node;
}

/** Sets text only when it changes, so that a reader of the tree sees no false update. */
export function setText(node, text) {
  if (node.textContent !== text)
    node.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 24 px line icon of one path. */
export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');

  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' }))
    svg.setAttribute(key, value);
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
