/* SPDX-License-Identifier: MIT */
/* What only a file can do wrong: crashes, full disks, locks, other versions of it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../support/store_kit.h"
#include "adapter/sqlite_store.h"
#include "base/must.h"

static void sql(struct store_kit *kit, const char *text)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void retry_is(struct store_kit *kit, unsigned visitor, const char *id, uint64_t seq)
{
	struct kit_call call;

	kit_say(&call, kit, visitor, id, "a retry");
	assert_int_equal(kit_run(&call), ST_OK);
	if (!call.call.u.command.duplicate || call.call.u.command.effect.entries[0].seq != seq)
		fail_msg("acked %s as %u of visitor %u is lost", id, (unsigned)seq, visitor);
	kit_call_fini(&call);
}

/* The whole log of a ticket is 1, 2, 3 ... Returns its length. */
static uint64_t dense(struct store_kit *kit, uint64_t number)
{
	struct kit_call call;
	uint64_t count;

	kit_call_init(&call, kit, STORE_TICKET);
	call.call.u.ticket.number.v = number;
	assert_int_equal(kit_run(&call), ST_OK);
	count = call.call.u.ticket.entries_count;
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(call.call.u.ticket.entries[i].seq, i + 1);
	assert_int_equal(call.call.u.ticket.ticket.last_seq, count);
	kit_call_fini(&call);
	return count;
}

/* --- kill -9 --- */

#define WRITERS 16

struct ack {
	unsigned visitor;
	unsigned n;
	uint64_t seq;
};

struct teller {
	struct kit_call call;
	struct ack ack;
	char id[32];
	int fd;
	unsigned round;
};

static void tell_next(struct teller *teller, struct store_kit *kit);

static void on_told(struct op *op)
{
	struct store_call *store_call = container_of(op, struct store_call, op);
	struct kit_call *call = container_of(store_call, struct kit_call, call);
	struct teller *teller = container_of(call, struct teller, call);

	teller->ack.seq = store_call->u.command.effect.entries[0].seq;
	if (op->status != ST_OK ||
	    write(teller->fd, &teller->ack, sizeof(teller->ack)) != sizeof(teller->ack))
		_exit(1);
	kit_call_fini(call);
	teller->ack.n++;
	tell_next(teller, call->kit);
}

static void ack_id(char *out, size_t size, unsigned round, unsigned n)
{
	(void)snprintf(out, size, "r%u-%u", round, n);
}

static void tell_next(struct teller *teller, struct store_kit *kit)
{
	ack_id(teller->id, sizeof(teller->id), teller->round, teller->ack.n);
	kit_say(&teller->call, kit, teller->ack.visitor, teller->id, "before the lights go out");
	teller->call.call.op.done = on_told;
	kit_submit(&teller->call);
}

static void write_until_killed(struct store_kit *kit, int fd, unsigned round)
{
	struct teller tellers[WRITERS];

	store_kit_open(kit);
	memset(tellers, 0, sizeof(tellers));
	for (unsigned i = 0; i < WRITERS; i++) {
		tellers[i].ack.visitor = i;
		tellers[i].fd = fd;
		tellers[i].round = round;
		tell_next(&tellers[i], kit);
	}
	for (;;)
		kit_turn(kit);
}

static size_t kill_a_writer(struct store_kit *kit, unsigned round, struct ack *acks, size_t max)
{
	size_t count = 0;
	int fds[2], wait_status;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(fds[0]);
		write_until_killed(kit, fds[1], round);
	}
	(void)close(fds[1]);
	while (count < max && read(fds[0], &acks[count], sizeof(*acks)) == sizeof(*acks)) {
		count++;
		if (count == max - WRITERS)
			assert_int_equal(kill(child, SIGKILL), 0);
	}
	(void)close(fds[0]);
	assert_int_equal(waitpid(child, &wait_status, 0), child);
	assert_true(WIFSIGNALED(wait_status));
	return count;
}

static void what_was_acked_survives_kill_9(void **state)
{
	struct store_kit *kit = *state;
	static struct ack acks[400 + WRITERS];

	store_kit_close(kit);
	for (unsigned round = 0; round < 5; round++) {
		size_t count = kill_a_writer(kit, round, acks, 300 + 20 * round);

		assert_true(count >= 300 - WRITERS);
		store_kit_open(kit);
		for (size_t i = 0; i < count; i++) {
			char id[32];

			ack_id(id, sizeof(id), round, acks[i].n);
			retry_is(kit, acks[i].visitor, id, acks[i].seq);
		}
		for (uint64_t number = 1; number <= WRITERS; number++)
			(void)dense(kit, number);
		store_kit_close(kit);
	}
}

/* --- what cannot be written --- */

/* What making the tables has written already. */
static rlim_t log_bytes(const struct store_kit *kit)
{
	char path[sizeof(kit->path) + 4];
	struct stat stat_out;

	(void)snprintf(path, sizeof(path), "%s-wal", kit->path);
	assert_int_equal(stat(path, &stat_out), 0);
	return (rlim_t)stat_out.st_size;
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static enum status say(struct store_kit *kit, const char *id)
{
	struct kit_call call;
	static char text[8000];
	enum status st;

	memset(text, 'x', sizeof(text) - 1);
	kit_say(&call, kit, 1, id, text);
	st = kit_run(&call);
	kit_call_fini(&call);
	return st;
}

static void a_disk_that_takes_no_more(void **state)
{
	struct store_kit *kit = *state;
	struct store_stats stats;
	unsigned said = 0;
	char id[32];
	enum status st;

	(void)signal(SIGXFSZ, SIG_IGN);
	limit_files(log_bytes(kit) + 200000);
	do {
		(void)snprintf(id, sizeof(id), "m%u", said);
		st = say(kit, id);
		said += st == ST_OK ? 1 : 0;
	} while (st == ST_OK && said < 1000);
	assert_int_equal(st, ST_UNAVAILABLE);
	assert_true(said > 5);
	kit->store->ops->stats(kit->store, &stats);
	assert_false(stats.healthy);
	assert_int_equal(dense(kit, 1),
	                 said); /* reading goes on, and sees no more than was acked */
	assert_int_equal(say(kit, "still-full"), ST_UNAVAILABLE);
	limit_files(RLIM_INFINITY);
	(void)snprintf(id, sizeof(id), "m%u", said);
	assert_int_equal(say(kit, id), ST_OK);
	kit->store->ops->stats(kit->store, &stats);
	assert_true(stats.healthy);
	store_kit_close(kit);
	store_kit_open(kit);
	assert_int_equal(dense(kit, 1), said + 1);
	for (unsigned i = 0; i <= said; i++) {
		(void)snprintf(id, sizeof(id), "m%u", i);
		retry_is(kit, 1, id, i + 1);
	}
}

static void a_lock_of_somebody_else(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call write, read;
	sqlite3 *other;

	assert_int_equal(kit_open(kit, 1, "before"), 1);
	assert_int_equal(sqlite3_open(kit->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	kit_say(&write, kit, 1, "during", "during");
	kit_submit(&write);
	kit_call_init(&read, kit, STORE_LAST);
	read.call.u.last.visitor = kit_visitor(1);
	assert_int_equal(kit_run(&read), ST_OK);
	assert_int_equal(write.done, 0); /* the reader did not wait for it */
	kit_wait(&write);
	assert_int_equal(write.call.op.status, ST_UNAVAILABLE);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	kit_call_fini(&write);
	kit_say(&write, kit, 1, "during", "during");
	assert_int_equal(kit_run(&write), ST_OK);
	assert_false(write.call.u.command.duplicate);
	kit_call_fini(&write);
	kit_call_fini(&read);
}

/* SQLite itself refuses one statement in the middle of a batch, after others of its call. */
static void one_bad_call_does_not_fail_its_batch(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[40];

	assert_int_equal(kit_open(kit, 1, "first"), 1);
	store_kit_close(kit);
	sql(kit, "CREATE TRIGGER poison BEFORE UPDATE ON ticket_log WHEN NEW.number = 1 AND"
	         " (SELECT text FROM entry ORDER BY id DESC LIMIT 1) = 'poison'"
	         " BEGIN SELECT RAISE(ABORT, 'poison'); END");
	store_kit_open(kit);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		kit_say(&calls[i], kit, i % 4, "", i % 8 == 5 ? "poison" : "fine");
		if (i % 8 == 7) {
			char email[] = "a0@example.gov";

			email[1] = (char)('0' + i / 8);
			kit_call_init(&calls[i], kit, STORE_AGENT_PUT);
			memcpy(calls[i].call.u.agent_put.email, email, sizeof(email));
		}
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[ARRAY_LEN(calls) - 1]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].call.op.status, i % 8 == 5 ? ST_UNAVAILABLE : ST_OK);
		if (i % 8 == 7)
			assert_int_equal(calls[i].call.u.agent_put.id.v, i / 8 + 1);
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(dense(kit, 1), 1 + 5); /* visitor 1 said 5 fine and 5 bad ones */
	assert_int_equal(dense(kit, 2), 10);
	sql(kit, "DROP TRIGGER poison");
}

/* --- the loop --- */

struct preparer {
	uv_prepare_t prepare;
	struct kit_call call;
};

static void on_prepare(uv_prepare_t *prepare)
{
	struct preparer *preparer = container_of(prepare, struct preparer, prepare);

	(void)uv_prepare_stop(prepare);
	kit_submit(&preparer->call);
}

static void on_late(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("the loop slept on a call that waited for it");
}

/* The last phase before the loop sleeps is not too late to be heard. */
static void a_call_from_the_brink_of_sleep(void **state)
{
	struct store_kit *kit = *state;
	struct preparer preparer;
	uv_timer_t guard;

	kit_say(&preparer.call, kit, 1, "", "text");
	assert_int_equal(uv_timer_init(&kit->loop, &guard), 0);
	assert_int_equal(uv_timer_start(&guard, on_late, 30000, 0), 0);
	assert_int_equal(uv_prepare_init(&kit->loop, &preparer.prepare), 0);
	assert_int_equal(uv_prepare_start(&preparer.prepare, on_prepare), 0);
	kit_wait(&preparer.call);
	assert_int_equal(preparer.call.call.op.status, ST_OK);
	uv_close((uv_handle_t *)&guard, NULL);
	uv_close((uv_handle_t *)&preparer.prepare, NULL);
	(void)uv_run(&kit->loop, UV_RUN_NOWAIT);
	kit_call_fini(&preparer.call);
}

/* --- the file --- */

static void a_ticket_that_left_the_cache(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call *calls = calloc(2200, sizeof(*calls));

	assert_non_null(calls);
	for (unsigned i = 0; i < 2200; i++) {
		kit_say(&calls[i], kit, i, "id", "one of many");
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[2199]);
	for (unsigned i = 0; i < 2200; i++)
		kit_call_fini(&calls[i]);
	free(calls);
	for (unsigned i = 0; i < 2200; i += 100) {
		retry_is(kit, i, "id", 1);
		assert_int_equal(kit_open(kit, i, "again"), i + 1);
		assert_int_equal(dense(kit, i + 1), 2);
	}
}

static void everything_is_there_after_reopening(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call set, read;
	struct stat st;

	for (unsigned i = 0; i < 70; i++)
		(void)kit_open(kit, 1, "text");
	kit_command(&set, kit, 1, COMMAND_SET, 1, "set");
	set.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("renamed")};
	assert_int_equal(kit_run(&set), ST_OK);
	kit_call_fini(&set);
	assert_int_equal(kit_agent(kit, "ann@example.gov"), 1);
	for (unsigned i = 0; i < 2; i++) {
		store_kit_close(kit);
		store_kit_open(kit);
	}
	assert_int_equal(stat(kit->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(kit_open(kit, 1, "goes on"), 1);
	assert_int_equal(dense(kit, 1), 71);
	assert_int_equal(kit_open(kit, 2, "the next one"), 2);
	assert_int_equal(kit_agent(kit, "bob@example.gov"), 2);
	kit_command(&set, kit, 1, COMMAND_SET, 1, "set");
	assert_int_equal(kit_run(&set), ST_OK);
	assert_true(set.call.u.command.duplicate);
	kit_call_fini(&set);
	kit_call_init(&read, kit, STORE_TICKETS);
	read.call.u.tickets.filter =
		(struct ticket_filter){.limit = 9, .query = SPAN_LIT("renamed")};
	assert_int_equal(kit_run(&read), ST_OK);
	assert_int_equal(read.call.u.tickets.count, 1);
	kit_call_fini(&read);
}

static int layout_of(const struct store_kit *kit)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *handle;
	int layout;

	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, "PRAGMA user_version", -1, &stmt, NULL),
	                 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	layout = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	return layout;
}

static void files_that_are_refused(void **state)
{
	static const struct {
		const char *name, *sql, *words;
	} rows[] = {
		{"a newer layout", "PRAGMA user_version=999", "newer"},
		{"another program's", "PRAGMA application_id=77", "another program"},
	};
	struct store_kit *kit = *state;
	struct store *store;
	uv_loop_t loop;
	char why[160], restore[80], missing[160];
	int layout;

	store_kit_close(kit);
	layout = layout_of(kit);
	assert_int_equal(uv_loop_init(&loop), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		sql(kit, rows[i].sql);
		if (sqlite_store_open(&loop, kit->path, &store, why, sizeof(why)) !=
		            ST_UNAVAILABLE ||
		    strstr(why, rows[i].words) == NULL || strstr(why, kit->path) == NULL)
			fail_msg("%s: %s", rows[i].name, why);
		(void)snprintf(restore, sizeof(restore),
		               "PRAGMA user_version=%d; PRAGMA application_id=%d", layout,
		               0x5469656c);
		sql(kit, restore);
	}
	(void)snprintf(missing, sizeof(missing), "%s.no-folder/desk.sqlite", kit->path);
	assert_int_equal(sqlite_store_open(&loop, missing, &store, why, sizeof(why)),
	                 ST_UNAVAILABLE);
	assert_non_null(strstr(why, "No such file"));
	assert_int_equal(uv_loop_close(&loop), 0);
	store_kit_open(kit);
}

static void garbage_is_refused(void **state)
{
	struct store_kit *kit = *state;
	struct store *store;
	uv_loop_t loop;
	char why[160];
	FILE *file;

	store_kit_close(kit);
	file = fopen(kit->path, "w");
	assert_non_null(file);
	for (unsigned i = 0; i < 1000; i++)
		assert_true(fputs("not a database ", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(sqlite_store_open(&loop, kit->path, &store, why, sizeof(why)),
	                 ST_UNAVAILABLE);
	assert_non_null(strstr(why, "not a database"));
	assert_int_equal(uv_loop_close(&loop), 0);
}

#define ROW(name) STORE_KIT_ROW(name, sqlite)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(what_was_acked_survives_kill_9),
		ROW(a_disk_that_takes_no_more),
		ROW(a_lock_of_somebody_else),
		ROW(one_bad_call_does_not_fail_its_batch),
		ROW(a_call_from_the_brink_of_sleep),
		ROW(a_ticket_that_left_the_cache),
		ROW(everything_is_there_after_reopening),
		ROW(files_that_are_refused),
		ROW(garbage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
