/* SPDX-License-Identifier: MIT */
/* What machines ask: alive, ready, and the numbers of Prometheus. */
#ifndef TB_ADAPTER_HEALTH_H
#define TB_ADAPTER_HEALTH_H

#include <stdbool.h>

#include "adapter/conn.h"
#include "base/buf.h"
#include "port/bus.h"
#include "port/desk.h"
#include "port/store.h"

struct health {
	struct net *net;
	struct desk *desk;
	struct store *store;
	struct bus *bus;
	const char *version;
	mono_ms started_at;
	bool closed; /* at the start until all is there, and from the beginning of a stop */
};

/* Everything that taking traffic needs is there. */
bool health_is_ready(const struct health *health);

void health_alive(const struct health *health, struct conn_id conn);
void health_ready(const struct health *health, struct conn_id conn);
void health_metrics(const struct health *health, struct conn_id conn);

/* The text of /metrics. */
void health_write(const struct health *health, struct buf *buf);

#endif
