/* SPDX-License-Identifier: MIT */
/* What is going to happen, in the order of time; of one moment in the order of writing down. */
#ifndef TB_SIM_AGENDA_H
#define TB_SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum agenda_kind {
	AGENDA_ARRIVE,      /* who: customer */
	AGENDA_WRITE,       /* who: customer; says something */
	AGENDA_LEAVE,       /* who: customer; closes the page */
	AGENDA_SHIFT,       /* who: agent; comes */
	AGENDA_SHIFT_END,   /* who: agent; goes */
	AGENDA_BREAK,       /* who: agent */
	AGENDA_BREAK_END,   /* who: agent */
	AGENDA_LOST,        /* who: agent; its machine is gone */
	AGENDA_CALLED,      /* who: agent; is asked to come for a page */
	AGENDA_ACCEPT,      /* who: agent, ticket */
	AGENDA_BEGIN,       /* who: agent; there is something to do */
	AGENDA_WORK,        /* who: agent; the piece of work in hand is done */
	AGENDA_CONFIRM,     /* who: agent, ticket */
	AGENDA_ACKNOWLEDGE, /* who: agent, ticket */
	AGENDA_APPROVE,     /* who: agent, ticket */
	AGENDA_REDIS_LOST,
	AGENDA_REDIS_BACK,
	AGENDA_DAY, /* the shifts of a day are written down; who: the day */
};

struct agenda_item {
	wall_ms at;
	uint64_t order;
	enum agenda_kind kind;
	uint32_t who;
	uint32_t stamp; /* of who: an older one is not meant any more */
	uint64_t ticket;
};

/* The zero value is empty. */
struct agenda {
	struct agenda_item *items; /* a binary heap */
	size_t count, size;
	uint64_t order;
};

void agenda_add(struct agenda *agenda, const struct agenda_item *item);
const struct agenda_item *agenda_first(const struct agenda *agenda); /* NULL: none */
bool agenda_take(struct agenda *agenda, wall_ms now, struct agenda_item *item_out);
void agenda_fini(struct agenda *agenda);

#endif
