// SPDX-License-Identifier: MIT
// usage: node build.mjs [OUT]
// Builds the front end into OUT (build/assets): every file as it is served, its gzip and brotli
// twins, and the table that puts them into the server (table.c, bytes.S; see
// include/adapter/assets.h). The same sources and lock give the same bytes.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';
import { minify } from 'terser';

import { demoPages } from './demo/pages.mjs';
import { parseTable } from './shared/secrets_table.js';

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
  ts: 'text/plain; charset=utf-8',
};

/* Parts of the widget that come when they are needed (embed/shell/parts.js): each is one line here. */
const PARTS = {
  talk: 'embed/views/talk.js',
  waiting: 'embed/views/waiting.js',
  ended: 'embed/views/ended.js',
  menu: 'embed/views/menu.js',
  sound: 'embed/sound.js',
  notice: 'embed/notice.js',
  popout: 'embed/views/popout.js',
  editor: 'embed/views/editor.js',
  highlight: 'embed/highlight.js',
  context: 'embed/views/context.js',
};

/* Beside English, which every file has for itself. */
const LANGUAGES = ['es'];

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

/* The server's list of secrets, as objects. */
const secretTable = {
  name: 'secret-table',
  setup(build) {
    build.onLoad({ filter: /secret\.def$/ }, ({ path }) => ({
      contents: JSON.stringify(parseTable(readFileSync(path, 'utf8'))), loader: 'json',
    }));
  },
};

/* Only its tree is used: what writes HTML is never called, and is not in the file. */
const noSinks = {
  name: 'no-sinks',
  setup(build) {
    build.onLoad({ filter: /highlight\.js\/lib\/core\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/\.inner[A-Z]+\b/g, '.textContent'),
    }));
  },
};

/* What is fetched when it is needed has all of the console that is there by then. Said so, the first
   load is one file; else it was one for each set of views that share something. */
const oneCore = (entry) => ({
  name: 'one-core',
  setup(build) {
    const fetched = new Set();

    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') fetched.add(resolve(resolveDir, path));
    });
    build.onLoad({ filter: /\/console\/.*\.js$/ }, ({ path }) => (fetched.has(path)
      ? { contents: `import ${JSON.stringify(join(here, entry))};\n${readFileSync(path, 'utf8')}`, loader: 'js' } : undefined));
  },
});

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

/* The console: what it needs at once, and the views that are fetched when they are opened.
   [{path, bytes, initial}]; the first one is the entry. */
async function bundleConsole(entry) {
  const result = await esbuild.build({
    entryPoints: [join(here, entry)],
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: join(here, 'out'),
    entryNames: 'app.[hash]',
    chunkNames: '[name].[hash]',
    target: ['es2022', 'chrome114', 'firefox125', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    absWorkingDir: here,
    plugins: [secretTable, oneCore(entry)],
  });
  const { outputs } = result.metafile;
  const first = Object.keys(outputs).find((name) => outputs[name].entryPoint === entry);
  const initial = new Set();
  const follow = (name) => {
    if (initial.has(name)) return;
    initial.add(name);
    for (const { path, kind } of outputs[name].imports) if (kind === 'import-statement') follow(path);
  };

  follow(first);
  const files = await Promise.all(result.outputFiles.map(async ({ path, text }) => ({
    path: `/console/${basename(path)}`,
    bytes: Buffer.from(await squeeze(text, true)),
    initial: initial.has(relative(here, path)),
    entry: relative(here, path) === first,
  })));
  return files.sort((a, b) => b.entry - a.entry || (a.path < b.path ? -1 : 1));
}

/* A second pass: some 4 % less, and the widget is loaded by every page. */
async function squeeze(text, module) {
  const { code } = await minify(text, { module, ecma: 2020, compress: { passes: 3 }, format: { comments: false } });
  return code;
}

/* All texts of a language: `es.json`, `es.talk.json` and so on. */
function stringsOf(locale) {
  const folder = join(here, 'shared/strings');
  const names = readdirSync(folder).filter((name) => name.startsWith(`${locale}.`)).sort();

  return Object.assign({}, ...names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/* `home`: the way from the loader's address to where the server's paths begin. */
const loader = (home, panelPath) => bundle('embed/loader.js', {
  format: 'iife',
  plugins: [cssAsText],
  define: { HOME: JSON.stringify(home), PANEL_PATH: JSON.stringify(panelPath) },
});

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

  const parts = {};
  for (const [name, entry] of Object.entries(PARTS)) {
    const part = await bundle(entry, { format: 'esm', plugins: [cssAsText, secretTable, noSinks] });

    parts[name] = `/widget/${hashed(name, part, 'js')}`;
    add(parts[name], 'js', part, FOREVER, 'ASSET_EMBED');
  }
  const languages = {};
  for (const locale of LANGUAGES) {
    const texts = Buffer.from(`export default ${JSON.stringify(stringsOf(locale))};\n`);

    languages[locale] = `/widget/${hashed(locale, texts, 'js')}`;
    add(languages[locale], 'js', texts, FOREVER, 'ASSET_EMBED');
  }
  const panel = await bundle('embed/panel.js', {
    format: 'esm',
    plugins: [cssAsText],
    define: { PARTS: JSON.stringify(parts), LANGUAGES: JSON.stringify(languages) },
  });
  const panelPath = `/widget/${hashed('panel', panel, 'js')}`;
  add('/widget.js', 'js', await loader('.', panelPath), SHORT, 'ASSET_EMBED');
  add(`/widget/${version}/loader.js`, 'js', await loader('../..', panelPath), FOREVER, 'ASSET_EMBED');
  add(panelPath, 'js', panel, FOREVER, 'ASSET_EMBED');

  add('/widget/tierbell.d.ts', 'ts', readFileSync(join(here, 'embed/tierbell.d.ts')), SHORT, 'ASSET_EMBED');

  const popout = await bundle('embed/popout.js', {
    format: 'esm',
    plugins: [cssAsText],
    define: { PANEL_PATH: JSON.stringify(panelPath) },
  });
  const popoutPath = `/widget/${hashed('window', popout, 'js')}`;
  const popoutPage = readFileSync(join(here, 'embed/popout.html'), 'utf8')
    .replace('popout.js', relative('/widget', popoutPath)).replace('favicon.svg', '../favicon.svg').replace('help/', '../help/');
  add(popoutPath, 'js', popout, FOREVER);
  /* Not cut off from the page that opens it, which a page of the console is. */
  add('/widget/popout', 'html', popoutPage, FRESH, 'ASSET_EMBED');

  const scripts = await bundleConsole('console/app.js');
  const appCss = await bundle('console/console.css');
  const appCssPath = `/console/${hashed('app', appCss, 'css')}`;
  const page = readFileSync(join(here, 'console/index.html'), 'utf8')
    .replace('app.js', scripts[0].path)
    .replace('console.css', appCssPath)
    .replace('</head>', `${scripts.filter(({ initial, entry }) => initial && !entry)
      .map(({ path }) => `  <link rel="modulepreload" href="${path}">\n`).join('')}</head>`);
  for (const { path, bytes } of scripts)
    add(path, 'js', bytes, FOREVER);
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
