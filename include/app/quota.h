/* SPDX-License-Identifier: MIT */
/* Rates: how much of something there may be in a window, and what networks and accounts have
 * used up lately. */
#ifndef TB_APP_QUOTA_H
#define TB_APP_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/map.h"
#include "core/network.h"

/* A bucket of tokens that fills within a window; the zero value is full. */
struct rate {
	int64_t used; /* thousandths of a token */
	wall_ms since;
};

/* Takes one token. false: none left; *retry_out says after how many ms there is one.
 * limit 0 means no limit. */
bool rate_take(struct rate *rate, int limit, int64_t window_ms, wall_ms now, int64_t *retry_out);
/* Asks without taking. */
bool rate_has(const struct rate *rate, int limit, int64_t window_ms, wall_ms now,
              int64_t *retry_out);

/* One network (core/network.h), or one account ("@e-mail"). */
struct quota {
	char key[NETWORK_SIZE];
	unsigned clients; /* connected now: they point here */
	struct rate chats;
	struct rate logins;
	struct rate files;
	UT_hash_handle hh;
};

/* Finds or makes it. It stays while it has clients, and for an hour after its last use. */
struct quota *quota_of(struct quota **quotas, const char *text);
void quota_forget(struct quota **quotas, wall_ms now);
void quota_fini(struct quota **quotas);

#endif
