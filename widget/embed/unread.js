/* SPDX-License-Identifier: MIT */
// What the visitor has seen: the mark survives a change of page, so history stays silent and
// the number on the button is right. The page's title carries it only while the tab is hidden.

export function createUnread({ session, store, isSeen, onCount }) {
  let mark = store.get('seen') ?? { ticket: null, seq: 0 };
  let count = 0;
  let plainTitle = null;

  function seenSeq() {
    return mark.ticket === session.state.ticket ? mark.seq : 0;
  }

  function isNew(entry) {
    return entry.ticket === session.state.ticket && entry.seq > seenSeq();
  }

  function seen() {
    const { ticket } = session.state;
    const seq = session.log.last;

    if (ticket === null || seq <= seenSeq())
      return;
    mark = { ticket, seq };
    store.set('seen', mark);
    session.say({ type: 'read', seq });
  }

  function showTitle() {
    if (document.visibilityState === 'hidden' && count) {
      plainTitle ??= document.title;
      document.title = `(${count}) ${plainTitle}`;
    } else if (plainTitle !== null) {
      document.title = plainTitle;
      plainTitle = null;
    }
  }

  return {
    isNew,
    check() {
      const kept = store.get('seen'); /* perhaps read in another tab */

      if (kept?.ticket === session.state.ticket && kept.seq > seenSeq())
        mark = kept;
      if (isSeen())
        seen();
      const now = session.log.entries()
        .filter((entry) => entry.from.role === 'agent' && entry.kind !== 'event' && isNew(entry)).length;
      if (now !== count) {
        count = now;
        onCount(count);
      }
      showTitle();
    },
  };
}
