/* SPDX-License-Identifier: MIT */
/* The timers that are due have their effect:
 *   numbers from the index > each: load > ticket_decide > on record already? > effect_write
 * A ticket that cannot go on is put off, so that it never holds up the others. Tickets that are
 * not in the cache do not go through it: a thousand of them would push out the live chats. */
#include <inttypes.h>
#include <string.h>

#include <uv.h>

#include "adapter/effect.h"
#include "adapter/sqlite_record.h"
#include "base/log.h"
#include "base/must.h"

/* Messages wait for a call that fires: behind this many tickets it stops when it has taken this
 * long. What is left is `more`. */
#define FIRE_LEAST     32
#define FIRE_BUDGET_NS (UINT64_C(4) * 1000 * 1000)

struct firing {
	struct writer *writer;
	struct store_call *call;
	struct command command;
	struct cached apart;      /* the ticket at hand, when it is not in the cache */
	unsigned refused;         /* tickets that were put off */
	struct ticket_id culprit; /* the first of them */
	enum status why;
};

static enum status find_due(struct firing *firing, uint64_t *numbers, size_t *count_out)
{
	sqlite3_stmt *stmt = db_stmt(&firing->writer->db, SQL_CLOCK_DUE);
	size_t count = 0;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, firing->command.now);
	db_bind_u64(stmt, 2, firing->call->u.fire.limit);
	while (count < firing->call->u.fire.limit && db_row(&firing->writer->db, stmt, &st))
		numbers[count++] = db_column_u64(stmt, 0);
	if (count == firing->call->u.fire.limit) {
		db_finish(stmt);
		st = ST_OK;
	}
	*count_out = count;
	return st;
}

static enum status load(struct firing *firing, struct ticket_id number, struct cached **out)
{
	struct cached *apart = &firing->apart;

	*out = cache_find(firing->writer->cache, number);
	if (*out != NULL)
		return ST_OK;
	apart->apart = true;
	*out = apart;
	return ticket_load_row(firing->writer, number, &apart->ticket, &apart->last_id);
}

/* What writing needs to know and deciding did not. */
static enum status load_places(struct writer *writer, struct cached *cached,
                               const struct effect *effect)
{
	enum status st = ST_OK;

	if (!cached->apart)
		return ST_OK;
	if (effect->changes_count > 0)
		st = ticket_load_changes(writer, cached);
	if (st == ST_OK && effect->entries_count > 0)
		st = ticket_load_block(writer, cached);
	return st;
}

/* Which of its timers are on record already? */
static enum status look_up_fired(struct writer *writer, const struct effect *effect,
                                 wall_ms *fired_at, bool *any_out)
{
	*any_out = false;
	for (unsigned i = 0; i < effect->fired_count; i++) {
		sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_FIRED_GET);
		uint64_t at;
		enum status st;

		db_bind_u64(stmt, 1, effect->after.number.v);
		db_bind_u64(stmt, 2, effect->fired[i].slot);
		(void)sqlite3_bind_int64(stmt, 3, effect->fired[i].due);
		st = db_u64(&writer->db, stmt, &at);
		if (st != ST_OK)
			return st;
		fired_at[i] = (wall_ms)at;
		*any_out = *any_out || at != 0;
	}
	return ST_OK;
}

static void note_refused(struct firing *firing, struct ticket_id number, enum status why)
{
	if (firing->refused++ > 0)
		return;
	firing->culprit = number;
	firing->why = why;
}

static enum status decide_due(struct firing *firing, struct cached *cached, struct effect *effect)
{
	struct arena *arena = &firing->call->arena;
	wall_ms now = firing->command.now;
	enum status st = effect_fire(&cached->ticket, &firing->command, arena, effect);
	wall_ms fired_at[EFFECT_FIRED_MAX];
	bool any;

	if (st == ST_OK && !ticket_is_storable(&effect->after))
		st = ST_BAD_REQUEST;
	if (st != ST_OK) {
		note_refused(firing, cached->ticket.number, st);
		effect_put_off(&cached->ticket, now, effect);
		return ST_OK;
	}
	st = look_up_fired(firing->writer, effect, fired_at, &any);
	if (st == ST_OK && any)
		effect_learn(&cached->ticket, &firing->command, fired_at, effect);
	return st;
}

static enum status fire_one(struct firing *firing, struct ticket_id number)
{
	struct effect *effect = &firing->call->u.fire.effects[firing->call->u.fire.count];
	struct decided decided = {
		.command = &firing->command, .effect = effect, .arena = &firing->call->arena};
	struct cached *cached;
	enum status st = load(firing, number, &cached);

	if (st == ST_NOT_FOUND)
		return ST_UNAVAILABLE; /* a clock without a ticket: the file is broken */
	if (st == ST_OK)
		st = decide_due(firing, cached, effect);
	if (st == ST_OK)
		st = load_places(firing->writer, cached, effect);
	if (st != ST_OK)
		return st;
	effect_own(effect, decided.arena);
	st = effect_write(firing->writer, cached, &decided);
	if (st == ST_OK && !effect_is_empty(effect))
		firing->call->u.fire.count++;
	return st;
}

static enum status put_off(struct firing *firing, struct ticket_id number)
{
	sqlite3_stmt *stmt = db_stmt(&firing->writer->db, SQL_CLOCK_PUT_OFF);

	note_refused(firing, number, ST_UNAVAILABLE);
	db_bind_u64(stmt, 1, number.v);
	(void)sqlite3_bind_int64(stmt, 2, firing->command.now + FIRE_AGAIN_MS);
	return db_run(&firing->writer->db, stmt);
}

/* SQLite refused something of this call before: which ticket was it? */
static enum status fire_one_apart(struct firing *firing, struct ticket_id number)
{
	struct db *db = &firing->writer->db;
	enum status st = db_exec(db, SQL_SAVEPOINT);

	if (st != ST_OK)
		return st;
	st = fire_one(firing, number);
	if (st != ST_OK && db_error_is_storage(db))
		return st;
	if (st != ST_OK) {
		st = db_exec(db, SQL_ROLLBACK_TO);
		if (st == ST_OK)
			st = writer_load(firing->writer);
		if (st == ST_OK)
			st = put_off(firing, number);
	}
	return st == ST_OK ? db_exec(db, SQL_RELEASE) : st;
}

static enum status find_next(struct firing *firing)
{
	struct db *db = &firing->writer->db;
	uint64_t next;
	enum status st = db_u64(db, db_stmt(db, SQL_CLOCK_NEXT), &next);

	firing->call->u.fire.next_due = (wall_ms)next;
	firing->call->u.fire.more = next != 0 && (wall_ms)next <= firing->command.now;
	return st;
}

static void start(struct firing *firing, struct writer *writer, struct store_call *call)
{
	memset(firing, 0, sizeof(*firing));
	firing->writer = writer;
	firing->call = call;
	firing->command.kind = COMMAND_FIRE;
	firing->command.actor.role = ROLE_SYSTEM;
	firing->command.now = call->u.fire.now;
	firing->command.book = call->u.fire.book;
	call->u.fire.effects = NULL;
	call->u.fire.count = 0;
}

static bool is_late(size_t done, uint64_t begin)
{
	return done >= FIRE_LEAST && uv_hrtime() - begin > FIRE_BUDGET_NS;
}

enum status record_fire(struct writer *writer, struct store_call *call)
{
	struct firing firing;
	uint64_t *numbers;
	size_t count;
	enum status st;

	uint64_t begin = uv_hrtime();

	MUST(call->u.fire.limit >= 1 && call->u.fire.limit <= STORE_FIRE_MAX);
	start(&firing, writer, call);
	numbers = arena_alloc(&call->arena, call->u.fire.limit * sizeof(*numbers));
	st = find_due(&firing, numbers, &count);
	if (st == ST_OK && count > 0)
		call->u.fire.effects = arena_alloc_raw(&call->arena, count * sizeof(struct effect));
	for (size_t i = 0; st == ST_OK && i < count && !is_late(i, begin); i++) {
		struct ticket_id number = {numbers[i]};

		st = writer->apart ? fire_one_apart(&firing, number) : fire_one(&firing, number);
	}
	if (st != ST_OK)
		return st;
	if (firing.refused > 0)
		log_warn("timer.refused", "ticket=%" PRIu64 " status=%s tickets=%u",
		         firing.culprit.v, status_name(firing.why), firing.refused);
	return find_next(&firing);
}
