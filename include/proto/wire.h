/* SPDX-License-Identifier: MIT */
/* The frames of docs/PROTOCOL.md: JSON text to structs and back. */
#ifndef TB_PROTO_WIRE_H
#define TB_PROTO_WIRE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "core/frame.h"

struct wire_reader {
	enum audience audience;
	size_t message_chars; /* characters of a message's text */
	struct arena *arena;  /* the frame's texts */
};

/* Why a frame was not taken, for the error frame that answers it. */
struct wire_refusal {
	struct span id;      /* the frame's, when it has a valid one; else absent */
	const char *message; /* a sentence, constant */
};

/* OK: *frame_out is complete, every field in its range, its text in the arena (and `text`
 * itself may go). BAD_REQUEST: not a frame that this audience may send, or a field is wrong.
 * TOO_LARGE: a text is too long. Members that are not known are passed over. */
NODISCARD enum status wire_decode(const struct wire_reader *reader, struct span text,
                                  struct frame_in *frame_out, struct wire_refusal *refusal_out);

/* Appends the frame as one JSON object. */
void wire_encode(struct buf *buf, const struct frame_out *frame);

/* Which message a buffer holds. Its readers are told one after the other, and what differs between
 * them comes last. The zero value: none. */
struct wire_said {
	uint64_t ticket, seq, prev;
	wall_ms at;
	size_t len; /* of what all get */
};

/* The frame alone in `buf`, which is only ever written by this. */
void wire_say(struct buf *buf, const struct frame_out *frame, struct wire_said *said);

/* The sentence for a person that goes with a status when nothing better is known. */
const char *wire_sentence(enum status st);

#endif
