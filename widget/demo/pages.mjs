// SPDX-License-Identifier: MIT
// The demo documentation: a few pages in the manner of a government developer site, each with
// the widget. Bodies are fragments of HTML in this folder; the frame around them is here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGES = [
  { path: '/', title: 'Platform developer documentation', file: 'home.html', label: 'Overview', group: 'Get started' },
  { path: '/docs/authentication/', title: 'Authentication and sign-in', file: 'authentication.html', label: 'Authentication', group: 'Build' },
  { path: '/docs/forms-library/', title: 'Forms library', file: 'forms-library.html', label: 'Forms library', group: 'Build' },
  { path: '/docs/review-instances/', title: 'Review instances', file: 'review-instances.html', label: 'Review instances', group: 'Ship' },
  { path: '/docs/deployments/', title: 'Deployments', file: 'deployments.html', label: 'Deployments', group: 'Ship' },
];

const GROUPS = [...new Set(PAGES.map(({ group }) => group))];

function navigation(current) {
  return GROUPS.map((group) => `
        <h2>${group}</h2>
        <ul>${PAGES.filter((page) => page.group === group).map(({ path, label }) => `
          <li><a href="${path}"${path === current.path ? ' aria-current="page"' : ''}>${label}</a></li>`).join('')}
        </ul>`).join('');
}

const idOf = (text) => text.toLowerCase().replace(/<[^>]*>/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

/* Headings get addresses; code says its language. */
function finish(body) {
  return body
    .replace(/<h2>([^]*?)<\/h2>/g, (whole, text) => `<h2 id="${idOf(text)}">${text}</h2>`)
    .replace(/<pre tabindex="0" data-language="(\w+)">/g, '<div class="listing"><p>$1</p><pre tabindex="0">')
    .replace(/<\/pre>/g, '</pre></div>');
}

function contents(body) {
  const heads = [...body.matchAll(/<h2>([^]*?)<\/h2>/g)].map(([, text]) => text);

  return heads.length < 2 ? '' : `
    <nav class="contents" aria-label="On this page">
      <h2>On this page</h2>
      <ul>${heads.map((text) => `
        <li><a href="#${idOf(text)}">${text}</a></li>`).join('')}
      </ul>
    </nav>`;
}

function turning(page) {
  const at = PAGES.indexOf(page);
  const link = (to, word, css) => (to ? `
        <a class="${css}" href="${to.path}"><span>${word}</span> ${to.label}</a>` : '');

  return link(PAGES[at - 1], 'Previous', 'previous') + link(PAGES[at + 1], 'Next', 'next');
}

function frame({ page, body, css }) {
  const crumbs = page.path === '/' ? '' : `
      <p class="crumbs"><a href="/">Docs</a> / ${page.group} / ${page.label}</p>`;

  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${page.title} | VA.gov Platform demo</title>
  <link rel="icon" href="/favicon.svg">
  <link rel="stylesheet" href="${css}">
  <script async src="/widget.js" data-project="platform"></script>
</head>
<body>
  <a class="skip" href="#content">Skip to content</a>
  <header class="top">
    <a class="site" href="/"><img src="/favicon.svg" alt="" width="28" height="28"> VA.gov Platform <span>docs</span></a>
    <nav aria-label="Site">
      <a href="/" aria-current="true">Guides</a>
      <a href="/help/policy">Support guide</a>
      <a href="/console/">Console</a>
    </nav>
  </header>
  <div class="columns">
    <nav class="side" aria-label="Documentation">${navigation(page)}
    </nav>
    <main id="content">${crumbs}
${finish(body.trim())}
      <nav class="turning" aria-label="Previous and next page">${turning(page)}
      </nav>
    </main>${contents(body)}
  </div>
  <footer>A demonstration of the support chat at work: these pages are examples, not official guidance.</footer>
</body>
</html>
`;
}

export function demoPages(folder, css) {
  return PAGES.map((page) => {
    const body = readFileSync(join(folder, page.file), 'utf8').replace(/<!--[^]*?-->\s*/, '');

    return { path: page.path, html: frame({ page, css, body }) };
  });
}
