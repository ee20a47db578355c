/* SPDX-License-Identifier: MIT */
// WebKitGTK, the engine of Safari, by WebDriver (W3C). It draws on a display: Xvfb brings one.

import { spawn } from 'node:child_process';

import { httpRequest } from '../support/http.mjs';
import { freePort } from '../support/server.mjs';
import { until } from '../support/wait.mjs';

const DRIVER = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
const BROWSER = process.env.MINIBROWSER ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export class WebKit {
	static DRIVER = DRIVER;
	name = 'webkit';
	trouble = []; // what a page logs is not told by this driver

	async open() {
		this.display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1500x1000x24', '-nolisten', 'tcp'],
			{ stdio: ['ignore', 'pipe', 'ignore'] });
		let number = '';

		this.display.stdout.setEncoding('utf8').on('data', (text) => (number += text));
		await until(() => number.endsWith('\n'), 'Xvfb has a display');
		this.port = await freePort();
		this.driver = spawn(DRIVER, [`--port=${this.port}`], {
			stdio: ['ignore', 'ignore', process.env.WEBKIT_LOG ? 'inherit' : 'ignore'], detached: true,
			env: { ...process.env, DISPLAY: `:${number.trim()}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1',
				WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
		});
		await until(() => this.ask('GET', '/status').then(() => true, () => false), 'the driver listens');
		const { sessionId } = await this.ask('POST', '/session', { capabilities: { alwaysMatch: {
			'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] } } } });

		this.session = `/session/${sessionId}`;
		await this.of('POST', '/timeouts', { script: 60000, pageLoad: 60000 });
	}

	async ask(method, path, body) {
		const { status, json } = await httpRequest({ port: this.port }, method, path,
			{ body, timeout: 120000 });
		const { value } = json;

		if (status !== 200)
			throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
		return value;
	}

	of(method, path, body) {
		return this.ask(method, `${this.session}${path}`, body);
	}

	async size(width, height) {
		await this.of('POST', '/window/rect', { x: 0, y: 0, width, height });
	}

	go(url) {
		return this.of('POST', '/url', { url });
	}

	async run(act, ...values) {
		const value = await this.of('POST', '/execute/async', {
			script: `const done = arguments[arguments.length - 1];
				Promise.resolve().then(() => (${act})(...${JSON.stringify(values)}))
					.then((value) => done({ json: JSON.stringify(value) }), (error) => done({ error: String(error.stack ?? error) }));`,
			args: [],
		});

		if (value.error)
			throw new Error(value.error);
		return value.json === undefined ? undefined : JSON.parse(value.json);
	}

	async act(actions) {
		await this.of('POST', '/actions', { actions });
		await this.of('DELETE', '/actions');
	}

	async shot() {
		return Buffer.from(await this.of('GET', '/screenshot'), 'base64');
	}

	async close() {
		if (this.session)
			await this.ask('DELETE', this.session).catch(() => {});
		try {
			process.kill(-this.driver.pid, 'SIGKILL'); // and the browser, should it be left
		} catch {
			// all are gone
		}
		this.display?.kill('SIGKILL');
	}
}
