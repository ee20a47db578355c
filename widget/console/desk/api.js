/* SPDX-License-Identifier: MIT */
// The calls over HTTP, with the session's cookie.

import { createApi } from '../../shared/api.js';
import { expire } from './line.js';

export const api = createApi({ onUnauthorized: () => expire() });

const PAGE = 200;
const PAGES_MAX = 5;

/** Tickets by a query over several pages, until `enough(page)`: {items, whole}, whole: there are no more. */
export async function getTickets(query, enough = () => false) {
  const items = [];
  let cursor;

  for (let page = 0; page < PAGES_MAX && cursor !== null; page++) {
    const answer = await api.get('/tickets', { ...query, limit: PAGE, cursor });
    items.push(...answer.items);
    cursor = enough(answer.items) ? null : answer.next ?? null;
  }
  return { items, whole: cursor === null };
}
