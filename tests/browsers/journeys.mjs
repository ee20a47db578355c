/* SPDX-License-Identifier: MIT */
// What a visitor and an agent do most, in engines other than that of tests/browser: `make browsers`.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { SITES } from '../browser/support/sites.mjs';
import { serveSite } from '../browser/support/stage.mjs';
import { startRelay } from '../support/relay.mjs';
import { PASSWORD, startServer } from '../support/server.mjs';
import { until } from '../support/wait.mjs';
import { Firefox } from './firefox.mjs';
import { Hand } from './hand.mjs';
import { WebKit } from './webkit.mjs';

const SHOTS = fileURLToPath(new URL('../../build/browsers', import.meta.url));
const DESKTOP = [1280, 860];
const PHONE = [390, 780];

const site = {};
const desk = {};

before(async () => {
	mkdirSync(SHOTS, { recursive: true });
	await serveSite((_, path) => SITES[path]?.(desk.url) ?? { body: '' }, site);
});
after(() => site.close());

beforeEach(async () => {
	const target = {};

	desk.relay = await startRelay(target);
	desk.url = `http://127.0.0.1:${desk.relay.port}`;
	desk.server = await startServer({ origins: [site.url], args: ['--public-url', desk.url] });
	target.port = desk.server.port;
	desk.dana = await desk.server.addAgent({ name: 'Dana Reyes', email: 'dana@example.gov' });
});
afterEach(async () => {
	await desk.relay.stop();
	await desk.server.stop();
});

/* A person at a browser of their own, on a page. */
async function sitDown(Browser, path, size, t) {
	const browser = new Browser();
	const hand = new Hand(browser);

	t.after(async () => {
		await browser.shot().then((png) => writeFileSync(`${SHOTS}/${browser.name}-${t.name.replace(/\W+/g, '-')}-${path.replace(/\W+/g, '')}.png`, png),
			() => {});
		await browser.close();
		assert.deepEqual(browser.trouble, []);
	});
	await browser.open();
	await browser.size(...size);
	await browser.go(path.startsWith('/docs') || path.startsWith('/console') ? `${desk.url}${path}` : `${site.url}${path}`);
	await browser.run(() => {
		globalThis.trouble = [];
		document.addEventListener('securitypolicyviolation', (event) =>
			globalThis.trouble.push(`${event.violatedDirective} ${event.blockedURI}`));
		// Not every driver tells what a page logs.
		for (const type of ['error', 'unhandledrejection'])
			addEventListener(type, (event) => globalThis.trouble.push(String(event.message ?? event.reason)));
	});
	return hand;
}

async function ask(visitor, question) {
	await visitor.click('button', '^Get help');
	await visitor.fill('What do you need help with', question);
	await visitor.fill('Work email', 'ana@example.gov');
	await visitor.fill('Name', 'Ana Ruiz');
	await visitor.click('button', '^Start chat');
	const { text } = await visitor.find('*', '^On record as ticket #\\d+');

	return Number(/#(\d+)/.exec(text)[1]);
}

async function answerFrom(agent) {
	await agent.fill('Email', desk.dana.email);
	await agent.fill('Password', PASSWORD);
	await agent.press('Enter');
	await agent.click('button', '^Presence: ');
	await agent.click('input[type=radio]', '^Available');
	await agent.press('Escape');
	await agent.click('button', '^Accept');
	await agent.find('textarea', 'Reply to the customer');
}

async function write(hand, name, text, ...keys) {
	await hand.fill(name, text);
	await hand.press(...keys);
}

const bubbles = (hand) => hand.browser.run(() => [...document.querySelector('#tierbell').shadowRoot.querySelectorAll('.rows .bubble')]
	.map((each) => each.textContent));

const wholeJob = async (Browser, path, t) => {
	const visitor = await sitDown(Browser, path, DESKTOP, t);
	const agent = await sitDown(Browser, '/console/', [1440, 900], t);
	const number = await ask(visitor, 'Token refresh returns 401 on staging.');

	await answerFrom(agent);
	await write(agent, 'Reply to the customer', 'Hello Ana, try it **once** more: `curl -i`', 'Control', 'Enter');
	await visitor.find('strong', '^once$');
	await visitor.find('code', '^curl -i$');
	await agent.click('[role=tab]', '^Internal note');
	await write(agent, 'Internal note', 'secretplum', 'Control', 'Enter');
	await agent.find('.entry.note', 'secretplum');
	await write(visitor, 'Write a message', 'That worked, thank you!', 'Enter');
	await agent.find('[role=log] *', '^That worked, thank you!$');
	await agent.click('button', '^Close$');
	await agent.click('input[type=radio]', 'Answered in the conversation');
	await agent.click('button', '^Close ticket');
	await visitor.find('*', '^This chat has ended');
	await visitor.click('input[type=radio]', 'Very good');
	await visitor.click('button', '^Send rating');
	await visitor.find('*', 'Your rating is recorded');
	await agent.click('a', '^Tickets');
	await agent.click('a', '^Token refresh');
	await agent.find('.transcript *', '^That worked, thank you!$');
	const { messages, ticket } = await desk.server.ticket(desk.dana, number);

	assert.equal(ticket.status, 'resolved');
	assert.deepEqual(messages.filter(({ kind }) => kind !== 'event').map(({ kind }) => kind), ['text', 'text', 'note', 'text']);
	assert.equal((await bubbles(visitor)).some((text) => text.includes('secretplum')), false);
	for (const hand of [visitor, agent])
		assert.deepEqual(await hand.browser.run(() => globalThis.trouble), []);
};

const cases = [
	['a question is asked, answered, closed, rated, and found', (Browser, t) => wholeJob(Browser, '/docs/authentication/', t)],
	['the same on a page with a nonce, strict-dynamic and Trusted Types', (Browser, t) => wholeJob(Browser, '/nonce', t)],
	['the same on a page that hides and paints over all it can', (Browser, t) => wholeJob(Browser, '/hostile', t)],

	['what is written without a network is kept over a reload, and arrives once, in order', async (Browser, t) => {
		const visitor = await sitDown(Browser, '/docs/deployments/', DESKTOP, t);
		const number = await ask(visitor, 'first');

		desk.relay.onBytes = (direction, chunk, link) => {
			if (direction === 'up' && chunk.includes('/ws/visitor'))
				link.cut();
		};
		desk.relay.cut();
		await visitor.find('*', '^No connection. You can go on writing');
		for (const text of ['second', 'third'])
			await write(visitor, 'Write a message', text, 'Enter');
		await until(async () => (await bubbles(visitor)).length === 3, 'all three are shown');
		await visitor.browser.go(`${desk.url}/docs/deployments/`);
		await until(async () => (await bubbles(visitor).catch(() => [])).length === 2, 'what waits is shown again');
		desk.relay.onBytes = () => {};
		const texts = async () => (await desk.server.ticket(desk.dana, number)).messages
			.filter(({ kind }) => kind === 'text').map(({ text }) => text);

		await until(async () => (await texts()).length === 3, 'all three are on record');
		assert.deepEqual(await texts(), ['first', 'second', 'third']);
		await until(async () => (await bubbles(visitor)).length === 3, 'all three are shown again');
		assert.deepEqual(await bubbles(visitor), ['first', 'second', 'third']);
	}],

	['by keyboard from field to field: a new line, sent, out again with the focus where it was', async (Browser, t) => {
		const visitor = await sitDown(Browser, '/docs/deployments/', DESKTOP, t);
		const focused = () => visitor.browser.run(() => {
			let active = document.activeElement;

			while (active?.shadowRoot?.activeElement)
				active = active.shadowRoot.activeElement;
			return active?.getAttribute('aria-label') || active?.labels?.[0]?.textContent || active?.textContent || '';
		});
		const on = (pattern) => until(async () => pattern.test(await focused()), `the focus is on ${pattern}`);

		// A window that has no focus, as a driver's, presses no button for a key: so the panel is opened by hand.
		await visitor.click('button', '^Get help');
		await on(/^Developer support/);
		for (let presses = 0; presses < 12 && !/^What do you need help with/.test(await focused()); presses++)
			await visitor.press('Tab');
		await visitor.type('Where is');
		await visitor.press('Shift', 'Enter');
		await visitor.type('the log?');
		assert.equal((await visitor.find('textarea', 'What do you need help with')).value, 'Where is\nthe log?');
		for (let presses = 0; presses < 12 && !/^Work email/.test(await focused()); presses++)
			await visitor.press('Tab');
		await visitor.type('ana@example.gov');
		await visitor.press('Enter');
		await visitor.find('*', '^On record as ticket #\\d+');
		await on(/Write a message/);
		await visitor.press('Escape');
		await on(/^Get help/);
	}],

	['on a phone the panel fills the screen, and a long word does not widen it', async (Browser, t) => {
		const visitor = await sitDown(Browser, '/docs/deployments/', PHONE, t);

		await ask(visitor, `Where is it? ${'x'.repeat(300)}`);
		const [panel, wide] = await visitor.browser.run(() => {
			const box = document.querySelector('#tierbell').shadowRoot.querySelector('.panel').getBoundingClientRect();

			return [[box.width / innerWidth, box.height / innerHeight], document.documentElement.scrollWidth > innerWidth];
		});

		assert.ok(panel.every((share) => share > 0.95), `it takes ${panel}`);
		assert.equal(wide, false);
	}],
];

for (const [Browser, program] of [[Firefox, Firefox.BINARY], [WebKit, WebKit.DRIVER]]) {
	for (const [name, act] of cases)
		test(`${new Browser().name}: ${name}`, { skip: !existsSync(program) && `${program} is not installed` }, (t) => act(Browser, t));
}
