/* SPDX-License-Identifier: MIT */
/* A server that speaks Redis' protocol and means no good, on a Unix socket of the test's loop.
 * It answers each command with what the script says, by the command's first word. */
#ifndef TB_SUPPORT_STRANGE_REDIS_H
#define TB_SUPPORT_STRANGE_REDIS_H

#include <uv.h>

#define STRANGE_SILENT "" /* an answer that never comes */

/* Raw bytes; NULL: what a friendly server would say. */
struct strange_script {
	const char *on_connect; /* said before anything was asked */
	const char *info;
	const char *function;
	const char *subscribe;
	const char *call; /* FCALL, PUBLISH */
	const char *ping;
};

struct strange_redis;

struct strange_redis *strange_redis_create(uv_loop_t *loop, const char *path);
void strange_redis_close(struct strange_redis **strange); /* the loop frees it */

void strange_redis_script(struct strange_redis *strange, struct strange_script script);
unsigned strange_redis_connects(const struct strange_redis *strange);

#endif
