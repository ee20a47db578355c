/* SPDX-License-Identifier: MIT */
/* Inside the SQLite store: rows to structs and back, and one function a kind of call. UNAVAILABLE
 * from any of them means that SQLite failed (db->error says how); a writing one may then have
 * written in part and has to be rolled back. */
#ifndef TB_ADAPTER_SQLITE_RECORD_H
#define TB_ADAPTER_SQLITE_RECORD_H

#include "adapter/lane.h"
#include "adapter/sqlite_cache.h"
#include "adapter/sqlite_db.h"
#include "port/store.h"

#define FIRED_WORDS 64U

/* What the writing thread owns. */
struct writer {
	struct db db;
	struct cache *cache;
	uint64_t next_number; /* of tickets */
	uint64_t next_entry;
	uint64_t next_queued;        /* of search_queue */
	bool apart;                  /* each call under a savepoint: see sqlite_lane.c */
	struct lane *lane;           /* that it works for; NULL: not yet */
	uint64_t fire_until;         /* uv_hrtime: what this transaction gives to clocks */
	uint64_t fired[FIRED_WORDS]; /* a bit a ticket that fired in it, others may share it */
};

/* Reads the counters anew: after opening, and after a rollback. */
NODISCARD enum status writer_load(struct writer *writer);

/* sqlite_rows.c */
/* Room for one more in a list of unknown length, in the arena: what was outgrown stays there until
 * the call ends. */
void *rows_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size);
void ticket_from_row(sqlite3_stmt *stmt, struct ticket *out);
void ticket_bind(sqlite3_stmt *stmt, const struct ticket *ticket, struct arena *arena);
void ticket_bind_log(sqlite3_stmt *stmt, const struct ticket *ticket, uint64_t last_id);
void ticket_bind_clock(sqlite3_stmt *stmt, const struct ticket *ticket);
/* Tags and articles are kept between separators: is that possible with these? */
bool ticket_is_storable(const struct ticket *ticket);
/* ".tag." as it is in the column, to be searched for. */
struct span ticket_tag_pattern(struct arena *arena, struct span tag);
void entry_from_row(sqlite3_stmt *stmt, struct arena *arena, struct entry *out);
/* Where an entry is in the chain of its log. */
struct entry_link {
	uint64_t id, prev_id, block_id, author;
};
#define LOG_BLOCK 64
void entry_bind(sqlite3_stmt *stmt, const struct entry *entry, const struct entry_link *link);
void change_from_row(sqlite3_stmt *stmt, struct arena *arena, struct change *out);
void change_bind(sqlite3_stmt *stmt, int64_t id, const struct change *change);
void agent_from_row(sqlite3_stmt *stmt, struct agent *out);

/* sqlite_commands.c, sqlite_tickets.c: on the writing thread */
NODISCARD enum status record_say(struct writer *writer, struct store_call *call);
NODISCARD enum status record_create(struct writer *writer, struct store_call *call);
NODISCARD enum status record_command(struct writer *writer, struct store_call *call);
/* The ticket from the cache or the file. NOT_FOUND */
NODISCARD enum status ticket_load(struct writer *writer, struct ticket_id number,
                                  struct cached **out);
/* Pieces of that for who goes without the cache: the ticket alone (NOT_FOUND), the number of its
 * changes, the block of its log. */
NODISCARD enum status ticket_load_row(struct writer *writer, struct ticket_id number,
                                      struct ticket *out, uint64_t *last_id_out);
NODISCARD enum status ticket_load_changes(struct writer *writer, struct cached *cached);
NODISCARD enum status ticket_load_block(struct writer *writer, struct cached *cached);

/* sqlite_effect.c: what ticket_decide() made of a command. */
struct decided {
	const struct command *command;
	struct effect *effect;
	struct arena *arena;
};
/* Writes it: `cached` is the ticket before it, NULL: it is new. */
NODISCARD enum status effect_write(struct writer *writer, struct cached *cached,
                                   const struct decided *decided);
uint64_t author_of(const struct actor *actor);
/* Puts the row that says that a timer had its effect; one that is there already stays, and
 * sqlite3_changes() is 0. */
NODISCARD enum status fired_put(struct writer *writer, struct ticket_id number,
                                const struct fired *fired, wall_ms now);

/* sqlite_fire.c: on the writing thread */
NODISCARD enum status record_fire(struct writer *writer, struct store_call *call);

/* sqlite_forget.c: on the writing thread */
NODISCARD enum status record_forget(struct writer *writer, struct store_call *call);

/* sqlite_policies.c: on the writing thread, then on a reading one */
NODISCARD enum status record_policy_put(struct writer *writer, struct store_call *call);
NODISCARD enum status read_policies(struct db *db, struct store_call *call);
NODISCARD enum status read_similar(struct db *db, struct store_call *call);

/* sqlite_log.c: entries with seq > after, oldest first, at most limit. */
struct log_piece {
	uint64_t last_id; /* of the log's newest entry, 0: it is empty */
	uint64_t after;
	uint64_t limit;
	bool public_only;
	struct entry *items; /* out, in the arena */
	size_t count;
	size_t room;
	bool more; /* there are others behind the last of items */
};
NODISCARD enum status log_read(struct db *db, struct arena *arena, struct log_piece *piece);

/* sqlite_people.c: on the writing thread, then on a reading one */
NODISCARD enum status record_agent_put(struct writer *writer, struct store_call *call);
NODISCARD enum status record_session_put(struct writer *writer, struct store_call *call);
NODISCARD enum status record_session_end(struct writer *writer, struct store_call *call);
NODISCARD enum status record_token_set(struct writer *writer, struct store_call *call);
NODISCARD enum status record_token_end(struct writer *writer, struct store_call *call);
NODISCARD enum status record_list_put(struct writer *writer, struct store_call *call);
NODISCARD enum status record_list_end(struct writer *writer, struct store_call *call);
NODISCARD enum status record_meta_put(struct writer *writer, struct store_call *call);
NODISCARD enum status read_agent(struct db *db, struct store_call *call);
NODISCARD enum status read_agents(struct db *db, struct store_call *call);
NODISCARD enum status read_session(struct db *db, struct store_call *call);
NODISCARD enum status read_tokens(struct db *db, struct store_call *call);
NODISCARD enum status read_lists(struct db *db, struct store_call *call);
/* NOT_FOUND. */
NODISCARD enum status record_agent_by_id(struct db *db, struct agent_id id, struct agent *out);
NODISCARD enum status read_meta(struct db *db, struct store_call *call);

/* sqlite_reads.c, sqlite_lists.c: on a reading thread */
NODISCARD enum status read_ticket(struct db *db, struct store_call *call);
NODISCARD enum status read_entries(struct db *db, struct store_call *call);
NODISCARD enum status read_live(struct db *db, struct store_call *call);
NODISCARD enum status read_last(struct db *db, struct store_call *call);
NODISCARD enum status read_file(struct db *db, struct store_call *call);
NODISCARD enum status read_tickets(struct db *db, struct store_call *call);

/* sqlite_customers.c: on a reading thread */
NODISCARD enum status read_customers(struct db *db, struct store_call *call);

/* sqlite_search.c. Indexes up to `docs` more documents of the entries before goal->entry and the
 * titles that were queued before goal->queued, in a transaction of its own. done_out: nothing is
 * left of them. */
struct search_goal {
	uint64_t entry, queued;
};
NODISCARD enum status search_index(struct writer *writer, const struct search_goal *goal,
                                   unsigned docs, bool *done_out);
/* The numbers of the tickets in which every word of the query occurs, ascending, as a JSON
 * array. BAD_REQUEST: too many words. */
NODISCARD enum status search_tickets(struct db *db, struct arena *arena, struct span query,
                                     struct span *json_out);

#endif
