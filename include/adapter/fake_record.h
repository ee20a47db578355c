/* SPDX-License-Identifier: MIT */
/* Inside the fake store: what it keeps, and one function a noun. */
#ifndef TB_ADAPTER_FAKE_RECORD_H
#define TB_ADAPTER_FAKE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "adapter/fake_due.h"
#include "base/arena.h"
#include "base/map.h"
#include "port/store.h"

/* An id that somebody used on a ticket, and the entry it made (seq 0: none). */
struct fake_used_id {
	struct actor_key {
		enum role role;
		uint64_t agent;
		struct visitor_id visitor;
	} author;
	struct span id;
	uint64_t seq;
};

struct fake_ticket {
	struct ticket ticket;
	struct entry *entries; /* [seq - 1] */
	size_t entries_count;
	struct change *changes;
	size_t changes_count;
	struct fake_used_id *ids;
	size_t ids_count;
	/* Timers that had their effect. */
	struct fake_fired {
		struct fired fired;
		wall_ms at;
	} * fired;
	size_t fired_count;
	struct fake_file {
		uint64_t seq;
		struct span name, body;
	} * files;
	size_t files_count;
	struct span context;
	wall_ms due_at; /* in the heap of record.due, at due_place; 0: not there */
	size_t due_place;
};

/* The Idempotency-Key that opened a ticket. */
struct fake_create_key {
	unsigned char bytes[sizeof(struct actor_key) + CLIENT_ID_MAX];
	struct fake_ticket *ticket;
	uint64_t seq; /* of its first entry, 0: none */
	UT_hash_handle hh;
};

struct fake_visitor {
	struct visitor_id id;
	struct fake_ticket *newest;
	struct fake_ticket *live; /* NULL: none */
	UT_hash_handle hh;
};

struct fake_saved {
	struct agent_id agent;
	struct saved_list list;
};

struct fake_meta {
	char key[STORE_KEY_SIZE];
	struct span value;
};

struct fake_record {
	struct arena arena;           /* every text that was ever written */
	struct fake_ticket **tickets; /* [number - 1]; NULL: deleted */
	wall_ms *created;             /* of them, side by side */
	bool created_in_order;
	size_t tickets_count;
	struct agent *agents; /* [id - 1] */
	size_t agents_count;
	struct session *sessions;
	size_t sessions_count;
	uint64_t sessions_given; /* the newest id */
	struct fake_saved *saved;
	size_t saved_count;
	uint64_t saved_given; /* the newest id */
	struct fake_meta *metas;
	size_t metas_count;
	struct policy_row *policies; /* [id - 1] */
	size_t policies_count;
	struct fake_visitor *visitors;
	struct fake_create_key *create_keys;
	struct fake_due due;
};

void fake_record_init(struct fake_record *record);

void fake_record_fini(struct fake_record *record);

/* Room for one more at the end of a list whose memory grows in powers of two. */
void *fake_list_grow(void *items, size_t count, size_t size);

enum status fake_say(struct fake_record *record, struct store_call *call);
enum status fake_create(struct fake_record *record, struct store_call *call);
enum status fake_command(struct fake_record *record, struct store_call *call);
struct fake_ticket *fake_ticket_find(const struct fake_record *record, struct ticket_id number);
struct fake_ticket *fake_ticket_last(const struct fake_record *record, const struct visitor_id *id);
/* What was decided on the ticket, all of it but the client's id. */
void fake_effect_write(struct fake_record *record, struct fake_ticket *ticket,
                       const struct command *command, const struct effect *effect);
void fake_entry_copy(struct arena *arena, const struct entry *from, struct entry *to);

/* Is the other one by the same person: itself, by visitor, or by e-mail whatever its case? */
bool fake_ticket_is_of(const struct fake_ticket *customer, const struct ticket *other);

/* Deletes it. */
void fake_ticket_forget(struct fake_record *record, struct fake_ticket *ticket);

enum status fake_forget(struct fake_record *record, struct store_call *call);
enum status fake_fire(struct fake_record *record, struct store_call *call);
enum status fake_policy_put(struct fake_record *record, struct store_call *call);
enum status fake_read_policies(const struct fake_record *record, struct store_call *call);
enum status fake_read_similar(const struct fake_record *record, struct store_call *call);

enum status fake_read_ticket(const struct fake_record *record, struct store_call *call);
enum status fake_read_entries(const struct fake_record *record, struct store_call *call);
enum status fake_read_tickets(const struct fake_record *record, struct store_call *call);
enum status fake_read_live(const struct fake_record *record, struct store_call *call);
enum status fake_read_last(const struct fake_record *record, struct store_call *call);
enum status fake_read_customers(const struct fake_record *record, struct store_call *call);
enum status fake_read_file(const struct fake_record *record, struct store_call *call);

enum status fake_agent_put(struct fake_record *record, struct store_call *call);
enum status fake_session_put(struct fake_record *record, struct store_call *call);
enum status fake_session_end(struct fake_record *record, struct store_call *call);
enum status fake_token_set(struct fake_record *record, struct store_call *call);
enum status fake_token_end(struct fake_record *record, struct store_call *call);
enum status fake_list_put(struct fake_record *record, struct store_call *call);
enum status fake_list_end(struct fake_record *record, struct store_call *call);
enum status fake_meta_put(struct fake_record *record, struct store_call *call);
enum status fake_read_agent(const struct fake_record *record, struct store_call *call);
enum status fake_read_agents(const struct fake_record *record, struct store_call *call);
enum status fake_read_session(const struct fake_record *record, struct store_call *call);
enum status fake_read_tokens(const struct fake_record *record, struct store_call *call);
enum status fake_read_lists(const struct fake_record *record, struct store_call *call);
enum status fake_read_meta(const struct fake_record *record, struct store_call *call);

#endif
