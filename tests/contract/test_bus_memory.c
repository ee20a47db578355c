/* SPDX-License-Identifier: MIT */
/* The contract of port/bus.h: ticks, overviews, loss and rebuild, notices, and base/op.h. */
#include "../support/bus_talk.h"

/* --- tick --- */

static void an_offer_that_ran_out_is_queued_where_it_was_and_counts_as_declined(void **state)
{
	struct test *t = *state;

	t->now += OFFER_MS / 2;
	arrive(t, 7, 2);
	t->now = T0;
	queue(t, 1);
	queue(t, 2);
	expect_match(t, 1, "1:7");
	t->now += OFFER_MS;
	expect_tick(t, "1:7");
	expect_tick(t, "");
	expect_order(t, 1, "1 2");
	expect_agents(t, "7=available 0/2");
	expect_match(t, 8, "2:7");
	t->now += AGAIN_MS;
	expect_tick(t, "2:7");
	arrive(t, 7, 2);
	expect_match(t, 8, "1:7");
}

static void the_first_node_that_ticks_hears_of_the_offer(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 2);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	t->now += OFFER_MS;
	t->node = 1;
	expect_tick(t, "1:7");
	t->node = 0;
	expect_tick(t, "");
}

static struct bus_seat seat_of(uint64_t agent, uint64_t conn, wall_ms until)
{
	return (struct bus_seat){.agent = {agent},
	                         .tier = 1,
	                         .state = PRESENCE_AVAILABLE,
	                         .capacity = 1,
	                         .conn = {conn},
	                         .lease_until = until};
}

static void tick_with(struct test *t, uint64_t agent, uint64_t conn)
{
	const struct bus_seat seat = seat_of(agent, conn, t->now + LEASE_MS);
	struct bus_call call = tick_seats(t, &seat, 1);

	arena_fini(&call.arena);
}

static void a_tick_renews_the_leases_whose_fence_holds(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 1));
	assert_int_equal(ST_OK, present(t, 8, 2, PRESENCE_AVAILABLE, 1));
	t->now += LEASE_MS - 1;
	tick_with(t, 7, 1);
	tick_with(t, 8, 99); /* somebody else's */
	t->now += LEASE_MS - 1;
	expect_agents(t, "7=available 0/1");
}

static void a_tick_takes_a_seat_again_that_nobody_holds(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 1));
	t->now += LEASE_MS;
	expect_tick(t, "");
	expect_agents(t, "");
	tick_with(t, 7, 1);
	expect_agents(t, "7=available 0/1");
}

static void a_seat_that_is_offline_is_not_taken_by_a_tick(void **state)
{
	struct test *t = *state;
	struct bus_seat seat = seat_of(7, 1, t->now + LEASE_MS);
	struct bus_call call;

	seat.state = PRESENCE_OFFLINE;
	call = tick_seats(t, &seat, 1);
	arena_fini(&call.arena);
	expect_agents(t, "");
}

static unsigned nodes_now(struct test *t)
{
	struct bus_call call = tick_seats(t, NULL, 0);

	arena_fini(&call.arena);
	return call.u.tick.nodes;
}

static void nodes_that_ticked_within_ten_seconds_are_counted(void **state)
{
	struct test *t = *state;

	assert_int_equal(1, nodes_now(t));
	t->node = 1;
	assert_int_equal(2, nodes_now(t));
	assert_int_equal(2, nodes_now(t));
	t->node = 0;
	t->now += 10 * SEC_MS - 1;
	assert_int_equal(2, nodes_now(t));
	t->now += 1;
	assert_int_equal(1, nodes_now(t));
}

/* --- overview --- */

static void an_overview_lists_the_first_256_and_counts_all(void **state)
{
	struct test *t = *state;
	struct bus_place *places = calloc(600, sizeof(*places));
	struct bus_call call;

	for (unsigned i = 0; i < 600; i++)
		places[i] = (struct bus_place){.ticket = {i + 1}, .tier = 1, .score = 600 - i};
	assert_int_equal(ST_OK, rebuild(t, false, NULL, 0, places, 600));
	free(places);
	arrive(t, 7, 3);
	expect_match(t, 3, "600:7 599:7 598:7");
	call = overview(t, 1);
	assert_int_equal(600, call.u.overview.waiting);
	assert_int_equal(256, call.u.overview.order_count);
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(600 - i, call.u.overview.order[i].v);
	arena_fini(&call.arena);
}

static void an_empty_tier_has_an_empty_overview(void **state)
{
	struct test *t = *state;
	struct bus_call call = overview(t, 3);

	assert_int_equal(0, call.u.overview.waiting);
	assert_int_equal(0, call.u.overview.order_count);
	assert_int_equal(0, call.u.overview.agents_count);
	assert_int_equal(0, call.u.overview.available);
	arena_fini(&call.arena);
}

/* --- loss and rebuild --- */

static const struct bus_place SOME_PLACES[] = {
	{.ticket = {1}, .tier = 1, .score = 100},
	{.ticket = {2}, .tier = 1, .score = 50},
	{.ticket = {3}, .tier = 1, .agent = {7}},
	{.ticket = {4}, .tier = 2, .score = 1},
};

static void expect_some_places(struct test *t)
{
	expect_order(t, 1, "2 1");
	expect_order(t, 2, "4");
	expect_agents(t, "7=available 1/1");
}

static enum status rebuild_some(struct test *t, bool wipe)
{
	const struct bus_seat seat = seat_of(7, 70, t->now + LEASE_MS);

	return rebuild(t, wipe, &seat, 1, SOME_PLACES, ARRAY_LEN(SOME_PLACES));
}

static void a_loss_is_found_by_the_next_tick_and_ended_by_a_rebuild(void **state)
{
	struct test *t = *state;

	queue(t, 77);
	bus_rig_flush(t->rig);
	assert_true(tick_says_lost(t));
	assert_true(tick_says_lost(t));
	assert_int_equal(ST_OK, rebuild_some(t, true));
	assert_false(tick_says_lost(t));
	expect_some_places(t);
}

static void what_lost_its_memory_offers_nothing_and_does_not_say_conflict(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 2);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	bus_rig_flush(t->rig);
	assert_int_equal(ST_UNAVAILABLE, answer(t, BUS_ACCEPT, 1, 7));
	assert_int_equal(ST_UNAVAILABLE, answer(t, BUS_DECLINE, 1, 7));
	arrive(t, 7, 2);
	queue(t, 1);
	expect_match(t, 1, "");
	assert_int_equal(ST_OK, rebuild_some(t, true));
	arrive(t, 8, 1);
	expect_match(t, 1, "2:8");
}

static void a_rebuild_with_wipe_forgets_the_rest(void **state)
{
	struct test *t = *state;

	arrive(t, 8, 5);
	queue(t, 50);
	expect_match(t, 1, "50:8");
	queue(t, 51);
	assert_int_equal(ST_OK, bind(t, 52, 7));
	assert_int_equal(ST_OK, rebuild_some(t, true));
	expect_some_places(t);
	t->now += OFFER_MS;
	expect_tick(t, "");
	t->now = T0;
	arrive(t, 8, 1);
	expect_match(t, 8, "2:8");
}

static void a_rebuild_forgets_declines_with_a_wipe(void **state)
{
	struct test *t = *state;

	arrive(t, 8, 1);
	queue(t, 1);
	expect_match(t, 1, "1:8");
	assert_int_equal(ST_OK, answer(t, BUS_DECLINE, 1, 8));
	assert_int_equal(ST_OK, rebuild(t, true, NULL, 0, SOME_PLACES, 1));
	arrive(t, 8, 1);
	expect_match(t, 1, "1:8");
}

static void a_rebuild_without_wipe_adds_and_corrects(void **state)
{
	struct test *t = *state;

	arrive(t, 8, 1);
	queue(t, 50);
	assert_int_equal(ST_OK, bind(t, 1, 8));
	queue(t, 3);
	assert_int_equal(ST_OK, rebuild_some(t, false));
	expect_order(t, 1, "2 1 50");
	expect_agents(t, "7=available 1/1, 8=available 0/1");
}

static void a_rebuild_lets_a_running_offer_stand(void **state)
{
	struct test *t = *state;

	arrive(t, 8, 1);
	queue(t, 1);
	expect_match(t, 1, "1:8");
	assert_int_equal(ST_OK, rebuild_some(t, false));
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 1, 8));
}

static void a_rebuild_twice_is_as_once(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, rebuild_some(t, true));
	assert_int_equal(ST_OK, rebuild_some(t, true));
	expect_some_places(t);
	assert_int_equal(ST_OK, rebuild_some(t, false));
	expect_some_places(t);
	assert_false(tick_says_lost(t));
}

/* Both find the loss, both wipe: the second must not undo what came after the first. */
static void two_nodes_rebuild_the_same_loss(void **state)
{
	struct test *t = *state;
	const struct bus_seat theirs = seat_of(9, 9, t->now + LEASE_MS);

	t->node = 1;
	assert_false(tick_says_lost(t));
	bus_rig_flush(t->rig);
	assert_true(tick_says_lost(t));
	t->node = 0;
	assert_true(tick_says_lost(t));
	assert_int_equal(ST_OK, rebuild_some(t, true));
	arrive(t, 8, 1);
	expect_match(t, 1, "2:8");
	t->node = 1;
	assert_int_equal(ST_OK, rebuild(t, true, &theirs, 1, SOME_PLACES, ARRAY_LEN(SOME_PLACES)));
	expect_agents(t, "7=available 1/1, 8=available 1/1, 9=available 0/1");
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 2, 8));
	assert_false(tick_says_lost(t));
	t->node = 0;
	assert_false(tick_says_lost(t));
}

/* A node that slept through the loss has something to add, and hears so. */
static void a_node_hears_that_another_has_rebuilt(void **state)
{
	struct test *t = *state;

	t->node = 1;
	assert_false(tick_says_lost(t));
	t->node = 0;
	bus_rig_flush(t->rig);
	assert_true(tick_says_lost(t));
	assert_int_equal(ST_OK, rebuild_some(t, true));
	t->node = 1;
	assert_true(tick_says_lost(t));
	assert_int_equal(ST_OK, rebuild(t, true, NULL, 0, NULL, 0));
	expect_some_places(t);
	assert_false(tick_says_lost(t));
	t->node = 0;
	assert_false(tick_says_lost(t));
}

static void a_rebuild_does_not_take_a_seat_that_another_holds(void **state)
{
	struct test *t = *state;
	const struct bus_seat seat = seat_of(7, 1, t->now + LEASE_MS);

	assert_int_equal(ST_OK, present(t, 7, 2, PRESENCE_AWAY, 4));
	assert_int_equal(ST_OK, rebuild(t, false, &seat, 1, NULL, 0));
	expect_agents(t, "7=away 0/4");
}

static void a_hundred_thousand_places_are_rebuilt(void **state)
{
	struct test *t = *state;
	const unsigned total = 100000;
	struct bus_place *places = calloc(total, sizeof(*places));
	struct bus_call call;

	for (unsigned i = 0; i < total; i++) {
		places[i] = (struct bus_place){.ticket = {i + 1}, .tier = 1, .score = i};
		if (i % 10 == 0)
			places[i].agent = (struct agent_id){1 + i / 10 % 100};
	}
	assert_int_equal(ST_OK, rebuild(t, true, NULL, 0, places, total));
	free(places);
	call = overview(t, 1);
	assert_int_equal(total - total / 10, call.u.overview.waiting);
	assert_int_equal(256, call.u.overview.order_count);
	assert_int_equal(2, call.u.overview.order[0].v);
	arena_fini(&call.arena);
	arrive(t, 5, 100);
	expect_agents(t, "5=available 100/100");
	arrive(t, 777, 1);
	expect_match(t, 5, "2:777");
}

/* --- notices --- */

static struct notice some_notice(enum notice_kind kind)
{
	struct notice notice = {.kind = kind,
	                        .ticket = {UINT64_MAX},
	                        .agent = {12},
	                        .seq = 1234567890123456789,
	                        .at = T0,
	                        .on = true,
	                        .tier = 2,
	                        .bits = NOTICE_BITS_MAX,
	                        .contact = {13},
	                        .rule = "X 5",
	                        .to = "Dána of the desk"};

	MUST(span_copy(notice.text, sizeof(notice.text), span_of("Dána of  the\u2028desk ")));
	return notice;
}

static enum status publish(struct test *t, const struct notice *notice)
{
	struct bus_call call = {.kind = BUS_PUBLISH, .now = t->now, .u.publish = *notice};

	return bus_rig_do(t->rig, t->node, &call);
}

static void a_notice_reaches_the_other_node_only_and_whole(void **state)
{
	struct test *t = *state;

	for (enum notice_kind kind = NOTICE_ENTRY; kind <= NOTICE_LAST; kind++) {
		struct notice sent = some_notice(kind);
		const struct rig_node *other = bus_rig_node(t->rig, 1);
		const struct notice *got = &other->notices[kind];

		assert_int_equal(ST_OK, publish(t, &sent));
		bus_rig_notices(t->rig, 1, (size_t)kind + 1);
		assert_int_equal(sent.kind, got->kind);
		assert_int_equal(sent.ticket.v, got->ticket.v);
		assert_int_equal(sent.agent.v, got->agent.v);
		assert_true(sent.seq == got->seq);
		assert_true(sent.at == got->at);
		assert_true(got->on);
		assert_string_equal(sent.text, got->text);
		assert_int_equal(sent.tier, got->tier);
		assert_int_equal(sent.bits, got->bits);
		assert_int_equal(sent.contact.v, got->contact.v);
		assert_string_equal(sent.rule, got->rule);
		assert_string_equal(sent.to, got->to);
	}
	/* One back: when it is here, one's own would be here too. */
	t->node = 1;
	assert_int_equal(ST_OK, publish(t, &(struct notice){.kind = NOTICE_READ, .seq = 3}));
	bus_rig_notices(t->rig, 0, 1);
	assert_int_equal(1, bus_rig_node(t->rig, 0)->notices_count);
	assert_int_equal(NOTICE_READ, bus_rig_node(t->rig, 0)->notices[0].kind);
	assert_int_equal(3, bus_rig_node(t->rig, 0)->notices[0].seq);
	assert_string_equal("", bus_rig_node(t->rig, 0)->notices[0].text);
}

static void notices_come_in_the_order_they_were_said(void **state)
{
	struct test *t = *state;
	struct bus_call calls[40];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		calls[i] = (struct bus_call){.kind = BUS_PUBLISH,
		                             .now = t->now,
		                             .u.publish = {.kind = NOTICE_ENTRY, .seq = i}};
		bus_rig_submit(t->rig, 0, &calls[i]);
	}
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		assert_int_equal(ST_OK, bus_rig_wait(t->rig, &calls[i]));
	bus_rig_notices(t->rig, 1, ARRAY_LEN(calls));
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		assert_int_equal(i, bus_rig_node(t->rig, 1)->notices[i].seq);
}

/* --- calls --- */

static void what_makes_no_sense_is_refused(void **state)
{
	struct test *t = *state;
	const struct bus_seat seat = {.agent = {0}, .tier = 1, .conn = {1}};
	const struct bus_place place = {.ticket = {1}, .tier = 4};
	const struct bus_place nothing = {.ticket = {0}, .tier = 1};
	struct bus_call calls[] = {
		{.kind = BUS_PRESENCE, .u.presence = {.agent = {1}, .tier = 0, .conn = {1}}},
		{.kind = BUS_PRESENCE, .u.presence = {.agent = {1}, .tier = 1, .conn = {0}}},
		{.kind = BUS_PRESENCE,
	         .u.presence = {.agent = {1}, .tier = 1, .conn = {1}, .capacity = -1}},
		{.kind = BUS_QUEUE, .u.queue = {.places = &place, .count = 1}},
		{.kind = BUS_QUEUE, .u.queue = {.places = &nothing, .count = 1}},
		{.kind = BUS_QUEUE, .u.queue = {.places = &nothing, .count = 0}},
		{.kind = BUS_QUEUE, .u.queue = {.places = &place, .count = BUS_QUEUE_MAX + 1}},
		{.kind = BUS_DROP, .u.drop = {0}},
		{.kind = BUS_BIND, .u.bind = {.ticket = {1}, .tier = 1}},
		{.kind = BUS_MATCH, .u.match = {.tier = 1, .limit = 0}},
		{.kind = BUS_MATCH, .u.match = {.tier = 1, .limit = 65}},
		{.kind = BUS_MATCH, .u.match = {.tier = 9, .limit = 1}},
		{.kind = BUS_ACCEPT, .u.answer = {.ticket = {1}}},
		{.kind = BUS_DECLINE, .u.answer = {.ticket = {1}, .agent = {1}, .again_ms = -1}},
		{.kind = BUS_OVERVIEW, .u.overview = {.tier = -1}},
		{.kind = BUS_TICK, .u.tick = {.seats = &seat, .seats_count = 1}},
		{.kind = BUS_REBUILD, .u.rebuild = {.places = &place, .places_count = 1}},
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		calls[i].now = t->now;
		assert_int_equal(ST_BAD_REQUEST, bus_rig_do(t->rig, 0, &calls[i]));
	}
	expect_order(t, 1, "");
}

static void calls_of_a_node_are_done_in_their_order(void **state)
{
	struct test *t = *state;
	struct bus_call calls[60];
	struct bus_place places[60];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		places[i] =
			(struct bus_place){.ticket = {1 + i % 2}, .tier = 1, .score = (int64_t)i};
		calls[i] = (struct bus_call){.kind = BUS_QUEUE,
		                             .now = t->now,
		                             .u.queue = {.places = &places[i], .count = 1}};
		bus_rig_submit(t->rig, 0, &calls[i]);
	}
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		assert_int_equal(ST_OK, bus_rig_wait(t->rig, &calls[i]));
	expect_order(t, 1, "1 2"); /* scores 58 and 59 */
}

static void closing_cancels_what_is_queued(void **state)
{
	struct test *t = *state;
	struct bus_call calls[3] = {
		{.kind = BUS_DROP, .now = t->now, .u.drop = {1}},
		{.kind = BUS_DROP, .now = t->now, .u.drop = {2}},
		{.kind = BUS_OVERVIEW, .now = t->now, .u.overview = {.tier = 1}},
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		bus_rig_submit(t->rig, 1, &calls[i]);
	bus_rig_close(t->rig, 1);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		assert_null(calls[i].op.done);
		assert_int_equal(ST_CANCELED, calls[i].op.status);
	}
}

static void stats_count_the_calls(void **state)
{
	struct test *t = *state;
	struct bus *bus = bus_rig_node(t->rig, 0)->bus;
	struct bus_stats before, after;

	bus->ops->stats(bus, &before);
	queue(t, 1);
	queue(t, 2);
	bus->ops->stats(bus, &after);
	assert_true(after.up);
	assert_int_equal(2, after.calls - before.calls);
	assert_int_equal(0, after.failures - before.failures);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_ALL(an_offer_that_ran_out_is_queued_where_it_was_and_counts_as_declined),
		ON_ALL(the_first_node_that_ticks_hears_of_the_offer),
		ON_ALL(a_tick_renews_the_leases_whose_fence_holds),
		ON_ALL(a_tick_takes_a_seat_again_that_nobody_holds),
		ON_ALL(a_seat_that_is_offline_is_not_taken_by_a_tick),
		ON_ALL(nodes_that_ticked_within_ten_seconds_are_counted),
		ON_ALL(an_overview_lists_the_first_256_and_counts_all),
		ON_ALL(an_empty_tier_has_an_empty_overview),
		ON_ALL(a_loss_is_found_by_the_next_tick_and_ended_by_a_rebuild),
		ON_ALL(what_lost_its_memory_offers_nothing_and_does_not_say_conflict),
		ON_ALL(a_rebuild_with_wipe_forgets_the_rest),
		ON_ALL(a_rebuild_forgets_declines_with_a_wipe),
		ON_ALL(a_rebuild_without_wipe_adds_and_corrects),
		ON_ALL(a_rebuild_lets_a_running_offer_stand),
		ON_ALL(a_rebuild_twice_is_as_once),
		ON_ALL(two_nodes_rebuild_the_same_loss),
		ON_ALL(a_node_hears_that_another_has_rebuilt),
		ON_ALL(a_rebuild_does_not_take_a_seat_that_another_holds),
		ON_ALL(a_hundred_thousand_places_are_rebuilt),
		ON_ALL(a_notice_reaches_the_other_node_only_and_whole),
		ON_ALL(notices_come_in_the_order_they_were_said),
		ON_ALL(what_makes_no_sense_is_refused),
		ON_ALL(calls_of_a_node_are_done_in_their_order),
		ON_ALL(closing_cancels_what_is_queued),
		ON_ALL(stats_count_the_calls),
	};

	return cmocka_run_group_tests_name("bus_memory", tests, NULL, NULL);
}
