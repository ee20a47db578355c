// SPDX-License-Identifier: MIT
// setup.sh with the package tools of a pretended machine.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const LIST = 'gcc run (gcc) compiler\nlibuv1-dev run loop\nnodejs run (node) node\nchromium test (no-such-browser) browser\n' +
  'xvfb browsers (no-such-display) display\n';

/** A copy of the script over a small package list; `installed` is what dpkg-query knows. */
function onMachine({ installed = '', uid = 0, sudo = false, node = 'v18.20.4', lock = null }, check) {
  const root = mkdtempSync(join(tmpdir(), 'setup-'));
  try {
    mkdirSync(join(root, 'tests/tools'), { recursive: true });
    mkdirSync(join(root, 'deploy'));
    mkdirSync(join(root, 'bin'));
    cpSync(join(top, 'tests/tools/setup.sh'), join(root, 'tests/tools/setup.sh'));
    writeFileSync(join(root, 'deploy/packages.txt'), LIST);
    if (lock) {
      mkdirSync(join(root, 'widget'));
      writeFileSync(join(root, 'widget/package-lock.json'), lock);
    }
    const log = join(root, 'log');
    const fake = (name, body) => {
      writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(root, 'bin', name), 0o755);
    };
    fake('dpkg-query', `printf '${installed.split(' ').map((p) => `${p} installed\\n`).join('')}'`);
    fake('apt-get', `echo "apt-get $*" >>${log}`);
    fake('systemctl', ':');
    fake('id', `echo ${uid}`);
    fake('sudo', sudo ? 'shift; exec "$@"' : 'exit 1');
    fake('node', `echo ${node}`);
    fake('gcc', ':');
    fake('npm', `echo "npm $* in $(basename "$PWD")" >>${log}; mkdir -p node_modules`);
    const run = (what) => {
      rmSync(log, { force: true });
      const env = { ...process.env, PATH: `${join(root, 'bin')}:/usr/bin:/bin`, TIERBELL_SETUP: 'yes' };
      const { status, stderr } = spawnSync(join(root, 'tests/tools/setup.sh'), [what], { encoding: 'utf8', env });
      return { status, stderr, did: existsSync(log) ? readFileSync(log, 'utf8') : '' };
    };
    return check(run, root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('nothing is missing: nothing is done or said', () => {
  onMachine({ installed: 'libuv1-dev' }, (run) => {
    assert.deepEqual(run('run'), { status: 0, stderr: '', did: '' });
  });
});

test('each purpose installs its own and that of the ones before it', () => {
  onMachine({}, (run) => {
    const installs = (what) => /install .*/.exec(run(what).did)[0].replace(/.*--no-install-recommends /, '');

    assert.deepEqual(['run', 'test', 'browsers'].map(installs),
      ['libuv1-dev', 'libuv1-dev chromium', 'libuv1-dev chromium xvfb']);
  });
});

test('as root what is missing is installed, and only that', () => {
  onMachine({}, (run) => {
    const { status, did } = run('run');
    assert.equal(status, 0);
    assert.match(did, / update\n/);
    assert.match(did, /install --no-install-recommends libuv1-dev\n$/);
  });
});

test('the packages of the tests come with the tests', () => {
  onMachine({ installed: 'libuv1-dev' }, (run) => {
    assert.equal(run('run').did, '');
    assert.match(run('test').did, /install --no-install-recommends chromium\n$/);
  });
});

test('with sudo it goes on without asking', () => {
  onMachine({ uid: 1000, sudo: true }, (run) => {
    const { status, did } = run('run');
    assert.equal(status, 0);
    assert.match(did, /libuv1-dev/);
  });
});

test('without root and sudo it says the command and fails', () => {
  onMachine({ uid: 1000 }, (run) => {
    const { status, stderr, did } = run('test');
    assert.equal(status, 1);
    assert.equal(did, '');
    assert.match(stderr, /sudo apt-get update && sudo apt-get install -y --no-install-recommends libuv1-dev chromium/);
  });
});

test('a node that is too old is refused', () => {
  onMachine({ installed: 'libuv1-dev', node: 'v16.20.2' }, (run) => {
    const { status, stderr } = run('run');
    assert.equal(status, 1);
    assert.match(stderr, /v16\.20\.2.*too old/);
  });
});

test('npm packages come once for each lock', () => {
  onMachine({ installed: 'libuv1-dev', lock: '{"one": 1}' }, (run, root) => {
    assert.match(run('run').did, /npm ci .*in widget/);
    assert.equal(run('run').did, '');
    writeFileSync(join(root, 'widget/package-lock.json'), '{"two": 2}');
    assert.match(run('run').did, /npm ci .*in widget/);
  });
});
