/* SPDX-License-Identifier: MIT */
/* Full text. A document is one entry or one title; a ticket is found when each word is in any of
 * its documents. Indexing a document costs more than storing it, so it is not part of the
 * message's transaction: tickets that are behind wait in search_queue. */
#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_record.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"

#define WORDS_MAX 32

/* A ticket of the queue and how far it is indexed. */
struct behind {
	uint64_t queue_id;
	struct ticket_id ticket;
	uint64_t seq;
	char title_then[TITLE_SIZE]; /* as it is in the index */
	char title[TITLE_SIZE];
	bool titled;
};

static bool next_behind(struct db *db, uint64_t goal, struct behind *out, enum status *st)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_QUEUE_NEXT);

	db_bind_u64(stmt, 1, goal);
	if (!db_row(db, stmt, st))
		return false;
	out->queue_id = db_column_u64(stmt, 0);
	out->ticket.v = db_column_u64(stmt, 1);
	out->seq = db_column_u64(stmt, 2);
	out->titled = sqlite3_column_type(stmt, 3) != SQLITE_NULL;
	db_column_text(stmt, 3, out->title_then, sizeof(out->title_then));
	db_column_text(stmt, 4, out->title, sizeof(out->title));
	db_finish(stmt);
	return true;
}

/* The index keeps no texts, so to forget the old title it has to be told it. */
static enum status index_title(struct db *db, const struct behind *behind)
{
	sqlite3_stmt *stmt;
	enum status st = ST_OK;

	if (behind->titled && strcmp(behind->title, behind->title_then) == 0)
		return ST_OK;
	if (behind->titled) {
		stmt = db_stmt(db, SQL_SEARCH_DELETE);
		(void)sqlite3_bind_int64(stmt, 1, place_id(behind->ticket, 0));
		db_bind_text(stmt, 2, behind->title_then);
		st = db_run(db, stmt);
	}
	if (st != ST_OK)
		return st;
	stmt = db_stmt(db, SQL_SEARCH_INSERT);
	(void)sqlite3_bind_int64(stmt, 1, place_id(behind->ticket, 0));
	(void)sqlite3_bind_null(stmt, 2);
	db_bind_text(stmt, 3, behind->title);
	return db_run(db, stmt);
}

/* The entries behind behind->seq, which moves on; *docs is what may still be indexed. */
static enum status index_entries(struct db *db, struct behind *behind, unsigned *docs)
{
	sqlite3_stmt *rows = db_stmt(db, SQL_SEARCH_ENTRIES);
	enum status st;

	(void)sqlite3_bind_int64(rows, 1, place_id(behind->ticket, behind->seq));
	(void)sqlite3_bind_int64(rows, 2, place_id(behind->ticket, PLACE_MAX) + 1);
	(void)sqlite3_bind_int64(rows, 3, *docs);
	while (db_row(db, rows, &st)) {
		sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH_INSERT);

		db_bind_u64(stmt, 1, db_column_u64(rows, 0));
		db_bind_span(stmt, 2, db_column_span(rows, 1));
		db_bind_span(stmt, 3, db_column_span(rows, 2));
		behind->seq = db_column_u64(rows, 0) & PLACE_MAX;
		(*docs)--;
		st = db_run(db, stmt);
		if (st != ST_OK) {
			db_finish(rows);
			break;
		}
	}
	return st;
}

static enum status save_state(struct db *db, const struct behind *behind, bool complete)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_STATE_PUT);
	enum status st;

	db_bind_u64(stmt, 1, behind->ticket.v);
	db_bind_u64(stmt, 2, behind->seq);
	db_bind_text(stmt, 3, behind->title);
	st = db_run(db, stmt);
	if (st != ST_OK || !complete)
		return st;
	stmt = db_stmt(db, SQL_QUEUE_DELETE);
	db_bind_u64(stmt, 1, behind->queue_id);
	return db_run(db, stmt);
}

static enum status index_piece(struct writer *writer, uint64_t goal, unsigned docs, bool *done_out)
{
	struct behind behind;
	enum status st;

	*done_out = false;
	while (docs > 0) {
		struct cached *cached;

		if (!next_behind(&writer->db, goal, &behind, &st)) {
			*done_out = st == ST_OK;
			return st;
		}
		docs--; /* the title, and so that a ticket without words counts */
		st = index_title(&writer->db, &behind);
		if (st == ST_OK)
			st = index_entries(&writer->db, &behind, &docs);
		if (st == ST_OK)
			st = save_state(&writer->db, &behind, docs > 0);
		if (st != ST_OK)
			return st;
		cached = docs > 0 ? cache_find(writer->cache, behind.ticket) : NULL;
		if (cached != NULL)
			cached->queued = false;
	}
	return ST_OK;
}

enum status search_index(struct writer *writer, uint64_t goal, unsigned docs, bool *done_out)
{
	enum status st = db_exec(&writer->db, SQL_BEGIN_WRITE);

	*done_out = false;
	if (st != ST_OK)
		return st;
	st = index_piece(writer, goal, docs, done_out);
	if (st == ST_OK)
		st = db_exec(&writer->db, SQL_COMMIT);
	return st;
}

/* The words of a query as the index splits and folds them. */
struct words {
	struct arena *arena;
	struct span items[WORDS_MAX];
	size_t count;
	bool overflow;
};

static int take_word(void *user, int flags, const char *text, int len, int start, int end)
{
	struct words *words = user;

	(void)flags;
	(void)start;
	(void)end;
	if (words->count == WORDS_MAX) {
		words->overflow = true;
		return SQLITE_DONE;
	}
	words->items[words->count++] =
		arena_span(words->arena, (struct span){.ptr = text, .len = (size_t)len});
	return SQLITE_OK;
}

static fts5_api *find_api(struct db *db)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_FTS_API);
	fts5_api *api = NULL;
	enum status st;

	(void)sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr", NULL);
	(void)db_row(db, stmt, &st);
	db_finish(stmt);
	return api;
}

static enum status split(struct db *db, struct span query, struct words *words)
{
	const char *args[] = {"remove_diacritics", "2"};
	fts5_api *api = find_api(db);
	fts5_tokenizer tokenizer;
	Fts5Tokenizer *instance = NULL;
	void *context = NULL;
	int rc;

	if (api == NULL || query.len > INT32_MAX ||
	    api->xFindTokenizer(api, "unicode61", &context, &tokenizer) != SQLITE_OK ||
	    tokenizer.xCreate(context, args, ARRAY_LEN(args), &instance) != SQLITE_OK)
		return ST_UNAVAILABLE;
	rc = tokenizer.xTokenize(instance, words, FTS5_TOKENIZE_QUERY, query.ptr, (int)query.len,
	                         take_word);
	tokenizer.xDelete(instance);
	if (words->overflow)
		return ST_BAD_REQUEST;
	return rc == SQLITE_OK ? ST_OK : ST_UNAVAILABLE;
}

/* "word" or "word" * : a string of FTS5, in which only the quote itself would be special. */
static struct span match_text(struct arena *arena, struct span word, bool prefix)
{
	char *text = arena_alloc(arena, 2 * word.len + 4);
	size_t len = 0;

	text[len++] = '"';
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '"')
			text[len++] = '"';
		text[len++] = word.ptr[i];
	}
	text[len++] = '"';
	if (prefix)
		text[len++] = '*';
	return (struct span){.ptr = text, .len = len};
}

/* Ticket numbers, ascending. */
struct hits {
	uint64_t *numbers;
	size_t count;
	size_t room;
};

static void add_hit(struct hits *hits, uint64_t number)
{
	if (hits->count > 0 && hits->numbers[hits->count - 1] == number)
		return;
	if (hits->count == hits->room) {
		hits->room = hits->room == 0 ? 64 : hits->room * 2;
		hits->numbers = xrealloc(hits->numbers, hits->room * sizeof(*hits->numbers));
	}
	hits->numbers[hits->count++] = number;
}

/* Documents come by id, so tickets come by number: what is new keeps only what was there
 * before, unless it is the first word. */
static enum status keep_word(struct db *db, struct span match, bool first, struct hits *hits)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH);
	struct hits both = {0};
	size_t at = 0;
	enum status st;

	db_bind_span(stmt, 1, match);
	while (db_row(db, stmt, &st)) {
		uint64_t number = db_column_u64(stmt, 0) >> PLACE_BITS;

		while (!first && at < hits->count && hits->numbers[at] < number)
			at++;
		if (first || (at < hits->count && hits->numbers[at] == number))
			add_hit(&both, number);
	}
	free(hits->numbers);
	*hits = both;
	return st;
}

static struct span hits_json(struct arena *arena, const struct hits *hits)
{
	struct buf buf = {0};
	struct span json;

	buf_char(&buf, '[');
	for (size_t i = 0; i < hits->count; i++) {
		if (i > 0)
			buf_char(&buf, ',');
		buf_u64(&buf, hits->numbers[i]);
	}
	buf_char(&buf, ']');
	json = arena_span(arena, (struct span){.ptr = buf.ptr, .len = buf.len});
	buf_fini(&buf);
	return json;
}

enum status search_tickets(struct db *db, struct arena *arena, struct span query,
                           struct span *json_out)
{
	struct words words = {.arena = arena};
	struct hits hits = {0};
	enum status st = split(db, query, &words);

	for (size_t i = 0; st == ST_OK && i < words.count && (i == 0 || hits.count > 0); i++) {
		bool last = i + 1 == words.count;

		st = keep_word(db, match_text(arena, words.items[i], last), i == 0, &hits);
	}
	if (st == ST_OK)
		*json_out = hits_json(arena, &hits);
	free(hits.numbers);
	return st;
}
