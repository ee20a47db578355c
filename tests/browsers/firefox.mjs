/* SPDX-License-Identifier: MIT */
// Firefox by WebDriver BiDi (W3C), which it speaks without a driver beside it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadPackage } from '../support/packages.mjs';
import { until } from '../support/wait.mjs';

const { WebSocket } = loadPackage('ws');
const BINARY = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
/* It calls nobody, and speaks English. */
const PREFERENCES = {
	'datareporting.policy.dataSubmissionEnabled': false, 'app.update.disabledForTesting': true,
	'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
	'services.settings.server': 'data:,', 'browser.safebrowsing.update.enabled': false, 'intl.locale.requested': 'en-US',
};
/* A test has cut it; and the site's own policy, not ours, lets it have no icon. */
const EXPECTED = /^(The connection to|Firefox can.t establish a connection to the server at) ws|favicon\.ico/;

export class Firefox {
	static BINARY = BINARY;
	name = 'firefox';
	trouble = [];

	async open() {
		this.folder = mkdtempSync(join(tmpdir(), 'firefox-'));
		writeFileSync(join(this.folder, 'user.js'), Object.entries(PREFERENCES)
			.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
		this.child = spawn(BINARY, ['--headless', '--profile', this.folder, '--remote-debugging-port', '0', '--no-remote'],
			{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: this.folder } });
		let said = '';

		for (const stream of [this.child.stdout, this.child.stderr])
			stream.setEncoding('utf8').on('data', (text) => (said += text));
		const address = () => /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1];

		await until(() => address() || this.child.exitCode !== null, `Firefox listens; it said ${said}`);
		this.socket = new WebSocket(`${address()}/session`);
		this.waiting = new Map();
		this.socket.on('message', (data) => this.take(JSON.parse(data)));
		await new Promise((done, fail) => this.socket.on('open', done).on('error', fail));
		await this.ask('session.new', { capabilities: {} });
		await this.ask('session.subscribe', { events: ['log.entryAdded'] });
		this.context = (await this.ask('browsingContext.getTree', {})).contexts[0].context;
	}

	take(message) {
		if (message.type === 'event') {
			if (message.params.level === 'error' && !EXPECTED.test(message.params.text))
				this.trouble.push(message.params.text);
			return;
		}
		const { done, fail } = this.waiting.get(message.id);

		this.waiting.delete(message.id);
		if (message.type === 'success')
			done(message.result);
		else
			fail(new Error(`${message.error}: ${message.message}`));
	}

	ask(method, params) {
		const id = (this.last = (this.last ?? 0) + 1);

		return new Promise((done, fail) => {
			this.waiting.set(id, { done, fail });
			this.socket.send(JSON.stringify({ id, method, params }));
		});
	}

	async size(width, height) {
		await this.ask('browsingContext.setViewport', { context: this.context, viewport: { width, height } });
	}

	go(url) {
		return this.ask('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
	}

	/* What `act` returns, of values that JSON can hold; it runs in the page. */
	async run(act, ...values) {
		const { result, exceptionDetails } = await this.ask('script.callFunction', {
			functionDeclaration: `async () => JSON.stringify(await (${act})(...${JSON.stringify(values)}))`,
			awaitPromise: true, target: { context: this.context },
		});

		if (exceptionDetails)
			throw new Error(exceptionDetails.text);
		return result.type === 'string' ? JSON.parse(result.value) : undefined;
	}

	async act(actions) {
		await this.ask('input.performActions', { context: this.context, actions });
		await this.ask('input.releaseActions', { context: this.context });
	}

	async shot() {
		return Buffer.from((await this.ask('browsingContext.captureScreenshot', { context: this.context })).data, 'base64');
	}

	async close() {
		this.socket?.close();
		this.child.kill('SIGKILL');
		if (this.child.exitCode === null && this.child.signalCode === null)
			await new Promise((done) => this.child.once('exit', done));
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
	}
}
