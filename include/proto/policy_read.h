/* SPDX-License-Identifier: MIT */
/* Reading the policy file: a walk over its JSON that knows where it is, so that every mistake is
 * told with its place ("$.channels.chat.hours"), and all of them at once. A reader that meets a
 * mistake notes it and answers false; the walk goes on. */
#ifndef TB_PROTO_POLICY_READ_H
#define TB_PROTO_POLICY_READ_H

#include <jansson.h>

#include "core/policy.h"
#include "proto/policy.h"

/* One file being read. */
struct policy_read {
	struct policy *policy; /* being made; its arena keeps every text */
	const struct zone_source *zones;
	struct policy_mistakes *mistakes;
	const struct calendar *business; /* the desk's own: what "1 bd" is when nothing else says */
	const char *const *triggers;     /* names of the trigger lists, for rules that name them */
	const bool *triggers_ask;        /* which of them are no emergency */
	size_t triggers_count;
};

/* A value and where it stands. It lives on the stack of whoever looks at it, as its parent does. */
struct policy_node {
	struct policy_read *read;
	const json_t *value; /* NULL: it is not there */
	const struct policy_node *parent;
	const char *name; /* of the member; NULL: an element, or the root */
	size_t index;
};

struct policy_node policy_member(const struct policy_node *object, const char *name);
struct policy_node policy_element(const struct policy_node *list, size_t index);

/* "$.topics[2].words", in the arena. */
const char *policy_path(const struct policy_node *node, struct arena *arena);

/* Notes a mistake (or what is only worth a word) at this place. Always false, so that a reader can
 * end with it. */
bool policy_wrong(const struct policy_node *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void policy_warn(const struct policy_node *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* It is there; else that it is missing is a mistake. */
bool policy_need(const struct policy_node *node);

/* It is there and an object, which has no members but these (each other one is a mistake, but
 * leaves the answer true). The names end with NULL. */
bool policy_object(const struct policy_node *node, const char *const *names);
bool policy_has(const struct policy_node *object, const char *name);

/* How many elements; 0: not there, or not a list, or too long (a mistake). */
size_t policy_list(const struct policy_node *node, size_t max);

/* The readers. true: it is there and right, and *out is written. false: it is not there (*out keeps
 * its value), or it is a mistake that was noted. */
bool policy_text(const struct policy_node *node, size_t max, const char **out);  /* one line */
bool policy_prose(const struct policy_node *node, size_t max, const char **out); /* several */
/* A name for the machine: lower case letters, digits, "-" and "_", at most size - 1 of them. */
bool policy_id(const struct policy_node *node, size_t size, const char **out);
bool policy_int(const struct policy_node *node, int min, int max, int *out);
bool policy_bool(const struct policy_node *node, bool *out);

/* "30 s", "5 min", "1 h", "2 d" by the wall clock; "5 bmin", "3 bh", "2 bd" in business time, where
 * a day is the calendar's longest (NULL: the desk's own calendar). Above 0, at most 400 days. */
bool policy_duration(const struct policy_node *node, const struct calendar *calendar,
                     struct duration *out);
/* The same by the wall clock only, within a range that may begin at 0. */
bool policy_wall(const struct policy_node *node, int64_t min_ms, int64_t max_ms,
                 struct duration *out);
/* "2026-11-26" to civil_days. */
bool policy_day(const struct policy_node *node, int64_t *out);

/* A list of lines. */
bool policy_texts(const struct policy_node *node, size_t max, const char *const **out,
                  size_t *count_out);

/* References by id; that there is none such is a mistake. Calendars, topics and tiers (with their
 * contacts and skills) are read in this order, so what comes later may name what came before. */
bool policy_calendar_ref(const struct policy_node *node, const struct calendar **out);
bool policy_contact_ref(const struct policy_node *node, const struct contact **out);
bool policy_topic_ref(const struct policy_node *node, const struct topic **out);
/* "low", "medium", "high", "critical". */
bool policy_priority(const struct policy_node *node, enum priority *out);
bool policy_tier(const struct policy_node *node, int *out); /* 1 to 3 */

/* Memory of the policy, zeroed. */
void *policy_alloc(const struct policy_node *node, size_t count, size_t size);

/* The sections. policy_words_read (server/proto/policy_words.c) makes policy->topics with their
 * `resolution`, policy->rulebook and read->triggers of the root's members `topics`, `triggers` and
 * `priorities.*.words`; of a skill it takes the name as it is: policy_parse checks it later. */
void policy_words_read(const struct policy_node *root);

#endif
