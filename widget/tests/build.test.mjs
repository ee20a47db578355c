// SPDX-License-Identifier: MIT
// What the build makes: small enough, always the same, and in the order that the server searches.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';

const build = fileURLToPath(new URL('../build.mjs', import.meta.url));
const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'tierbell-assets-')));

for (const folder of folders)
  execFileSync('node', [build, folder]);
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const [out] = folders;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]).sort();
}

const gz = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const one = (pattern) => files(out).find((file) => pattern.test(file));

const limits = JSON.parse(readFileSync(new URL('../size-limits.json', import.meta.url)));
const scripts = files(join(out, 'files')).filter((file) => file.endsWith('.js'));
const nameOf = (file) => file.slice(join(out, 'files').length).replace(/\.[0-9a-f]{10}\.|\.[0-9A-Z]{8}\./, '.*.')
  .replace(/\/\d+\.\d+\.\d+\//, '/*/');

for (const [name, limit] of Object.entries(limits)) {
  test(`build: ${name} has at most ${limit} bytes in gzip`, () => {
    const found = scripts.filter((file) => nameOf(file) === name);
    const size = found.reduce((sum, file) => sum + gz(file), 0);
    assert.ok(found.length > 0 && size <= limit, `${size} bytes in ${found.length} files`);
  });
}

test('build: every script of the widget and the console has a limit', () => {
  assert.deepEqual([...new Set(scripts.map(nameOf))].sort(), Object.keys(limits).sort());
});

test('build: what the console loads at once has at most 60000 bytes in gzip', () => {
  const page = readFileSync(one(/\/console\/index\.html$/), 'utf8');
  const initial = [...page.matchAll(/(?:src|href)="(\/console\/[^"]+\.js)"/g)].map((match) => join(out, 'files', match[1]));
  const size = initial.reduce((sum, file) => sum + gz(file), 0);

  assert.ok(initial.length > 0 && size <= 60_000, `${size} bytes in ${initial.length} files`);
  assert.ok(scripts.filter((file) => nameOf(file).startsWith('/console/')).length > initial.length, 'some views come later');
});

test('build: twice gives the same bytes', () => {
  const [a, b] = folders.map((folder) => files(join(folder, 'files')).map((file) => readFileSync(file).toString('base64')));
  assert.deepEqual(a, b);
});

test('build: the twins unpack to the file', () => {
  for (const file of files(join(out, 'files')).filter((name) => /\.(gz|br)$/.test(name))) {
    const unpack = file.endsWith('.gz') ? gunzipSync : brotliDecompressSync;
    assert.ok(unpack(readFileSync(file)).equals(readFileSync(file.slice(0, -3))), file);
    assert.ok(statSync(file).size < statSync(file.slice(0, -3)).size, file);
  }
});

test('build: the table is sorted by path', () => {
  const paths = [...readFileSync(join(out, 'table.c'), 'utf8').matchAll(/^\t\{"([^"]+)"/gm)].map((match) => match[1]);
  assert.ok(paths.includes('/widget.js') && paths.includes('/console/') && paths.includes('/'));
  assert.deepEqual(paths, [...paths].sort());
});

test('build: no file of the widget has a sink that Trusted Types would stop', () => {
  for (const file of files(join(out, 'files/widget')).concat(join(out, 'files/widget.js')).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(file, 'utf8');
    for (const sink of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'eval(', 'new Function', 'createContextualFragment', 'srcdoc'])
      assert.equal(text.includes(sink), false, `${sink} in ${file}`);
  }
});
