/* SPDX-License-Identifier: MIT */
#include "adapter/redis_error.h"

#include <stddef.h>
#include <string.h>

#include "base/must.h"

static const struct redis_error ERRORS[] = {
	{"LOADING", REDIS_WAIT},
	{"BUSY", REDIS_WAIT},
	{"TRYAGAIN", REDIS_WAIT},
	{"READONLY", REDIS_AGAIN},
	{"MASTERDOWN", REDIS_AGAIN},
	{"UNBLOCKED", REDIS_AGAIN},
	{"ERR Function not found", REDIS_AGAIN},
	{"ERR max number of clients", REDIS_WAIT},
	{"OOM", REDIS_ALERT},
	{"MISCONF", REDIS_ALERT},
	{"NOREPLICAS", REDIS_ALERT},
	{"NOAUTH", REDIS_FAULT},
	{"WRONGPASS", REDIS_FAULT},
	{"NOPERM", REDIS_FAULT},
	{"WRONGTYPE", REDIS_FAULT},
	{"CROSSSLOT", REDIS_FAULT},
	{"MOVED", REDIS_FAULT},
};

struct redis_error redis_error_of(struct span text)
{
	for (size_t i = 0; i < ARRAY_LEN(ERRORS); i++) {
		size_t len = strlen(ERRORS[i].word);

		if (text.len >= len && memcmp(text.ptr, ERRORS[i].word, len) == 0)
			return ERRORS[i];
	}
	return (struct redis_error){.word = "ERR", .reaction = REDIS_FAULT};
}
