/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include "base/must.h"

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

void app_heard(struct app *app, struct conn_id conn, struct span id)
{
	if (id.len > 0)
		app_ack(app, conn, id);
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
