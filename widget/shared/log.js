/* SPDX-License-Identifier: MIT */
// The log of one ticket as this reader sees it: entries in the order of `seq`, each once.
//
// `prev` of an entry is the seq before it that this reader may see, so the log knows where it
// is whole: up to `last`. An entry that does not join on to it shows a gap, and the owner asks
// for `history` after `last`.

export function createLog() {
  const bySeq = new Map();
  let last = 0;

  /* Follows the chain from `last` through what came early. */
  function join() {
    let moved = true;

    while (moved) {
      moved = false;
      for (const [seq, entry] of bySeq) {
        if (seq > last && (entry.prev ?? 0) <= last) {
          last = seq;
          moved = true;
        }
      }
    }
  }

  return {
    /** What `add` found: 'new', 'duplicate', or 'gap' (kept, but something is missing before it). */
    add(entry) {
      if (bySeq.has(entry.seq))
        return 'duplicate';
      bySeq.set(entry.seq, entry);
      if ((entry.prev ?? 0) > last)
        return 'gap';
      if (entry.seq > last)
        last = entry.seq;
      join();
      return 'new';
    },
    has: (seq) => bySeq.has(seq),
    /** Whole up to here. */
    get last() {
      return last;
    },
    entries: () => [...bySeq.values()].sort((a, b) => a.seq - b.seq),
    clear() {
      bySeq.clear();
      last = 0;
    },
  };
}
