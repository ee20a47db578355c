// SPDX-License-Identifier: MIT
// The demo documentation: a few pages in the manner of a government developer site, each with
// the widget. Bodies are fragments of HTML in this folder; the frame around them is here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGES = [
  ['/', 'Platform developer documentation', 'home.html', 'Home'],
  ['/docs/authentication/', 'Authentication and sign-in', 'authentication.html', 'Authentication'],
  ['/docs/deployments/', 'Deployments', 'deployments.html', 'Deployments'],
  ['/docs/review-instances/', 'Review instances', 'review-instances.html', 'Review instances'],
  ['/docs/forms-library/', 'Forms library', 'forms-library.html', 'Forms library'],
];

function navigation(current) {
  return PAGES.map(([path, , , label]) =>
    `<li><a href="${path}"${path === current ? ' aria-current="page"' : ''}>${label}</a></li>`).join('\n        ');
}

function frame({ path, title, body, css }) {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} | VA.gov Platform demo</title>
  <link rel="icon" href="/favicon.svg">
  <link rel="stylesheet" href="${css}">
  <script async src="/widget.js" data-project="platform"></script>
</head>
<body>
  <a class="skip" href="#content">Skip to content</a>
  <header class="top">
    <a class="site" href="/">VA.gov Platform</a>
    <p>Demo documentation</p>
  </header>
  <div class="columns">
    <nav aria-label="Documentation">
      <ul>
        ${navigation(path)}
      </ul>
    </nav>
    <main id="content">
${body.trim()}
    </main>
  </div>
  <footer>These pages show the support chat at work and are not official guidance.
    Agents work in the <a href="/console/">support console</a>.</footer>
</body>
</html>
`;
}

export function demoPages(folder, css) {
  return PAGES.map(([path, title, file]) => {
    const body = readFileSync(join(folder, file), 'utf8').replace(/<!--[^]*?-->\s*/, '');
    return { path, html: frame({ path, title, css, body }) };
  });
}
