/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/address.h"
#include "base/must.h"

static struct address address(const char *text)
{
	struct address out = {0};

	MUST(address_parse(span_of(text), &out));
	return out;
}

static void texts_to_addresses_and_back(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: none */
	} rows[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"192.0.2.1:8080", "192.0.2.1"},
		{"2001:db8::1", "2001:db8::1"},
		{"[2001:db8::1]", "2001:db8::1"},
		{"[2001:db8::1]:443", "2001:db8::1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"", NULL},
		{"unknown", NULL},
		{"192.0.2", NULL},
		{"192.0.2.256", NULL},
		{"2001:db8:::1", NULL},
		{"192.0.2.1 ", NULL},
		{"1111111111111111111111111111111111111111111111111111111111111", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct address out;
		char printed[ADDRESS_TEXT_SIZE] = "";
		bool good = address_parse(span_of(rows[i].text), &out);

		if (good)
			address_print(&out, printed);
		if (good != (rows[i].printed != NULL) ||
		    (good && strcmp(printed, rows[i].printed) != 0))
			fail_msg("\"%s\": %d \"%s\"", rows[i].text, good, printed);
	}
}

static void an_address_has_so_many(void **state)
{
	struct places places = {0};
	struct address one = address("2001:db8::1"), same = address("2001:db8::2");
	struct address other = address("2001:db8:0:1::1");
	struct place *first = places_enter(&places, &one, 2);
	struct place *second = places_enter(&places, &same, 2);
	struct place *elsewhere;

	(void)state;
	assert_non_null(first);
	assert_ptr_equal(first, second); /* one /64 is one address */
	assert_null(places_enter(&places, &one, 2));
	elsewhere = places_enter(&places, &other, 2);
	assert_non_null(elsewhere);
	places_leave(&places, &second);
	assert_null(second);
	second = places_enter(&places, &one, 2);
	assert_non_null(second);
	places_leave(&places, &first);
	places_leave(&places, &second);
	places_leave(&places, &elsewhere);
	assert_null(places.all);
	places_leave(&places, &elsewhere);
	places_fini(&places);
}

static void zero_means_any_number(void **state)
{
	struct places places = {0};
	struct address one = address("192.0.2.1");
	struct place *place = NULL;

	(void)state;
	for (int i = 0; i < 1000; i++)
		place = places_enter(&places, &one, 0);
	assert_non_null(place);
	places_fini(&places);
}

static void networks(void **state)
{
	static const struct {
		const char *network, *address;
		bool inside;
	} rows[] = {
		{"10.0.0.0/8", "10.255.0.1", true},
		{"10.0.0.0/8", "11.0.0.1", false},
		{"192.0.2.128/25", "192.0.2.127", false},
		{"192.0.2.128/25", "192.0.2.129", true},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"::1", "::1", true},
		{"2001:db8::/32", "2001:db8:1::1", true},
		{"2001:db8::/32", "2001:db9::1", false},
		{"0.0.0.0/0", "192.0.2.1", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"10.0.0.0/8", "::ffff:10.0.0.1", true},
	};
	static const char *const bad[] = {"",        "x",           "10.0.0.0/",  "10.0.0.0/33",
	                                  "::1/129", "10.0.0.0/-1", "10.0.0.0/8x"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct places places = {0};
		struct address one = address(rows[i].address);

		assert_true(places_trust(&places, rows[i].network));
		if (places_is_proxy(&places, &one) != rows[i].inside)
			fail_msg("%s in %s", rows[i].address, rows[i].network);
		places_fini(&places);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct places places = {0};

		if (places_trust(&places, bad[i]))
			fail_msg("\"%s\" is no network", bad[i]);
		places_fini(&places);
	}
}

static void the_client_is_left_of_our_proxies(void **state)
{
	static const struct {
		const char *name, *header, *client; /* NULL: not found */
	} rows[] = {
		{"one", "192.0.2.1", "192.0.2.1"},
		{"what the client wrote itself is not believed", "1.1.1.1, 192.0.2.1", "192.0.2.1"},
		{"a chain of our proxies", "192.0.2.1,10.0.0.2 , 10.0.0.3", "192.0.2.1"},
		{"only proxies", "10.0.0.2", "10.0.0.2"},
		{"rubbish behind a good one", "rubbish, 10.0.0.2", "10.0.0.2"},
		{"rubbish", "rubbish", NULL},
		{"empty", "", NULL},
		{"empty elements", "192.0.2.1,,", NULL},
	};
	struct places places = {0};

	(void)state;
	assert_true(places_trust(&places, "10.0.0.0/8"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[ADDRESS_TEXT_SIZE] = "";
		struct address client;
		bool found = places_client(&places, span_of(rows[i].header), &client);

		if (found)
			address_print(&client, text);
		if (found != (rows[i].client != NULL) ||
		    (found && strcmp(text, rows[i].client) != 0))
			fail_msg("%s: %d %s", rows[i].name, found, text);
	}
	places_fini(&places);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_to_addresses_and_back),
		cmocka_unit_test(an_address_has_so_many),
		cmocka_unit_test(zero_means_any_number),
		cmocka_unit_test(networks),
		cmocka_unit_test(the_client_is_left_of_our_proxies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
