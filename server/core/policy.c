/* SPDX-License-Identifier: MIT */
#include "core/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

struct policy *policy_ref(struct policy *policy)
{
	MUST(policy->refs > 0);
	policy->refs++;
	return policy;
}

void policy_unref(struct policy **policy)
{
	struct policy *held = *policy;
	struct arena arena;

	*policy = NULL;
	if (held == NULL)
		return;
	MUST(held->refs > 0);
	if (--held->refs > 0)
		return;
	arena = held->arena;
	arena_fini(&arena);
	free(held);
}

const struct topic *policy_topic(const struct policy *policy, struct span id)
{
	for (size_t i = 0; id.len > 0 && i < policy->topics_count; i++) {
		const struct topic *topic = &policy->topics[i];

		if (topic->id[0] == id.ptr[0] && span_is(id, topic->id))
			return topic;
	}
	return NULL;
}

wall_ms policy_after(const struct calendar *hours, wall_ms from, const struct duration *duration)
{
	if (duration->business)
		return calendar_add(hours, from, duration->ms);
	return from + duration->ms;
}

/* --- who is asked --- */

/* The people of a tier in the order in which they are asked, from the one whose turn it is. */
struct turns {
	const struct tier_policy *tier;
	size_t count;
	size_t first;
};

static size_t rota_turn(const struct rota *rota, wall_ms now)
{
	struct civil local;
	int64_t days, turn, count = (int64_t)rota->count;

	zone_local(rota->zone, now, &local);
	days = civil_days(local.year, local.month, local.day) - rota->start_day;
	if (local.second < rota->start_s)
		days--;
	turn = days / rota->days;
	if (days % rota->days < 0)
		turn--; /* before the start it runs backwards */
	return (size_t)(((turn % count) + count) % count);
}

static const struct contact *turns_at(const struct turns *turns, size_t n)
{
	size_t at = (turns->first + n) % turns->count;

	return turns->tier->rota.count > 0 ? turns->tier->rota.people[at]
	                                   : &turns->tier->contacts[at];
}

static bool has_skill(const struct contact *contact, const char *skill)
{
	return skill != NULL && contact->skill != NULL && strcmp(contact->skill, skill) == 0;
}

/* The n-th of those who have the skill (or have it not); n is counted down. */
static const struct contact *turns_find(const struct turns *turns, const char *skill, bool having,
                                        size_t *n)
{
	for (size_t i = 0; i < turns->count; i++) {
		const struct contact *contact = turns_at(turns, i);

		if (has_skill(contact, skill) == having && (*n)-- == 0)
			return contact;
	}
	return NULL;
}

const struct contact *policy_contact(const struct policy *policy, int tier, const char *skill,
                                     wall_ms now, unsigned n)
{
	struct turns turns = {0};
	const struct contact *found;
	size_t left;

	if (tier < TIER_MIN || tier > TIER_MAX)
		return NULL;
	turns.tier = &policy->tiers[tier - 1];
	turns.count = turns.tier->contacts_count;
	if (turns.tier->rota.count > 0) {
		turns.count = turns.tier->rota.count;
		turns.first = rota_turn(&turns.tier->rota, now);
	}
	if (turns.count == 0)
		return NULL;
	left = n % turns.count;
	found = turns_find(&turns, skill, true, &left);
	return found != NULL ? found : turns_find(&turns, skill, false, &left);
}

/* --- the book --- */

static bool is_same(const struct policy *a, const struct policy *b)
{
	return a == b || (a->id != 0 && a->id == b->id);
}

/* The oldest version but the current one goes. */
static void drop_oldest(struct policy_book *book)
{
	size_t oldest = 0;

	for (size_t i = 1; i < book->count; i++) {
		if (book->versions[i]->id < book->versions[oldest]->id)
			oldest = i;
	}
	policy_unref(&book->versions[oldest]);
	book->versions[oldest] = book->versions[--book->count];
}

struct policy_book *policy_book_with(const struct policy_book *old, struct policy *current)
{
	struct policy_book *book = xcalloc(1, sizeof(*book));

	book->refs = 1;
	for (size_t i = 0; old != NULL && i < old->count; i++) {
		if (!is_same(old->versions[i], current))
			book->versions[book->count++] = policy_ref(old->versions[i]);
	}
	if (book->count == POLICY_BOOK_MAX)
		drop_oldest(book);
	book->current = policy_ref(current);
	book->versions[book->count++] = current;
	return book;
}

struct policy_book *policy_book_ref(struct policy_book *book)
{
	MUST(book->refs > 0);
	book->refs++;
	return book;
}

void policy_book_unref(struct policy_book **book)
{
	struct policy_book *held = *book;

	*book = NULL;
	if (held == NULL)
		return;
	MUST(held->refs > 0);
	if (--held->refs > 0)
		return;
	for (size_t i = 0; i < held->count; i++)
		policy_unref(&held->versions[i]);
	free(held);
}

const struct policy *policy_book_find(const struct policy_book *book, uint32_t id)
{
	for (size_t i = 0; id != 0 && i < book->count; i++) {
		if (book->versions[i]->id == id)
			return book->versions[i];
	}
	return book->current;
}
