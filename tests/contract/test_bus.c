/* SPDX-License-Identifier: MIT */
/* The contract of port/bus.h: agents, the queue, offers and their answers. */
#include "../support/bus_talk.h"

/* --- presence --- */

static void an_available_agent_with_a_running_lease_is_offered(void **state)
{
	struct test *t = *state;

	queue(t, 1);
	expect_match(t, 8, "");
	arrive(t, 7, 1);
	expect_agents(t, "7=available 0/1");
	t->now += LEASE_MS - 1;
	expect_match(t, 8, "1:7");
}

static void an_agent_whose_lease_ran_out_is_not_offered_and_is_gone(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	t->now += LEASE_MS;
	expect_match(t, 8, "");
	expect_agents(t, "");
	expect_tick(t, "");
	t->now -= LEASE_MS;
	expect_agents(t, "");
}

static void an_away_agent_is_in_the_set_and_never_offered(void **state)
{
	struct test *t = *state;

	queue(t, 1);
	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AWAY, 3));
	expect_agents(t, "7=away 0/3");
	expect_match(t, 8, "");
	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_BUSY, 3));
	expect_agents(t, "7=busy 0/3");
	expect_match(t, 8, "");
	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 3));
	expect_match(t, 8, "1:7");
}

static void who_leaves_is_gone_and_leaving_again_is_ok(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	assert_int_equal(ST_OK, present(t, 7, 7, PRESENCE_OFFLINE, 1));
	assert_int_equal(ST_OK, present(t, 7, 7, PRESENCE_OFFLINE, 1));
	expect_agents(t, "");
	expect_match(t, 8, "");
}

static void only_the_connection_that_holds_the_lease_leaves(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 1));
	assert_int_equal(ST_OK, present(t, 7, 2, PRESENCE_AVAILABLE, 2));
	assert_int_equal(ST_CONFLICT, present(t, 7, 1, PRESENCE_OFFLINE, 1));
	expect_agents(t, "7=available 0/2");
	assert_int_equal(ST_OK, present(t, 7, 2, PRESENCE_OFFLINE, 2));
	expect_agents(t, "");
}

static void the_fence_is_the_connection_with_its_node(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 1));
	t->node = 1;
	assert_int_equal(ST_CONFLICT, present(t, 7, 1, PRESENCE_OFFLINE, 1));
	assert_int_equal(ST_OK, present(t, 7, 1, PRESENCE_AVAILABLE, 2));
	t->node = 0;
	assert_int_equal(ST_CONFLICT, present(t, 7, 1, PRESENCE_OFFLINE, 1));
	expect_agents(t, "7=available 0/2");
}

static void the_load_survives_a_takeover_and_a_leave(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 3);
	assert_int_equal(ST_OK, bind(t, 1, 7));
	assert_int_equal(ST_OK, bind(t, 2, 7));
	assert_int_equal(ST_OK, present(t, 7, 99, PRESENCE_AVAILABLE, 3));
	expect_agents(t, "7=available 2/3");
	assert_int_equal(ST_OK, present(t, 7, 99, PRESENCE_OFFLINE, 3));
	arrive(t, 7, 3);
	expect_agents(t, "7=available 2/3");
}

static void entering_twice_counts_once(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 2);
	arrive(t, 7, 2);
	expect_agents(t, "7=available 0/2");
}

static void a_tier_is_served_by_its_own_agents(void **state)
{
	struct test *t = *state;
	struct bus_call call = {.kind = BUS_PRESENCE,
	                        .now = t->now,
	                        .u.presence = {.agent = {8},
	                                       .tier = 2,
	                                       .state = PRESENCE_AVAILABLE,
	                                       .capacity = 1,
	                                       .conn = {8},
	                                       .lease_until = t->now + LEASE_MS}};

	assert_int_equal(ST_OK, bus_rig_do(t->rig, 0, &call));
	queue(t, 1);
	assert_int_equal(ST_OK, queue_at(t, 2, 2, 5));
	expect_match(t, 8, "");
	call = match_tier(t, 2, 8);
	assert_int_equal(1, call.u.match.count);
	assert_int_equal(2, call.u.match.offers[0].ticket.v);
	assert_int_equal(8, call.u.match.offers[0].agent.v);
	assert_int_equal(2, call.u.match.offers[0].tier);
	arena_fini(&call.arena);
	/* The same person moves to tier 1: in one set only. */
	assert_int_equal(ST_OK, present(t, 8, 8, PRESENCE_AVAILABLE, 2));
	call = overview(t, 2);
	assert_int_equal(0, call.u.overview.agents_count);
	arena_fini(&call.arena);
	expect_agents(t, "8=available 1/2");
}

/* --- queue --- */

static void the_queue_is_in_the_order_of_scores_then_of_numbers(void **state)
{
	struct test *t = *state;

	assert_int_equal(ST_OK, queue_at(t, 10, 1, 500));
	assert_int_equal(ST_OK, queue_at(t, 9, 1, 500));
	assert_int_equal(ST_OK, queue_at(t, 3, 1, 501));
	assert_int_equal(ST_OK, queue_at(t, 4, 1, -2));
	expect_order(t, 1, "4 9 10 3");
	expect_order(t, 2, "");
}

static void scores_up_to_2_to_the_53_keep_their_order(void **state)
{
	struct test *t = *state;
	const int64_t big = (INT64_C(1) << 53) - 1;

	assert_int_equal(ST_OK, queue_at(t, 1, 1, big));
	assert_int_equal(ST_OK, queue_at(t, 2, 1, big - 1));
	assert_int_equal(ST_OK, queue_at(t, 3, 1, big - 2));
	expect_order(t, 1, "3 2 1");
	/* Out and back again: an offer must not round them. */
	arrive(t, 7, 3);
	expect_match(t, 3, "3:7 2:7 1:7");
	t->now += OFFER_MS;
	expect_tick(t, "1:7 2:7 3:7");
	expect_order(t, 1, "3 2 1");
}

static void queueing_again_moves_and_does_not_double(void **state)
{
	struct test *t = *state;

	queue(t, 1);
	queue(t, 2);
	assert_int_equal(ST_OK, queue_at(t, 1, 1, 9000));
	expect_order(t, 1, "2 1");
	assert_int_equal(ST_OK, queue_at(t, 1, 2, 9000));
	expect_order(t, 1, "2");
	expect_order(t, 2, "1");
}

static void many_are_queued_in_one_call(void **state)
{
	struct test *t = *state;
	struct bus_place places[BUS_QUEUE_MAX];
	struct bus_call call = {.kind = BUS_QUEUE,
	                        .now = t->now,
	                        .u.queue = {.places = places, .count = BUS_QUEUE_MAX}};

	queue(t, 2); /* moves */
	for (unsigned i = 0; i < BUS_QUEUE_MAX; i++)
		places[i] = (struct bus_place){
			.ticket = {i + 1}, .tier = i < 3 ? 1 : 2, .score = 10 - (int64_t)i};
	assert_int_equal(ST_OK, bus_rig_do(t->rig, 0, &call));
	expect_order(t, 1, "3 2 1");
	places[0] = (struct bus_place){.ticket = {3}, .tier = 1, .score = 20};
	places[1] = (struct bus_place){.ticket = {2}, .tier = 1, .score = 30};
	call.u.queue.count = 2;
	assert_int_equal(ST_OK, bus_rig_do(t->rig, 0, &call));
	expect_order(t, 1, "1 3 2");
}

static void queueing_frees_the_agent_and_withdraws_the_offer(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 2);
	assert_int_equal(ST_OK, bind(t, 1, 7));
	queue(t, 2);
	expect_match(t, 8, "2:7");
	expect_agents(t, "7=available 2/2");
	queue(t, 1);
	queue(t, 2);
	expect_agents(t, "7=available 0/2");
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 2, 7));
	expect_order(t, 1, "1 2");
}

static void dropping_forgets_and_frees_and_twice_is_ok(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 3);
	assert_int_equal(ST_OK, bind(t, 1, 7));
	queue(t, 2);
	expect_match(t, 8, "2:7");
	queue(t, 3);
	for (uint64_t ticket = 1; ticket <= 3; ticket++) {
		assert_int_equal(ST_OK, drop(t, ticket));
		assert_int_equal(ST_OK, drop(t, ticket));
	}
	expect_agents(t, "7=available 0/3");
	expect_order(t, 1, "");
	t->now += OFFER_MS;
	expect_tick(t, "");
	assert_int_equal(ST_OK, drop(t, 77));
}

static void a_binding_is_of_one_agent(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	arrive(t, 8, 1);
	queue(t, 1);
	assert_int_equal(ST_OK, bind(t, 1, 7));
	assert_int_equal(ST_OK, bind(t, 1, 7));
	expect_order(t, 1, "");
	expect_agents(t, "7=available 1/1, 8=available 0/1");
	assert_int_equal(ST_OK, bind(t, 1, 8));
	expect_agents(t, "7=available 0/1, 8=available 1/1");
	/* By hand it may be more than there is room for, and for somebody who is not here. */
	assert_int_equal(ST_OK, bind(t, 2, 8));
	assert_int_equal(ST_OK, bind(t, 3, 55));
	expect_agents(t, "7=available 0/1, 8=available 2/1");
}

static void a_binding_ends_an_offer(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	arrive(t, 8, 1);
	queue(t, 1);
	expect_match(t, 8, "1:7");
	assert_int_equal(ST_OK, bind(t, 1, 8));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 7));
	t->now += OFFER_MS;
	expect_tick(t, "");
	expect_agents(t, "7=available 0/1, 8=available 1/1");
}

/* --- match --- */

static void the_least_loaded_is_chosen(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 3);
	t->now++;
	arrive(t, 8, 3);
	t->now++;
	arrive(t, 9, 3);
	assert_int_equal(ST_OK, bind(t, 100, 7));
	assert_int_equal(ST_OK, bind(t, 101, 8));
	for (uint64_t ticket = 1; ticket <= 6; ticket++)
		queue(t, ticket);
	/* 9 is free; then all have one and 7 is idle since before 8 and 9, and so on. */
	expect_match(t, 8, "1:9 2:7 3:8 4:9 5:7 6:8");
}

static void ties_go_to_the_longest_idle(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	t->now += 10;
	arrive(t, 8, 1);
	/* 7 came first, but its last binding ended after 8 came. */
	assert_int_equal(ST_OK, bind(t, 100, 7));
	t->now += 10;
	assert_int_equal(ST_OK, drop(t, 100));
	queue(t, 1);
	expect_match(t, 1, "1:8");
	queue(t, 2);
	expect_match(t, 1, "2:7");
}

static void an_offer_that_was_not_taken_is_no_work(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	t->now += 10;
	arrive(t, 8, 1);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	assert_int_equal(ST_OK, answer(t, BUS_DECLINE, 1, 7));
	queue(t, 0x10);
	assert_int_equal(ST_OK, drop(t, 1));
	expect_match(t, 1, "16:7"); /* still idle for longer than 8 */
}

static void taking_over_the_seat_keeps_the_idle_time(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	t->now += 10;
	arrive(t, 8, 1);
	t->now += 10;
	assert_int_equal(ST_OK, present(t, 7, 99, PRESENCE_AVAILABLE, 1));
	queue(t, 1);
	expect_match(t, 1, "1:7");
}

static void nobody_gets_more_than_there_is_room_for(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 2);
	arrive(t, 8, 0);
	for (uint64_t ticket = 1; ticket <= 4; ticket++)
		queue(t, ticket);
	expect_match(t, 8, "1:7 2:7");
	expect_match(t, 8, "");
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 1, 7));
	expect_match(t, 8, "");
	assert_int_equal(ST_OK, drop(t, 1));
	expect_match(t, 8, "3:7");
	expect_agents(t, "7=available 2/2, 8=available 0/0");
}

static void a_match_offers_up_to_its_limit_from_the_head(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 9);
	for (uint64_t ticket = 5; ticket > 0; ticket--)
		queue(t, ticket);
	expect_match(t, 2, "1:7 2:7");
	expect_match(t, 2, "3:7 4:7");
	expect_match(t, 2, "5:7");
	expect_match(t, 2, "");
}

static void the_candidates_are_told_as_the_claim_saw_them(void **state)
{
	struct test *t = *state;
	struct bus_call call;
	const struct candidate *seen;

	for (uint64_t agent = 1; agent <= 10; agent++) {
		arrive(t, agent, 4);
		t->now++;
	}
	assert_int_equal(ST_OK, bind(t, 100, 1));
	queue(t, 1);
	queue(t, 2);
	call = match_tier(t, 1, 2);
	assert_int_equal(2, call.u.match.count);
	seen = call.u.match.offers[0].candidates;
	assert_int_equal(CANDIDATES_MAX, call.u.match.offers[0].candidates_count);
	for (unsigned i = 0; i < CANDIDATES_MAX; i++) {
		assert_int_equal(i + 2, seen[i].agent.v);
		assert_int_equal(0, seen[i].load);
		assert_int_equal(4, seen[i].capacity);
		assert_int_equal(T0 + (int64_t)i + 1, seen[i].idle_since);
	}
	assert_int_equal(3, call.u.match.offers[1].candidates[0].agent.v);
	arena_fini(&call.arena);
}

static void who_has_no_room_is_no_candidate(void **state)
{
	struct test *t = *state;
	struct bus_call call;

	arrive(t, 7, 1);
	arrive(t, 8, 1);
	assert_int_equal(ST_OK, bind(t, 100, 7));
	queue(t, 1);
	call = match_tier(t, 1, 1);
	assert_int_equal(1, call.u.match.count);
	assert_int_equal(1, call.u.match.offers[0].candidates_count);
	assert_int_equal(8, call.u.match.offers[0].candidates[0].agent.v);
	arena_fini(&call.arena);
}

static void a_ticket_that_nobody_can_take_does_not_block_those_behind(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 50);
	for (uint64_t ticket = 1; ticket <= 40; ticket++)
		queue(t, ticket);
	for (uint64_t ticket = 1; ticket <= 40; ticket++) {
		struct bus_call call = match_tier(t, 1, 1);

		assert_int_equal(1, call.u.match.count);
		assert_int_equal(ticket, call.u.match.offers[0].ticket.v);
		arena_fini(&call.arena);
		assert_int_equal(ST_OK, answer(t, BUS_DECLINE, ticket, 7));
	}
	expect_match(t, 64, "");
	queue(t, 41);
	queue(t, 42);
	expect_match(t, 64, "41:7 42:7");
	/* Somebody else takes those from the head. */
	arrive(t, 8, 2);
	expect_match(t, 64, "1:8 2:8");
	assert_int_equal(T0, t->now);
}

static void matching_goes_on_where_the_first_match_stopped(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	t->node = 1;
	arrive(t, 8, 1);
	queue(t, 1);
	queue(t, 2);
	queue(t, 3);
	expect_match(t, 1, "1:7");
	t->node = 0;
	expect_match(t, 8, "2:8");
	expect_order(t, 1, "1 2 3"); /* an offer is a way of waiting */
}

/* --- answers --- */

static void an_offer_is_accepted_once_and_accepting_twice_is_ok(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 8));
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 1, 7));
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 1, 7));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 8));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_DECLINE, 1, 7));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 99, 7));
	expect_order(t, 1, "");
	expect_agents(t, "7=available 1/1");
	t->now += OFFER_MS;
	expect_tick(t, "");
	t->now = T0;
	expect_agents(t, "7=available 1/1");
}

static void an_offer_that_ran_out_is_not_accepted_even_before_the_tick(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	t->now += OFFER_MS;
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 7));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_DECLINE, 1, 7));
	expect_tick(t, "1:7");
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 7));
}

static void an_offer_is_accepted_until_its_last_millisecond(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	t->now += OFFER_MS - 1;
	expect_tick(t, "");
	assert_int_equal(ST_OK, answer(t, BUS_ACCEPT, 1, 7));
}

static void a_declined_ticket_goes_back_to_its_place_and_not_to_the_same_agent(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 5);
	queue(t, 1);
	queue(t, 2);
	expect_match(t, 1, "1:7");
	assert_int_equal(ST_OK, answer(t, BUS_DECLINE, 1, 7));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_DECLINE, 1, 7));
	assert_int_equal(ST_CONFLICT, answer(t, BUS_ACCEPT, 1, 7));
	expect_order(t, 1, "1 2");
	expect_agents(t, "7=available 0/5");
	expect_match(t, 8, "2:7");
	arrive(t, 8, 5);
	expect_match(t, 8, "1:8");
}

static void a_declined_ticket_is_offered_again_after_again_ms(void **state)
{
	struct test *t = *state;

	arrive(t, 7, 1);
	queue(t, 1);
	expect_match(t, 1, "1:7");
	assert_int_equal(ST_OK, answer(t, BUS_DECLINE, 1, 7));
	t->now += AGAIN_MS - 1;
	arrive(t, 7, 1);
	expect_tick(t, "");
	expect_match(t, 1, "");
	t->now += 1;
	expect_tick(t, "");
	expect_match(t, 1, "1:7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_ALL(an_available_agent_with_a_running_lease_is_offered),
		ON_ALL(an_agent_whose_lease_ran_out_is_not_offered_and_is_gone),
		ON_ALL(an_away_agent_is_in_the_set_and_never_offered),
		ON_ALL(who_leaves_is_gone_and_leaving_again_is_ok),
		ON_ALL(only_the_connection_that_holds_the_lease_leaves),
		ON_ALL(the_fence_is_the_connection_with_its_node),
		ON_ALL(the_load_survives_a_takeover_and_a_leave),
		ON_ALL(entering_twice_counts_once),
		ON_ALL(a_tier_is_served_by_its_own_agents),
		ON_ALL(the_queue_is_in_the_order_of_scores_then_of_numbers),
		ON_ALL(scores_up_to_2_to_the_53_keep_their_order),
		ON_ALL(queueing_again_moves_and_does_not_double),
		ON_ALL(many_are_queued_in_one_call),
		ON_ALL(queueing_frees_the_agent_and_withdraws_the_offer),
		ON_ALL(dropping_forgets_and_frees_and_twice_is_ok),
		ON_ALL(a_binding_is_of_one_agent),
		ON_ALL(a_binding_ends_an_offer),
		ON_ALL(the_least_loaded_is_chosen),
		ON_ALL(ties_go_to_the_longest_idle),
		ON_ALL(an_offer_that_was_not_taken_is_no_work),
		ON_ALL(taking_over_the_seat_keeps_the_idle_time),
		ON_ALL(nobody_gets_more_than_there_is_room_for),
		ON_ALL(a_match_offers_up_to_its_limit_from_the_head),
		ON_ALL(the_candidates_are_told_as_the_claim_saw_them),
		ON_ALL(who_has_no_room_is_no_candidate),
		ON_ALL(a_ticket_that_nobody_can_take_does_not_block_those_behind),
		ON_ALL(matching_goes_on_where_the_first_match_stopped),
		ON_ALL(an_offer_is_accepted_once_and_accepting_twice_is_ok),
		ON_ALL(an_offer_that_ran_out_is_not_accepted_even_before_the_tick),
		ON_ALL(an_offer_is_accepted_until_its_last_millisecond),
		ON_ALL(a_declined_ticket_goes_back_to_its_place_and_not_to_the_same_agent),
		ON_ALL(a_declined_ticket_is_offered_again_after_again_ms),
	};

	return cmocka_run_group_tests_name("bus", tests, NULL, NULL);
}
