/* SPDX-License-Identifier: MIT */
// `tierbell policy`: mistakes are told at their places, changes by name; a reload with a mistake
// leaves the policy that runs.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { openAgent } from '../support/agent.mjs';
import { ROOT, openAlways, runCommand, startServer, temporaryFolder, writePolicy } from '../support/server.mjs';
import { openVisitor } from '../support/visitor.mjs';
import { until } from '../support/wait.mjs';

const SHIPPED = join(ROOT, 'deploy', 'policy.json');
const breakIt = (policy) => {
	policy.channels.chat.hours = 'night';
	policy.chat.offer = '30';
	policy.topics[0].colour = 'red';
};

test('check: the shipped policy is right', async () => {
	const { code, stdout } = await runCommand(['policy', 'check', SHIPPED]);

	assert.equal(code, 0);
	assert.match(stdout, /no mistakes: version .* 4 channels/);
	assert.match(stdout, /Somebody of every tier can be reached: Platform Support \(1\), Engineering \(3\), Incidents \(3\)\./);
	assert.match(stdout, /Every hour until 2028-12-31 is open or closed on purpose\./);
	const { warnings, ...rest } = JSON.parse((await runCommand(['policy', 'check', SHIPPED, '--json'])).stdout);

	assert.deepEqual(rest, { ok: true, mistakes: [] });
	// From some day on it asks for the holidays of the next years, and to be looked at again.
	assert.deepEqual(warnings.filter(({ path }) => !['$.calendars.support.known_until', '$.review.date'].includes(path)), []);
});

test('check: every mistake is a line with its place', async () => {
	const file = writePolicy(breakIt);
	const { code, stdout, stderr } = await runCommand(['policy', 'check', file]);

	assert.equal(code, 1);
	assert.match(stdout, /^\$\.channels\.chat\.hours: there is no calendar "night"/m);
	assert.match(stdout, /^\$\.chat\.offer: it must be a time/m);
	assert.match(stdout, /^\$\.topics\[0\]\.colour: there is no member/m);
	assert.match(stderr, /has 3 mistakes/);
	const { mistakes } = JSON.parse((await runCommand(['policy', 'check', file, '--json'])).stdout);

	assert.deepEqual(mistakes.map(({ path }) => path).sort(),
		['$.channels.chat.hours', '$.chat.offer', '$.topics[0].colour']);
});

test('check: what cannot be read hides nothing that does not hold', async () => {
	const file = writePolicy((policy) => {
		breakIt(policy);
		delete policy.channels.email.targets.low.resolution;
		policy.tiers[0].contacts = [];
	});
	const { mistakes } = JSON.parse((await runCommand(['policy', 'check', file, '--json'])).stdout);

	assert.deepEqual(mistakes.map(({ path }) => path).sort(), ['$.channels.chat.hours',
		'$.channels.email.targets.low.resolution', '$.chat.offer', '$.tiers[0].contacts', '$.topics[0].colour']);
});

test('check: what is no JSON is told with line and column', async () => {
	const file = writePolicy(() => {});

	writeFileSync(file, `${readFileSync(SHIPPED, 'utf8').slice(0, 60)},,`);
	const { code, stdout } = await runCommand(['policy', 'check', file]);

	assert.equal(code, 1);
	assert.match(stdout, /^\$: line \d+, column \d+: this is not JSON/);
});

test('a policy that does not hold is told as well: a promise that ends while it is closed', async () => {
	const file = writePolicy((policy) => { policy.channels.chat.targets.high.first_response = '1 h'; });
	const { code, stdout } = await runCommand(['policy', 'check', file]);

	assert.equal(code, 1);
	assert.match(stdout, /^\$\.channels\.chat\.targets\.high\.first_response: 1 h by the wall clock/m);
});

test('diff: changes by name', async () => {
	const file = writePolicy((policy) => {
		policy.channels.chat.targets.high.first_response = '3 bmin';
		policy.calendars.support.closed.push({ date: '2026-12-24', name: 'Eve' });
		policy.clocks.stale = '2 d';
		policy.desk.front_door = false;
		policy.tiers[2].rota.people.reverse();
		const x4 = policy.rules.find(({ id }) => id === 'X4');

		x4.steps[0].when[1].count = 3;
		x4.steps.push({ when: [{ event: 'reopened', count: 9, tiers: [1, 2] }], then: { tier: 3, page: true } });
		policy.priorities.medium.words.find(({ signs }) => signs).signs.least = 26;
		policy.incident.facts = 'Write:\n- who';
	});
	const { code, stdout } = await runCommand(['policy', 'diff', SHIPPED, file]);

	assert.equal(code, 0);
	assert.deepEqual(stdout.trim().split('\n').filter((line) => !line.startsWith('Incident:')).sort(), [
		'Calendar support, closed: 2026-12-24 added name Eve',
		'Clocks: stale 1 d -> 2 d',
		'Desk: front door yes -> no',
		'Incidents, rota: people incident-commander, incident-deputy -> incident-deputy, incident-commander',
		'Live chat, high: first response 5 bmin -> 3 bmin',
		'Priority medium, words, signs of work for somebody, signs: least 25 -> 26',
		'Rule X4, step 1, condition 2: count 2 -> 3',
		'Rule X4: step 2 added when (event reopened, count 9, tiers 1, 2), then (tier 3, page yes)',
	]);
	assert.match(stdout, /^Incident: facts The Incident Commander .+ -> Write: - who$/m);
	assert.equal((await runCommand(['policy', 'diff', SHIPPED, SHIPPED])).stdout, 'Nothing changes.\n');
});

for (const words of [[], ['check'], ['check', 'a', 'b'], ['diff', 'a'], ['frob', 'a'], ['check', SHIPPED, '--wat']]) {
	test(`wrong usage: policy ${words.join(' ')}`, async () => {
		assert.equal((await runCommand(['policy', ...words])).code, 2);
	});
}

test('a file that is not there: exit 1 and why', async () => {
	const { code, stderr } = await runCommand(['policy', 'check', '/nothing/here.json']);

	assert.equal(code, 1);
	assert.match(stderr, /cannot read the policy \/nothing\/here\.json/);
});

test('the start refuses a broken policy and says every mistake', async () => {
	const { code, stderr } = await runCommand(['serve', '--listen', '127.0.0.1:0', '--policy', writePolicy(breakIt)]);

	assert.equal(code, 1);
	assert.match(stderr, /\$\.channels\.chat\.hours/);
	assert.match(stderr, /\$\.topics\[0\]\.colour/);
});

test('serve --listen nowhere is wrong usage', async () => {
	assert.equal((await runCommand(['serve', '--listen', 'nowhere', '--data', temporaryFolder()])).code, 2);
});

test('a reload with mistakes keeps the running policy, one without adopts the new one', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const good = readFileSync(server.policy, 'utf8');
	const broken = JSON.parse(good);

	breakIt(broken);
	writeFileSync(server.policy, JSON.stringify(broken));
	server.child.kill('SIGHUP');
	await until(() => /reload\.refused/.test(server.log), 'the refusal');
	await until(() => /policy\.mistake at=\$\.chat\.offer/.test(server.log), 'where the mistake is');
	assert.doesNotMatch(server.log, /server\.reloaded/);

	const next = JSON.parse(good);

	next.version = 'the next one';
	writeFileSync(server.policy, JSON.stringify(next));
	server.child.kill('SIGHUP');
	await until(() => /policy\.adopted id=2 version="the next one"/.test(server.log), 'the new version');
});

test('administrators read what came of the last reload, and nobody else does', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const [root, dana] = await server.addAgents([{ name: 'Root', role: 'admin', tier: 3 }, { name: 'Dana' }]);
	const last = async (person = root) => (await server.api(person, 'GET', '/api/v1/policy')).json.last_reload;
	const good = readFileSync(server.policy, 'utf8');
	const broken = JSON.parse(good);

	assert.equal(await last(), null);
	assert.equal(await last(dana), undefined);
	breakIt(broken);
	writeFileSync(server.policy, JSON.stringify(broken));
	server.child.kill('SIGHUP');
	const refused = await until(last, 'the refusal');

	assert.ok(Math.abs(refused.at - Date.now()) < 600_000);
	assert.equal(refused.ok, false);
	assert.match(refused.message, /^the policy .+ has 3 mistakes/);
	assert.equal(refused.mistakes, 3);
	assert.deepEqual(refused.errors.map(({ path }) => path).sort(), ['$.channels.chat.hours', '$.chat.offer', '$.topics[0].colour']);
	assert.ok(refused.errors.every(({ message, warning }) => message.length > 5 && !warning));
	assert.equal(await last(dana), undefined);

	writeFileSync(server.policy, '{');
	server.child.kill('SIGHUP');
	const syntax = await until(async () => (await last()).mistakes === 1 && last(), 'another refusal');

	assert.match(syntax.errors[0].message, /^line 1, column \d+: this is not JSON/);
	writeFileSync(server.policy, good);
	server.child.kill('SIGHUP');
	const held = await until(async () => (await last()).ok && last(), 'it holds again');

	assert.deepEqual([held.message, held.mistakes, held.errors], [null, 0, []]);
});

/* A policy by which each answer is due in a second, and the zebra belongs to SOCKS. */
function strict() {
	return writePolicy((policy) => {
		openAlways(policy);
		for (const target of Object.values(policy.channels.chat.targets))
			target.first_response = '1 s';
		Object.assign(policy.topics.find(({ id }) => id === 'socks'), { words: { 9: ['zebra crossing'] } });
	});
}

test('dry-run and diff --data: what another policy would have done, from a running server and without one', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('the zebra crossing is closed');
	const file = strict();
	const title = 'the zebra crossing is closed';
	const ask = async (...words) => JSON.parse((await server.runOk(['policy', ...words, '--json'])).stdout);

	// The target of a second passes; nothing else is waited for.
	const tried = await until(async () => {
		const answer = await ask('dry-run', file);

		return answer.summary.first_responses_late === 1 && answer;
	}, 'a late first response');

	assert.equal(tried.summary.tickets, 1);
	assert.equal(tried.summary.first_responses_late_then, 0);
	const [found] = tried.tickets;

	assert.equal(found.number, ticket);
	assert.equal(found.title, title);
	const topic = found.differences.find(({ field }) => field === 'topic');

	assert.equal(topic.now, 'socks');
	assert.match(topic.why, /zebra crossing/);
	assert.ok(found.actions.some(({ rule, then }) => rule === 'X5' && !then), JSON.stringify(found.actions));

	const words = (await server.runOk(['policy', 'dry-run', file])).stdout;

	assert.match(words, /topic: socks, was \S+ \(.*zebra crossing/);
	assert.match(words, /X5: /);
	assert.match(words, /^1 tickets, 1 would have gone another way/m);
	assert.match((await server.runOk(['policy', 'dry-run', file, '--since', '2099-01-01'])).stdout, /^0 tickets/);

	const changed = await ask('diff', server.policy, file);

	assert.deepEqual(changed.late, [{ number: ticket, title, what: 'first response' }]);
	assert.deepEqual((await ask('diff', server.policy, server.policy)).late, []);

	// The same policy decides the same.
	const same = await ask('dry-run', server.policy);

	assert.deepEqual(same.tickets[0].differences, []);

	await server.stop();
	// Meanwhile other clocks may have run out; what is decided at once stays.
	const again = (await ask('dry-run', file)).tickets[0];

	assert.deepEqual(again.differences.find(({ field }) => field === 'topic'), topic);
});

test('dry-run and diff --data: a milestone that the other policy promises is late', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('How do I start?');
	const file = writePolicy((policy) => {
		openAlways(policy);
		policy.milestones.push({ id: 'look', name: 'A first look', priorities: ['low', 'medium', 'high'], within: '1 s', around_the_clock: true });
	});
	const ask = async (...words) => JSON.parse((await server.runOk(['policy', ...words, '--json'])).stdout);
	const tried = await until(async () => {
		const answer = await ask('dry-run', file);

		return answer.summary.milestones_late === 1 && answer;
	}, 'a late milestone');

	assert.equal(tried.summary.milestones_late_then, 0);
	assert.ok(tried.tickets[0].actions.some(({ rule, what, then }) => rule === 'look' && /^A first look due .+ passed$/.test(what) && !then));
	assert.match((await server.runOk(['policy', 'dry-run', file])).stdout, /1 milestones \(were 0\)\.$/m);
	const changed = await ask('diff', server.policy, file);

	assert.deepEqual(changed.late, [{ number: ticket, title: 'How do I start?', what: 'milestone' }]);
	assert.match((await server.runOk(['policy', 'diff', server.policy, file])).stdout, /^Milestone look: added /m);
});

test('dry-run: several agents, answers that did not help, an approval and a pattern are lived through again', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const [dana, sam, lee] = await server.addAgents([{ name: 'Dana' }, { name: 'Sam' }, { name: 'Lee', role: 'supervisor' }]);
	const agents = {};

	for (const [name, person] of Object.entries({ dana, sam, lee }))
		agents[name] = await openAgent(server, person);
	await agents.dana.available(10);
	const asks = async (text) => {
		const visitor = await openVisitor(server);
		const { ticket } = await visitor.say(text);

		await agents.dana.take(ticket);
		return { visitor, ticket };
	};
	const poor = await asks('the zebra crossing is closed');

	// From Dana to Sam, whose two answers do not help: X4.
	await agents.sam.available(10);
	await agents.dana.peer.ok('transfer', { ticket: poor.ticket, to: { agent: agents.sam.welcome.agent.id } });
	for (const answer of ['Take another one.', 'Wait for it.']) {
		const { seq } = await agents.sam.say(poor.ticket, answer);

		await poor.visitor.caughtUp(seq);
		await poor.visitor.peer.ok('helped', { yes: false });
	}
	await agents.sam.presence('away');
	const deploy = await asks('We need an out-of-band deploy today, may we?');

	await agents.lee.peer.ok('approve', { ticket: deploy.ticket, granted: true, reason: 'urgent enough' });
	const closed = await asks('where is the zebra crossing?');

	await agents.dana.closeTicket(closed.ticket);
	await agents.dana.peer.ok('undo', { ticket: closed.ticket });
	await agents.dana.say(closed.ticket, 'One more thing.');
	await asks('who paints a zebra crossing?');

	const same = JSON.parse((await server.runOk(['policy', 'dry-run', server.policy, '--json'])).stdout);
	const actions = (tried, ticket) => tried.tickets.find(({ number }) => number === ticket).actions;

	for (const { number, differences } of same.tickets)
		assert.deepEqual(differences, [], `ticket ${number}`);
	assert.equal(same.tickets.find(({ number }) => number === closed.ticket).status, 'open', 'a close that was taken back');
	assert.ok(actions(same, poor.ticket).some(({ rule, then }) => rule === 'X4' && then), JSON.stringify(actions(same, poor.ticket)));
	await until(async () => {
		const tried = JSON.parse((await server.runOk(['policy', 'dry-run', server.policy, '--json'])).stdout);

		return actions(tried, deploy.ticket).some(({ rule, then }) => rule === 'X8' && then);
	}, 'what was approved goes up, then and again');

	// By this policy the three about a zebra are of one topic, and from three people.
	const tried = JSON.parse((await server.runOk(['policy', 'dry-run', strict(), '--json'])).stdout);
	const patterns = tried.tickets.flatMap((item) => item.actions.filter(({ rule }) => rule === 'X9'));

	assert.equal(patterns.length, 1);
	assert.match(patterns[0].what, /3 tickets about socks from 3 people/);
	assert.equal(patterns[0].then, false);
	assert.deepEqual(same.tickets.flatMap((item) => item.actions.filter(({ rule }) => rule === 'X9')), []);
});

test('dry-run: what people changed since and what rules raised is no other decision of triage', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const [dana, ivy] = await server.addAgents([{ name: 'Dana' }, { name: 'Ivy', tier: 3 }]);
	const agent = await openAgent(server, dana);
	const commander = await openAgent(server, ivy);
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('The appointments page behaves odd.', { flags: { production_stopped: true } });

	await agent.peer.ok('confirm', { ticket, stopped: true });
	await commander.peer.ok('set', { ticket, priority: 'low', reason: 'one user only' });
	await commander.peer.ok('set', { ticket, topic: 'forms' });
	const { stdout } = await server.runOk(['policy', 'dry-run', server.policy, '--json']);
	const { tickets: [{ differences, actions }], summary } = JSON.parse(stdout);

	assert.deepEqual(differences, []);
	assert.equal(summary.differ, 0);
	assert.ok(actions.every(({ rule }, i) => actions.findIndex((other) => other.rule === rule) === i), JSON.stringify(actions));
	await Promise.all([agent.close(), commander.close(), visitor.close()]);
});

test('diff --data: each target of a ticket that would be late is told', async (t) => {
	const server = await startServer();

	t.after(() => server.stop());
	const visitor = await openVisitor(server);
	const { ticket } = await visitor.say('How do I start?');
	const file = writePolicy((policy) => {
		openAlways(policy);
		for (const target of Object.values(policy.channels.chat.targets))
			Object.assign(target, { first_response: '1 s', resolution: '2 s' });
		policy.milestones = [];
		policy.rules = policy.rules.filter(({ id }) => !['X13', 'X14'].includes(id));
	});

	await until(async () => {
		const { stdout } = await server.runOk(['policy', 'diff', server.policy, file, '--json']);
		const { late } = JSON.parse(stdout);

		return late.length === 2 && late.every(({ number }) => number === ticket) &&
			late.map(({ what }) => what).join() === 'first response,resolution';
	}, 'both are late');
});

test('wrong usage: dry-run --since a day that there is not', async () => {
	assert.equal((await runCommand(['policy', 'dry-run', SHIPPED, '--since', '2026-02-30'])).code, 2);
});
