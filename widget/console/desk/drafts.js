/* SPDX-License-Identifier: MIT */
// What was written and not sent, for as long as the tab lives.

let store = null;

/** Where they are kept, apart for each agent. */
export function keepDraftsIn(kept) {
  store = kept;
}

export const drafts = {
  get: (key) => store?.get(`draft:${key}`) ?? '',
  /** Nothing, or nothing in it: it is forgotten. */
  set: (key, value) => (value?.length > 0 ? store?.set(`draft:${key}`, value) : store?.remove(`draft:${key}`)),
};
