/* SPDX-License-Identifier: MIT */
#include "bus_rig_redis.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "adapter/redis_bus.h"
#include "base/mem.h"
#include "base/must.h"

struct rig_redis {
	uv_loop_t loop;
	unsigned nodes;
	int lock_fd;
	char folder[64];
	char url[96];
};

struct rig_redis *rig_redis_create(void)
{
	struct rig_redis *redis = xcalloc(1, sizeof(*redis));
	char path[96];

	(void)signal(SIGPIPE, SIG_IGN);
	MUST(uv_loop_init(&redis->loop) == 0);
	(void)snprintf(redis->folder, sizeof(redis->folder), "/tmp/tierbell-bus-XXXXXX");
	MUST(mkdtemp(redis->folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/lock", redis->folder);
	redis->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	MUST(redis->lock_fd >= 0);
	(void)snprintf(redis->url, sizeof(redis->url), "unix:%s/redis.sock", redis->folder);
	return redis;
}

static void remove_in(const char *folder, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	(void)unlink(path);
}

void rig_redis_remove(const char *folder)
{
	remove_in(folder, "lock");
	remove_in(folder, "redis.log");
	remove_in(folder, "redis.sock");
	MUST(rmdir(folder) == 0);
}

void rig_redis_destroy(struct rig_redis **redis)
{
	if (*redis == NULL)
		return;
	MUST(uv_run(&(*redis)->loop, UV_RUN_DEFAULT) == 0);
	MUST(uv_loop_close(&(*redis)->loop) == 0); /* nothing was left behind */
	(void)close((*redis)->lock_fd);
	rig_redis_remove((*redis)->folder);
	free(*redis);
	*redis = NULL;
}

struct bus *rig_redis_open(struct rig_redis *redis, const char *node, unsigned timeout_ms)
{
	const struct redis_bus_options options = {.url = redis->nodes > 0 ? redis->url : NULL,
	                                          .data_dir = redis->folder,
	                                          .lock_fd = redis->lock_fd,
	                                          .desk = "the desk",
	                                          .node = node,
	                                          .timeout_ms = timeout_ms};
	char error[160] = "";
	struct bus *bus = NULL;

	redis->nodes++;
	if (!redis_bus_open(&redis->loop, &options, &bus, error, sizeof(error))) {
		(void)fprintf(stderr, "%s\n", error);
		MUST(bus != NULL);
	}
	return bus;
}

uv_loop_t *rig_redis_loop(struct rig_redis *redis)
{
	return &redis->loop;
}

const char *rig_redis_folder(const struct rig_redis *redis)
{
	return redis->folder;
}

void rig_redis_turn(struct rig_redis *redis)
{
	(void)uv_run(&redis->loop, UV_RUN_ONCE);
}

void rig_redis_say(struct rig_redis *redis, const char *one, const char *two, const char *three)
{
	const char *words[] = {one, two, three};
	redisContext *context = redisConnectUnix(redis->url + sizeof("unix:") - 1);
	redisReply *reply;
	int count = 1;

	MUST(context != NULL && context->err == 0);
	while (count < 3 && words[count] != NULL)
		count++;
	reply = redisCommandArgv(context, count, words, NULL);
	MUST(reply != NULL && reply->type != REDIS_REPLY_ERROR);
	freeReplyObject(reply);
	redisFree(context);
}
