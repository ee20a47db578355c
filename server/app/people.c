/* SPDX-License-Identifier: MIT */
#include "app/people.h"

#include <stdlib.h>

#include "base/mem.h"

struct person *people_find(struct people *people, struct agent_id id)
{
	struct person *person;

	HASH_FIND(hh, people->by_id, &id, sizeof(id), person);
	return person;
}

struct person *people_by_email(struct people *people, struct span email)
{
	struct person *person, *next;

	HASH_ITER(hh, people->by_id, person, next) {
		if (span_is(email, person->agent.email))
			return person;
	}
	return NULL;
}

struct person *people_put(struct people *people, const struct agent *agent)
{
	struct person *person = people_find(people, agent->id);

	if (person == NULL) {
		person = xcalloc(1, sizeof(*person));
		person->agent.id = agent->id;
		HASH_ADD(hh, people->by_id, agent.id, sizeof(agent->id), person);
	}
	person->agent = *agent;
	return person;
}

void people_fini(struct people *people)
{
	struct person *person, *next;

	HASH_ITER(hh, people->by_id, person, next) {
		HASH_DEL(people->by_id, person);
		free(person);
	}
}
