/* SPDX-License-Identifier: MIT */
/* Inside wire_decode(): the frames that come all day, `message` and `typing` in the form that
 * clients write them in, are read without a tree of values. */
#ifndef TB_PROTO_WIRE_PLAIN_H
#define TB_PROTO_WIRE_PLAIN_H

#include "proto/wire.h"

/* true: *frame_out is what the tables of wire_decode.c make of `text`. false: it is something
 * else (blanks, escapes, other members, anything that is wrong), which is for them. */
bool wire_plain(const struct wire_reader *reader, struct span text, struct frame_in *frame_out);

#endif
