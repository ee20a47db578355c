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

/* A ticket whose title is not in the index, or another one is. */
struct untitled {
	uint64_t queue_id;
	struct ticket_id ticket;
	char title_then[TITLE_SIZE]; /* as it is in the index */
	char title[TITLE_SIZE];
	bool titled;
};

static bool next_untitled(struct db *db, uint64_t before, struct untitled *out, enum status *st)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_QUEUE_NEXT);

	db_bind_u64(stmt, 1, before - 1);
	if (!db_row(db, stmt, st))
		return false;
	out->queue_id = db_column_u64(stmt, 0);
	out->ticket.v = db_column_u64(stmt, 1);
	out->titled = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
	db_column_text(stmt, 2, out->title_then, sizeof(out->title_then));
	db_column_text(stmt, 3, out->title, sizeof(out->title));
	db_finish(stmt);
	return true;
}

static enum status index_words(struct db *db, int64_t id, struct span text, struct span title)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH_INSERT);

	(void)sqlite3_bind_int64(stmt, 1, id);
	db_bind_span(stmt, 2, text);
	db_bind_span(stmt, 3, title);
	return db_run(db, stmt);
}

/* The index keeps no texts, so to forget the old title it has to be told it. */
static enum status forget_title(struct db *db, const struct untitled *untitled)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH_DELETE);

	(void)sqlite3_bind_int64(stmt, 1, place_id(untitled->ticket, 0));
	db_bind_text(stmt, 2, untitled->title_then);
	return db_run(db, stmt);
}

static enum status index_title(struct db *db, const struct untitled *untitled)
{
	sqlite3_stmt *stmt;
	enum status st = ST_OK;

	if (untitled->titled)
		st = forget_title(db, untitled);
	if (st == ST_OK)
		st = index_words(db, place_id(untitled->ticket, 0), (struct span){0},
		                 span_of(untitled->title));
	if (st != ST_OK)
		return st;
	stmt = db_stmt(db, SQL_SEARCH_TITLE_PUT);
	db_bind_u64(stmt, 1, untitled->ticket.v);
	db_bind_text(stmt, 2, untitled->title);
	st = db_run(db, stmt);
	if (st != ST_OK)
		return st;
	stmt = db_stmt(db, SQL_QUEUE_DELETE);
	db_bind_u64(stmt, 1, untitled->queue_id);
	return db_run(db, stmt);
}

static enum status index_titles(struct db *db, uint64_t before, unsigned *docs)
{
	struct untitled untitled;
	enum status st = ST_OK;

	while (*docs > 0 && next_untitled(db, before, &untitled, &st)) {
		(*docs)--;
		st = index_title(db, &untitled);
		if (st != ST_OK)
			return st;
	}
	return st;
}

/* One entry of the log of all; events have no words. */
static enum status index_entry(struct db *db, sqlite3_stmt *row)
{
	struct ticket_id ticket = {db_column_u64(row, 1)};

	if (db_column_u64(row, 3) == ENTRY_EVENT)
		return ST_OK;
	return index_words(db, place_id(ticket, db_column_u64(row, 2)), db_column_span(row, 4),
	                   db_column_span(row, 5));
}

static enum status index_entries(struct db *db, uint64_t before, unsigned *docs)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH_ENTRIES);
	uint64_t mark, at;
	enum status st = db_u64(db, db_stmt(db, SQL_SEARCH_MARK_GET), &mark);

	if (st != ST_OK)
		return st;
	at = mark;
	db_bind_u64(stmt, 1, mark);
	db_bind_u64(stmt, 2, before - 1);
	db_bind_u64(stmt, 3, *docs);
	while (db_row(db, stmt, &st)) {
		at = db_column_u64(stmt, 0);
		(*docs)--;
		st = index_entry(db, stmt);
		if (st != ST_OK) {
			db_finish(stmt);
			return st;
		}
	}
	if (st != ST_OK || at == mark)
		return st;
	stmt = db_stmt(db, SQL_SEARCH_MARK_PUT);
	db_bind_u64(stmt, 1, at);
	return db_run(db, stmt);
}

/* The mark is behind the newest entry most of the time that somebody writes; when nobody did,
 * this costs two look-ups and no transaction. */
static enum status is_behind(struct db *db, const struct search_goal *goal, bool *behind_out)
{
	struct untitled untitled;
	uint64_t mark = 0, newest = 0;
	enum status st;

	*behind_out = next_untitled(db, goal->queued, &untitled, &st);
	if (st != ST_OK || *behind_out)
		return st;
	st = db_u64(db, db_stmt(db, SQL_SEARCH_MARK_GET), &mark);
	if (st == ST_OK)
		st = db_u64(db, db_stmt(db, SQL_ENTRY_MAX), &newest);
	*behind_out = st == ST_OK && mark < newest && mark + 1 < goal->entry;
	return st;
}

enum status search_index(struct writer *writer, const struct search_goal *goal, unsigned docs,
                         bool *done_out)
{
	struct db *db = &writer->db;
	bool behind;
	enum status st = is_behind(db, goal, &behind);

	*done_out = st == ST_OK && !behind;
	if (st != ST_OK || !behind)
		return st;
	st = db_exec(db, SQL_BEGIN_WRITE);
	if (st == ST_OK)
		st = index_titles(db, goal->queued, &docs);
	if (st == ST_OK && docs > 0)
		st = index_entries(db, goal->entry, &docs);
	if (st == ST_OK)
		st = db_exec(db, SQL_COMMIT);
	*done_out = st == ST_OK && docs > 0;
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
