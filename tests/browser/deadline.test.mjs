/* SPDX-License-Identifier: MIT */
// ux 15: what the screens promise is what the shipped policy gives, over a weekend, a holiday and both changes of
// time. The server's clock stands still at a moment where the browsers' begin; the desk works in New York,
// Monday to Friday 8:00 to 18:00, and a low request in the chat is answered within 15 business minutes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { temporaryFolder } from '../support/server.mjs';
import { until } from '../support/wait.mjs';
import { Stage, accept, ask, goAvailable, inPanel } from './support/stage.mjs';

const shipped = JSON.parse(readFileSync(new URL('../../deploy/policy.json', import.meta.url), 'utf8'));
const stage = new Stage();

let redis;

before(() => stage.open());
/* One that does not get the clock of the server, with which it would not start. */
beforeEach(async () => {
  const socket = join(temporaryFolder(), 'redis.sock');

  redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', ''], { stdio: 'ignore' });
  redis.socket = socket;
  await until(() => existsSync(socket), 'Redis');
});
afterEach(async () => {
  await stage.stop();
  redis.kill();
});
after(() => stage.close());

/* What the visitor in Berlin reads, and the agent in New York of both targets. */
const cases = [
  {
    over: 'a weekend in which the clocks go forward', asked: '2027-03-12T22:50:00Z', due: '2027-03-15T12:05:00Z',
    there: 'Monday, Mar 15, 1:05 PM', here: ['Mon, Mar 15, 2027, 8:05 AM EDT', 'Fri, Mar 26, 2027, 5:50 PM EDT'],
  },
  {
    over: 'a weekend in which the clocks go back', asked: '2027-11-05T21:50:00Z', due: '2027-11-08T13:05:00Z',
    there: 'Monday, Nov 8, 2:05 PM', here: ['Mon, Nov 8, 2027, 8:05 AM EST', 'Mon, Nov 22, 2027, 5:50 PM EST'],
  },
  {
    over: 'a holiday', asked: '2027-11-24T22:50:00Z', due: '2027-11-26T13:05:00Z',
    there: 'Friday, Nov 26, 2:05 PM', here: ['Fri, Nov 26, 2027, 8:05 AM EST', 'Thu, Dec 9, 2027, 5:50 PM EST'],
  },
  {
    over: 'a holiday and a weekend', asked: '2027-12-30T22:50:00Z', due: '2028-01-03T13:05:00Z',
    there: 'Monday, Jan 3, 2:05 PM', here: ['Mon, Jan 3, 2028, 8:05 AM EST', 'Fri, Jan 14, 2028, 5:50 PM EST'],
  },
];

for (const { over, asked, due, there, here } of cases) {
  test(`ux 15: the deadline of a question goes over ${over}`, async () => {
    await stage.start({
      args: ['--redis', `unix:${redis.socket}`], wrap: ['faketime', '-f', `${asked.slice(0, 19).replace('T', ' ')}`],
      env: { TZ: 'UTC', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
      policy: (policy) => Object.assign(policy, { desk: shipped.desk, channels: shipped.channels }),
    });
    const begin = (page) => page.clock.install({ time: asked });
    const visitor = await stage.page({ timezoneId: 'Europe/Berlin' });

    await begin(visitor);
    await visitor.goto(`${stage.url}/docs/authentication/`);
    const number = await ask(visitor, 'How do I ask for a review instance?');
    const { ticket } = await stage.server.ticket(stage.agent, number);

    assert.equal(new Date(ticket.first_response_due).toISOString(), due.replace('Z', '.000Z'));
    await inPanel(visitor, `We answer by ${there}`).waitFor();
    const agent = await stage.console({ timezoneId: 'America/New_York', begin });
    await goAvailable(agent);
    await accept(agent);
    await agent.locator(`[data-number="${number}"]`).getByRole('button').click();
    const targets = agent.getByRole('group', { name: `Targets of ticket ${number}` });

    for (const date of here)
      await targets.getByText(`Due ${date}`).waitFor();
  });
}
