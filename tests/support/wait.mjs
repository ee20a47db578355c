/* SPDX-License-Identifier: MIT */
// Waiting for conditions. The time limits here only end a test that has failed already, so
// they are wide: no test fails because the machine is slow.

export const PATIENCE_MS = Number(process.env.TIERBELL_TEST_PATIENCE_MS ?? 30000);

export function delay(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

// Tries `check` until it gives something true, which is the result.
export async function until(check, what, { timeout = PATIENCE_MS, every = 20 } = {}) {
	const end = Date.now() + timeout;
	let last;

	for (;;) {
		try {
			const value = await check();

			if (value)
				return value;
			last = undefined;
		} catch (error) {
			last = error;
		}
		if (Date.now() > end)
			throw new Error(`not in ${timeout} ms: ${what}${last ? ` (${last.message})` : ''}`);
		await delay(every);
	}
}

// Acts one after another, each a while after it was asked for (up to `most` ms), as long as `goesOn()`.
export function inOrder(most, goesOn = () => true) {
	let last = Promise.resolve();

	return (act) => {
		const due = delay(most * (1 + 3 * Math.random()) / 4);

		last = last.then(() => due).then(() => goesOn() && act());
	};
}

// The result of `promise`, or an error that says what was waited for.
export async function within(promise, what, timeout = PATIENCE_MS) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`not in ${timeout} ms: ${what}`)), timeout);
	});

	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

// Does `probe` over and over; stop() gives how long the slowest took, in ms. A limit by the wall clock says
// something about the server only with what the machine takes for the same at the same time.
export function pace(probe) {
	let slowest = 0;
	let running = true;
	const loop = (async () => {
		while (running) {
			const begun = Date.now();

			await probe();
			slowest = Math.max(slowest, Date.now() - begun);
			await delay(20);
		}
	})();

	loop.catch(() => {});
	return {
		async stop() {
			running = false;
			await loop;
			return slowest;
		},
	};
}

// Runs `work(item, index)` for all items, at most `width` at a time; results in order.
export async function pool(items, width, work) {
	const results = new Array(items.length);
	let next = 0;

	async function worker() {
		while (next < items.length) {
			const index = next++;

			results[index] = await work(items[index], index);
		}
	}
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
	return results;
}

export function range(count) {
	return Array.from({ length: count }, (_, index) => index);
}

// A sequence of numbers in [0, 1) that is the same in every run with the same seed.
export function randomFrom(seed) {
	let state = seed >>> 0;

	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;

		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
