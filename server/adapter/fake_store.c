/* SPDX-License-Identifier: MIT */
/* The fake's queue: rounds, failing commits, and one row a kind of call. */
#include "adapter/fake_store.h"

#include <stdlib.h>

#include "adapter/fake_record.h"
#include "base/mem.h"
#include "base/must.h"

struct fake_store {
	struct store store;
	struct fake_record record;
	struct store_call **queue;
	size_t queued;
	struct store_call **round; /* being run */
	unsigned failing;
	uint64_t commits;
	uint64_t calls;
	bool healthy;
	bool closing;
	bool running;
};

static enum status write_nothing(struct fake_record *record, struct store_call *call)
{
	(void)record;
	(void)call;
	return ST_OK; /* the fake searches without an index */
}

static const struct fake_kind {
	enum status (*write)(struct fake_record *record, struct store_call *call);
	enum status (*read)(const struct fake_record *record, struct store_call *call);
} kinds[] = {
	[STORE_SAY] = {.write = fake_say},
	[STORE_CREATE] = {.write = fake_create},
	[STORE_COMMAND] = {.write = fake_command},
	[STORE_AGENT_PUT] = {.write = fake_agent_put},
	[STORE_SESSION_PUT] = {.write = fake_session_put},
	[STORE_SESSION_END] = {.write = fake_session_end},
	[STORE_TOKEN_SET] = {.write = fake_token_set},
	[STORE_TOKEN_END] = {.write = fake_token_end},
	[STORE_LIST_PUT] = {.write = fake_list_put},
	[STORE_LIST_END] = {.write = fake_list_end},
	[STORE_META_PUT] = {.write = fake_meta_put},
	[STORE_INDEX] = {.write = write_nothing},
	[STORE_FIRE] = {.write = fake_fire},
	[STORE_POLICY_PUT] = {.write = fake_policy_put},
	[STORE_FORGET] = {.write = fake_forget},
	[STORE_TICKET] = {.read = fake_read_ticket},
	[STORE_ENTRIES] = {.read = fake_read_entries},
	[STORE_TICKETS] = {.read = fake_read_tickets},
	[STORE_LIVE] = {.read = fake_read_live},
	[STORE_LAST] = {.read = fake_read_last},
	[STORE_AGENT] = {.read = fake_read_agent},
	[STORE_AGENTS] = {.read = fake_read_agents},
	[STORE_SESSION] = {.read = fake_read_session},
	[STORE_TOKENS] = {.read = fake_read_tokens},
	[STORE_LISTS] = {.read = fake_read_lists},
	[STORE_META_GET] = {.read = fake_read_meta},
	[STORE_POLICIES] = {.read = fake_read_policies},
	[STORE_SIMILAR] = {.read = fake_read_similar},
	[STORE_FILE] = {.read = fake_read_file},
	[STORE_CUSTOMERS] = {.read = fake_read_customers},
};

static struct fake_store *fake_of(struct store *store)
{
	return container_of(store, struct fake_store, store);
}

static bool is_write(const struct store_call *call)
{
	return kinds[call->kind].write != NULL;
}

static void fake_submit(struct store *store, struct store_call *call)
{
	struct fake_store *fake = fake_of(store);

	MUST((size_t)call->kind < ARRAY_LEN(kinds));
	fake->queue = fake_list_grow(fake->queue, fake->queued, sizeof(*fake->queue));
	fake->queue[fake->queued++] = call;
}

static void finish(struct store_call *call, enum status st)
{
	call->op.status = st;
	call->op.done(&call->op);
}

/* Takes what is queued as a round: its reads, then its writes. Returns the number of reads. */
static size_t take_round(struct fake_store *fake, size_t *count_out)
{
	struct store_call **round = xcalloc(fake->queued + 1, sizeof(struct store_call *));
	size_t at = 0, reads;

	for (size_t i = 0; i < fake->queued; i++)
		if (!is_write(fake->queue[i]))
			round[at++] = fake->queue[i];
	reads = at;
	for (size_t i = 0; i < fake->queued; i++)
		if (is_write(fake->queue[i]))
			round[at++] = fake->queue[i];
	free(fake->round);
	fake->round = round;
	fake->queued = 0;
	*count_out = at;
	return reads;
}

/* All are executed before the first `done`, as in one transaction. */
static void run_writes(struct fake_store *fake, struct store_call **writes, size_t count)
{
	fake->healthy = fake->failing == 0;
	if (fake->failing > 0)
		fake->failing--;
	for (size_t i = 0; i < count; i++)
		writes[i]->op.status =
			fake->healthy ? kinds[writes[i]->kind].write(&fake->record, writes[i])
				      : ST_UNAVAILABLE;
	fake->commits += fake->healthy ? 1 : 0;
	fake->calls += count;
	for (size_t i = 0; i < count; i++)
		writes[i]->op.done(&writes[i]->op);
}

size_t fake_store_run(struct store *store)
{
	struct fake_store *fake = fake_of(store);
	size_t count, reads;

	MUST(!fake->running && !fake->closing);
	fake->running = true;
	reads = take_round(fake, &count);
	for (size_t i = 0; i < reads; i++)
		finish(fake->round[i],
		       kinds[fake->round[i]->kind].read(&fake->record, fake->round[i]));
	if (count > reads)
		run_writes(fake, fake->round + reads, count - reads);
	fake->running = false;
	return count;
}

void fake_store_fail_commits(struct store *store, unsigned rounds)
{
	fake_of(store)->failing = rounds;
}

static void fake_stats(struct store *store, struct store_stats *out)
{
	const struct fake_store *fake = fake_of(store);

	*out = (struct store_stats){.queued = fake->queued,
	                            .commits = fake->commits,
	                            .calls = fake->calls,
	                            .healthy = fake->healthy};
}

static void fake_close(struct store *store)
{
	struct fake_store *fake = fake_of(store);

	MUST(!fake->running);
	fake->closing = true;
	while (fake->queued > 0) {
		size_t count;

		(void)take_round(fake, &count);
		for (size_t i = 0; i < count; i++)
			finish(fake->round[i], ST_CANCELED);
	}
	free(fake->round);
	free(fake->queue);
	fake_record_fini(&fake->record);
	free(fake);
}

struct store *fake_store_create(void)
{
	static const struct store_ops ops = {
		.submit = fake_submit, .stats = fake_stats, .close = fake_close};
	struct fake_store *fake = xcalloc(1, sizeof(*fake));

	fake->store.ops = &ops;
	fake_record_init(&fake->record);
	fake->healthy = true;
	return &fake->store;
}
