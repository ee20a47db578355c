/* SPDX-License-Identifier: MIT */
/* The layout of the record and its migrations: step n takes a file of version n to n + 1. A
 * step that has been released is never edited. */
#include <inttypes.h>
#include <stdio.h>

#include "adapter/sqlite_db.h"
#include "base/must.h"
#include "core/agent.h"
#include "core/entry.h"
#include "core/timer.h"
#include "port/store.h"

#define APPLICATION_ID 0x5469656c /* "Tiel" */

/* On disk as numbers. */
_Static_assert(TICKET_PENDING == 2 && TICKET_RESOLVED == 3 && TICKET_CLOSED == 4, "on disk");
_Static_assert(PRIORITY_LOW == 0 && PRIORITY_CRITICAL == 3, "on disk");
_Static_assert(CHANNEL_CHAT == 0 && CHANNEL_SLACK == 4, "on disk");
_Static_assert(RESOLUTION_NONE == 0 && RESOLUTION_SPAM == 10, "on disk");
_Static_assert(ROLE_SYSTEM == 0 && ROLE_VISITOR == 1 && ROLE_AGENT == 2, "on disk");
_Static_assert(ENTRY_TEXT == 0 && ENTRY_EVENT == 3 && ENTRY_NOTE == 4, "on disk");
_Static_assert(EVENT_ASSIGNED == 1 && EVENT_RATED == 7 && EVENT_PAGE_OPENED == 12, "on disk");
_Static_assert(STOPPED_NOT_SAID == 0 && STOPPED_REJECTED == 3, "on disk");
_Static_assert(APPROVAL_NONE == 0 && APPROVAL_REFUSED == 3, "on disk");
_Static_assert(TIMER_FIRST_WARN == 0 && TIMER_STALE == 10 && TIMER_RULES == 16 &&
                       TIMER_MILESTONES == 56,
               "on disk");
_Static_assert(LEFT_UNKNOWN == 0 && LEFT_BUSINESS == 2, "on disk");
_Static_assert(AGENT_ROLE_AGENT == 0 && AGENT_ROLE_ADMIN == 2, "on disk");
_Static_assert(SESSION_LOGIN == 0 && SESSION_TOKEN == 1, "on disk");
_Static_assert(TOKEN_SCOPE_FULL == 0 && TOKEN_SCOPE_WALL == 1, "on disk");

/* What changes with every message is in ticket_log, whose rows are narrow: the logs of all live
 * tickets are on a few pages, and a page is what a commit costs. Lists of texts are between
 * unit separators. */
static const char *const steps[] = {
	"CREATE TABLE ticket ("
	" number INTEGER PRIMARY KEY,"
	" status INTEGER NOT NULL, priority INTEGER NOT NULL, channel INTEGER NOT NULL,"
	" resolution INTEGER NOT NULL, tier INTEGER NOT NULL,"
	" agent INTEGER NOT NULL, agent_name TEXT NOT NULL, generation INTEGER NOT NULL,"
	" waiting_since INTEGER NOT NULL, queue_head INTEGER NOT NULL,"
	" visitor BLOB, visitor_name TEXT NOT NULL, visitor_email TEXT NOT NULL,"
	" visitor_verified INTEGER NOT NULL,"
	" production_stopped INTEGER NOT NULL, data_exposed INTEGER NOT NULL,"
	" page_url TEXT NOT NULL, page_title TEXT NOT NULL,"
	" title TEXT NOT NULL, topic TEXT NOT NULL, tags TEXT NOT NULL, articles TEXT NOT NULL,"
	" created_at INTEGER NOT NULL, first_response_due INTEGER NOT NULL,"
	" first_response_at INTEGER NOT NULL, resolution_due INTEGER NOT NULL,"
	" resolved_at INTEGER NOT NULL, rating INTEGER NOT NULL,"
	" due INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE ticket_log ("
	" number INTEGER PRIMARY KEY,"
	" last_seq INTEGER NOT NULL, last_public_seq INTEGER NOT NULL,"
	" last_reply_seq INTEGER NOT NULL, last_reply_agent INTEGER NOT NULL,"
	" messages_count INTEGER NOT NULL,"
	" visitor_read_seq INTEGER NOT NULL, agent_read_seq INTEGER NOT NULL,"
	" last_id INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_live ON ticket(visitor)"
	" WHERE visitor IS NOT NULL AND status < 3;"
	"CREATE INDEX ticket_visitor ON ticket(visitor) WHERE visitor IS NOT NULL;"
	"CREATE INDEX ticket_created ON ticket(created_at);"
	"CREATE INDEX ticket_due ON ticket(due);"
	"CREATE INDEX ticket_priority ON ticket(priority DESC);"
	"CREATE INDEX ticket_live_created ON ticket(created_at) WHERE status < 3;"
	"CREATE INDEX ticket_live_priority ON ticket(priority DESC) WHERE status < 3;"

	/* All logs in one, in the order of commit, without an index: rows are appended to the
	 * last page, whoever writes. A log is a chain from ticket_log.last_id back: prev_id is the
	 * entry before, block_id the nearest one before whose seq is a multiple of 64.
	 * author: 0 the system, 1 the visitor, else an agent's id + 1. */
	"CREATE TABLE entry ("
	" id INTEGER PRIMARY KEY, prev_id INTEGER NOT NULL, block_id INTEGER NOT NULL,"
	" ticket INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" at INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" from_role INTEGER NOT NULL, from_agent INTEGER NOT NULL, prev_public INTEGER NOT NULL,"
	" author INTEGER NOT NULL, client_id TEXT, from_name TEXT NOT NULL,"
	" text TEXT, url TEXT, title TEXT,"
	" event INTEGER, agent_name TEXT, tier INTEGER, tier_from INTEGER, reason TEXT,"
	" resolution INTEGER, score INTEGER"
	") STRICT;"

	/* id: ticket << 24 | 1, 2, 3 ... */
	"CREATE TABLE change ("
	" id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, field TEXT NOT NULL,"
	" value_from TEXT, value_to TEXT, why TEXT"
	") STRICT;"

	/* Ids of commands whose entry does not carry them, or that made none (entry 0). */
	"CREATE TABLE command_key ("
	" ticket INTEGER NOT NULL, author INTEGER NOT NULL, client_id TEXT NOT NULL,"
	" entry INTEGER NOT NULL, PRIMARY KEY (ticket, author, client_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE create_key ("
	" author BLOB NOT NULL, client_id TEXT NOT NULL,"
	" ticket INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (author, client_id)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE agent ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
	" tier INTEGER NOT NULL, role INTEGER NOT NULL, disabled INTEGER NOT NULL,"
	" must_change_password INTEGER NOT NULL, password_hash TEXT NOT NULL,"
	" created_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE session ("
	" hash BLOB PRIMARY KEY, kind INTEGER NOT NULL,"
	" agent INTEGER NOT NULL REFERENCES agent(id), created_at INTEGER NOT NULL,"
	" expires_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX session_agent ON session(agent);"
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"

	/* Documents: an entry by ticket << 24 | seq, a title by ticket << 24. Entries up to
	 * search_mark are indexed; tickets with another title than in search_title are queued. */
	"CREATE VIRTUAL TABLE search USING fts5(text, title, content='', columnsize=0,"
	" detail=none, tokenize=\"unicode61 remove_diacritics 2\");"
	"CREATE TABLE search_mark (entry INTEGER NOT NULL) STRICT;"
	"INSERT INTO search_mark VALUES (0);"
	"CREATE TABLE search_title (ticket INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT;"
	"CREATE TABLE search_queue (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL) STRICT;",

	/* Clocks and escalation are beside the wide table, too: a timer that has its effect
	 * rewrites a narrow row, and whatever leaves next_due alone leaves its index alone.
	 * Tickets from before were promised nothing: their clocks start with the next thing that
	 * happens to them. */
	"ALTER TABLE ticket_log ADD COLUMN agent_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket_log ADD COLUMN visitor_at INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE ticket_clock ("
	" number INTEGER PRIMARY KEY, policy INTEGER NOT NULL, next_due INTEGER NOT NULL,"
	" fired INTEGER NOT NULL, paused_since INTEGER NOT NULL, paused_wall_ms INTEGER NOT NULL,"
	" paused_open_ms INTEGER NOT NULL, tier_since INTEGER NOT NULL,"
	" accepted_at INTEGER NOT NULL, work_since INTEGER NOT NULL, work_ms INTEGER NOT NULL,"
	" immediate INTEGER NOT NULL, possible_incident INTEGER NOT NULL,"
	" choice_due INTEGER NOT NULL, stale INTEGER NOT NULL, needed_tier INTEGER NOT NULL,"
	" stopped INTEGER NOT NULL, stopped_at INTEGER NOT NULL, immediate_at INTEGER NOT NULL,"
	" pages INTEGER NOT NULL, paged_at INTEGER NOT NULL, page_acked_at INTEGER NOT NULL,"
	" approval INTEGER NOT NULL, approved_at INTEGER NOT NULL, reopened INTEGER NOT NULL,"
	" failed_answers INTEGER NOT NULL, parent INTEGER NOT NULL, previous INTEGER NOT NULL,"
	" resumed_at INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO ticket_clock SELECT t.number, 0, 0, 0,"
	" CASE WHEN t.status >= 3 THEN t.resolved_at WHEN t.status = 2 THEN"
	"  coalesce((SELECT e.at FROM entry e WHERE e.id = l.last_id), t.created_at) ELSE 0 END,"
	" 0, 0, t.created_at, 0, 0, 0,"
	" 0, 0, 0, 0, t.tier, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
	" FROM ticket t JOIN ticket_log l ON l.number = t.number;"
	"UPDATE ticket_log SET (agent_at, visitor_at) ="
	" (SELECT first_response_at, created_at FROM ticket t WHERE t.number = ticket_log.number);"
	"CREATE INDEX ticket_next_due ON ticket_clock(next_due) WHERE next_due > 0;"
	"CREATE INDEX ticket_topic ON ticket(topic, created_at);"

	/* An effect of a timer comes once: this key says so to whoever writes. */
	"CREATE TABLE fired ("
	" ticket INTEGER NOT NULL, slot INTEGER NOT NULL, due INTEGER NOT NULL,"
	" at INTEGER NOT NULL, PRIMARY KEY (ticket, slot, due)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE policy ("
	" id INTEGER PRIMARY KEY, adopted_at INTEGER NOT NULL, text TEXT NOT NULL"
	") STRICT;",

	/* Links of a ticket, a line each; and what is needed to take a close back. */
	"ALTER TABLE ticket ADD COLUMN links TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE ticket ADD COLUMN closing_by INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket ADD COLUMN closing_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket ADD COLUMN closing_from INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket ADD COLUMN closing_choice INTEGER NOT NULL DEFAULT 0;"
	/* Other tickets of the same person: by visitor there is an index already. */
	"CREATE INDEX ticket_email ON ticket(visitor_email COLLATE NOCASE)"
	" WHERE visitor_email <> '';",

	/* Files are apart from the log, which is read whole. id: ticket << 24 | seq. */
	"ALTER TABLE entry ADD COLUMN size INTEGER;"
	"ALTER TABLE entry ADD COLUMN lines INTEGER;"
	"ALTER TABLE entry ADD COLUMN removed INTEGER;"
	"ALTER TABLE ticket_log ADD COLUMN files_count INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
	"CREATE TABLE ticket_context (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;",

	/* What is deleted after its time: the newest entries of logs that are still to go, how much
	 * went on which day, and the numbers of tickets and entries that are not given again. */
	"CREATE TABLE remains (id INTEGER PRIMARY KEY) STRICT;"
	"CREATE TABLE forgotten (day INTEGER PRIMARY KEY, before INTEGER NOT NULL,"
	" tickets INTEGER NOT NULL, entries INTEGER NOT NULL, files INTEGER NOT NULL,"
	" sessions INTEGER NOT NULL) STRICT;"
	"CREATE TABLE given (ticket INTEGER NOT NULL, entry INTEGER NOT NULL) STRICT;"
	"INSERT INTO given VALUES (0, 0);"
	"CREATE INDEX create_key_ticket ON create_key(ticket);",

	/* Milestones of a ticket, a line each: id, asked_at, paused_ms, due, done_at, and since
	 * layout 9 what is left of it, as of a target. */
	"ALTER TABLE ticket_clock ADD COLUMN milestones TEXT NOT NULL DEFAULT '';",

	/* API tokens are told apart, so each has a number, which is not given again. */
	"CREATE TABLE session_new ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL,"
	" agent INTEGER NOT NULL REFERENCES agent(id), created_at INTEGER NOT NULL,"
	" expires_at INTEGER NOT NULL, scope INTEGER NOT NULL, used_at INTEGER NOT NULL,"
	" label TEXT NOT NULL) STRICT;"
	"INSERT INTO session_new SELECT NULL, hash, kind, agent, created_at, expires_at, 0, 0, ''"
	" FROM session ORDER BY created_at, hash;"
	"DROP TABLE session;"
	"ALTER TABLE session_new RENAME TO session;"
	"CREATE INDEX session_agent ON session(agent);",

	/* What is left of a target whose clock stands still: ms, and on which clock (0: not so). */
	"ALTER TABLE ticket_clock ADD COLUMN first_left_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket_clock ADD COLUMN first_left_clock INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket_clock ADD COLUMN resolution_left_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket_clock ADD COLUMN resolution_left_clock INTEGER NOT NULL DEFAULT 0;",

	/* Pages that were sent in a ticket, a line each: the seq of the entry, and 1 when it was
	 * opened. In the log, which page it was. */
	"ALTER TABLE ticket_clock ADD COLUMN sent_pages TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE entry ADD COLUMN page INTEGER;",

	/* Lists of tickets that agents saved. */
	"CREATE TABLE saved_list ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, agent INTEGER NOT NULL REFERENCES agent(id),"
	" name TEXT NOT NULL, query TEXT NOT NULL, UNIQUE (agent, name)) STRICT;",
};

#define VERSION ARRAY_LEN(steps)

static bool pragma_get(struct db *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	bool ok = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
	          sqlite3_step(stmt) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return ok;
}

static enum status sqlite_says(struct db *db, const char *path, char *why, size_t why_size)
{
	(void)snprintf(why, why_size, "cannot read the record %s: %s", path,
	               sqlite3_errmsg(db->handle));
	return ST_UNAVAILABLE;
}

enum status schema_check(struct db *db, const char *path, char *why, size_t why_size)
{
	int64_t id, version, tables;

	if (!pragma_get(db, "PRAGMA application_id", &id) ||
	    !pragma_get(db, "PRAGMA user_version", &version) ||
	    !pragma_get(db, "SELECT count(*) FROM sqlite_schema", &tables))
		return sqlite_says(db, path, why, why_size);
	if (id != APPLICATION_ID && (id != 0 || version != 0 || tables != 0)) {
		(void)snprintf(why, why_size, "%s is a database of another program", path);
		return ST_UNAVAILABLE;
	}
	if (version > (int64_t)VERSION) {
		(void)snprintf(why, why_size,
		               "%s was written by a newer tierbell (layout %" PRId64
		               ", this one knows %zu): start the newer one",
		               path, version, VERSION);
		return ST_UNAVAILABLE;
	}
	return ST_OK;
}

static bool take_step(struct db *db, int64_t version)
{
	char mark[96];

	(void)snprintf(mark, sizeof(mark),
	               "PRAGMA application_id=%d; PRAGMA user_version=%" PRId64 "; COMMIT;",
	               APPLICATION_ID, version + 1);
	if (sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(db->handle, steps[version], NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(db->handle, mark, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return false; /* the connection is closed, which rolls back */
}

enum status schema_migrate(struct db *db, const char *path, char *why, size_t why_size)
{
	int64_t version;

	if (!pragma_get(db, "PRAGMA user_version", &version))
		return sqlite_says(db, path, why, why_size);
	for (; version < (int64_t)VERSION; version++)
		if (!take_step(db, version))
			return sqlite_says(db, path, why, why_size);
	return ST_OK;
}
