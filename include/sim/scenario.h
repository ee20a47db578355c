/* SPDX-License-Identifier: MIT */
/* A scenario: who comes with what and when, who answers and how, what goes wrong meanwhile, and
 * what has to come of it. A value that never changes once it is read; docs/SIMULATION.md says
 * what each member of the file means. */
#ifndef TB_SIM_SCENARIO_H
#define TB_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "core/agent.h"
#include "core/policy.h"

#define CREW_SHIFTS_MAX 8
#define HOURS           24

/* A length of time that is drawn: from `from_ms` to `to_ms`, evenly; or around a mean. */
struct wait {
	int64_t from_ms, to_ms;
	int64_t mean_ms; /* > 0: exponential, at most ten times it */
};

/* A moment on the wall of the desk's zone. */
struct local_time {
	int64_t day; /* civil_days */
	int second;
	bool said;
};

struct sim_text {
	const char *text, *title, *page_url, *page_title;
	uint32_t weight;
	struct visitor_flags flags;
	bool really_stopped; /* what an agent finds out about production_stopped */
	int tier;            /* who can solve it; 0: as triage says */
	int exchanges;       /* answers it takes; 0: drawn */
	enum resolution resolution;
};

struct text_pool {
	const char *name;
	struct sim_text *items;
	size_t count;
};

/* So many an hour on these days. */
struct arrivals {
	enum channel channel;
	const struct text_pool *pool;
	unsigned days;            /* 1U << weekday, 0 is Sunday */
	uint32_t per_hour[HOURS]; /* thousandths */
};

/* So many within a time: one visitor, or the burst of an incident. */
struct burst {
	enum channel channel;
	const struct text_pool *pool;
	struct local_time at;
	int64_t for_ms;
	int count;
};

/* How somebody works on a ticket, and how its customer does. Shares are millionths. */
struct handling {
	struct wait accept;       /* an offer rings so long */
	struct wait first_answer; /* work until the first answer */
	struct wait answer;       /* work until each one after it */
	struct wait diagnose;     /* work until it is clear that another tier has to do it */
	struct wait acknowledge;  /* a page */
	struct wait decide;       /* "production is stopped", approvals */
	int exchanges_from, exchanges_to;
	struct wait reply; /* of the customer */
	uint32_t pending;  /* share of answers after which the customer needs longer */
	struct wait pending_reply;
	uint32_t escalate; /* share that needs the next tier where nobody knows better */
	uint32_t leave;    /* share of chat visitors who close the page */
	struct wait leave_after;
	uint32_t reopen; /* share of solved tickets that were not */
	struct wait reopen_after;
	uint32_t resolutions[RESOLUTION_SPAM + 1]; /* weights */
};

struct shift {
	unsigned days;
	int from_s, to_s; /* to_s may run into the next day */
	int break_s;      /* local time of the break; -1: none */
	int64_t break_ms;
};

/* `count` agents who work alike. */
struct crew {
	const char *name;
	int tier;
	int count;
	int capacity;
	enum agent_role role;
	struct shift shifts[CREW_SHIFTS_MAX];
	size_t shifts_count;
	bool on_call;  /* comes for a page outside the shifts */
	bool holidays; /* works on them too */
	bool guide;    /* works by the guide */
	struct handling handling;
};

struct outage {
	struct local_time from, to; /* the switchboard is away, and comes back empty */
};

struct loss {
	const char *agent;
	struct local_time at, back; /* back.said false: not on that day */
};

enum unit { UNIT_COUNT, UNIT_SHARE, UNIT_TIME };

/* What can be claimed. X(enumerator, name in the file, unit) */
#define MEASURE_TABLE(X)                                                                    \
	X(MEASURE_TICKETS, "tickets", UNIT_COUNT)                                           \
	X(MEASURE_FIRST_MET, "first_response_met", UNIT_SHARE)                              \
	X(MEASURE_RESOLUTION_MET, "resolution_met", UNIT_SHARE)                             \
	X(MEASURE_FIRST_P90, "first_response_p90", UNIT_TIME)                               \
	X(MEASURE_RESOLUTION_P90, "resolution_p90", UNIT_TIME)                              \
	X(MEASURE_BREACHES, "breaches", UNIT_COUNT) /* of any target */                     \
	X(MEASURE_MILESTONES, "milestones", UNIT_COUNT)                                     \
	X(MEASURE_MILESTONES_MET, "milestones_met", UNIT_SHARE)                             \
	X(MEASURE_ESCALATIONS, "escalations", UNIT_COUNT)                                   \
	X(MEASURE_ACCEPTED, "accepted_in_time", UNIT_SHARE) /* of escalations */            \
	X(MEASURE_RIGHT_TIER, "reached_tier", UNIT_SHARE)   /* of those that needed 2, 3 */ \
	X(MEASURE_IMMEDIATE, "immediate", UNIT_COUNT)                                       \
	X(MEASURE_PAGES, "pages", UNIT_COUNT)                                               \
	X(MEASURE_ACKNOWLEDGED, "acknowledged", UNIT_SHARE) /* of emergencies */            \
	X(MEASURE_ACKNOWLEDGED_MAX, "acknowledged_max", UNIT_TIME)                          \
	X(MEASURE_UNOWNED_MAX, "unowned_max", UNIT_TIME)    /* in opening hours */          \
	X(MEASURE_UNOWNED_LEFT, "unowned_left", UNIT_COUNT) /* at the end */                \
	X(MEASURE_OPEN_LEFT, "open_left", UNIT_COUNT)       /* at the end */                \
	X(MEASURE_REQUEUED, "requeued", UNIT_COUNT)                                         \
	X(MEASURE_REOPENED, "reopened", UNIT_COUNT)                                         \
	X(MEASURE_KEPT, "kept", UNIT_COUNT)                                                 \
	X(MEASURE_LOST, "lost", UNIT_COUNT) /* said by a customer, and not on record */

enum measure {
#define MEASURE_ROW(name, text, unit) name,
	MEASURE_TABLE(MEASURE_ROW)
#undef MEASURE_ROW
};

const char *measure_name(enum measure measure);
enum unit measure_unit(enum measure measure);

/* "At least so many of these". Shares in millionths, times in ms. */
struct claim {
	enum measure measure;
	bool of_channel, of_priority;
	enum channel channel;
	enum priority priority;
	const char *agent; /* who had it first; NULL: anybody */
	bool has_least, has_most;
	int64_t least, most;
};

struct scenario {
	struct arena arena; /* owns every text and array below */
	const char *name;
	const char *description;
	uint64_t seed;
	int64_t from_day, to_day; /* civil_days, both included */
	int64_t tail_ms;          /* goes on so long for what is open then */
	struct text_pool *pools;
	size_t pools_count;
	struct arrivals *arrivals;
	size_t arrivals_count;
	struct burst *bursts;
	size_t bursts_count;
	struct handling handling; /* of everybody who does not do otherwise */
	struct crew *crews;
	size_t crews_count;
	struct outage *outages;
	size_t outages_count;
	struct loss *losses;
	size_t losses_count;
	struct claim *claims;
	size_t claims_count;
};

/* How a scenario gets the files that it names: OK and the bytes, in the arena. */
struct scenario_files {
	void *ctx;
	enum status (*read)(void *ctx, const char *name, struct arena *arena, struct span *out);
};

/* BAD_REQUEST: `mistakes` has a line for each: where it is, and what is wrong. */
NODISCARD enum status scenario_read(struct span text, const struct scenario_files *files,
                                    struct scenario *out, struct buf *mistakes);
void scenario_fini(struct scenario *scenario);

#endif
