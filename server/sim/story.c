/* SPDX-License-Identifier: MIT */
/* The log and the audit of one ticket, line by line, in the order of time. */
#include "sim/world.h"

static void moment(const struct world *world, wall_ms at, struct buf *out)
{
	struct civil civil;

	zone_local(world->zone, at, &civil);
	buf_fmt(out, "%04d-%02d-%02d %02d:%02d:%02d  ", civil.year, civil.month, civil.day,
	        civil.second / 3600, civil.second / 60 % 60, civil.second % 60);
}

static void tell_entry(const struct world *world, const struct entry *entry, struct buf *out)
{
	moment(world, entry->at, out);
	buf_fmt(out, "%s", role_name(entry->from));
	if (entry->from_name[0] != '\0')
		buf_fmt(out, " %s", entry->from_name);
	if (entry->kind != ENTRY_EVENT) {
		buf_fmt(out, " (%s): %.*s\n", entry_kind_name(entry->kind), (int)entry->text.len,
		        entry->text.ptr != NULL ? entry->text.ptr : "");
		return;
	}
	buf_fmt(out, ": %s", event_name(entry->event));
	if (entry->agent_name[0] != '\0')
		buf_fmt(out, " to %s", entry->agent_name);
	if (entry->tier_from != 0)
		buf_fmt(out, " from Tier %d", entry->tier_from);
	if (entry->tier != 0)
		buf_fmt(out, " on Tier %d", entry->tier);
	if (entry->reason.len > 0)
		buf_fmt(out, " (%.*s)", (int)entry->reason.len, entry->reason.ptr);
	buf_char(out, '\n');
}

static void tell_change(const struct world *world, const struct change *change, struct buf *out)
{
	moment(world, change->at, out);
	buf_fmt(out, "  %s", change->field);
	if (change->from.len > 0)
		buf_fmt(out, " %.*s", (int)change->from.len, change->from.ptr);
	buf_fmt(out, " -> %.*s", change->to.len > 0 ? (int)change->to.len : 4,
	        change->to.len > 0 ? change->to.ptr : "none");
	if (change->why.len > 0)
		buf_fmt(out, " (%.*s)", (int)change->why.len, change->why.ptr);
	buf_char(out, '\n');
}

void story_tell(const struct world *world, const struct store_call *call, struct buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < call->u.ticket.entries_count; i++) {
		const struct entry *entry = &call->u.ticket.entries[i];

		for (;
		     at < call->u.ticket.changes_count && call->u.ticket.changes[at].at < entry->at;
		     at++)
			tell_change(world, &call->u.ticket.changes[at], out);
		tell_entry(world, entry, out);
	}
	for (; at < call->u.ticket.changes_count; at++)
		tell_change(world, &call->u.ticket.changes[at], out);
}
