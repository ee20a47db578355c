/* SPDX-License-Identifier: MIT */
/* Inside the stage: what its files share. */
#ifndef TB_TESTS_SUPPORT_STAGE_INSIDE_H
#define TB_TESTS_SUPPORT_STAGE_INSIDE_H

#include "base/buf.h"
#include "support/stage.h"

#define ORIGIN "https://docs.example.gov"

struct actor_on_stage {
	struct stage *stage;
	struct conn_id conn;
	enum audience audience;
	struct buf heard;
	struct buf scratch;
	char *token;
	bool hung_up;
	enum hangup why;
	bool blocked;
	size_t queued;
	struct actor_on_stage *next;
};

#define TELLINGS_MAX 64

struct stage {
	struct outlet outlet; /* first: the port's view of this struct */
	struct notifier notifier;
	struct policy_reader reader;
	struct policy_kit kit;
	bool ruled;
	bool beside; /* the store and the board are another stage's */
	bool broken;
	struct notifier_call *tellings[TELLINGS_MAX];
	size_t tellings_count;
	struct buf told;
	int64_t ahead; /* of the wall before the monotonic clock */
	struct desk_config config;
	struct store *store;
	struct fake_bus_board *board;
	struct bus *bus;
	struct vault *vault;
	struct desk *desk;
	wall_ms now;
	uint64_t conns;
	struct actor_on_stage *actors;
};

void stage_actor_free(struct actor_on_stage *actor);

#endif
