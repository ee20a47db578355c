/* SPDX-License-Identifier: MIT */
#include "app/quota.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* In thousandths of a token, so that a slow refill is not rounded away. */
static int64_t rate_used(const struct rate *rate, int limit, int64_t window_ms, wall_ms now)
{
	int64_t elapsed = now - rate->since;
	int64_t refilled;

	if (elapsed < 0)
		elapsed = 0;
	if (elapsed > window_ms)
		elapsed = window_ms;
	refilled = elapsed * limit * 1000 / window_ms;
	return rate->used > refilled ? rate->used - refilled : 0;
}

bool rate_has(const struct rate *rate, int limit, int64_t window_ms, wall_ms now,
              int64_t *retry_out)
{
	int64_t over;

	*retry_out = 0;
	if (limit <= 0)
		return true;
	over = rate_used(rate, limit, window_ms, now) + 1000 - (int64_t)limit * 1000;
	if (over <= 0)
		return true;
	*retry_out = over * window_ms / ((int64_t)limit * 1000) + 1;
	return false;
}

bool rate_take(struct rate *rate, int limit, int64_t window_ms, wall_ms now, int64_t *retry_out)
{
	if (!rate_has(rate, limit, window_ms, now, retry_out))
		return false;
	if (limit > 0) {
		rate->used = rate_used(rate, limit, window_ms, now) + 1000;
		rate->since = now;
	}
	return true;
}

struct quota *quota_of(struct quota **quotas, const char *text)
{
	char key[NETWORK_SIZE];
	struct quota *quota;

	network_of(text, key);
	HASH_FIND(hh, *quotas, key, sizeof(key), quota);
	if (quota == NULL) {
		quota = xcalloc(1, sizeof(*quota));
		memcpy(quota->key, key, sizeof(key));
		HASH_ADD(hh, *quotas, key, sizeof(quota->key), quota);
	}
	return quota;
}

void quota_forget(struct quota **quotas, wall_ms now)
{
	struct quota *quota, *next;

	HASH_ITER(hh, *quotas, quota, next) {
		if (quota->clients == 0 && now - quota->chats.since > HOUR_MS &&
		    now - quota->logins.since > HOUR_MS) {
			HASH_DEL(*quotas, quota);
			free(quota);
		}
	}
}

void quota_fini(struct quota **quotas)
{
	struct quota *quota, *next;

	HASH_ITER(hh, *quotas, quota, next) {
		HASH_DEL(*quotas, quota);
		free(quota);
	}
}
