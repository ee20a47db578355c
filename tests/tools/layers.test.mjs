// SPDX-License-Identifier: MIT
// A check that cannot fail is none: each rule of layers.mjs is broken once here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { checkTree } from './layers.mjs';

const SPDX = '/* SPDX-License-Identifier: MIT */\n';

const HEADERS = ['base/span', 'core/ticket', 'port/store', 'proto/wire', 'app/hub', 'adapter/conn', 'adapter/fake_bus', 'sim/sim'];

function inTree(files, check) {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const header of HEADERS) put(root, `include/${header}.h`, SPDX);
    for (const [path, text] of Object.entries(files)) put(root, path, text);
    return check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function put(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

// [claim, file, text, expected words of the one finding, or null for none]
const rows = [
  ['base stands alone', 'server/base/a.c', '#include "core/ticket.h"\n', 'base must not include core'],
  ['core does not know the store', 'server/core/a.c', '#include "port/store.h"\n', 'core must not include port'],
  ['port does not know proto', 'include/port/a.h', '#include "proto/wire.h"\n', 'port must not include proto'],
  ['proto does not know port', 'server/proto/a.c', '#include "port/store.h"\n', 'proto must not include port'],
  ['app does not know proto', 'server/app/a.c', '#include "proto/wire.h"\n', 'app must not include proto'],
  ['app does not know adapter', 'server/app/a.c', '#include "adapter/conn.h"\n', 'app must not include adapter'],
  ['adapter does not know app', 'server/adapter/a.c', '#include "app/hub.h"\n', 'adapter must not include app'],
  ['a way round through a relative path is seen', 'server/adapter/a.c', '#include "../../include/app/hub.h"\n', 'adapter must not include app'],
  ['adapter may know proto and port', 'server/adapter/a.c', '#include "proto/wire.h"\n#include "port/store.h"\n', null],
  ['app does not know sim', 'server/app/a.c', '#include "sim/sim.h"\n', 'app must not include sim'],
  ['adapter does not know sim', 'server/adapter/a.c', '#include "sim/sim.h"\n', 'adapter must not include sim'],
  ['sim knows the desk and the fakes', 'server/sim/a.c', '#include "app/hub.h"\n#include "adapter/fake_bus.h"\n', null],
  ['sim knows no other adapter', 'server/sim/a.c', '#include "adapter/conn.h"\n', 'only the fakes'],
  ['sim sees jansson', 'server/sim/a.c', '#include <jansson.h>\n', null],
  ['sim does not see uv', 'server/sim/a.c', '#include <uv.h>\n', 'sim must not include <uv.h>'],
  ['sim reads no clock', 'server/sim/a.c', 'int f(void) { return time(0); }\n', 'time() reads a clock'],
  ['main may know all', 'server/main.c', HEADERS.map((h) => `#include "${h}.h"\n`).join(''), null],
  ...['uv.h', 'hiredis/async.h', 'sqlite3.h', 'libpq-fe.h', 'jansson.h', 'sodium.h', 'time.h', 'unistd.h'].map((header) => [
    `core does not see ${header}`, 'server/core/a.c', `#include <${header}>\n`, `core must not include <${header}>`]),
  ['nor through a header of its own', 'include/core/a.h', '#include <uv.h>\n', 'core must not include <uv.h>'],
  ['nor through base', 'include/base/a.h', '# include <jansson.h>\n', 'base must not include <jansson.h>'],
  ['app does not see uv', 'server/app/a.c', '#include <uv.h>\n', 'app must not include <uv.h>'],
  ['proto has no sockets', 'server/proto/a.c', '#include <sys/socket.h>\n', 'proto must not include <sys/socket.h>'],
  ['proto sees jansson', 'server/proto/a.c', '#include <jansson.h>\n', null],
  ['an include in a comment is none', 'server/core/a.c', '/* #include <uv.h>\n#include <uv.h> */\n', null],
  ['core reads no clock', 'server/core/a.c', 'int f(void) { return time(NULL); }\n', 'time() reads a clock'],
  ['app reads no clock', 'server/app/a.c', 'int f(void) { return clock_gettime (0, 0); }\n', 'clock_gettime() reads a clock'],
  ['base reads no clock', 'server/base/a.c', 'int f(void) { return gettimeofday(0, 0); }\n', 'gettimeofday() reads a clock'],
  ['but the log does', 'server/base/log.c', 'int f(void) { return clock_gettime(0, 0); }\n', null],
  ['and adapters do', 'server/adapter/a.c', 'int f(void) { return uv_hrtime(); }\n', null],
  ['a word in a comment is no clock', 'server/core/a.c', '/* at that time (UTC) */ // time(0)\n', null],
  ['a word in a string is no clock', 'server/core/a.c', 'const char *s = "time (s)";\n', null],
  ['a longer name is no clock', 'server/core/a.c', 'int due_time(int now);\n', null],
  ['core has no randomness', 'server/core/a.c', 'int f(void) { return rand(); }\n', 'rand() is an effect'],
  ['core prints nothing', 'server/core/a.c', 'void f(void) { printf("x"); }\n', 'printf() is an effect'],
  ...['strcpy', 'sprintf', 'strcat', 'gets', 'alloca', 'atoi', 'strtok', 'redisAsyncCommand'].map((name) => [
    `${name} is banned`, 'server/adapter/a.c', `void f(void) { ${name}(x); }\n`, `${name}() is banned`]),
  ['snprintf is not', 'server/adapter/a.c', 'void f(void) { snprintf(x); redisAsyncCommandArgv(x); }\n', null],
  ...['e.innerHTML = x', 'e.outerHTML', 'e.insertAdjacentHTML(x)', 'document.write(x)', 'eval(x)'].map((code) => [
    `${code} is banned`, 'widget/a.js', `${code};\n`, 'is banned']),
  ['a comment about innerHTML is not', 'widget/a.mjs', '// no innerHTML here\n/* nor eval() */ const url = "https://x/";\n', null],
  ['nor is a test that looks for it', 'widget/tests/a.test.mjs', 'assert(!/innerHTML/.test(x));\n', null],
  ['what npm brings is not ours', 'widget/node_modules/x/a.js', 'e.innerHTML = x;\n', null],
  ['601 lines are too many', 'server/core/a.c', 'int x;\n'.repeat(600), '601 lines'],
  ['600 lines are not', 'server/core/a.c', 'int x;\n'.repeat(599), null],
  ['a module may not be longer either', 'widget/a.mjs', 'x();\n'.repeat(601), '601 lines'],
];

for (const [claim, file, text, expected] of rows) {
  test(claim, () => {
    const findings = inTree({ [file]: /\.[ch]$/.test(file) ? SPDX + text : text }, checkTree);
    if (expected === null) {
      assert.deepEqual(findings, []);
    } else {
      assert.equal(findings.length, 1, findings.join('\n'));
      assert.ok(findings[0].startsWith(`${file}:`), findings[0]);
      assert.ok(findings[0].includes(expected), findings[0]);
    }
  });
}

test('a file without its licence line is found', () => {
  const findings = inTree({ 'server/core/a.c': 'int x;\n' }, checkTree);
  assert.match(findings.join(), /server\/core\/a\.c:1: does not begin with SPDX/);
});

test('the finding names the line', () => {
  const findings = inTree({ 'server/app/a.c': `${SPDX}/* two\n lines */\n#include <uv.h>\n` }, checkTree);
  assert.deepEqual(findings, ['server/app/a.c:4: app must not include <uv.h>']);
});

test('the command fails on a finding and not without', () => {
  const tool = join(dirname(fileURLToPath(import.meta.url)), 'layers.mjs');
  const run = (files) => inTree(files, (root) => spawnSync('node', [tool, root], { encoding: 'utf8' }));
  const bad = run({ 'server/core/a.c': `${SPDX}#include <uv.h>\n` });
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /core must not include/);
  assert.equal(run({}).status, 0);
});
