/* SPDX-License-Identifier: MIT */
// Every view has an address: #/inbox, #/inbox/1042, #/tickets?q=token&status=open, #/tickets/1042.

import { signal } from '@preact/signals';

function read() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [view = '', id] = path.split('/');

  return {
    view: view || 'inbox',
    id: /^\d+$/.test(id ?? '') ? Number(id) : null,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export const route = signal(read());
let heard = location.hash;

function follow() {
  if (location.hash === heard)
    return;
  heard = location.hash;
  route.value = read();
}

addEventListener('hashchange', follow);

/** Is the page where `route` says? From the press of a link until the browser tells of it, it is not. */
export const isSettled = () => location.hash === heard;

export function href(view, id, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value != null);
  const text = new URLSearchParams(given).toString();

  return `#/${view}${id ? `/${id}` : ''}${text ? `?${text}` : ''}`;
}

export function go(...to) {
  location.hash = href(...to);
  follow(); /* not a task later: the next key is for the new view */
}
