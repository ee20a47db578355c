/* SPDX-License-Identifier: MIT */
/* The desk: puts the use cases together over the ports. Everything runs on the loop thread,
 * in the time that is handed in; nothing here knows a socket, a file or a clock. */
#ifndef TB_APP_DESK_H
#define TB_APP_DESK_H

#include "core/ticket.h"
#include "port/bus.h"
#include "port/desk.h"
#include "port/notifier.h"
#include "port/outlet.h"
#include "port/store.h"
#include "port/vault.h"

/* 0 switches a rate or a cap off. */
struct desk_limits {
	int messages_per_10s;           /* a visitor's; ten times as many other frames */
	int chats_per_hour_per_address; /* tickets opened */
	int chats_per_hour_per_visitor;
	int sockets_per_visitor;
	int sockets_per_agent;
	int logins_per_minute; /* an address's, and an e-mail's */
	int messages_per_chat; /* conflict past it */
	int files_per_ticket;  /* too_large past it */
	int files_per_hour_per_address;
	int agent_frames_per_10s; /* an agent's */
	int undo_close_s;         /* an agent may take its own close back for so long */
	int tokens_per_agent;     /* API tokens; conflict past it */
	int saved_lists;          /* of an agent; conflict past it, and past SAVED_LISTS_MAX */
	int alerts_per_second;    /* words about tickets to who does not have them; then numbers */
};

/* The secret that the site signs its visitors with. */
#define IDENTITY_KEY_MIN 16
#define IDENTITY_KEY_MAX 1024

struct identity_key {
	size_t len; /* 0: there is none, and nobody is verified */
	char bytes[IDENTITY_KEY_MAX];
};

struct desk_config {
	char name[NAME_SIZE];     /* of the desk, shown to visitors */
	char node[BUS_NODE_SIZE]; /* of this node, unique in the desk */
	int default_capacity;     /* chats an agent takes at once when the console says nothing */
	int64_t offer_ms;         /* an offer runs out after */
	bool keep_all;            /* nothing is deleted, whatever the policy says */
	int64_t again_ms;         /* a declined chat is not offered to the same agent for */
	int64_t grace_ms;         /* an agent's sockets are gone: the chats are requeued after */
	int64_t lease_ms;         /* of a seat in the presence set */
	int64_t session_ms;       /* a login lasts */
	int64_t visitor_token_ms; /* a visitor's token lasts from its last welcome */
	int64_t first_response_s[PRIORITY_CRITICAL + 1]; /* told to visitors; 0: nothing is */
	uint64_t visitor_frame_bytes;                    /* told in welcome */
	uint64_t agent_frame_bytes;
	struct desk_limits limits;
	struct identity_key identity_key;
};

/* The defaults of docs/OPERATIONS.md. */
void desk_config_init(struct desk_config *config);

/* Borrowed for the desk's life. outlet may be NULL for a desk that only takes calls. */
struct desk_ports {
	struct store *store;
	struct bus *bus;
	struct vault *vault;
	struct outlet *outlet;
	struct notifier *notifier; /* NULL: pages show in the console only */
	const struct policy_reader *policy_reader;
};

/* Makes a policy of the text of its file: app does not parse. */
struct policy_reader {
	void *ctx;
	/* OK: *out is a new policy with one reference. BAD_REQUEST: it cannot be read any more. */
	enum status (*read)(void *ctx, struct span text, struct policy **out);
};

/* Starts reading the record; calls are taken at once and wait until it is read. */
struct desk *desk_create(const struct desk_config *config, const struct desk_ports *ports,
                         wall_ms now);

/* New values from a reload; what was promised before stays. */
void desk_configure(struct desk *desk, const struct desk_config *config);

/* The policy that holds from now on: put on record, then run by. Takes a reference. Tickets keep
 * the version they were promised under. `text` is the file, borrowed for the call. */
void desk_adopt(struct desk *desk, struct policy *policy, struct span text, wall_ms now);

/* Every 250 ms or so: leases, offers, graces, rates, clocks that are due, the numbers people see.
 * `mono` shows when the clock on the wall was put forward: due clocks then wait a little. */
void desk_tick(struct desk *desk, wall_ms now, mono_ms mono);

/* The next moment at which the desk has something to do by itself: an offer or a grace runs out, a
 * clock is due, a chat waits for room that is there. WALL_NEVER: nothing. For whoever owns the
 * time (a simulation): it may tick at that moment, and just before whatever it hands in, instead
 * of every 250 ms, and nothing happens later than it would have. */
wall_ms desk_next_wake(const struct desk *desk);

/* true: the record is read (desk_stats.started). */
bool desk_is_ready(const struct desk *desk);

/* Stops: nothing new is begun; the owner then closes store and bus, whose canceled calls
 * come back here, and destroys the desk last. */
void desk_stop(struct desk *desk, wall_ms now);
void desk_destroy(struct desk **desk);

#endif
