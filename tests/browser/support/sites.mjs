/* SPDX-License-Identifier: MIT */
// Documentation sites as the widget meets them: the frames of well-known themes, and hostile ones.
// Each is a page of another origin than the desk's.
import { after, afterEach, before, beforeEach } from 'node:test';

import { Stage, serveSite } from './stage.mjs';

const NONCE = 'r4nd0m';

const csp = (scripts, s) => `default-src 'none'; script-src ${scripts}; connect-src ${s} ${s.replace('http', 'ws')}; ` +
  `img-src ${s}; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'`;

/* Shortcuts as MkDocs Material has them: single keys, unless a field of the page has the focus. */
const SHORTCUTS = `<script>
  globalThis.hits = [];
  for (const type of ['keydown', 'keypress', 'keyup'])
    document.addEventListener(type, (event) => globalThis.hits.push(event.key));
</script>`;

const HOSTILE = `<style>
  html { font-size: 62.5%; } body { transform: translateY(0); min-height: 3000px; }
  * { color: rgb(255, 0, 0) !important; font-family: fantasy !important; letter-spacing: 4px; }
  div { display: none; } button { font-size: 60px !important; }
  #banner { position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; }
</style>`;

const TEXT = '<p>A paragraph of the guide. <a href="#more" id="link">Read more</a></p>'.repeat(30);

function page(s, { html = '', head = '', body = '', attributes = '', inner = '<div id="root"></div>' } = {}) {
  return `<!doctype html><html lang="en" ${html}><head><meta charset="utf-8"><title>Guide</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">${head}
    <script async src="${s}/widget.js" ${attributes}></script></head>
    <body ${body}><h1>Guide</h1><p><a href="#x" id="link">A link</a></p>${inner}</body></html>`;
}

/** By path: (support's origin) => {headers, body}. */
export const SITES = {
  '/plain': (s) => ({ body: page(s) }),
  '/two': (s) => ({ body: page(s, { inner: '<p>The second page</p>' }) }),
  '/long': (s) => ({ body: page(s, { inner: TEXT }) }),
  '/strict': (s) => ({ headers: { 'Content-Security-Policy': csp(s, s) }, body: page(s) }),
  '/nonce': (s) => ({
    headers: { 'Content-Security-Policy': csp(`'nonce-${NONCE}' 'strict-dynamic'`, s) },
    body: page(s, { attributes: `nonce="${NONCE}"` }),
  }),
  '/hostile': (s) => ({ body: page(s, { head: HOSTILE, inner: '<section id="banner"></section>' }) }),
  '/shortcuts': (s) => ({ body: page(s, { head: SHORTCUTS }) }),
  '/root125': (s) => ({ body: page(s, { head: '<style>html { font-size: 125%; }</style>' }) }),
  '/modal': (s) => ({ body: page(s, { inner: '<main><dialog id="dialog"><p>Cookies?</p><input id="name"><button>No</button></dialog></main>' }) }),
  '/rtl': (s) => ({ body: page(s, { html: 'dir="rtl"' }) }),
  '/spanish': (s) => ({ body: page(s, { attributes: 'data-locale="es"' }) }),
  '/own-look': (s) => ({ body: page(s, { head: '<style>#tierbell { --tb-primary: rgb(122, 31, 92); --tb-radius: 0px; --tb-offset-x: 60px; }</style>' }) }),
  '/opener': (s) => ({ body: page(s, { inner: '<a href="/help" data-support-open id="ask">Ask us</a>' }) }),
  '/queue': (s) => ({
    body: page(s, {
      head: `<script>
        window.Tierbell = window.Tierbell || function () { (Tierbell.q = Tierbell.q || []).push(arguments); };
        globalThis.heard = [];
        Tierbell('on', 'ready', function () { globalThis.heard.push('ready'); });
        Tierbell('setTags', ['from-queue']);
        Tierbell('identify', { email: 'kim@example.gov', name: 'Kim' });
        Tierbell('open');
      </script>`,
    }),
  }),
  /* Frames of themes, with what they put on html and body. */
  '/docusaurus': (s) => ({ body: page(s, { html: 'data-theme="dark" class="plugin-docs"', inner: '<div id="__docusaurus"><main>Guide</main></div>' }) }),
  '/mkdocs': (s) => ({
    body: page(s, {
      head: `<style>html { font-size: 125%; }</style>${SHORTCUTS}`,
      body: 'dir="ltr" data-md-color-scheme="slate" data-md-color-primary="indigo"', inner: '<div class="md-container">Guide</div>',
    }),
  }),
  '/sphinx': (s) => ({ body: page(s, { body: 'data-theme="light"', inner: '<div class="page"><article role="main">Guide</article></div>' }) }),
  '/vitepress': (s) => ({ body: page(s, { html: 'class="dark"' }) }),
};

const answer = ({ support }, path) => SITES[new URL(path, 'http://x').pathname]?.(support) ?? { body: 'nothing here' };

/** For the tests of a file: a stage, and a site of another origin that may embed the widget.
    `options` as of Stage.start(); `make` gives the site's pages, those above unless said. */
export function stageWithSite(options = {}, make = answer) {
  const stage = new Stage();
  const site = {};

  before(async () => {
    await stage.open();
    await serveSite(make, site);
  });
  beforeEach(async () => {
    await stage.start({ sites: [site], ...options });
    site.support = stage.url;
  });
  afterEach(() => stage.stop());
  after(async () => {
    site.close();
    await stage.close();
  });
  return { stage, site };
}
