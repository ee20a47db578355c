/* SPDX-License-Identifier: MIT */
/* Small pure things: ids, e-mails, networks, estimates, rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/quota.h"
#include "base/must.h"
#include "core/agent.h"
#include "core/eta.h"
#include "core/ids.h"
#include "core/network.h"
#include "core/ticket.h"

static void client_ids(void **state)
{
	static const struct {
		const char *id;
		bool valid;
	} rows[] = {
		{"a", true},
		{"A-z_09", true},
		{"0123456789012345678901234567890123456789012345678901234567890123", true},
		{"01234567890123456789012345678901234567890123456789012345678901234", false},
		{"", false},
		{"a b", false},
		{"a.b", false},
		{"\xC3\xA4", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(client_id_is_valid(span_of(rows[i].id)), rows[i].valid);
}

static void emails(void **state)
{
	static const struct {
		const char *email;
		bool valid;
	} rows[] = {
		{"a@b", true},    {"dana@example.gov", true}, {"@b", false},       {"a@", false},
		{"a@b@c", false}, {"a b@c", false},           {"a@b\r\nc", false}, {"ab", false},
		{"<a@b>", false}, {"a,b@c", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(email_is_valid(span_of(rows[i].email)), rows[i].valid);
}

static void networks(void **state)
{
	static const struct {
		const char *address, *network;
	} rows[] = {
		{"192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2"},
		{"2001:DB8:1:2::6", "2001:db8:1:2"},
		{"2001:db8::6", "2001:db8:0:0"},
		{"::1", "0:0:0:0"},
		{"1:2:3:4:5:6:7::", "1:2:3:4"},
		{"::2:3:4:5:6:7:8", "0:2:3:4"},
		{"::", "0:0:0:0"},
		{"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
		{"1:2:3", "1:2:3"},
		{"1:::2", "1:::2"},
		{"@dana@example.gov", "@dana@example.gov"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char network[NETWORK_SIZE];

		network_of(rows[i].address, network);
		assert_string_equal(network, rows[i].network);
	}
}

static void estimates(void **state)
{
	struct eta eta = {0};

	(void)state;
	for (int i = 0; i < 4; i++)
		eta_add(&eta, 10000);
	assert_int_equal(eta_seconds(&eta, 1, 1), -1); /* four pick-ups say nothing yet */
	eta_add(&eta, 90000);
	assert_int_equal(eta_seconds(&eta, 1, 1), 10); /* the median, not the mean */
	assert_int_equal(eta_seconds(&eta, 3, 1), 30);
	assert_int_equal(eta_seconds(&eta, 3, 3), 10);
	assert_int_equal(eta_seconds(&eta, 0, 3), -1);
	for (int i = 0; i < ETA_SAMPLES; i++)
		eta_add(&eta, 1000); /* the old ones are forgotten */
	assert_int_equal(eta_seconds(&eta, 1, 0), 1);
}

static void rates(void **state)
{
	struct rate rate = {0};
	int64_t retry;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_true(rate_take(&rate, 5, 10000, 1000000, &retry));
	assert_false(rate_take(&rate, 5, 10000, 1000000, &retry));
	assert_in_range(retry, 1999, 2001);
	assert_false(rate_take(&rate, 5, 10000, 1000000 + retry - 2, &retry));
	assert_true(rate_take(&rate, 5, 10000, 1002001, &retry));
	assert_false(rate_take(&rate, 5, 10000, 1002002, &retry));
	assert_true(rate_take(&rate, 0, 10000, 1002002, &retry)); /* 0: no limit */
	assert_true(rate_take(&rate, 5, 10000, 2000000, &retry));
	assert_false(rate_has(&rate, 0, 10000, 2000000, &retry) == false);
}

static void the_queue_orders_lost_first_then_urgent_then_early(void **state)
{
	const struct ticket order[] = {
		{.queue_head = true, .waiting_since = INT64_C(1772000000000) + 9},
		{.priority = PRIORITY_CRITICAL, .waiting_since = INT64_C(1772000000000) + 5},
		{.priority = PRIORITY_HIGH, .waiting_since = INT64_C(1772000000000)},
		{.priority = PRIORITY_LOW, .waiting_since = INT64_C(1772000000000) - 9},
		{.priority = PRIORITY_LOW, .waiting_since = INT64_C(1772000000000) - 8},
	};

	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(order); i++)
		assert_true(ticket_queue_score(&order[i - 1]) < ticket_queue_score(&order[i]));
	assert_true(ticket_queue_score(&order[4]) < INT64_C(1) << 53);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_queue_orders_lost_first_then_urgent_then_early),
		cmocka_unit_test(client_ids),
		cmocka_unit_test(emails),
		cmocka_unit_test(networks),
		cmocka_unit_test(estimates),
		cmocka_unit_test(rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
