/* SPDX-License-Identifier: MIT */
/* The support guide: what people read of the policy, made from nothing but the policy, so that it
 * cannot say anything else than what the desk does. */
#ifndef TB_PROTO_GUIDE_H
#define TB_PROTO_GUIDE_H

#include "base/buf.h"
#include "base/span.h"
#include "core/policy.h"

/* CommonMark with pipe tables. `now` is for what depends on the day: whose turn it is, and the
 * holidays of the coming twelve months. */
void guide_markdown(const struct policy *policy, wall_ms now, struct buf *buf);

/* The same as a whole HTML page without scripts; its one inline style is GUIDE_STYLE. */
void guide_page(const struct policy *policy, wall_ms now, struct buf *buf);

/* For a style-src of the Content-Security-Policy: the bytes between <style> and </style>. */
extern const char GUIDE_STYLE[];

enum guide_reader {
	GUIDE_ANYBODY, /* support.json: no people, no ready-made replies */
	GUIDE_AGENT,   /* those too, and the rules */
};

/* Channels, hours, targets, tiers as data, and what holds at `now`: open, limited, next opening. */
/* The same without its closing brace, for who has more members to add. */
void guide_json_open(const struct policy *policy, wall_ms now, enum guide_reader reader,
                     struct buf *buf);

void guide_json(const struct policy *policy, wall_ms now, enum guide_reader reader,
                struct buf *buf);

#endif
