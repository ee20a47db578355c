/* SPDX-License-Identifier: MIT */
// One file runs the desk: its guide, the widget's promise, the clocks and a rehearsal say the same,
// and a changed line of it changes them all.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, runCommand, startServer } from '../support/server.mjs';
import { openVisitor } from '../support/visitor.mjs';
import { until } from '../support/wait.mjs';

const MINUTE_MS = 60000;

// Changes the one line of the file that says `from`.
function changeLine(path, from, to) {
	const parts = readFileSync(path, 'utf8').split(from);

	assert.equal(parts.length, 2, `one line says ${from}`);
	writeFileSync(path, parts.join(to));
}

// What each place says of the first response of a low chat.
async function promises(server, dana) {
	const guide = (await server.request('GET', '/help/policy')).text;
	const data = (await server.request('GET', '/.well-known/support.json')).json;
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('How do I name a branch?');
	const { ticket: record } = await server.ticket(dana, ticket);

	await visitor.close();
	const { stdout } = await runCommand(['simulate', join(ROOT, 'deploy/scenarios/normal-day.json'), '--policy', server.policy, '--json']);
	const rehearsed = JSON.parse(stdout).groups.find((group) => group.channel === 'chat' && group.priority === 'low');

	return {
		guide: /<th scope="row">Low<\/th><td>([^<]+)<\/td>/.exec(guide)[1],
		data: data.channels.find(({ id }) => id === 'chat').targets.low.first_response,
		widget: visitor.welcome.desk.first_response_s,
		clock: (record.first_response_due - record.created_at) / MINUTE_MS,
		priority: record.priority,
		simulation: rehearsed.first_response.target_s,
	};
}

test('a policy changed by one line changes the guide, the widget, the clocks and the simulation, and nothing else was edited', async () => {
	const server = await startServer();
	const dana = await server.addAgent({ name: 'Dana' });

	assert.deepEqual(await promises(server, dana), {
		guide: '15 minutes', data: { seconds: 900, clock: 'business' }, widget: 900, clock: 15, priority: 'low', simulation: 900,
	});
	changeLine(server.policy, '"first_response": "15 bmin"', '"first_response": "20 bmin"');
	server.kill('SIGHUP');
	await until(async () => (await server.request('GET', '/.well-known/support.json')).json
		.channels[0].targets.low.first_response.seconds === 1200, 'the new policy holds');
	assert.deepEqual(await promises(server, dana), {
		guide: '20 minutes', data: { seconds: 1200, clock: 'business' }, widget: 1200, clock: 20, priority: 'low', simulation: 1200,
	});
	await server.stop();
});

test('the guide is a page that any browser may keep and asks about; its data may be read from anywhere', async () => {
	const server = await startServer();
	const page = await server.request('GET', '/help/policy');
	const data = await server.request('GET', '/.well-known/support.json', { headers: { origin: 'https://elsewhere.example' } });

	assert.equal(page.status, 200);
	assert.match(page.headers['content-type'], /^text\/html; charset=utf-8/);
	assert.match(page.headers['content-security-policy'], /default-src 'none'; style-src 'sha256-/);
	assert.doesNotMatch(page.text, /<script/i);
	assert.equal(data.headers['access-control-allow-origin'], '*');
	assert.match(data.headers['content-type'], /^application\/json/);
	assert.equal(data.json.open, true);
	assert.ok(!data.text.includes('incident-commander@'), 'people are not told to programs');
	for (const [path, { headers }] of [['/help/policy', page], ['/.well-known/support.json', data]]) {
		const again = await server.request('GET', path, { headers: { 'if-none-match': headers.etag } });

		assert.equal(again.status, 304, path);
		assert.equal((await server.request('POST', path, { body: {} })).status, 405, path);
	}
	await server.stop();
});

test('agents read whom to ask; nobody else does', async () => {
	const server = await startServer();
	const dana = await server.addAgent({ name: 'Dana' });
	const { status, json } = await server.api(dana, 'GET', '/api/v1/policy');

	assert.equal(status, 200);
	assert.deepEqual(json.tiers.map(({ tier }) => tier), [1, 2, 3]);
	assert.ok(json.tiers[2].contacts.some(({ id }) => id === json.tiers[2].on_duty));
	assert.ok(json.canned.length > 0 && json.rules.length > 0);
	assert.equal((await server.request('GET', '/api/v1/policy')).status, 401);
	await server.stop();
});

const FORMS = [
	{ args: [], is: /^# Platform Support: support guide\n/, says: /\| Low \| 15 business minutes \|/ },
	{ args: ['--html'], is: /^<!doctype html>/, says: /<th scope="row">Low<\/th><td>15 business minutes<\/td>/ },
	{ args: ['--json'], is: /^\{"version":/, says: /"low":\{"first_response":\{"seconds":900,"clock":"business"\}/ },
];

for (const { args, is, says } of FORMS) {
	test(`tierbell policy render ${args.join(' ')}: the guide without a server`, async () => {
		const { code, stdout } = await runCommand(['policy', 'render', join(ROOT, 'deploy/policy.json'), ...args]);

		assert.equal(code, 0);
		assert.match(stdout, is);
		assert.match(stdout, says);
	});
}

test('tierbell policy render tells the mistakes of a file and writes no guide', async () => {
	const { code, stdout, stderr } = await runCommand(['policy', 'render', join(ROOT, 'deploy/nginx.conf')]);

	assert.equal(code, 1);
	assert.equal(stdout, '');
	assert.match(stderr, /nginx\.conf|JSON/);
});
