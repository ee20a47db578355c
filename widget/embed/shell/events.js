/* SPDX-License-Identifier: MIT */
// What the page is told, by name (docs/EMBEDDING.md); never what somebody wrote. Entries of the
// log are told once, also when the log comes again with a new page.

export function createEvents({ session, tabStore, emit }) {
  const said = {}; /* the last of each, as text */
  let opened = tabStore.get('opened') ?? 0; /* the newest ticket that was told */

  /* True when it is not what was said last. */
  function changed(name, detail) {
    const text = JSON.stringify(detail);

    if (said[name] === text)
      return false;
    said[name] = text;
    return true;
  }

  function tell(name, detail) {
    if (changed(name, detail))
      emit(name, detail);
  }

  function isNew({ ticket, seq }) {
    const told = tabStore.get('told') ?? [0, 0];

    if (ticket < told[0] || (ticket === told[0] && seq <= told[1]))
      return false;
    tabStore.set('told', [ticket, seq]);
    return true;
  }

  const entries = {
    assigned: ({ ticket, tier }) => emit('agent-joined', { ticket, tier }),
    closed: ({ ticket, resolution }) => resolution?.startsWith('docs_') && emit('resolved-by-docs', { ticket }),
  };

  /* What the visitor did, once it is on record. */
  const deeds = {
    rate: ({ score }) => emit('rated', { ticket: session.state.ticket, score }),
    solved: () => emit('resolved-by-docs', { ticket: session.state.ticket }),
  };

  function entry(message) {
    const { ticket, seq, from, kind, event } = message;

    if (!isNew(message))
      return;
    if (kind === 'event')
      entries[event]?.(message);
    else
      emit(from.role === 'visitor' ? 'message-sent' : 'message-received', { ticket, seq });
  }

  return {
    happened(name, detail) {
      if (name === 'message')
        entry(detail);
      else if (name === 'done')
        deeds[detail.type]?.(detail);
      else if (name === 'ended')
        emit('ended', { ticket: detail.ticket });
      else if (name === 'failed')
        emit('error', { code: detail.code, message: detail.message });
      else if (name === 'recorded' && detail.ticket > opened) {
        opened = detail.ticket;
        tabStore.set('opened', opened);
        emit('ticket-created', { ticket: opened });
      }
    },
    /** After each drawing: what is different is told. */
    check(face) {
      const { chat, desk, connection } = session.state;

      tell('connection', { state: connection });
      tell('state', { state: face === 'talk' ? (chat?.state === 'active' ? 'chat' : 'queue') : { form: 'home', ended: 'ended' }[face] });
      if (desk)
        tell('availability', { open: desk.open, opens_at: desk.opens_at ?? null });
      if (chat?.state === 'waiting')
        tell('queue', { ticket: chat.ticket, position: chat.position ?? null, eta_s: chat.eta_s ?? null });
    },
  };
}
