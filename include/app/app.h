/* SPDX-License-Identifier: MIT */
/* What the use cases stand on: the ports, the tables of who and what is live, the numbers. */
#ifndef TB_APP_APP_H
#define TB_APP_APP_H

#include "app/chats.h"
#include "app/desk.h"
#include "app/hub.h"
#include "app/people.h"
#include "app/retention.h"
#include "app/sweep.h"
#include "app/systemic.h"
#include "app/tally.h"
#include "core/eta.h"

struct tier_view {
	size_t available; /* agents of the tier, on all nodes, as the switchboard said last */
	size_t room;      /* what they can take together */
	struct eta eta;
};

struct queue_count {
	size_t waiting;
	wall_ms oldest; /* waiting since; 0: nobody waits */
};

/* What visitors' places were told by last; without padding, so that bytes compare. */
struct queue_view {
	uint64_t moves;
	wall_ms opens_at;
	size_t available[TIER_MAX], room[TIER_MAX], picked_up[TIER_MAX];
};

struct routing_call;

struct app {
	struct desk desk; /* first: the port's view of this struct */
	struct desk_config config;
	struct desk_ports ports;

	struct hub hub;
	struct people people;
	struct chats chats;
	struct act *spare_acts;
	unsigned spare_acts_count;

	wall_ms now;  /* of the event that is being handled: for completions */
	mono_ms mono; /* of the last tick */
	bool starting;
	bool started;
	bool stopping;
	struct desk_call **waiting; /* calls that came before the record was read */
	size_t waiting_count;
	uint8_t visitor_key[VAULT_KEY_SIZE];

	/* The policy: what holds, and what is wanted but not on record yet. */
	struct policy_book *book; /* NULL: a desk without */
	struct policy *wanted;    /* NULL: nothing */
	char *wanted_text;
	size_t wanted_len;
	bool adopting;
	mono_ms adopt_at; /* not again before */
	struct sweep sweep;
	struct retention retention;
	struct systemic_list systemics;
	struct tally tally;

	/* Routing. */
	bool routing; /* the switchboard is up and knows what we know */
	bool rebuilding;
	bool rebuild_again; /* something moved while it ran */
	bool ticking;       /* a BUS_TICK is under way */
	bool holding;       /* tickets are queued together */
	struct routing_call *held[TIER_MAX];
	unsigned nodes; /* of the desk, this one included */
	bool match_running[TIER_MAX];
	bool match_again[TIER_MAX];
	wall_ms next_tick;
	wall_ms next_view;
	struct tier_view tiers[TIER_MAX];
	struct queue_row told[TIER_MAX];     /* what agents were told last */
	struct queue_count counts[TIER_MAX]; /* as of chats.moves `counted` */
	uint64_t counted;
	struct queue_view viewed;

	/* app/viewers: what agents on other nodes look at. */
	struct foreign_view *foreign_views; /* NULL: none so far */
	size_t foreign_views_count;
	wall_ms views_again;

	struct desk_stats counters; /* only the fields that count since the start */
};

struct app *app_of(struct desk *desk);

/* Says one frame to one connection. */
void app_send(struct app *app, struct conn_id conn, const struct frame_out *frame);
void app_ack(struct app *app, struct conn_id conn, struct span id);
/* Of a frame that need not have an id: acked if it has one. */
void app_heard(struct app *app, struct conn_id conn, struct span id);
void app_error(struct app *app, struct conn_id conn, struct span id, enum status st);
void app_error_text(struct app *app, struct conn_id conn, struct span id, enum status st,
                    const char *message, int64_t retry_after_ms);

#endif
