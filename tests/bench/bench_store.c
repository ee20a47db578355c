/* SPDX-License-Identifier: MIT */
/* What a durable message costs: bench_store FOLDER [seconds] [tickets]. Each ticket is a visitor who
 * says 120 bytes, or an agent who answers; `outstanding` calls are under way at any time.
 * CPU is of the whole process, so it includes submitting and reaping. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uv.h>

#include "adapter/sqlite_store.h"
#include "base/mem.h"
#include "base/must.h"

#define SAMPLES_MAX (1U << 20)

struct bench;

struct slot {
	struct store_call call;
	struct bench *bench;
	uint64_t started;
	char id[32];
};

struct bench {
	uv_loop_t loop;
	struct store *store;
	unsigned tickets;
	unsigned outstanding;
	unsigned under_way;
	uint64_t next;
	uint64_t until;
	uint64_t done;
	uint64_t failed;
	uint32_t *samples_us;
	size_t samples;
};

static const char text[] =
	"The build of our form hangs at step 4 since this morning, with a timeout on the gateway. "
	"Is there anything to do now?";

static double cpu_us(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void say(struct slot *slot)
{
	struct bench *bench = slot->bench;
	struct store_call *call = &slot->call;
	struct command *command = &call->u.command.command;
	uint64_t n = bench->next++;
	unsigned ticket = (unsigned)(n % bench->tickets);

	call->kind = n / bench->tickets % 2 == 0 ? STORE_SAY : STORE_COMMAND;
	memset(command, 0, sizeof(*command));
	command->kind = COMMAND_SAY;
	command->now = 1767225600000 + (wall_ms)n;
	command->text = (struct span){.ptr = text, .len = sizeof(text) - 1};
	(void)snprintf(slot->id, sizeof(slot->id), "c-%08" PRIx64 "-%08" PRIx64, n,
	               n * UINT64_C(0x9e3779b9));
	command->id = span_of(slot->id);
	if (call->kind == STORE_SAY) {
		command->actor.role = ROLE_VISITOR;
		command->actor.visitor.v[0] = 1;
		memcpy(command->actor.visitor.v + 8, &ticket, sizeof(ticket));
	} else {
		call->u.command.number.v = ticket + 1;
		command->actor.role = ROLE_AGENT;
		command->actor.agent.v = 1 + ticket % 10;
		memcpy(command->actor.name, "Dana", 5);
	}
	slot->started = uv_hrtime();
	bench->under_way++;
	store_submit(bench->store, call);
}

static void on_said(struct op *op)
{
	struct slot *slot =
		container_of(container_of(op, struct store_call, op), struct slot, call);
	struct bench *bench = slot->bench;
	uint64_t now = uv_hrtime();

	bench->under_way--;
	bench->done++;
	bench->failed += op->status != ST_OK ? 1 : 0;
	if (bench->samples < SAMPLES_MAX)
		bench->samples_us[bench->samples++] = (uint32_t)((now - slot->started) / 1000);
	arena_fini(&slot->call.arena);
	if (now < bench->until)
		say(slot);
}

/* Bytes that were given to write(). 0: the system does not say. */
static uint64_t written(void)
{
	FILE *file = fopen("/proc/self/io", "r");
	char line[128];
	uint64_t bytes = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "wchar: %" SCNu64, &bytes) == 1)
			break;
	if (file != NULL)
		(void)fclose(file);
	return bytes;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void run(struct bench *bench, unsigned outstanding, unsigned seconds)
{
	struct slot *slots = xcalloc(outstanding, sizeof(*slots));
	uint64_t begin = uv_hrtime(), bytes = written();
	double cpu = cpu_us(), wall;

	bench->done = bench->samples = bench->failed = 0;
	bench->until = begin + seconds * UINT64_C(1000000000);
	for (unsigned i = 0; i < outstanding; i++) {
		slots[i].bench = bench;
		slots[i].call.op.done = on_said;
		say(&slots[i]);
	}
	while (bench->under_way > 0)
		(void)uv_run(&bench->loop, UV_RUN_ONCE);
	wall = (double)(uv_hrtime() - begin) / 1e9;
	cpu = cpu_us() - cpu;
	bytes = written() - bytes;
	qsort(bench->samples_us, bench->samples, sizeof(uint32_t), by_value);
	(void)printf("%4u outstanding: %8.0f calls/s  %6.2f us CPU/call  p50 %6.2f ms  p99 %6.2f ms"
	             "  %6.2f KB/call  failed %" PRIu64 "\n",
	             outstanding, (double)bench->done / wall, cpu / (double)bench->done,
	             (double)bench->samples_us[bench->samples / 2] / 1e3,
	             (double)bench->samples_us[bench->samples * 99 / 100] / 1e3,
	             (double)bytes / 1024 / (double)bench->done, bench->failed);
	free(slots);
}

int main(int argc, char **argv)
{
	static const unsigned rows[] = {1, 16, 100, 256};
	unsigned seconds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 3;
	struct bench bench = {.tickets = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 100};
	char path[512], why[160];
	struct store_stats stats;

	if (argc < 2 || seconds == 0 || bench.tickets == 0) {
		(void)fprintf(stderr, "usage: bench_store FOLDER [seconds] [tickets]\n");
		return 2;
	}
	(void)snprintf(path, sizeof(path), "%s/bench.sqlite", argv[1]);
	(void)unlink(path);
	bench.samples_us = xcalloc(SAMPLES_MAX, sizeof(uint32_t));
	MUST(uv_loop_init(&bench.loop) == 0);
	if (sqlite_store_open(&bench.loop, path, &bench.store, why, sizeof(why)) != ST_OK) {
		(void)fprintf(stderr, "%s\n", why);
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(&bench, rows[i], seconds);
	bench.store->ops->stats(bench.store, &stats);
	(void)printf("%" PRIu64 " calls in %" PRIu64 " commits\n", stats.calls, stats.commits);
	bench.store->ops->close(bench.store);
	(void)uv_run(&bench.loop, UV_RUN_DEFAULT);
	(void)unlink(path);
	free(bench.samples_us);
	return 0;
}
