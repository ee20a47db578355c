/* SPDX-License-Identifier: MIT */
/* The words of a policy, compiled: what triage decides by. Made once, of plain structs that a
 * reader of policies fills in; then immutable, in the arena it was made in. */
#ifndef TB_CORE_RULEBOOK_H
#define TB_CORE_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "core/chart.h"
#include "core/policy.h"
#include "core/sieve.h"

#define RULEBOOK_WEIGHT_MAX  20
#define RULEBOOK_POINTS_MAX  100 /* of a sign, and for what they have to add up to */
#define RULEBOOK_WEIGHT      2   /* of a word that says none */
#define RULEBOOK_PAGE_WEIGHT 2
#define RULEBOOK_TOPIC_LEAST 2 /* a topic whose words are below this is not what it is about, */
#define RULEBOOK_HINTS_LEAST 5 /* unless its hints are not below this */

/* A pattern that says that it is not about a topic; two of them count. */
#define RULEBOOK_UNLESS_WEIGHT 12
#define RULEBOOK_UNLESS_MOST   2

/* Patterns. `at` says where they stand, for mistakes: "$.topics[2].words". Texts and arrays of what
 * goes in are borrowed for as long as the book lives. */
struct list_in {
	const char *const *items;
	size_t count;
	const char *at;
	int weight; /* of topics: what each adds to the score, below 0 to count against it */
};

struct names_in {
	const char *const *items;
	size_t count;
};

struct set_in {
	const char *name; /* without the $ */
	const char *at;
	struct list_in members;
};

struct guard_in {
	const char *name;
	struct list_in words;
};

/* Something that speaks for it, or below 0 against it; counts once, however often it is said. */
struct sign_in {
	const char *about; /* for people: "production" */
	struct list_in words;
	struct list_in unless;
	enum priority usual; /* of a priority, in the place of words: what its topic has usually is
	                        this or more. LOW: it goes by its words */
	int points;
};

/* Signs that are enough together: when their points add up to `least`. */
struct signs_in {
	const struct sign_in *items;
	size_t count;
	int least; /* above 0 */
};

struct trigger_in {
	const char *name;
	const char *about; /* for people, a line; NULL: none */
	const char *topic; /* what such an emergency is about; NULL: its words decide */
	const char *at;
	struct list_in words; /* each is enough */
	struct signs_in signs;
	struct list_in unless;  /* it means something else: no match at all */
	struct names_in guards; /* these hold it back: possible_incident */
	bool data_exposed;      /* fires by the visitor's own answer, too */
	bool asks;              /* no emergency: the customer asks for something, which rules see */
};

/* Of one priority, and why: "the trunk is red for several teams". */
struct priority_in {
	enum priority priority;
	const char *about;
	const char *at;
	struct list_in words;
	struct signs_in signs;
	struct list_in unless;
	struct names_in topics; /* only for these; none: for all */
	struct names_in except; /* not for these */
	int tier_most;          /* 0: none. A mere question stays on this tier */
};

struct tier_in {
	int tier;
	struct list_in words;
	struct list_in unless;
};

/* In the order of policy->topics. */
struct topic_in {
	const char *id;
	const char *at;
	const struct list_in *words; /* by weight */
	size_t words_count;
	const struct list_in *hints; /* by weight: words that say a little each */
	size_t hints_count;
	struct list_in unless; /* not about it, whatever else it says */
	struct names_in pages; /* beginnings of paths */
	enum priority priority;
	const struct tier_in *tiers; /* another tier than its own: the first that matches */
	size_t tiers_count;
};

struct rulebook_in {
	const struct set_in *sets;
	size_t sets_count;
	const struct topic_in *topics;
	size_t topics_count;
	const char *otherwise; /* id of the topic of what matches nothing; NULL: the last */
	const struct guard_in *guards;
	size_t guards_count;
	const struct trigger_in *triggers;
	size_t triggers_count;
	const struct priority_in *priorities;
	size_t priorities_count;
};

struct rulebook_sink {
	void (*mistake)(void *ctx, const char *at, const char *sentence);
	void *ctx;
};

/* NULL: there are mistakes, and the sink was told each of them. */
struct rulebook *rulebook_compile(struct arena *arena, const struct rulebook_in *in,
                                  const struct rulebook_sink *sink);

/* What escalates at once, for the guide; and what only asks for something. */
size_t rulebook_triggers(const struct rulebook *rulebook); /* NULL has none */
bool rulebook_trigger_asks(const struct rulebook *rulebook, size_t i);
const char *rulebook_trigger_name(const struct rulebook *rulebook, size_t i);
const char *rulebook_trigger_about(const struct rulebook *rulebook, size_t i); /* or NULL */

/* The trigger that takes the customer's word that data is exposed, or one of the same topic: other
 * facts are asked for then. */
bool rulebook_is_of_data(const struct rulebook *rulebook, const char *trigger);

/* ------------------------------------------------------------ inside, for triage */

enum rule_role {
	ROLE_TOPIC,
	ROLE_TOPIC_UNLESS,
	ROLE_HINT,
	ROLE_TIER,
	ROLE_TIER_UNLESS,
	ROLE_GUARD,
	ROLE_TRIGGER,
	ROLE_TRIGGER_UNLESS,
	ROLE_PRIORITY,
	ROLE_PRIORITY_UNLESS,
	ROLE_SIGN,
	ROLE_SIGN_UNLESS
};

struct rule_pattern {
	struct pattern pattern;
	enum rule_role role;
	size_t owner; /* its place in its list */
	int weight;
	size_t next; /* with the same first part; 0: no more */
};

struct rule_topic {
	struct names_in pages;
	enum priority priority;
	size_t first_tier, tiers_count; /* in tiers */
};

struct rule_sign {
	const char *about;
	enum priority usual; /* LOW: it goes by its words */
	int points;
};

struct rule_signs {
	size_t first, count; /* in signs */
	int least;
};

struct rule_trigger {
	const char *name, *about;
	size_t topic;  /* 1 + its place; 0: none */
	bool *guarded; /* by guard */
	bool data_exposed;
	bool asks;
	struct rule_signs signs;
};

struct rule_priority {
	enum priority priority;
	const char *about;
	bool *topics; /* by topic */
	int tier_most;
	struct rule_signs signs;
};

struct rulebook {
	struct grammar grammar;
	struct rule_pattern *patterns; /* from 1 on */
	size_t patterns_count;
	struct rule_topic *topics;
	size_t topics_count;
	size_t otherwise;
	int *tiers;
	size_t tiers_count;
	const char **guards;
	size_t guards_count;
	struct rule_trigger *triggers;
	size_t triggers_count;
	struct rule_priority *priorities;
	size_t priorities_count;
	struct rule_sign *signs;
	size_t signs_count;
	size_t trigger_signs; /* the first so many are of triggers */
	struct sieve sieve;   /* of what fires triggers */
};

/* false: no trigger fires for the words that were read, nor would one if no guard held it back. */
bool rulebook_may_fire(const struct rulebook *rulebook, const struct chart *words);

#endif
