/* SPDX-License-Identifier: MIT */
// Looks, clicks and types in a browser as a person does: things are found by what they are called,
// through open shadow roots, clicked in their middle and typed into key by key.

import { until } from '../support/wait.mjs';

/* In the page: the middle of the first thing that is there, is on top, and fits; null: none is. */
const middleOf = (css, name) => {
	const all = (root, selector) => [...root.querySelectorAll('*')]
		.flatMap((each) => [...(each.matches(selector) ? [each] : []), ...(each.shadowRoot ? all(each.shadowRoot, selector) : [])]);
	const nameOf = (each) => each.getAttribute('aria-label') || [...(each.labels ?? [])].map((label) => label.textContent).join(' ') ||
		each.textContent;
	const wanted = name && new RegExp(name);

	for (const each of all(document, css)) {
		if (wanted && !wanted.test(nameOf(each).trim().replace(/\s+/g, ' ')))
			continue;
		each.scrollIntoView({ block: 'nearest' });
		const box = each.getBoundingClientRect();
		const x = box.x + box.width / 2;
		const y = box.y + box.height / 2;
		let top = document.elementFromPoint(x, y);

		while (top?.shadowRoot)
			top = top.shadowRoot.elementFromPoint(x, y);
		if (box.width > 0 && top && (each.contains(top) || top.contains(each) || top.closest('label')?.control === each))
			return { x: Math.round(x), y: Math.round(y), text: nameOf(each), value: each.value, disabled: each.disabled === true };
	}
	return null;
};

const KEYS = { Enter: '\uE006', Escape: '\uE00C', Tab: '\uE004', Shift: '\uE008', Control: '\uE009' };

export class Hand {
	constructor(browser) {
		this.browser = browser;
	}

	/* The first thing of `css` that is called `name` (a pattern), as soon as it can be seen. */
	async find(css, name) {
		return until(() => this.browser.run(middleOf, css, name), `${this.browser.name}: ${css} called ${name}`,
			{ every: 100 });
	}

	async click(css, name) {
		const still = async () => {
			const one = await this.find(css, name);
			const two = await this.find(css, name);

			return one.x === two.x && one.y === two.y && !one.disabled && one;
		};
		const { x, y } = await until(still, `${this.browser.name}: ${css} called ${name} stands still`);

		await this.browser.act([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [
			{ type: 'pointerMove', x, y }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }] }]);
	}

	/* Into what has the focus. */
	async type(text) {
		await this.browser.act([{ type: 'key', id: 'keys', actions:
			[...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]) }]);
	}

	async press(...names) {
		const keys = names.map((name) => KEYS[name] ?? name);

		await this.browser.act([{ type: 'key', id: 'keys', actions: [...keys.map((value) => ({ type: 'keyDown', value })),
			...[...keys].reverse().map((value) => ({ type: 'keyUp', value }))] }]);
	}

	async fill(name, text) {
		await this.click('input,textarea', name);
		await this.type(text);
		await until(async () => (await this.find('input,textarea', name)).value.endsWith(text), `${name} says ${text}`);
	}
}
