/* SPDX-License-Identifier: MIT */
/* Inside of the HTTP API: one call on its way.
 *
 *   the path's route --> AUTH (unless the route is open) --> start: reads query and body, asks
 *   the desk --> finish: writes the answer. Whatever goes wrong is a problem, and the end. */
#ifndef TB_ADAPTER_API_CALL_H
#define TB_ADAPTER_API_CALL_H

#include "adapter/answer.h"
#include "adapter/api.h"
#include "base/buf.h"
#include "proto/fields.h"

struct api_call;

struct api_route {
	const char *path; /* below /api/v1; "#" stands for a number */
	enum http_method method;
	bool open; /* without a login */
	/* Fills call->call and returns true, or fails the call and returns false. NULL: who asks
	 * is all that is needed. */
	bool (*start)(struct api_call *call);
	/* The desk said OK: writes answer and text. */
	void (*finish)(struct api_call *call, struct answer *answer);
	bool wall; /* a token of scope wall will do */
};

/* What a call asks for of a list that is read as a whole: those from a place on. */
struct api_page {
	size_t from, limit; /* limit 0: all */
};

struct api {
	struct api_ports ports;
};

struct api_call {
	struct desk_call call;
	struct api *api;
	const struct api_route *route;
	struct conn_id conn;
	struct arena arena;          /* what the request said */
	struct http_request request; /* a copy, without headers */
	struct span key;             /* Idempotency-Key */
	uint64_t number;             /* of the path */
	struct api_page page;        /* api_page_read */
	struct problem problem;      /* when it failed before the desk was asked */
	struct buf text;             /* the answer's body */
	struct buf header;           /* its one header of our own */
};

extern const struct api_route API_SESSION_ROUTES[];
extern const size_t API_SESSION_ROUTES_COUNT;
extern const struct api_route API_AGENT_ROUTES[];
extern const size_t API_AGENT_ROUTES_COUNT;
extern const struct api_route API_TOKEN_ROUTES[];
extern const size_t API_TOKEN_ROUTES_COUNT;
extern const struct api_route API_LIST_ROUTES[];
extern const size_t API_LIST_ROUTES_COUNT;
extern const struct api_route API_CUSTOMER_ROUTES[];
extern const size_t API_CUSTOMER_ROUTES_COUNT;
extern const struct api_route API_WALL_ROUTES[];
extern const size_t API_WALL_ROUTES_COUNT;
extern const struct api_route API_TICKET_ROUTES[];
extern const size_t API_TICKET_ROUTES_COUNT;

/* false, always. */
bool api_call_fail(struct api_call *call, enum status st, const char *message);

/* A reader for the body, whose texts live as long as the call. */
struct fields api_call_fields(struct api_call *call);

/* The parameters of a list. false: the call failed. */
bool api_query_read(struct api_call *call, struct ticket_filter *out);
bool api_query_read_customers(struct api_call *call, struct customer_filter *out);

/* Of a list that is read as a whole: `limit` and `cursor`. false: the call failed. */
bool api_page_read(struct api_call *call);
/* The answer: of `count` items those of the page, each by `item`, and where the next one begins. */
void api_page_view(struct api_call *call, size_t count,
                   void (*item)(struct api_call *call, size_t i));

/* The name of the session's cookie: __Host- where it is Secure. */
const char *api_cookie_name(const struct gate *gate);

#endif
