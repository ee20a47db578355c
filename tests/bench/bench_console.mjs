/* SPDX-License-Identifier: MIT */
// How long a conversation of 2,000 entries and the record of a ticket of 1,000 take to open in the console:
// from the change of address to the frame in which what is to be read first is painted, the newest entry of
// the one, the oldest of the other; when all of it is there for the browser's search; and for how long at
// most the page answers nobody.
//
//   node bench_console.mjs

import { openAgent } from '../support/agent.mjs';
import { Talk } from '../browser/support/talk.mjs';
import { until } from '../support/wait.mjs';

const GOAL_MS = 300;
const ROUNDS = 5;
const WINDOW = 50;

const CASES = [
	{ name: 'open a long conversation', entries: 2000, at: 'inbox', box: '.log > ol', first: 'The newest entry.' },
	{ name: 'open a long record', entries: 1000, at: 'tickets', box: '.transcript', first: 'A long story' },
];

const TEXTS = [
	(i) => `Entry ${i}: it still fails on **staging**, see https://docs.example.gov/page/${i} for what we did.`,
	(i) => `\`\`\`sh\ncurl -i "https://api.example.gov/v1/items/${i}" -H "Accept: application/json"\n\`\`\`\nand then nothing.`,
	(i) => `1. open the page\n2. press *Save* (${i})\n3. wait`,
];

async function fill(agent, ticket, entries) {
	for (let i = 0; i < entries; i += WINDOW)
		await Promise.all(Array.from({ length: WINDOW }, (_, n) => agent.say(ticket, TEXTS[(i + n) % 3](i + n))));
	await agent.say(ticket, 'The newest entry.');
}

/* In the page, so that nothing of the wire between it and here is counted. */
const open = ({ hash, box, first, entries }) => new Promise((resolve) => {
	const begin = performance.now();
	const found = { first: 0, stuck: 0 };
	const tasks = new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries())
			found.stuck = Math.max(found.stuck, duration);
	});
	const isInSight = (entry) => {
		const { top, bottom } = entry.getBoundingClientRect();

		return top >= 0 && bottom <= innerHeight;
	};
	const look = () => {
		const list = document.querySelector(box);
		const count = list?.querySelectorAll('li.entry').length ?? 0;
		const ends = count > 0 ? [...list.querySelectorAll('li.entry:not(.event)')] : [];

		if (found.first === 0 && [ends[0], ends.at(-1)].some((entry) => entry?.textContent.includes(first) && isInSight(entry)))
			requestAnimationFrame(() => { found.first = performance.now() - begin; });
		if (found.first > 0 && count >= entries && !list.closest('[aria-busy]')) {
			tasks.disconnect();
			resolve({ ...found, whole: performance.now() - begin, entries: count });
		} else {
			requestAnimationFrame(look);
		}
	};

	tasks.observe({ type: 'longtask' });
	location.hash = hash;
	requestAnimationFrame(look);
});

async function measure({ page, ticket, name, entries, at, box, first }) {
	const rounds = [];

	for (let round = 0; round < ROUNDS; round++) {
		await page.evaluate(() => { location.hash = '#/inbox'; });
		await page.locator(box).waitFor({ state: 'detached' });
		rounds.push(await page.evaluate(open, { hash: `#/${at}/${ticket}`, box, first, entries }));
	}
	const median = (key) => rounds.map((round) => round[key]).sort((a, b) => a - b)[ROUNDS >> 1];

	console.log(`${name.padEnd(26)} ${median('first').toFixed(0).padStart(6)} ms to what is read first `
		+ `(${rounds[0].entries} entries, all there after ${median('whole').toFixed(0)} ms, at most ${median('stuck').toFixed(0)} ms without an answer; `
		+ `goal ${GOAL_MS} ms: ${median('first') < GOAL_MS ? 'met' : 'MISSED'})`);
}

const talk = new Talk();

try {
	await talk.open();
	const agent = await openAgent(talk.server, talk.people.dana);

	for (const one of CASES) {
		const { page, ticket } = await talk.chat('A long story.');

		await fill(agent, ticket, one.entries);
		await until(async () => (await page.locator('.log').textContent()).includes('The newest entry.'), 'the console has it all');
		await measure({ ...one, page, ticket });
	}
	await agent.close();
} finally {
	await talk.close();
}
