/* SPDX-License-Identifier: MIT */
/* The load generator: one scenario a run, one JSON object on stdout. */
#ifndef TB_BENCH_LOAD_H
#define TB_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client.h"
#include "sample.h"

struct load {
	uv_loop_t loop;
	struct client_target target;         /* for agents */
	struct client_target visitor_target; /* with the Origin of a documentation site */
	struct watch watch;
	bool relay;        /* the peer is a plain relay: no hello, no routing, no acks */
	bool typing;       /* talk: signs of typing, which are not stored, instead of messages */
	size_t pairs;      /* talk */
	size_t window;     /* talk: messages under way in each pair */
	unsigned rate;     /* talk: messages a second in all, open loop; 0: closed loop */
	unsigned seconds;  /* measured */
	size_t text_bytes; /* talk */
	char **tokens;     /* talk: one a pair */
	size_t tokens_count;
	size_t connections; /* idle, static */
	size_t in_flight;   /* idle: connects under way at once */
	unsigned hold;      /* idle: seconds of rest before memory is read */
	const char *path;   /* static */
	const char *log;    /* talk: where every message's latency goes */
};

/* Pairs of a visitor and an agent, brought together by the routing, talk to each other. */
int talk_run(struct load *load);
/* Many visitors connect, say hello and stay silent. */
int idle_run(struct load *load);
/* One static file, over and over, on some keep-alive connections. */
int static_run(struct load *load);

/* Sends {"type":"pong"} when the frame is a ping. true: it was. */
bool answer_ping(struct client *client, struct span type);

#endif
