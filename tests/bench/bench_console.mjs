/* SPDX-License-Identifier: MIT */
// How long a conversation of 2,000 entries takes to open in the console: from the change of address to
// the frame in which its newest entry is painted; and when all of it is there for the browser's search.
//
//   node bench_console.mjs

import { openAgent } from '../support/agent.mjs';
import { Talk } from '../browser/support/talk.mjs';
import { until } from '../support/wait.mjs';

const ENTRIES = 2000;
const GOAL_MS = 300;
const ROUNDS = 5;
const WINDOW = 50;

const TEXTS = [
	(i) => `Entry ${i}: it still fails on **staging**, see https://docs.example.gov/page/${i} for what we did.`,
	(i) => `\`\`\`sh\ncurl -i "https://api.example.gov/v1/items/${i}" -H "Accept: application/json"\n\`\`\`\nand then nothing.`,
	(i) => `1. open the page\n2. press *Save* (${i})\n3. wait`,
];

async function fill(agent, ticket) {
	for (let i = 0; i < ENTRIES; i += WINDOW)
		await Promise.all(Array.from({ length: WINDOW }, (_, n) => agent.say(ticket, TEXTS[(i + n) % 3](i + n))));
	await agent.say(ticket, 'The newest entry.');
}

/* In the page, so that nothing of the wire between it and here is counted. */
const open = (number) => new Promise((resolve) => {
	const begin = performance.now();
	const painted = { newest: 0 };
	const look = () => {
		const log = document.querySelector('.log');
		const last = log?.querySelector('ol > li.entry:last-of-type');

		if (painted.newest === 0 && last?.textContent.includes('The newest entry.') && log.getBoundingClientRect().bottom >= last.getBoundingClientRect().bottom - 1)
			requestAnimationFrame(() => { painted.newest = performance.now() - begin; });
		if (painted.newest > 0 && !log.hasAttribute('aria-busy'))
			resolve({ newest: painted.newest, whole: performance.now() - begin, entries: log.querySelectorAll('li.entry').length });
		else
			requestAnimationFrame(look);
	};

	location.hash = `#/inbox/${number}`;
	requestAnimationFrame(look);
});

const talk = new Talk();

try {
	await talk.open();
	const { page, ticket } = await talk.chat('A long story.');
	const agent = await openAgent(talk.server, talk.people.dana);

	await fill(agent, ticket);
	await until(async () => (await page.locator('.log').textContent()).includes('The newest entry.'), 'the console has it all');
	const rounds = [];

	for (let round = 0; round < ROUNDS; round++) {
		await page.evaluate(() => { location.hash = '#/inbox'; });
		await page.locator('.log').waitFor({ state: 'detached' });
		rounds.push(await page.evaluate(open, ticket));
	}
	const median = (name) => rounds.map((round) => round[name]).sort((a, b) => a - b)[ROUNDS >> 1];

	console.log(`${'open a long conversation'.padEnd(26)} ${median('newest').toFixed(0).padStart(6)} ms to the newest entry `
		+ `(${rounds[0].entries} entries, all there after ${median('whole').toFixed(0)} ms; goal ${GOAL_MS} ms: ${median('newest') < GOAL_MS ? 'met' : 'MISSED'})`);
	await agent.close();
} finally {
	await talk.close();
}
