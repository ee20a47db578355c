/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of lists that agents save, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

static enum status put(struct store_kit *kit, uint64_t agent, const char *name, const char *query,
                       uint64_t *id_out)
{
	struct kit_call call;
	enum status st;

	kit_call_init(&call, kit, STORE_LIST_PUT);
	call.call.u.list.agent.v = agent;
	call.call.u.list.most = 3;
	(void)span_copy(call.call.u.list.list.name, SAVED_LIST_NAME_SIZE, span_of(name));
	(void)span_copy(call.call.u.list.list.query, SAVED_LIST_QUERY_SIZE, span_of(query));
	st = kit_run(&call);
	*id_out = call.call.u.list.list.id;
	kit_call_fini(&call);
	return st;
}

static enum status end(struct store_kit *kit, uint64_t agent, uint64_t id)
{
	struct kit_call call;
	enum status st;

	kit_call_init(&call, kit, STORE_LIST_END);
	call.call.u.list.agent.v = agent;
	call.call.u.list.list.id = id;
	st = kit_run(&call);
	kit_call_fini(&call);
	return st;
}

/* "a?x b?y" */
static const char *lists(struct store_kit *kit, uint64_t agent)
{
	static char text[4096];
	struct kit_call call;
	size_t len = 0;

	kit_call_init(&call, kit, STORE_LISTS);
	call.call.u.lists.agent.v = agent;
	assert_int_equal(kit_run(&call), ST_OK);
	text[0] = '\0';
	for (size_t i = 0; i < call.call.u.lists.count; i++) {
		const struct saved_list *list = &call.call.u.lists.items[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s?%s", i > 0 ? " " : "",
		                        list->name, list->query);
		assert_true(len < sizeof(text));
	}
	kit_call_fini(&call);
	return text;
}

static void a_name_is_there_once(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");
	uint64_t a, b, id;

	assert_string_equal(lists(kit, ann), "");
	assert_int_equal(put(kit, ann, "a", "x=1", &a), ST_OK);
	assert_int_equal(put(kit, ann, "b", "y=1", &b), ST_OK);
	assert_true(b > a);
	assert_int_equal(put(kit, ann, "a", "x=2", &id), ST_OK);
	assert_int_equal(id, a);
	assert_string_equal(lists(kit, ann), "a?x=2 b?y=1");
	assert_int_equal(put(kit, bob, "a", "z", &id), ST_OK);
	assert_string_equal(lists(kit, bob), "a?z");
	assert_string_equal(lists(kit, ann), "a?x=2 b?y=1");
}

static void there_are_only_so_many(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");
	uint64_t a, b, id;

	assert_int_equal(put(kit, ann, "a", "1", &a), ST_OK);
	assert_int_equal(put(kit, ann, "b", "2", &b), ST_OK);
	assert_int_equal(put(kit, ann, "c", "3", &id), ST_OK);
	assert_int_equal(put(kit, ann, "d", "4", &id), ST_CONFLICT);
	assert_int_equal(put(kit, ann, "b", "5", &id), ST_OK); /* no more than before */
	assert_int_equal(put(kit, bob, "d", "4", &id), ST_OK);
	assert_int_equal(end(kit, bob, a), ST_NOT_FOUND);
	assert_int_equal(end(kit, ann, a), ST_OK);
	assert_int_equal(end(kit, ann, a), ST_NOT_FOUND);
	assert_int_equal(put(kit, ann, "d", "4", &id), ST_OK);
	assert_string_equal(lists(kit, ann), "b?5 c?3 d?4");
	assert_true(id > b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(a_name_is_there_once),
		STORE_KIT_BOTH(there_are_only_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
