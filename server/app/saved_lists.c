/* SPDX-License-Identifier: MIT */
/* Each call is one of the record; after a change all clients of the agent, the one that asked for
 * it too, are told that there is something to read. */
#include "app/saved_lists.h"

#include <stdlib.h>
#include <string.h>

#include "app/deliver.h"
#include "base/mem.h"
#include "base/must.h"

struct saving {
	struct app *app;
	struct desk_call *call;
	struct store_call store;
};

static const char *refusal(const struct saving *saving)
{
	enum status st = saving->store.op.status;

	if (st == ST_CONFLICT)
		return "There are as many saved lists as there can be. Delete one first.";
	return st == ST_NOT_FOUND ? "There is no such list." : NULL;
}

static void tell(const struct saving *saving)
{
	struct person *person = people_find(&saving->app->people, saving->call->who.agent.id);

	if (person != NULL)
		deliver_to_person(saving->app, person, &(struct frame_out){.type = OUT_LISTS});
}

static void done(struct op *op)
{
	struct saving *saving = container_of(op, struct saving, store.op);
	struct desk_call *call = saving->call;

	call->op.status = op->status;
	call->message = refusal(saving);
	if (op->status == ST_OK && saving->store.kind == STORE_LISTS) {
		size_t size = saving->store.u.lists.count * sizeof(struct saved_list);

		call->u.lists.count = saving->store.u.lists.count;
		call->u.lists.items = arena_alloc(&call->arena, size);
		if (size > 0)
			memcpy(call->u.lists.items, saving->store.u.lists.items, size);
	} else if (op->status == ST_OK) {
		call->u.list = saving->store.u.list.list;
		tell(saving);
	}
	arena_fini(&saving->store.arena);
	free(saving);
	call->op.done(&call->op);
}

static struct saving *begin(struct app *app, struct desk_call *call, enum store_kind kind)
{
	struct saving *saving = xcalloc(1, sizeof(*saving));

	saving->app = app;
	saving->call = call;
	saving->store.kind = kind;
	saving->store.op.done = done;
	return saving;
}

void saved_lists_read(struct app *app, struct desk_call *call)
{
	struct saving *saving = begin(app, call, STORE_LISTS);

	saving->store.u.lists.agent = call->who.agent.id;
	store_submit(app->ports.store, &saving->store);
}

static void change(struct app *app, struct desk_call *call, enum store_kind kind)
{
	struct saving *saving = begin(app, call, kind);
	int most = app->config.limits.saved_lists;

	saving->store.u.list.agent = call->who.agent.id;
	saving->store.u.list.list = call->u.list;
	saving->store.u.list.most =
		most > 0 && most < SAVED_LISTS_MAX ? (unsigned)most : SAVED_LISTS_MAX;
	store_submit(app->ports.store, &saving->store);
}

void saved_lists_put(struct app *app, struct desk_call *call)
{
	change(app, call, STORE_LIST_PUT);
}

void saved_lists_end(struct app *app, struct desk_call *call)
{
	change(app, call, STORE_LIST_END);
}
