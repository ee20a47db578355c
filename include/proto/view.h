/* SPDX-License-Identifier: MIT */
/* What people are shown of the desk's things, as JSON objects: the same on the websocket and
 * over HTTP. What is absent is null. */
#ifndef TB_PROTO_VIEW_H
#define TB_PROTO_VIEW_H

#include "base/buf.h"
#include "core/agent.h"
#include "core/entry.h"
#include "core/frame.h"
#include "core/ticket.h"

/* Where files are: …/ticket/seq. */
#define VIEW_FILES_PATH "/api/v1/files"

/* The ticket object of docs/PROTOCOL.md. */
void view_ticket(struct buf *buf, const struct ticket *ticket);

/* The members of a log entry, without the braces, so that a frame can put its type before
 * them. `prev` is the audience's. An event has `event` and, by what it is: assigned `agent`
 * {`name`} and `tier`; requeued, transferred and escalated `tier` (and `tier_from`); closed
 * `resolution`; rated `score`. Only agents get `reason`. */
void view_entry_members(struct buf *buf, const struct entry *entry, enum audience audience);
void view_entry_id(struct buf *buf, const struct entry *entry); /* one more, for its author */
uint64_t view_entry_prev(const struct entry *entry, enum audience audience);
void view_entry(struct buf *buf, const struct entry *entry, enum audience audience);

/* {"id","name","tier","role"}: what everybody who is logged in may see of a colleague. */
void view_agent(struct buf *buf, const struct agent *agent);

/* And what agents are told of themselves: "email" and "must_change_password" too. */
void view_self(struct buf *buf, const struct agent *agent);

void view_change(struct buf *buf, const struct change *change);

/* An array of {"tier","waiting","oldest_wait_s","agents_available"}. */
void view_queue(struct buf *buf, const struct queue_row *rows, size_t count);

/* Small pieces: a text or null when it is empty, a number or null when it is 0. */
void view_text(struct buf *buf, const char *text);
void view_span(struct buf *buf, struct span text);
void view_time(struct buf *buf, int64_t value);

#endif
