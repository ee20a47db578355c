// SPDX-License-Identifier: MIT
// usage: node layers.mjs [FOLDER]
// Holds the tree to the table of docs/ARCHITECTURE.md: which layer includes what, who reads a
// clock, what nobody calls, how long a file may be. Prints `file:line: what` and exits 1.
// What only the compiler or clang-tidy can see (function sizes, warnings) is theirs.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Which project layers a layer may include. `top` is server/*.c: it wires everything.
const MAY_INCLUDE = {
  base: ['base'],
  core: ['base', 'core'],
  port: ['base', 'core', 'port'],
  proto: ['base', 'core', 'proto'],
  app: ['base', 'core', 'port', 'app'],
  adapter: ['base', 'core', 'port', 'proto', 'adapter'],
  sim: ['base', 'core', 'port', 'proto', 'app', 'adapter', 'sim'],
  top: ['base', 'core', 'port', 'proto', 'app', 'adapter', 'sim', 'top'],
};

// A rehearsal runs on the fakes: nothing else of the adapters is for it.
const SIM_ADAPTER = /^adapter\/fake_/;

// Headers of the outside world that only some layers may see.
const OUTSIDE = [
  [/^(uv|hiredis\/|hiredis|sqlite3|libpq|curl\/)/, ['adapter', 'top']],
  [/^jansson/, ['proto', 'adapter', 'sim', 'top']],
  [/^(llhttp|wslay\/|cmark)/, ['proto', 'adapter', 'top']],
  [/^sodium/, ['proto', 'adapter', 'top']],
  [/^(sys\/(socket|un|uio|epoll|select)|netinet\/|arpa\/|netdb|poll)/, ['adapter', 'top']],
  [/^(pthread|threads|signal)/, ['adapter', 'top']],
];

// All that the rules of the desk may use: pure C, lists and maps.
const CORE_OUTSIDE =
  /^(assert|ctype|errno|inttypes|limits|math|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|sys\/queue|uthash|utlist)\.h$/;

const CLOCKS = /\b(time|clock|clock_gettime|gettimeofday|timespec_get|uv_hrtime|uv_now|ftime)\s*\(/;
const CORE_EFFECTS =
  /\b(localtime(?:_r)?|gmtime(?:_r)?|rand|random|srand|getrandom|arc4random\w*|getenv|fopen|fprintf|printf|puts|open|read|write|sleep|usleep)\s*\(/;
const BANNED_C =
  /\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|alloca|atoi|atol|atoll|atof|strtok|strtok_r|setlocale|redisAsyncCommand|redisvAsyncCommand|redisCommand)\s*\(/;
const BANNED_JS =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment)\b|\bdocument\.write(?:ln)?\b|\beval\s*\(|\bnew Function\b/;

const LINES_MAX = 600;
const HEADER_LINES_MAX = 300;
const SPDX = 'SPDX-License-Identifier: MIT';

/** @returns {string[]} one line a finding, sorted by file */
export function checkTree(root) {
  const findings = [];
  const report = (file, line, text) => findings.push(`${relative(root, file)}:${line}: ${text}`);
  const files = ['server', 'include', 'tests', 'widget'].flatMap((top) => walk(join(root, top)));
  for (const file of files) {
    if (/\.[ch]$/.test(file)) checkC(root, file, report);
    else if (/\.m?js$/.test(file)) checkJs(root, file, report);
  }
  return findings;
}

function checkC(root, file, report) {
  const source = readFileSync(file, 'utf8');
  const code = withoutComments(source);
  const layer = layerOf(root, file);
  checkLength(file, source, file.endsWith('.h') ? HEADER_LINES_MAX : LINES_MAX, report);
  if (!source.split('\n', 1)[0].includes(SPDX)) report(file, 1, `does not begin with ${SPDX}`);
  eachMatch(code, /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm, (line, [, quote, header]) => {
    if (!layer) return;
    const why = quote === '"' ? refuseProject(root, file, layer, header) : refuseOutside(layer, header);
    if (why) report(file, line, why);
  });
  const calls = withoutStrings(code);
  const ban = (pattern, why) =>
    eachMatch(calls, new RegExp(pattern, 'g'), (line, m) => report(file, line, `${m[1]}() ${why}`));
  ban(BANNED_C, 'is banned: unbounded, hidden state, or data in a format');
  if (layer && !mayReadClock(root, file, layer)) ban(CLOCKS, `reads a clock; in ${layer} now is a parameter`);
  if (layer === 'core') ban(CORE_EFFECTS, 'is an effect; core only computes');
}

function refuseProject(root, file, layer, header) {
  const beside = resolve(dirname(file), header);
  const target = existsSync(join(root, 'include', header)) ? join(root, 'include', header) : beside;
  // A generated header (of the static files, say) is in the build folder: it has no layer.
  if (!existsSync(target)) return null;
  const to = layerOf(root, target);
  if (layer === 'sim' && to === 'adapter' && !SIM_ADAPTER.test(header)) return `sim must not include "${header}": of adapter only the fakes`;
  if (to && MAY_INCLUDE[layer].includes(to)) return null;
  return `${layer} must not include ${to ?? 'what is outside the layers'} ("${header}")`;
}

function refuseOutside(layer, header) {
  if (layer === 'core' && !CORE_OUTSIDE.test(header)) return `core must not include <${header}>`;
  for (const [pattern, layers] of OUTSIDE) {
    if (pattern.test(header) && !layers.includes(layer)) return `${layer} must not include <${header}>`;
  }
  return null;
}

function mayReadClock(root, file, layer) {
  return layer === 'adapter' || layer === 'top' || relative(root, file) === join('server', 'base', 'log.c');
}

function layerOf(root, file) {
  const [top, layer, ...rest] = relative(root, file).split('/');
  if (top !== 'server' && top !== 'include') return null;
  if (rest.length === 0) return 'top';
  return layer in MAY_INCLUDE ? layer : null;
}

function checkJs(root, file, report) {
  const source = readFileSync(file, 'utf8');
  checkLength(file, source, LINES_MAX, report);
  // Tests of the front end name the banned words to look for them.
  if (!/^widget\/(?!tests\/)/.test(relative(root, file))) return;
  const code = source.replace(/\/\*[^]*?\*\//g, blank).replace(/(^|\s)\/\/.*$/gm, blank);
  eachMatch(code, new RegExp(BANNED_JS, 'g'), (line, m) =>
    report(file, line, `${m[0]} is banned: texts become nodes, never markup or code`));
}

function checkLength(file, source, most, report) {
  const lines = source.split('\n').length - 1;
  if (lines > most) report(file, lines, `${lines} lines; ${most} is the most: split it by noun`);
}

function eachMatch(text, pattern, each) {
  for (const m of text.matchAll(pattern)) each(text.slice(0, m.index).split('\n').length, m);
}

// Newlines stay, so that line numbers do.
function blank(text) {
  return text.replace(/[^\n]/g, ' ');
}

function withoutComments(code) {
  return code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\/|\/\/.*/g, (part) =>
    part.startsWith('/') ? blank(part) : part);
}

function withoutStrings(code) {
  return code.replace(/"(?:[^"\\\n]|\\.)*"/g, blank);
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
    });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const here = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  const findings = checkTree(resolve(process.argv[2] ?? here));
  for (const finding of findings) console.log(finding);
  process.exitCode = findings.length ? 1 : 0;
}
