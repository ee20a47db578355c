/* SPDX-License-Identifier: MIT */
/* The timers that are due have their effect, a piece of the tickets at a time:
 *   read and ticket_decide, each of the piece > fired already? > effect_write, each of it
 * A ticket that cannot go on is put off, so that it never holds up the others. Tickets that are
 * not in the cache do not go through it: a thousand of them would push out the live chats. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <uv.h>

#include "adapter/effect.h"
#include "adapter/sqlite_record.h"
#include "base/log.h"
#include "base/must.h"

/* So many tickets one statement reads. Behind each piece a call stops when messages wait, or when
 * its transaction has taken long enough: the commit of all that it wrote is still to come, and so is
 * what the loop makes of it. What is left is `more`. */
#define FIRE_PIECE 8

struct firing {
	struct writer *writer;
	struct store_call *call;
	size_t looked;    /* tickets that had their turn */
	wall_ms last_due; /* the last one that was read, in the order of the index */
	struct ticket_id last;
	unsigned refused;         /* tickets that were put off */
	struct ticket_id culprit; /* the first of them */
	enum status why;
	struct command command;

	/* The piece. */
	size_t count;
	struct cached *cached[FIRE_PIECE];
	struct cached apart[FIRE_PIECE]; /* of those that are not in the cache */

	struct ticket_id seen[STORE_FIRE_MAX]; /* `looked` of them */
};

/* --- reading --- */

/* What is due still when it was looked at comes with the next call. */
static bool had_its_turn(const struct firing *firing, struct ticket_id number)
{
	for (size_t i = 0; i < firing->looked; i++)
		if (firing->seen[i].v == number.v)
			return true;
	return false;
}

/* ST_UNAVAILABLE: a clock without a ticket, so the file is broken. */
static enum status take(struct firing *firing, sqlite3_stmt *stmt, struct ticket_id number)
{
	struct cached *apart = &firing->apart[firing->count];
	struct cached *cached = cache_find(firing->writer->cache, number);

	firing->seen[firing->looked++] = number;
	if (cached == NULL) {
		memset((char *)apart + sizeof(apart->ticket), 0,
		       sizeof(*apart) - sizeof(apart->ticket));
		ticket_from_row(stmt, &apart->ticket);
		apart->last_id = db_column_u64(stmt, TICKET_LAST_ID);
		apart->apart = true;
		cached = apart;
	}
	firing->cached[firing->count++] = cached;
	return cached->ticket.number.v == number.v ? ST_OK : ST_UNAVAILABLE;
}
_Static_assert(offsetof(struct cached, ticket) == 0, "the rest stands behind the ticket");

static enum status read_row(struct firing *firing, sqlite3_stmt *stmt)
{
	firing->last.v = db_column_u64(stmt, TICKET_CLOCK_NUMBER);
	firing->last_due = sqlite3_column_int64(stmt, TICKET_CLOCK_DUE);
	return had_its_turn(firing, firing->last) ? ST_OK : take(firing, stmt, firing->last);
}

/* more_out: there may be others behind these. */
static enum status read_piece(struct firing *firing, size_t max, bool *more_out)
{
	struct db *db = &firing->writer->db;
	sqlite3_stmt *stmt = db_stmt(db, SQL_CLOCK_DUE);
	size_t rows = 0;
	enum status st = ST_OK;

	firing->count = 0;
	(void)sqlite3_bind_int64(stmt, 1, firing->command.now);
	(void)sqlite3_bind_int64(stmt, 2, firing->last_due);
	db_bind_u64(stmt, 3, firing->last.v);
	db_bind_u64(stmt, 4, max);
	while (st == ST_OK && rows < max && db_row(db, stmt, &st)) {
		st = read_row(firing, stmt);
		rows++;
	}
	db_finish(stmt);
	*more_out = rows == max;
	return st;
}

/* --- deciding --- */

static void note_refused(struct firing *firing, struct ticket_id number, enum status why)
{
	if (firing->refused++ > 0)
		return;
	firing->culprit = number;
	firing->why = why;
}

/* The effects of the piece stand behind those that the call has already. */
static struct effect *effect_of(const struct firing *firing, size_t i)
{
	return firing->call->u.fire.effects + firing->call->u.fire.count + i;
}

static void decide(struct firing *firing, size_t i)
{
	const struct ticket *ticket = &firing->cached[i]->ticket;
	struct effect *effect = effect_of(firing, i);
	enum status st = effect_fire(ticket, &firing->command, &firing->call->arena, effect);

	if (st == ST_OK && !ticket_is_storable(&effect->after))
		st = ST_BAD_REQUEST;
	if (st == ST_OK)
		return;
	note_refused(firing, ticket->number, st);
	effect_put_off(ticket, firing->command.now, effect);
}

/* --- once --- */

struct claim {
	struct ticket_id ticket;
	const struct fired *fired;
};

static enum status put_claims(struct firing *firing, enum sql sql, const struct claim *claims,
                              size_t count)
{
	struct db *db = &firing->writer->db;
	sqlite3_stmt *stmt = db_stmt(db, sql);
	int at = 1;

	(void)sqlite3_bind_int64(stmt, at++, firing->command.now);
	for (size_t i = 0; i < count; i++) {
		db_bind_u64(stmt, at++, claims[i].ticket.v);
		db_bind_u64(stmt, at++, claims[i].fired->slot);
		(void)sqlite3_bind_int64(stmt, at++, claims[i].fired->due);
	}
	return db_run(db, stmt);
}

/* The rows that say that these timers had their effect come first. When one is there already the
 * statement fails, and with it the transaction: it is tried again, each ticket apart. */
static enum status claim_all(struct firing *firing)
{
	struct claim claims[FIRE_PIECE * EFFECT_FIRED_MAX];
	size_t count = 0, done = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < firing->count; i++) {
		const struct effect *effect = effect_of(firing, i);

		for (unsigned k = 0; k < effect->fired_count; k++)
			claims[count++] = (struct claim){.ticket = effect->after.number,
			                                 .fired = &effect->fired[k]};
	}
	for (; st == ST_OK && count - done >= FIRED_CLAIMS; done += FIRED_CLAIMS)
		st = put_claims(firing, SQL_FIRED_CLAIMS, claims + done, FIRED_CLAIMS);
	for (; st == ST_OK && done < count; done++)
		st = put_claims(firing, SQL_FIRED_CLAIM, claims + done, 1);
	return st;
}

/* Which of its timers were on record already? */
static enum status look_up_fired(struct writer *writer, const struct effect *effect,
                                 wall_ms *fired_at)
{
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
	}
	return ST_OK;
}

static enum status take_back(struct writer *writer, const struct effect *effect, unsigned mine)
{
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < effect->fired_count; i++) {
		sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_FIRED_DELETE);

		if ((mine >> i & 1U) == 0)
			continue;
		db_bind_u64(stmt, 1, effect->after.number.v);
		db_bind_u64(stmt, 2, effect->fired[i].slot);
		(void)sqlite3_bind_int64(stmt, 3, effect->fired[i].due);
		st = db_run(&writer->db, stmt);
	}
	return st;
}

/* Whose row is there already has had its effect. Then those that were put are taken back, and what
 * comes of the ticket is that it learns that. */
static enum status claim_one(struct firing *firing)
{
	struct writer *writer = firing->writer;
	struct effect *effect = effect_of(firing, 0);
	wall_ms fired_at[EFFECT_FIRED_MAX];
	unsigned mine = 0;
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < effect->fired_count; i++) {
		st = fired_put(writer, effect->after.number, &effect->fired[i],
		               firing->command.now);
		if (st == ST_OK && sqlite3_changes(writer->db.handle) > 0)
			mine |= 1U << i;
	}
	if (st != ST_OK || mine == (1U << effect->fired_count) - 1)
		return st;
	st = take_back(writer, effect, mine);
	if (st == ST_OK)
		st = look_up_fired(writer, effect, fired_at);
	if (st == ST_OK)
		effect_learn(&firing->cached[0]->ticket, &firing->command, fired_at, effect);
	return st;
}
_Static_assert(EFFECT_FIRED_MAX < 32, "one bit each");

/* --- writing --- */

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

/* An effect that nobody is told of makes room for the next one. */
static void hand_over(struct firing *firing, struct effect *effect)
{
	struct effect *next = effect_of(firing, 0);
	uint64_t number = effect->after.number.v;

	if (effect_is_empty(effect))
		return;
	if (next != effect)
		*next = *effect;
	firing->call->u.fire.count++;
	firing->writer->fired[number / 64 % FIRED_WORDS] |= UINT64_C(1) << number % 64;
}

static enum status write_one(struct firing *firing, struct cached *cached, struct effect *effect)
{
	struct decided decided = {
		.command = &firing->command, .effect = effect, .arena = &firing->call->arena};
	enum status st = load_places(firing->writer, cached, effect);

	if (st != ST_OK)
		return st;
	effect_own(effect, decided.arena);
	st = effect_write(firing->writer, cached, &decided);
	if (st == ST_OK)
		hand_over(firing, effect);
	return st;
}

static enum status fire_piece(struct firing *firing)
{
	struct effect *effects = effect_of(firing, 0);
	enum status st;

	for (size_t i = 0; i < firing->count; i++)
		decide(firing, i);
	st = firing->writer->apart ? claim_one(firing) : claim_all(firing);
	for (size_t i = 0; st == ST_OK && i < firing->count; i++)
		st = write_one(firing, firing->cached[i], &effects[i]);
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
static enum status fire_apart(struct firing *firing)
{
	struct db *db = &firing->writer->db;
	enum status st;

	MUST(firing->count == 1);
	st = db_exec(db, SQL_SAVEPOINT);
	if (st != ST_OK)
		return st;
	st = fire_piece(firing);
	if (st != ST_OK && db_error_is_storage(db))
		return st;
	if (st != ST_OK) {
		st = db_exec(db, SQL_ROLLBACK_TO);
		if (st == ST_OK)
			st = writer_load(firing->writer);
		if (st == ST_OK)
			st = put_off(firing, firing->last);
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
	memset(firing, 0, offsetof(struct firing, cached));
	firing->writer = writer;
	firing->call = call;
	firing->command.kind = COMMAND_FIRE;
	firing->command.actor.role = ROLE_SYSTEM;
	firing->command.now = call->u.fire.now;
	firing->command.book = call->u.fire.book;
	call->u.fire.effects = NULL;
	call->u.fire.count = 0;
}

static bool gives_way(const struct writer *writer)
{
	return uv_hrtime() > writer->fire_until ||
	       (writer->lane != NULL && lane_is_pressed(writer->lane));
}

/* Not more: the piece that was read is all. */
static enum status fire_read(struct firing *firing, bool more)
{
	struct store_call *call = firing->call;
	size_t room = more ? call->u.fire.limit : firing->count;

	if (firing->count == 0)
		return ST_OK;
	if (call->u.fire.effects == NULL)
		call->u.fire.effects = arena_alloc_raw(&call->arena, room * sizeof(struct effect));
	return firing->writer->apart ? fire_apart(firing) : fire_piece(firing);
}

static enum status fire_pieces(struct firing *firing)
{
	size_t limit = firing->call->u.fire.limit;
	size_t most = firing->writer->apart ? 1 : FIRE_PIECE;
	bool more = true;
	enum status st = ST_OK;

	while (st == ST_OK && more && firing->looked < limit &&
	       (firing->looked < FIRE_PIECE || !gives_way(firing->writer))) {
		size_t left = limit - firing->looked;

		st = read_piece(firing, left < most ? left : most, &more);
		if (st == ST_OK)
			st = fire_read(firing, more);
	}
	return st;
}

enum status record_fire(struct writer *writer, struct store_call *call)
{
	struct firing firing;
	enum status st;

	MUST(call->u.fire.limit >= 1 && call->u.fire.limit <= STORE_FIRE_MAX);
	start(&firing, writer, call);
	st = fire_pieces(&firing);
	if (st != ST_OK)
		return st;
	if (firing.refused > 0)
		log_warn("timer.refused", "ticket=%" PRIu64 " status=%s tickets=%u",
		         firing.culprit.v, status_name(firing.why), firing.refused);
	return find_next(&firing);
}
