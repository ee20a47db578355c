/* SPDX-License-Identifier: MIT */
/* Lists that agents saved. */
#include <string.h>

#include "adapter/fake_record.h"

enum status fake_list_put(struct fake_record *record, struct store_call *call)
{
	struct saved_list *list = &call->u.list.list;
	struct fake_saved *same = NULL;
	unsigned others = 0;

	for (size_t i = 0; i < record->saved_count; i++) {
		struct fake_saved *saved = &record->saved[i];

		if (saved->agent.v != call->u.list.agent.v)
			continue;
		if (strcmp(saved->list.name, list->name) == 0)
			same = saved;
		else
			others++;
	}
	if (others >= call->u.list.most)
		return ST_CONFLICT;
	if (same == NULL) {
		record->saved =
			fake_list_grow(record->saved, record->saved_count, sizeof(*record->saved));
		same = &record->saved[record->saved_count++];
		same->agent = call->u.list.agent;
		same->list.id = ++record->saved_given;
	}
	list->id = same->list.id;
	same->list = *list;
	return ST_OK;
}

enum status fake_list_end(struct fake_record *record, struct store_call *call)
{
	for (size_t i = 0; i < record->saved_count; i++) {
		struct fake_saved *saved = &record->saved[i];

		if (saved->list.id != call->u.list.list.id ||
		    saved->agent.v != call->u.list.agent.v)
			continue;
		record->saved_count--;
		memmove(saved, saved + 1, (record->saved_count - i) * sizeof(*saved));
		return ST_OK;
	}
	return ST_NOT_FOUND;
}

enum status fake_read_lists(const struct fake_record *record, struct store_call *call)
{
	struct saved_list *items =
		arena_alloc(&call->arena, (record->saved_count + 1) * sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; i < record->saved_count && count < SAVED_LISTS_MAX; i++)
		if (record->saved[i].agent.v == call->u.lists.agent.v)
			items[count++] = record->saved[i].list;
	call->u.lists.items = items;
	call->u.lists.count = count;
	return ST_OK;
}
