// SPDX-License-Identifier: MIT
// usage: node build.mjs [OUT]
// Builds the front end into OUT (build/assets): every file as it is served, its gzip and brotli
// twins, and the table that puts them into the server (table.c, bytes.S; see
// include/adapter/assets.h). The same sources and lock give the same bytes.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';
import { minify } from 'terser';

import { demoPages } from './demo/pages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const top = resolve(here, '..');
const out = resolve(process.argv[2] ?? join(top, 'build/assets'));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

const SHORT = 'public, max-age=300';
const FOREVER = 'public, max-age=31536000, immutable';
const FRESH = 'no-cache';
const TYPES = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

/* Styles of the widget are text for CSSStyleSheet; minified on the way. */
const cssAsText = {
  name: 'css-as-text',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.replace(/\n$/, ''), loader: 'text' };
    });
  },
};

async function bundle(entry, { define = {}, ...options } = {}) {
  const result = await esbuild.build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    target: ['es2022', 'chrome114', 'firefox125', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    define: { VERSION: JSON.stringify(version), ...define },
    ...options,
  });
  const { text } = result.outputFiles[0];
  return Buffer.from(entry.endsWith('.css') ? text : await squeeze(text, options.format === 'esm'));
}

/* A second pass: some 4 % less, and the widget is loaded by every page. */
async function squeeze(text, module) {
  const { code } = await minify(text, { module, ecma: 2020, compress: { passes: 3 }, format: { comments: false } });
  return code;
}

const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hashed = (name, bytes, type) => `${name}.${sha(bytes).slice(0, 10)}.${type}`;

function compress(bytes) {
  const gzip = gzipSync(bytes, { level: 9 });
  const br = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  return { gzip: gzip.length < bytes.length ? gzip : null, br: br.length < bytes.length ? br : null };
}

async function makeAssets() {
  const assets = [];
  const add = (path, type, bytes, cache, scope = 'ASSET_SAME_ORIGIN') =>
    assets.push({ path, type: TYPES[type], bytes: Buffer.from(bytes), cache, scope });

  const ended = await bundle('embed/views/ended.js', { format: 'esm', plugins: [cssAsText] });
  const endedPath = `/widget/${hashed('ended', ended, 'js')}`;
  const waiting = await bundle('embed/views/waiting.js', { format: 'esm', plugins: [cssAsText] });
  const waitingPath = `/widget/${hashed('waiting', waiting, 'js')}`;
  const panel = await bundle('embed/panel.js', {
    format: 'esm',
    plugins: [cssAsText],
    define: { ENDED_PATH: JSON.stringify(endedPath), WAITING_PATH: JSON.stringify(waitingPath) },
    mangleProps: /^on[A-Z]/, // our own callbacks; the DOM's are in small letters
    reserveProps: /^onLine$/,
  });
  const panelPath = `/widget/${hashed('panel', panel, 'js')}`;
  const loader = await bundle('embed/loader.js', {
    format: 'iife',
    plugins: [cssAsText],
    define: { PANEL_PATH: JSON.stringify(panelPath) },
  });
  add('/widget.js', 'js', loader, SHORT, 'ASSET_EMBED');
  add(panelPath, 'js', panel, FOREVER, 'ASSET_EMBED');
  add(endedPath, 'js', ended, FOREVER, 'ASSET_EMBED');
  add(waitingPath, 'js', waiting, FOREVER, 'ASSET_EMBED');

  const app = await bundle('console/app.js', { format: 'esm' });
  const appCss = await bundle('console/console.css');
  const appPath = `/console/${hashed('app', app, 'js')}`;
  const appCssPath = `/console/${hashed('app', appCss, 'css')}`;
  const page = readFileSync(join(here, 'console/index.html'), 'utf8')
    .replace('app.js', appPath)
    .replace('console.css', appCssPath);
  add(appPath, 'js', app, FOREVER);
  add(appCssPath, 'css', appCss, FOREVER);
  add('/console/', 'html', page, FRESH);

  const demoCss = await bundle('demo/demo.css');
  const demoCssPath = `/docs/${hashed('demo', demoCss, 'css')}`;
  add(demoCssPath, 'css', demoCss, FOREVER);
  for (const demo of demoPages(join(here, 'demo'), demoCssPath))
    add(demo.path, 'html', demo.html, FRESH);

  const mark = readFileSync(join(here, 'shared/mark.svg'));
  add('/favicon.svg', 'svg', mark, SHORT);
  return assets.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/* A path as a file name; a folder's page is its index.html. */
const fileOf = (path) => join(out, 'files', path.endsWith('/') ? `${path}index.html` : path);

function writeFile(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return relative(top, path);
}

function writeTable(assets) {
  const table = [];
  const bytes = [];
  const names = [];
  let count = 0;

  const embed = (file, length) => {
    if (!file) return '{NULL, 0}';
    const name = `asset_bytes_${count++}`;
    bytes.push(`\t.globl ${name}\n${name}:\n\t.incbin "${file}"\n\t.byte 0`);
    names.push(`extern const unsigned char ${name}[];`);
    return `{${name}, ${length}}`;
  };
  for (const asset of assets) {
    const { gzip, br } = compress(asset.bytes);
    const file = fileOf(asset.path);
    const cells = [
      JSON.stringify(asset.path),
      JSON.stringify(asset.type),
      JSON.stringify(`"${sha(asset.bytes).slice(0, 20)}"`),
      JSON.stringify(asset.cache),
      asset.scope,
      embed(writeFile(file, asset.bytes), asset.bytes.length),
      embed(gzip && writeFile(`${file}.gz`, gzip), gzip?.length),
      embed(br && writeFile(`${file}.br`, br), br?.length),
    ];
    table.push(`\t{${cells.join(', ')}},`);
  }
  writeFile(join(out, 'bytes.S'), [
    '/* Made by widget/build.mjs. */',
    '\t.section .rodata', ...bytes, '\t.section .note.GNU-stack,"",%progbits', '',
  ].join('\n'));
  writeFile(join(out, 'table.c'), [
    '/* Made by widget/build.mjs. */', '#include "adapter/assets.h"', '', ...names, '',
    'const struct asset assets[] = {', ...table, '};', '',
    'const size_t assets_count = sizeof(assets) / sizeof(assets[0]);', '',
  ].join('\n'));
}

rmSync(out, { recursive: true, force: true });
const assets = await makeAssets();
writeTable(assets);
if (process.env.V) {
  for (const { path, bytes } of assets)
    console.log(`${String(bytes.length).padStart(8)} ${String(gzipSync(bytes, { level: 9 }).length).padStart(7)} gz  ${path}`);
}
