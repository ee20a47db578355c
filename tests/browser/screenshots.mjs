/* SPDX-License-Identifier: MIT */
// usage: node tests/browser/screenshots.mjs   (after make)
// Takes the pictures of the README from a chat on the real server: docs/screenshots/*.png

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Stage, accept, ask, bubble, goAvailable, reply, write } from './support/stage.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const stage = new Stage();

const QUESTION = 'After a token refresh on staging, `/v0/user` answers **401**:\n\n```bash\ncurl -i https://api.example.gov/v0/user \\\n  -b "session=$SESSION"\n```';
const ANSWER = 'Hello Ana, the refresh token works **once**. Keep the new one from the answer:\n\n1. store `refresh_token` before the next call\n2. on a second `401`, send the person to sign in';

async function talk() {
  const agent = await stage.console();
  const visitor = await stage.visitor({ viewport: { width: 1200, height: 800 } });

  await ask(visitor, QUESTION);
  await goAvailable(agent);
  await accept(agent);
  await reply(agent, ANSWER);
  await bubble(visitor, 'works once').waitFor();
  await agent.getByRole('button', { name: 'Internal note' }).click();
  await agent.getByLabel('Internal note, only agents see it').fill('Same as last week: the staging clock is six minutes slow.');
  await agent.getByRole('button', { name: 'Add note' }).click();
  await agent.locator('.entry.note').waitFor();
  await write(visitor, 'That was it, thank you!');
  await agent.getByRole('log').getByText('That was it').waitFor();
  return { agent, visitor };
}

await stage.open();
try {
  await stage.start();
  const { agent, visitor } = await talk();

  mkdirSync(folder, { recursive: true });
  await visitor.screenshot({ path: `${folder}widget.png` });
  await agent.screenshot({ path: `${folder}console.png` });
} finally {
  await stage.stop();
  await stage.close();
}
