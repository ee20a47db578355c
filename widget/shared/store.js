/* SPDX-License-Identifier: MIT */
// A key-value store over localStorage or sessionStorage that never throws: where storage is
// blocked or full it goes on in memory, for as long as the page lives.

/** `open()` gives the Storage; the mere access throws where cookies are blocked. */
export function createStore(prefix, open = () => globalThis.localStorage) {
  const memory = new Map();
  let area = null;

  try {
    area = open();
  } catch {
    /* In memory, then. */
  }
  const attempt = (work, otherwise) => {
    try {
      return area ? work(area) : otherwise;
    } catch {
      return otherwise;
    }
  };

  return {
    /** Nothing outlives the page. */
    blocked: area === null,
    get(key) {
      const text = memory.get(key) ?? attempt((a) => a.getItem(prefix + key), null);

      try {
        return text === null ? null : JSON.parse(text);
      } catch {
        return null;
      }
    },
    set(key, value) {
      const text = JSON.stringify(value);

      if (attempt((a) => (a.setItem(prefix + key, text), true), false))
        memory.delete(key);
      else
        memory.set(key, text);
    },
    remove(key) {
      memory.delete(key);
      attempt((a) => a.removeItem(prefix + key));
    },
    /** Keys that begin with `start`, sorted. */
    keys(start = '') {
      const found = new Set([...memory.keys()].filter((key) => key.startsWith(start)));

      attempt((a) => {
        for (let i = 0; i < a.length; i++) {
          const key = a.key(i);
          if (key.startsWith(prefix + start))
            found.add(key.slice(prefix.length));
        }
      });
      return [...found].sort();
    },
  };
}
