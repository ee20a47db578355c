/* SPDX-License-Identifier: MIT */
// The log of one ticket as this reader sees it: entries in the order of `seq`, each once.
//
// `prev` of an entry is the seq before it that this reader may see, so the log knows where it
// is whole: up to `last`. An entry that does not join on to it shows a gap, and the owner asks
// for `history` after `last`. Entries nearly always come in order, and a log may be long: what comes
// in order costs nothing but its place at the end.

export function createLog() {
  const list = []; /* in order */
  const seqs = new Set();
  let last = 0;

  /* Where it belongs; from the end, where it mostly is. */
  function placeOf(seq) {
    let at = list.length;

    while (at > 0 && list[at - 1].seq > seq)
      at--;
    return at;
  }

  /* Follows the chain from `last` through what came early. */
  function join(from) {
    for (let at = from; at < list.length && (list[at].prev ?? 0) <= last; at++)
      last = Math.max(last, list[at].seq);
  }

  return {
    /** What `add` found: 'new', 'duplicate', or 'gap' (kept, but something is missing before it). */
    add(entry) {
      if (seqs.has(entry.seq))
        return 'duplicate';
      const at = placeOf(entry.seq);

      seqs.add(entry.seq);
      list.splice(at, 0, entry);
      if ((entry.prev ?? 0) > last)
        return 'gap';
      join(at);
      return 'new';
    },
    has: (seq) => seqs.has(seq),
    /** Whole up to here. */
    get last() {
      return last;
    },
    entries: () => list.slice(),
    clear() {
      list.length = 0;
      seqs.clear();
      last = 0;
    },
  };
}
