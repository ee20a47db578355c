/* SPDX-License-Identifier: MIT */
// For suites about the conversation: one server, one console page for the file, and customers who are
// websockets, which is quicker than a page each and lets a test see every frame.

import { openVisitor } from '../../support/visitor.mjs';
import { Stage, goAvailable } from './stage.mjs';

export class Talk {
  constructor() {
    this.stage = new Stage();
    this.visitors = [];
  }

  /* Before all tests of a file. `people`: more agents, by key. */
  async open({ policy, people = {}, ...options } = {}) {
    await this.stage.open();
    await this.stage.start({ policy });
    this.server = this.stage.server;
    this.people = { dana: this.stage.agent };
    for (const [key, person] of Object.entries(people))
      this.people[key] = await this.server.addAgent(person);
    this.page = await this.stage.console(options);
    await goAvailable(this.page);
  }

  async close() {
    try {
      await this.stage.stop();
    } finally {
      await this.stage.close();
    }
  }

  /* After each test: nothing rings in the next one. */
  async clear() {
    for (const visitor of this.visitors.splice(0)) {
      if (visitor.ticket)
        await visitor.peer.call('close').catch(() => {});
      await visitor.peer.terminate();
    }
    await this.page.goto(`${this.stage.url}/console/#/inbox`);
  }

  async visitor({ name = 'Ana Ruiz', email = 'ana@example.gov', ...hello } = {}) {
    const visitor = await openVisitor(this.server, { origin: this.stage.url }, { user: { name, email }, ...hello });

    this.visitors.push(visitor);
    return visitor;
  }

  /* A customer has asked and Dana has accepted in the console, which shows the chat. */
  async chat(question = 'Token refresh returns 401.', who) {
    const visitor = await this.visitor(who);
    const { ticket } = await visitor.say(question);

    await this.page.getByRole('article', { name: `Offer: ticket ${ticket}`, exact: true }).getByRole('button', { name: 'Accept' }).click();
    await this.page.getByRole('heading', { name: new RegExp(`^#${ticket} `) }).waitFor();
    await this.composer.waitFor();
    return { visitor, ticket, page: this.page };
  }

  /* In the log and on record: what a dialog begins with is taken from there. */
  async onRecord(text) {
    const entry = this.page.getByRole('log').locator('li.entry', { hasText: text });

    await entry.filter({ hasNotText: /Sending \.\.\.|Waiting for connection/ }).waitFor();
  }

  get composer() {
    return this.page.getByRole('textbox', { name: /Reply to the customer|Internal note, only/ });
  }

  async ticket(number) {
    return this.server.ticket(this.people.dana, number);
  }

  /* What a customer was sent as messages. */
  texts(visitor) {
    return visitor.peer.frames.filter(({ type, kind }) => type === 'message' && kind !== 'event').map(({ text }) => text);
  }
}
