/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/network.h"

struct app *app_of(struct desk *desk)
{
	return container_of(desk, struct app, desk);
}

void app_send(struct app *app, struct conn_id conn, const struct frame_out *frame)
{
	app->ports.outlet->ops->send(app->ports.outlet, &conn, 1, frame);
}

void app_ack(struct app *app, struct conn_id conn, struct span id)
{
	app->counters.acks++;
	app_send(app, conn, &(struct frame_out){.type = OUT_ACK, .u.ack = {.id = id}});
}

void app_error_text(struct app *app, struct conn_id conn, struct span id, enum status st,
                    const char *message, int64_t retry_after_ms)
{
	app->counters.refused++;
	app_send(app, conn,
	         &(struct frame_out){.type = OUT_ERROR,
	                             .u.error = {.id = id,
	                                         .status = st,
	                                         .message = message,
	                                         .retry_after_ms = retry_after_ms}});
}

void app_error(struct app *app, struct conn_id conn, struct span id, enum status st)
{
	bool later = st == ST_UNAVAILABLE || st == ST_TIMEOUT || st == ST_CANCELED;

	app_error_text(app, conn, id, st, NULL, later ? SEC_MS : 0);
}

struct quota *app_quota(struct app *app, const char *text)
{
	char key[NETWORK_SIZE];
	struct quota *quota;

	network_of(text, key);
	HASH_FIND(hh, app->quotas, key, sizeof(key), quota);
	if (quota == NULL) {
		quota = xcalloc(1, sizeof(*quota));
		memcpy(quota->key, key, sizeof(key));
		HASH_ADD(hh, app->quotas, key, sizeof(quota->key), quota);
	}
	return quota;
}

void app_forget_quotas(struct app *app, wall_ms now)
{
	struct quota *quota, *next;

	HASH_ITER(hh, app->quotas, quota, next) {
		if (now - quota->chats.since > HOUR_MS && now - quota->logins.since > HOUR_MS) {
			HASH_DEL(app->quotas, quota);
			free(quota);
		}
	}
}
