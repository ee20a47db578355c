/* SPDX-License-Identifier: MIT */
// Lists of tickets that the agent saved. The server has them, so they are the same in all browsers.

import { signal } from '@preact/signals';

import { prefs, setPref } from '../prefs.js';
import { api } from './api.js';

/** [{id, name, query}], the oldest first; `query` as it stands in the address. */
export const savedLists = signal([]);

export const takers = {
  /* One of my browsers has changed them. */
  lists: () => loadLists(),
};

let asked = 0;
let taking = false;

/** What is there stays when they cannot be had: the next connection asks again. */
export async function loadLists() {
  const mine = ++asked;

  try {
    const { items } = await api.get('/lists');

    if (mine === asked)
      savedLists.value = items;
    await takeOver(items);
  } catch {
    /* as it was */
  }
}

/* Those that this browser alone had, once; what does not fit stays for another time. Each that is saved
   makes the server say that there are others, which is no reason to begin anew. */
async function takeOver(items) {
  const known = new Set(items.map(({ name }) => name));

  if (taking || prefs.value.filters.length === 0)
    return;
  taking = true;
  try {
    while (prefs.value.filters.length > 0) {
      const [{ name, href }, ...rest] = prefs.value.filters;

      if (!known.has(name) && href.includes('?'))
        await saveList(name, href.slice(href.indexOf('?') + 1)).catch(neverMind);
      setPref({ filters: rest });
    }
  } finally {
    taking = false;
  }
}

/* A name that the server does not take now it never will. */
function neverMind(error) {
  if (error.status !== 400)
    throw error;
}

/** One of the same name is changed. */
export async function saveList(name, query) {
  const { list } = await api.post('/lists', { name, query });

  savedLists.value = [...savedLists.value.filter(({ id }) => id !== list.id), list].sort((a, b) => a.id - b.id);
}

export async function forgetList(id) {
  await api.delete(`/lists/${id}`);
  savedLists.value = savedLists.value.filter((list) => list.id !== id);
}
