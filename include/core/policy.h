/* SPDX-License-Identifier: MIT */
/* The policy: what the desk promises, who answers, and when a ticket goes up. A value that never
 * changes once it is made (proto/policy makes it from the file), so the loop and the threads of
 * the record read it side by side; the loop counts who holds it. */
#ifndef TB_CORE_POLICY_H
#define TB_CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/calendar.h"
#include "core/milestone.h"
#include "core/rule.h"
#include "core/ticket.h"

#define CHANNELS   (CHANNEL_SLACK + 1)
#define PRIORITIES (PRIORITY_CRITICAL + 1)

#define POLICY_VERSION_SIZE 32
#define POLICY_ORIGINS_MAX  32
#define POLICY_BOOK_MAX     64 /* versions that are kept at hand */

struct channel_policy {
	bool offered;
	const char *name;    /* "Live chat" */
	const char *scope;   /* what kind of help, a sentence */
	const char *address; /* where: an e-mail address, a number, a link; NULL: on the page */
	const struct calendar *intake; /* when it takes requests */
	const struct calendar *hours;  /* when they are answered: the business clock */
};

struct promise {
	struct duration first_response; /* ms 0: nothing is promised */
	struct duration resolution;
	struct duration callback; /* phone; ms 0: none */
	bool around_the_clock;    /* kept while the channel is closed, too: said on purpose */
};

struct contact {
	const char *id;
	const char *name;
	const char *role;
	const char *email, *phone, *chat; /* NULL: not said */
	const char *skill;                /* NULL: any */
};

/* Whose turn it is: the contacts one after the other, each for `days`, from `start` on. */
struct rota {
	const struct contact *const *people;
	size_t count; /* 0: there is none */
	const struct zone *zone;
	int64_t start_day; /* civil_days */
	int start_s;       /* local time of day of the change */
	int days;
};

struct skill {
	const char *id; /* "devops" */
	const char *name;
};

struct tier_policy {
	const char *name;            /* "Platform Support" */
	const char *role;            /* who they are, what they do */
	const char *const *criteria; /* when a ticket comes here, for people */
	size_t criteria_count;
	const struct skill *skills;
	size_t skills_count;
	const struct contact *contacts;
	size_t contacts_count;
	struct rota rota;
	struct duration acceptance[PRIORITIES]; /* taken within; ms 0: not promised */
};

struct topic {
	char id[TOPIC_SIZE];
	const char *name;
	const char *about;          /* a sentence; NULL: none */
	int tier;                   /* who solves it usually */
	const char *skill;          /* of that tier; NULL: any */
	const char *owner;          /* who is behind it when it is not ours alone; NULL */
	struct duration resolution; /* instead of the priority's; ms 0: as the priority's */
};

struct canned_reply {
	const char *id, *title, *text;
	const char *topic; /* NULL: any */
};

struct rulebook; /* core/triage: the words of topics, priorities and triggers, compiled */

struct policy {
	unsigned refs;
	struct arena arena;                /* owns every text and array below */
	uint32_t id;                       /* on record; 0: not on record (a check, a simulation) */
	char version[POLICY_VERSION_SIZE]; /* as the file says: "2026-11" */

	/* The desk. */
	char name[NAME_SIZE];
	const char *about; /* a sentence for the guide */
	const char *const *origins;
	size_t origins_count;

	const struct calendar *calendars;
	size_t calendars_count;
	struct channel_policy channels[CHANNELS];

	/* Chat. */
	int capacity;          /* chats an agent takes at once when the console says nothing */
	struct duration offer; /* an offer runs out after */
	struct duration again; /* a declined chat is not offered to the same agent for */
	struct duration grace; /* an agent's sockets are gone: requeued after */
	struct duration offer_ticket; /* waits so long: told that it need not wait on the page */
	struct duration keep_ticket;  /* waits so long: it goes on as a ticket */

	/* Promises. */
	const char *priority_about[PRIORITIES]; /* what counts as it, for people */
	struct promise promises[CHANNELS][PRIORITIES];
	int warn_percent;                   /* of a target: the warning */
	const struct milestone *milestones; /* at most MILESTONES_MAX */
	size_t milestones_count;

	/* Clocks that end things. Business time where it says so. */
	struct duration remind;     /* pending so long: the customer is reminded */
	struct duration no_reply;   /* pending so long: closed without reply */
	struct duration reopen;     /* after the end: a message opens the same ticket again */
	struct duration stale;      /* open without any activity: marked and nudged */
	struct duration page_again; /* a page nobody acknowledged goes to the next */

	struct tier_policy tiers[TIER_MAX]; /* [tier - 1] */
	const struct contact *supervisor, *lead;
	bool front_door; /* all but immediate ones start on Tier 1, whatever the topic's tier */

	const struct rule *rules;
	size_t rules_count;
	const char *incident_facts; /* what the requester of an immediate ticket is asked for */
	const char *incident_facts_data; /* the same for exposed data */

	const struct topic *topics;
	size_t topics_count;
	const struct rulebook *rulebook;

	const struct canned_reply *canned;
	size_t canned_count;

	int retention_months; /* 0: kept */
	const char *review_owner;
	int64_t review_day;   /* civil_days; 0: not said */
	const char *measured; /* how results are measured, for the guide */
};

struct policy *policy_ref(struct policy *policy);
void policy_unref(struct policy **policy); /* frees the last; *policy becomes NULL */

const struct topic *policy_topic(const struct policy *policy, struct span id); /* NULL: none */

/* Who is asked for the `n`-th attempt (0: the first) on `tier` at `now`: whoever has the turn on
 * the rota, then the next ones; without a rota the contacts in their order. A contact of the
 * skill comes first when `skill` is not NULL. NULL: the tier has nobody. */
const struct contact *policy_contact(const struct policy *policy, int tier, const char *skill,
                                     wall_ms now, unsigned n);

/* The moment `duration` after `from`, by its clock. WALL_NEVER: not within the horizon. */
wall_ms policy_after(const struct calendar *hours, wall_ms from, const struct duration *duration);

/* The versions that tickets were promised under, and the one that holds. A value like the policy:
 * a new version makes a new book. */
struct policy_book {
	unsigned refs;
	struct policy *current;
	struct policy *versions[POLICY_BOOK_MAX]; /* the newest ones, current among them */
	size_t count;
};

/* A new book with `current` added or made current; takes references of its own. `old` may be
 * NULL. The oldest version goes when it is full. */
struct policy_book *policy_book_with(const struct policy_book *old, struct policy *current);
struct policy_book *policy_book_ref(struct policy_book *book);
void policy_book_unref(struct policy_book **book);

/* The version that `id` names, the current one when it is not at hand. */
const struct policy *policy_book_find(const struct policy_book *book, uint32_t id);

#endif
