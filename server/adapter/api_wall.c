/* SPDX-License-Identifier: MIT */
/* /wall: the figures of the desk, for screens that everybody in the room can read. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/view.h"

static bool wall_start(struct api_call *call)
{
	call->call.kind = CALL_WALL;
	return true;
}

static void tier_view(struct buf *text, int number, const struct wallboard_tier *tier)
{
	buf_fmt(text, "%s{\"tier\":%d,\"waiting\":%zu,\"longest_wait_s\":%" PRId64,
	        number > TIER_MIN ? "," : "", number, tier->waiting, tier->longest_wait_s);
	if (tier->known)
		buf_fmt(text,
		        ",\"available\":%zu,\"busy\":%zu,\"away\":%zu,\"load\":%zu,"
		        "\"capacity\":%zu}",
		        tier->available, tier->busy, tier->away, tier->load, tier->capacity);
	else
		buf_text(text, ",\"available\":null,\"busy\":null,\"away\":null,\"load\":null,"
		               "\"capacity\":null}");
}

static void wall_finish(struct api_call *call, struct answer *answer)
{
	const struct wallboard *wall = &call->call.u.wall;
	struct buf *text = &call->text;
	size_t waiting = 0, open = 0;
	int64_t longest_s = 0;

	(void)answer;
	for (size_t i = 0; i < ARRAY_LEN(wall->by_priority); i++)
		open += wall->by_priority[i];
	for (int i = 0; i < TIER_MAX; i++) {
		waiting += wall->tiers[i].waiting;
		if (wall->tiers[i].longest_wait_s > longest_s)
			longest_s = wall->tiers[i].longest_wait_s;
	}
	buf_fmt(text, "{\"at\":%" PRId64 ",\"waiting\":%zu,\"longest_wait_s\":%" PRId64, wall->at,
	        waiting, longest_s);
	buf_fmt(text, ",\"at_risk\":%zu,\"breached\":%zu,\"emergencies\":%zu,\"open\":%zu",
	        wall->at_risk, wall->breached, wall->emergencies, open);
	buf_text(text, ",\"by_priority\":{");
	for (size_t i = 0; i < ARRAY_LEN(wall->by_priority); i++)
		buf_fmt(text, "%s\"%s\":%zu", i > 0 ? "," : "", priority_name((enum priority)i),
		        wall->by_priority[i]);
	buf_text(text, "},\"tiers\":[");
	for (int i = 0; i < TIER_MAX; i++)
		tier_view(text, i + TIER_MIN, &wall->tiers[i]);
	buf_text(text, "]}");
}

const struct api_route API_WALL_ROUTES[] = {
	{"/wall", METHOD_GET, false, wall_start, wall_finish, .wall = true},
};
const size_t API_WALL_ROUTES_COUNT = ARRAY_LEN(API_WALL_ROUTES);
