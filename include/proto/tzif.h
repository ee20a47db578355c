/* SPDX-License-Identifier: MIT */
/* The bytes of a TZif file (RFC 9636, versions 1 to 4) as a zone, and where zones come from. */
#ifndef TB_PROTO_TZIF_H
#define TB_PROTO_TZIF_H

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "core/zone.h"

#define TZIF_BYTES_MAX 65536 /* the largest of the database has 3.5 KB */

/* The arrays are the arena's; the name stays empty. BAD_REQUEST: not a TZif file, one that
 * contradicts itself, or one that counts leap seconds; what the arena has of it is unused. */
NODISCARD enum status tzif_parse(struct span bytes, struct arena *arena, struct zone *out);

/* The rule of a footer, "EST5EDT,M3.2.0,M11.1.0". BAD_REQUEST: not one. */
NODISCARD enum status tzif_rule(struct span text, struct zone_rule *out);

/* Whoever reads a policy asks this for the zones that it names. OK: the arrays are the arena's.
 * NOT_FOUND: there is no such zone. BAD_REQUEST: not a name, or not a zone's file. UNAVAILABLE:
 * it could not be read. */
struct zone_source {
	void *ctx;
	enum status (*load)(void *ctx, const char *name, struct arena *arena, struct zone *out);
};

#endif
