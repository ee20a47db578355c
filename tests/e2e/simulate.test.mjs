/* SPDX-License-Identifier: MIT */
// `tierbell simulate` from outside: the scenarios of the brief by their names, what-if staffing, a
// changed policy, the same bytes from every run and every build, and what it says of mistakes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { BINARY, ROOT } from '../support/server.mjs';

const SCENARIOS = join(ROOT, 'deploy/scenarios');
const folder = mkdtempSync(join(tmpdir(), 'tierbell-simulate-'));

after(() => rmSync(folder, { recursive: true, force: true }));

function simulate(words, binary = BINARY) {
	return spawnSync(binary, ['simulate', ...words], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
}

function report(name, ...words) {
	const run = simulate([name, '--json', ...words]);

	assert.ok(run.status === 0 || run.status === 1, run.stderr);
	return { ...JSON.parse(run.stdout), code: run.status };
}

function put(name, value) {
	const path = join(folder, name);

	writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
	return path;
}

const shipped = (name) => JSON.parse(readFileSync(join(SCENARIOS, `${name}.json`), 'utf8'));
const failing = (result) => result.expected.filter((claim) => !claim.holds);
const group = (result, channel, priority) =>
	result.groups.find((one) => one.channel === channel && one.priority === priority);

const brief = [
	['handling-inquiries', 'Handling Customer Inquiries through Support Channels'],
	['escalating-issues', 'Escalating Complex Issues'],
	['training-on-procedures', 'Documenting and Training on Support Procedures'],
];

for (const [name, title] of brief) {
	test(title, () => {
		const result = report(name);

		assert.equal(result.scenario, title);
		assert.deepEqual(failing(result), []);
		assert.ok(result.expected.length >= 8);
		assert.equal(result.code, 0);
	});
}

test('a scenario by what it calls itself', () => {
	const asked = simulate(['documenting and training on Support Procedures', '--json']);

	assert.equal(asked.status, 0, asked.stderr);
	assert.equal(JSON.parse(asked.stdout).scenario, 'Documenting and Training on Support Procedures');
});

test('the target is that of channel and priority, and who has another one by topic is marked', () => {
	const policy = JSON.parse(readFileSync(join(ROOT, 'deploy', 'policy.json'), 'utf8'));
	const { resolution } = group(report('handling-inquiries'), 'chat', 'medium');
	const { resolution: low } = group(report('handling-inquiries'), 'chat', 'low');

	assert.equal(policy.channels.chat.targets.medium.resolution, '50 bh');
	assert.deepEqual([resolution.target_s, low.own_targets], [50 * 3600, 0]);
	assert.ok(resolution.own_targets > 0, 'reviews of pull requests');
	assert.match(simulate(['handling-inquiries']).stdout, /^ {2}chat medium .* 50:00:00b\* .*\n[\s\S]*\n {2}\* some of these/m);
});

test('the inquiries come on every channel and each is answered', () => {
	const result = report('handling-inquiries');
	const channels = new Set(result.groups.map((one) => one.channel));

	for (const channel of ['chat', 'portal', 'email', 'phone'])
		assert.ok(channels.has(channel), channel);
	assert.equal(result.figures.lost, 0);
	assert.equal(result.figures.open_left, 0);
});

test('escalations say why: a rule, or what the agent wrote', () => {
	const causes = report('escalating-issues').escalations.map((one) => one.cause);

	assert.ok(causes.some((cause) => cause.startsWith('X1 ')), causes.join());
	assert.ok(causes.some((cause) => cause.startsWith('by hand: needs Tier 2')), causes.join());
});

for (const name of ['normal-day', 'incident-morning', 'holiday-friday']) {
	test(`${name} is as it is expected to be`, () => assert.deepEqual(failing(report(name)), []));
}

test('an understaffed Tier 1 misses its targets and says so; more people mend it', () => {
	const few = simulate(['understaffed-tier1']);
	const many = report('understaffed-tier1', '--agents', '1:5');

	assert.equal(few.status, 1);
	assert.match(few.stdout, /FAILS {2}first_response_met, chat/);
	assert.match(few.stdout, /chat low .*missed\n/);
	assert.match(few.stdout, /What was expected does not hold\.\n$/);
	assert.equal(many.agents.filter((agent) => agent.tier === 1).length, 5);
	assert.deepEqual(failing(many), []);
	assert.equal(many.code, 0);
	assert.equal(many.tickets, report('understaffed-tier1').tickets);
});

test('a line of the policy changes what is promised, and the verdict', () => {
	const policy = JSON.parse(readFileSync(join(ROOT, 'deploy/policy.json'), 'utf8'));
	const before = group(report('handling-inquiries'), 'chat', 'medium').first_response;

	policy.channels.chat.targets.medium.first_response = '1 bmin';
	const path = put('policy.json', policy);
	const hasty = group(report('handling-inquiries', '--policy', path), 'chat', 'medium').first_response;

	assert.equal(before.target_s, 600);
	assert.equal(before.verdict, 'met');
	assert.equal(hasty.target_s, 60);
	assert.equal(hasty.verdict, 'missed');
});

// The step that runs this on the sanitized build, which is slow, has both at hand.
const plain = join(ROOT, 'build/tierbell');

if (BINARY === plain) {
	test('a month of 3,000 tickets, twice: the same bytes', () => {
		const first = simulate(['month', '--json']);
		const again = simulate(['month', '--json']);

		assert.equal(first.status, 0, first.stdout.slice(-3000));
		assert.ok(JSON.parse(first.stdout).tickets >= 2800);
		assert.equal(again.stdout, first.stdout);
		assert.notEqual(simulate(['normal-day', '--json', '--seed', '2']).stdout,
			simulate(['normal-day', '--json', '--seed', '3']).stdout);
	});
} else {
	test('the same bytes from another build', () => {
		for (const name of ['incident-morning', 'training-on-procedures'])
			assert.equal(simulate([name, '--json']).stdout, simulate([name, '--json'], plain).stdout);
	});
}

test('the story of one ticket', () => {
	const story = simulate(['escalating-issues', '--ticket', '1']);

	assert.equal(story.status, 0, story.stderr);
	assert.match(story.stdout, /^2026-03-10 \d\d:\d\d:\d\d {2}visitor/);
	assert.match(story.stdout, /status open -> resolved/);
	assert.equal(simulate(['escalating-issues', '--ticket', '99999']).status, 1);
});

test('--list names every scenario that is shipped', () => {
	const run = simulate(['--list']);

	assert.equal(run.status, 0);
	for (const file of readdirSync(SCENARIOS).filter((name) => name.endsWith('.json'))) {
		const name = file.replace('.json', '');

		assert.ok(run.stdout.includes(`${name} `), name);
		assert.ok(run.stdout.includes(shipped(name).name), name);
		assert.ok(readFileSync(join(ROOT, 'docs/SIMULATION.md'), 'utf8').includes(`\`${name}\``), name);
	}
});

test('mistakes are all told, each at its place', () => {
	const wrong = { ...shipped('normal-day'), colour: 'red', seed: 'x' };

	wrong.texts = { everyday: { file: 'no-such.jsonl' } };
	wrong.agents[1].tier = 7;
	wrong.arrivals[0].per_hour = { '8-12': 1 };
	wrong.expect[0].at_least = 2;
	const run = simulate([put('wrong.json', wrong)]);

	assert.equal(run.status, 1);
	assert.equal(run.stdout, '');
	for (const place of ['$.colour', '$.seed', '$.texts.everyday.file', '$.agents[1].tier',
		'$.arrivals[0].per_hour.8-12', '$.expect[0].at_least'])
		assert.ok(run.stderr.includes(`${place}: `), `${place} in:\n${run.stderr}`);
});

test('a mistake in a file of texts names the line', () => {
	put('texts.jsonl', '{"text": "Hello?"}\n{"text": \n');
	const run = simulate([put('lines.json', { ...shipped('normal-day'), texts: { everyday: { file: 'texts.jsonl' } } })]);

	assert.equal(run.status, 1);
	assert.match(run.stderr, /\$\.texts\.everyday.*line 2 /);
});

const usage = [
	[[], /say which scenario/],
	[['normal-day', '--agents', '4:1'], /--agents takes/],
	[['normal-day', '--agents', '1:'], /--agents takes/],
	[['normal-day', '--seed', '-1'], /--seed takes/],
	[['normal-day', '--ticket', '0'], /--ticket takes/],
	[['normal-day', '--colour'], /no option/],
];

for (const [words, sentence] of usage) {
	test(`not understood: simulate ${words.join(' ')}`, () => {
		const run = simulate(words);

		assert.equal(run.status, 2);
		assert.match(run.stderr, sentence);
	});
}

test('nobody to be like', () => {
	const alone = put('alone.json', { ...shipped('normal-day'), agents: shipped('normal-day').agents.slice(0, 1),
		texts: { everyday: [{ text: 'Hello?' }] }, expect: [] });

	assert.equal(simulate([alone]).status, 0);
	assert.equal(simulate([alone, '--agents', '1:2,2:0']).status, 0);
	assert.equal(simulate([alone, '--agents', '2:1']).status, 2);
});

test('no such scenario, a policy with mistakes', () => {
	const policy = put('broken.json', '{"version": "x", "colour": 1}');

	assert.equal(simulate(['no-such']).status, 1);
	const run = simulate(['normal-day', '--policy', policy]);

	assert.equal(run.status, 1);
	assert.match(run.stderr, /\$\.colour/);
});
