/* SPDX-License-Identifier: MIT */
#include "app/hours.h"

#include "app/book.h"

static const struct calendar *chat_hours(const struct policy *policy)
{
	return policy != NULL ? policy->channels[CHANNEL_CHAT].hours : NULL;
}

static bool somebody_available(const struct app *app)
{
	return app->routing && app->tiers[0].available > 0;
}

wall_ms hours_opens_at(const struct app *app)
{
	const struct calendar *hours = chat_hours(book_current(app));
	wall_ms at;

	if (hours == NULL || calendar_is_open(hours, app->now))
		return 0;
	at = calendar_next_open(hours, app->now);
	return at != WALL_NEVER ? at : 0;
}

/* Of who would ask now and has nothing that presses. */
static int64_t first_response_s(const struct app *app, const struct policy *policy)
{
	const struct calendar *hours = chat_hours(policy);
	const struct duration *target;
	wall_ms due;

	if (policy == NULL)
		return app->config.first_response_s[PRIORITY_LOW];
	target = &policy->promises[CHANNEL_CHAT][PRIORITY_LOW].first_response;
	if (target->ms == 0 || (target->business && hours == NULL))
		return 0;
	due = policy_after(hours, app->now, target);
	return due != WALL_NEVER ? (due - app->now) / SEC_MS : 0;
}

static bool step_asks(const struct rule_step *step)
{
	for (unsigned i = 0; i < step->when_count; i++) {
		if (step->when[i].event == WHEN_STOPPED || step->when[i].event == WHEN_DATA_EXPOSED)
			return true;
	}
	return false;
}

/* The visitor's answers are asked for where a rule acts on them. */
static bool asks_flags(const struct policy *policy)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		for (unsigned j = 0; j < policy->rules[i].steps_count; j++) {
			if (step_asks(&policy->rules[i].steps[j]))
				return true;
		}
	}
	return false;
}

void hours_desk(const struct app *app, struct desk_hours *out)
{
	const struct policy *policy = book_current(app);
	const struct calendar *hours = chat_hours(policy);
	bool anybody = somebody_available(app);

	*out = (struct desk_hours){.name = app->config.name,
	                           .open = anybody,
	                           .first_response_s = first_response_s(app, policy)};
	if (hours != NULL) {
		out->open = anybody || calendar_is_open(hours, app->now);
		out->opens_at = out->open ? 0 : hours_opens_at(app);
		out->limited = calendar_is_freeze(hours, app->now);
		out->zone = hours->zone != NULL ? hours->zone->name : NULL;
	}
	out->ask_flags = policy != NULL && asks_flags(policy);
}
