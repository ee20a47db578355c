/* SPDX-License-Identifier: MIT */
/* Very many clocks that are due at one moment, and what chats feel of it:
 * bench_fire FOLDER [tickets] [batch] [chats]. First chats alone, then the same chats while all that
 * is due is fired, a batch at a time, as the desk does it; then once more, with heavier effects. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <uv.h>

#include "adapter/sqlite_store.h"
#include "base/mem.h"
#include "base/must.h"
#include "support/policy_kit.h"

#define SAMPLES_MAX (1U << 20)
#define ALONE_NS    UINT64_C(3000000000)

struct bench;

struct slot {
	struct store_call call;
	struct bench *bench;
	uint64_t started;
	unsigned visitor;
	char id[32];
};

struct bench {
	uv_loop_t loop;
	struct store *store;
	struct policy_kit policy;
	struct slot *slots;
	unsigned chats, batch;
	unsigned under_way;
	uint64_t next;  /* message */
	uint64_t until; /* chats end then, 0: when nothing is due any more */
	wall_ms now;
	uint32_t *samples_us;
	size_t samples;
	/* Firing. */
	struct slot fire;
	bool firing;
	uint64_t fired, effects, fires, fire_max_ns;
};

static double cpu_s(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void say(struct slot *slot)
{
	struct bench *bench = slot->bench;
	struct command *command = &slot->call.u.command.command;
	uint64_t n = bench->next++;

	slot->call.kind = STORE_SAY;
	memset(command, 0, sizeof(*command));
	command->kind = COMMAND_SAY;
	command->now = bench->now;
	command->book = &bench->policy.book;
	command->text = SPAN_LIT("The build of our form hangs at step 4 since this morning.");
	(void)snprintf(slot->id, sizeof(slot->id), "c-%016" PRIx64, n);
	command->id = span_of(slot->id);
	command->actor.role = ROLE_VISITOR;
	command->actor.visitor.v[0] = 1;
	memcpy(command->actor.visitor.v + 8, &slot->visitor, sizeof(slot->visitor));
	slot->started = uv_hrtime();
	bench->under_way++;
	store_submit(bench->store, &slot->call);
}

static struct slot *slot_of(struct op *op)
{
	return container_of(container_of(op, struct store_call, op), struct slot, call);
}

static bool goes_on(const struct bench *bench, uint64_t now)
{
	return bench->until != 0 ? now < bench->until : bench->firing;
}

static void on_said(struct op *op)
{
	struct slot *slot = slot_of(op);
	struct bench *bench = slot->bench;
	uint64_t now = uv_hrtime();

	MUST(op->status == ST_OK);
	bench->under_way--;
	if (bench->samples < SAMPLES_MAX)
		bench->samples_us[bench->samples++] = (uint32_t)((now - slot->started) / 1000);
	arena_fini(&slot->call.arena);
	if (goes_on(bench, now))
		say(slot);
}

/* The next visitors come one after the other; `until` tells how many are left. */
static void on_opened(struct op *op)
{
	struct slot *slot = slot_of(op);
	struct bench *bench = slot->bench;

	MUST(op->status == ST_OK);
	bench->under_way--;
	arena_fini(&slot->call.arena);
	if (bench->until == 0)
		return;
	slot->visitor = (unsigned)bench->until--;
	say(slot);
}

static void open_all(struct bench *bench, unsigned tickets)
{
	bench->until = tickets;
	for (unsigned i = 0; i < bench->chats && bench->until > 0; i++) {
		struct slot *slot = &bench->slots[i];

		slot->bench = bench;
		slot->call.op.done = on_opened;
		slot->visitor = (unsigned)bench->until--;
		say(slot);
	}
	while (bench->under_way > 0)
		(void)uv_run(&bench->loop, UV_RUN_ONCE);
}

static void fire(struct bench *bench)
{
	struct store_call *call = &bench->fire.call;

	call->kind = STORE_FIRE;
	call->u.fire.now = bench->now;
	call->u.fire.limit = bench->batch;
	call->u.fire.book = &bench->policy.book;
	bench->fire.started = uv_hrtime();
	bench->under_way++;
	store_submit(bench->store, call);
}

static void on_fired(struct op *op)
{
	struct slot *slot = slot_of(op);
	struct bench *bench = slot->bench;
	uint64_t took = uv_hrtime() - slot->started;
	bool more = slot->call.u.fire.more;

	MUST(op->status == ST_OK);
	bench->under_way--;
	bench->fires++;
	bench->effects += slot->call.u.fire.count;
	for (size_t i = 0; i < slot->call.u.fire.count; i++)
		bench->fired += slot->call.u.fire.effects[i].fired_count;
	if (took > bench->fire_max_ns)
		bench->fire_max_ns = took;
	arena_fini(&slot->call.arena);
	bench->firing = more;
	if (more)
		fire(bench);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static double percentile(const struct bench *bench, size_t percent)
{
	return bench->samples == 0
	               ? 0.0
	               : (double)bench->samples_us[bench->samples * percent / 100] / 1e3;
}

/* Returns the p99 of a message. */
static double run(struct bench *bench, const char *name, wall_ms now, bool fires)
{
	uint64_t begin = uv_hrtime();
	double cpu = cpu_s(), wall;

	bench->now = now;
	bench->samples = 0;
	bench->fired = bench->effects = bench->fires = bench->fire_max_ns = 0;
	bench->firing = fires;
	bench->until = fires ? 0 : begin + ALONE_NS;
	for (unsigned i = 0; i < bench->chats; i++) {
		bench->slots[i].call.op.done = on_said;
		bench->slots[i].visitor = i + 1;
		say(&bench->slots[i]);
	}
	if (fires)
		fire(bench);
	while (bench->under_way > 0)
		(void)uv_run(&bench->loop, UV_RUN_ONCE);
	wall = (double)(uv_hrtime() - begin) / 1e9;
	cpu = cpu_s() - cpu;
	qsort(bench->samples_us, bench->samples, sizeof(uint32_t), by_value);
	(void)printf("%-28s %6.2f s (CPU %5.2f s)  messages/s %7.0f  p50 %6.2f ms  p99 %6.2f ms\n",
	             name, wall, cpu, (double)bench->samples / wall, percentile(bench, 50),
	             percentile(bench, 99));
	if (fires)
		(void)printf("%28s effects %" PRIu64 " with %" PRIu64
		             " timers, %.0f tickets/s in %" PRIu64 " calls, the longest %.1f ms\n",
		             "", bench->effects, bench->fired, (double)bench->effects / wall,
		             bench->fires, (double)bench->fire_max_ns / 1e6);
	return percentile(bench, 99);
}

static unsigned number(int argc, char **argv, int at, unsigned otherwise)
{
	return argc > at ? (unsigned)strtoul(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	unsigned tickets = number(argc, argv, 2, 100000);
	static struct bench bench;
	wall_ms at = kit_at("2026-03-02 09:00");
	char path[512], why[160];
	double alone, light, heavy;

	if (argc < 2 || tickets == 0) {
		(void)fprintf(stderr, "usage: bench_fire FOLDER [tickets] [batch] [chats]\n");
		return 2;
	}
	bench.batch = number(argc, argv, 3, 250);
	bench.chats = number(argc, argv, 4, 100);
	(void)snprintf(path, sizeof(path), "%s/bench.sqlite", argv[1]);
	(void)unlink(path);
	bench.samples_us = xcalloc(SAMPLES_MAX, sizeof(uint32_t));
	bench.slots = xcalloc(bench.chats, sizeof(*bench.slots));
	bench.fire.bench = &bench;
	bench.fire.call.op.done = on_fired;
	policy_kit_init(&bench.policy);
	MUST(uv_loop_init(&bench.loop) == 0);
	if (sqlite_store_open(&bench.loop, path, &bench.store, why, sizeof(why)) != ST_OK) {
		(void)fprintf(stderr, "%s\n", why);
		return 1;
	}
	bench.now = at;
	open_all(&bench, tickets);
	alone = run(&bench, "chats alone", at + MINUTE_MS, false);
	light = run(&bench, "beside: offered a ticket", at + 4 * MINUTE_MS, true);
	heavy = run(&bench, "beside: targets missed", at + 16 * MINUTE_MS, true);
	(void)printf("p99 beside against alone: %.2f and %.2f\n", light / alone, heavy / alone);
	bench.store->ops->close(bench.store);
	(void)uv_run(&bench.loop, UV_RUN_DEFAULT);
	(void)unlink(path);
	policy_kit_fini(&bench.policy);
	free(bench.slots);
	free(bench.samples_us);
	return 0;
}
