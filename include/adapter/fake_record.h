/* SPDX-License-Identifier: MIT */
/* Inside the fake store: what it keeps, and one function a noun. */
#ifndef TB_ADAPTER_FAKE_RECORD_H
#define TB_ADAPTER_FAKE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
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
	struct fake_used_id create_key; /* the Idempotency-Key that opened it */
};

struct fake_meta {
	char key[STORE_KEY_SIZE];
	struct span value;
};

struct fake_record {
	struct arena arena; /* every text that was ever written */
	/* Whose the tickets are, side by side: every message looks through them. */
	struct visitor_id *visitors;
	struct fake_ticket **tickets; /* [number - 1] */
	size_t tickets_count;
	struct agent *agents; /* [id - 1] */
	size_t agents_count;
	struct session *sessions;
	size_t sessions_count;
	struct fake_meta *metas;
	size_t metas_count;
};

void fake_record_fini(struct fake_record *record);

/* Room for one more at the end of a list whose memory grows in powers of two. */
void *fake_list_grow(void *items, size_t count, size_t size);

enum status fake_say(struct fake_record *record, struct store_call *call);
enum status fake_create(struct fake_record *record, struct store_call *call);
enum status fake_command(struct fake_record *record, struct store_call *call);
struct fake_ticket *fake_ticket_find(const struct fake_record *record, struct ticket_id number);
struct fake_ticket *fake_ticket_last(const struct fake_record *record,
                                     const struct visitor_id *visitor);
void fake_entry_copy(struct arena *arena, const struct entry *from, struct entry *to);

enum status fake_read_ticket(const struct fake_record *record, struct store_call *call);
enum status fake_read_entries(const struct fake_record *record, struct store_call *call);
enum status fake_read_tickets(const struct fake_record *record, struct store_call *call);
enum status fake_read_live(const struct fake_record *record, struct store_call *call);
enum status fake_read_last(const struct fake_record *record, struct store_call *call);

enum status fake_agent_put(struct fake_record *record, struct store_call *call);
enum status fake_session_put(struct fake_record *record, struct store_call *call);
enum status fake_session_end(struct fake_record *record, struct store_call *call);
enum status fake_meta_put(struct fake_record *record, struct store_call *call);
enum status fake_read_agent(const struct fake_record *record, struct store_call *call);
enum status fake_read_agents(const struct fake_record *record, struct store_call *call);
enum status fake_read_session(const struct fake_record *record, struct store_call *call);
enum status fake_read_meta(const struct fake_record *record, struct store_call *call);

#endif
