/* SPDX-License-Identifier: MIT */
#include "replay_pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PERSON_SIZE EMAIL_SIZE

struct pattern_seen {
	wall_ms at;
	bool said; /* the rule answered to it */
	char topic[TOPIC_SIZE];
	char person[PERSON_SIZE];
};

void replay_pattern_init(struct replay_pattern *pattern, const struct policy *policy)
{
	*pattern = (struct replay_pattern){0};
	pattern->any = escalation_find(policy, WHEN_PATTERN, &pattern->rule);
}

void replay_pattern_fini(struct replay_pattern *pattern)
{
	free(pattern->seen);
	*pattern = (struct replay_pattern){0};
}

/* What is out of the window is not looked at again: tickets come as they were created. */
static void forget(struct replay_pattern *pattern, wall_ms since)
{
	size_t kept = 0;

	for (size_t i = 0; i < pattern->count; i++) {
		if (pattern->seen[i].at >= since)
			pattern->seen[kept++] = pattern->seen[i];
	}
	pattern->count = kept;
}

static struct pattern_seen *add(struct replay_pattern *pattern, const struct ticket *ticket,
                                struct span person)
{
	struct pattern_seen *seen;

	if (pattern->count == pattern->room) {
		pattern->room = pattern->room > 0 ? 2 * pattern->room : 16;
		pattern->seen = xrealloc(pattern->seen, pattern->room * sizeof(*seen));
	}
	seen = &pattern->seen[pattern->count++];
	*seen = (struct pattern_seen){.at = ticket->created_at};
	(void)span_copy(seen->topic, sizeof(seen->topic), span_of(ticket->topic));
	(void)span_copy(seen->person, sizeof(seen->person), person);
	return seen;
}

static bool is_new_person(const struct replay_pattern *pattern, size_t at)
{
	const struct pattern_seen *seen = pattern->seen;

	for (size_t i = 0; i < at; i++) {
		if (strcmp(seen[i].topic, seen[at].topic) == 0 &&
		    strcmp(seen[i].person, seen[at].person) == 0)
			return false;
	}
	return seen[at].person[0] != '\0';
}

bool replay_pattern_look(struct replay_pattern *pattern, const struct ticket *ticket,
                         struct span person, unsigned *tickets_out, unsigned *people_out)
{
	const struct rule_when *when = pattern->rule.when;
	struct pattern_seen *mine;
	bool said = false;

	if (!pattern->any || strcmp(ticket->topic, TOPIC_OTHER) == 0 ||
	    !escalation_applies(when, ticket))
		return false;
	forget(pattern, ticket->created_at - when->after.ms);
	mine = add(pattern, ticket, person);
	*tickets_out = *people_out = 0;
	for (size_t i = 0; i < pattern->count; i++) {
		if (strcmp(pattern->seen[i].topic, mine->topic) != 0)
			continue;
		(*tickets_out)++;
		*people_out += is_new_person(pattern, i) ? 1 : 0;
		said = said || pattern->seen[i].said;
	}
	mine->said = !said && *tickets_out >= (unsigned)when->count &&
	             *people_out >= (unsigned)when->people;
	return mine->said;
}
