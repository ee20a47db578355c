/* SPDX-License-Identifier: MIT */
// Tickets by the HTTP API, for lists that are long, and chats without a widget.

import { openVisitor } from '../../support/visitor.mjs';

/* `count` tickets that wait with nobody; their numbers. */
export async function fillQueue(stage, count, { title = (i) => `Question ${i}`, ...fields } = {}) {
  const numbers = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const i = next++;
      const { status, json } = await stage.server.api(stage.agent, 'POST', '/api/v1/tickets', {
        body: { channel: 'phone', title: title(i), text: `What about ${i}?`, visitor: { name: `Caller ${i}`, email: `caller${i}@example.gov` }, ...fields },
      });
      if (status !== 201 && status !== 200)
        throw new Error(`ticket ${i}: ${status}`);
      numbers.push((json.ticket ?? json).number);
    }
  };

  await Promise.all(Array.from({ length: 8 }, work));
  return numbers;
}

/* A chat asked by a visitor without a page: {visitor, ticket}. */
export async function chatFrom(stage, text) {
  const visitor = await openVisitor(stage.server, { origin: stage.url });
  const { ticket } = await visitor.say(text);

  return { visitor, ticket };
}
