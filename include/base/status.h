/* SPDX-License-Identifier: MIT */
/* What a call can answer. Anything that can fail in more than one way returns this. */
#ifndef TB_BASE_STATUS_H
#define TB_BASE_STATUS_H

/* X(enumerator, wire code). Codes of one client mistake or one state of the desk; the wire
 * codes are the closed set of docs/PROTOCOL.md, so nothing internal can leak through them. */
#define STATUS_TABLE(X)                                                                    \
	X(ST_OK, "ok")                                                                     \
	X(ST_BAD_REQUEST, "bad_request")                                                   \
	X(ST_UNAUTHORIZED, "unauthorized")                                                 \
	X(ST_FORBIDDEN, "forbidden")                                                       \
	X(ST_NOT_FOUND, "not_found")                                                       \
	X(ST_CONFLICT, "conflict")                                                         \
	X(ST_TOO_LARGE, "too_large")                                                       \
	X(ST_RATE_LIMITED, "rate_limited")                                                 \
	X(ST_UNAVAILABLE, "unavailable") /* a dependency is away; nothing was done */      \
	X(ST_TIMEOUT, "unavailable")     /* unknown whether it was done; safe to repeat */ \
	X(ST_CANCELED, "unavailable")    /* the server stops */

enum status {
#define STATUS_ENUM(name, code) name,
	STATUS_TABLE(STATUS_ENUM)
#undef STATUS_ENUM
};

#define NODISCARD __attribute__((warn_unused_result))

/* "ST_CONFLICT": for logs and test messages. */
const char *status_name(enum status st);

/* "conflict": the code of the wire protocol. ST_OK has none of a client's interest: "ok". */
const char *status_code(enum status st);

#endif
