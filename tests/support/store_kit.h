/* SPDX-License-Identifier: MIT */
/* A store under test, whichever it is, and short words for the calls that tests make. */
#ifndef TB_TESTS_STORE_KIT_H
#define TB_TESTS_STORE_KIT_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

#include "port/store.h"

struct store_kit {
	struct store *store;
	uv_loop_t loop;
	bool on_disk;
	char dir[64];
	char path[96];
	unsigned dones; /* calls done so far */
	bool submitting;
};

/* A call that knows whether, how often and as which it was done. */
struct kit_call {
	struct store_call call;
	struct store_kit *kit;
	unsigned done;  /* how often */
	unsigned order; /* kit->dones when it was */
};

/* cmocka's set-up and tear-down of a test whose state is a kit. */
int store_kit_setup_fake(void **state);
int store_kit_setup_sqlite(void **state); /* in a folder of its own */
int store_kit_teardown(void **state);     /* closes it, if it is open, and removes the folder */

/* One row of a suite that runs on both. */
#define STORE_KIT_ROW(name, on)                                                      \
	{                                                                            \
#on ": " #name, name, store_kit_setup_##on, store_kit_teardown, NULL \
	}
#define STORE_KIT_BOTH(name) STORE_KIT_ROW(name, fake), STORE_KIT_ROW(name, sqlite)

void store_kit_open(struct store_kit *kit); /* on disk only */
void store_kit_close(struct store_kit *kit);

/* Zeroed, ready to be filled in. Ends with kit_call_fini. */
void kit_call_init(struct kit_call *call, struct store_kit *kit, enum store_kind kind);
void kit_call_fini(struct kit_call *call);
void kit_submit(struct kit_call *call);
void kit_wait(struct kit_call *call);
enum status kit_run(struct kit_call *call); /* submit and wait */
/* Lets pending work go on once. */
void kit_turn(struct store_kit *kit);

/* Calls filled in; texts are borrowed. `id` "" is none. */
struct visitor_id kit_visitor(unsigned number);
void kit_say(struct kit_call *call, struct store_kit *kit, unsigned visitor, const char *id,
             const char *text);
void kit_create(struct kit_call *call, struct store_kit *kit, uint64_t agent, const char *id,
                const char *text);
void kit_command(struct kit_call *call, struct store_kit *kit, uint64_t ticket,
                 enum command_kind kind, uint64_t agent, const char *id);

/* Those that only have to work. */
uint64_t kit_open(struct store_kit *kit, unsigned visitor, const char *text); /* its number */
void kit_note(struct store_kit *kit, uint64_t ticket, const char *text);
void kit_close_ticket(struct store_kit *kit, uint64_t ticket);
uint64_t kit_agent(struct store_kit *kit, const char *email);

#endif
