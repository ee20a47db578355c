/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <string.h>

#include "base/log.h"
#include "base/must.h"
#include "identity_file.h"

static void apply(const struct policy *policy, struct desk_config *desk)
{
	(void)span_copy(desk->name, sizeof(desk->name), span_of(policy->name));
	desk->default_capacity = policy->capacity;
	desk->offer_ms = policy->offer.ms;
	desk->again_ms = policy->again.ms;
	desk->grace_ms = policy->grace.ms;
	for (size_t i = 0; i < PRIORITIES; i++)
		desk->first_response_s[i] =
			policy->promises[CHANNEL_CHAT][i].first_response.ms / SEC_MS;
}

enum status settings_read(struct config *config, wall_ms now, struct policy_file *file, char *why)
{
	enum status st =
		policy_file_load(config->policy.said ? config->policy.text : NULL, now, file, why);

	if (st != ST_OK)
		return st;
	apply(file->policy, &config->desk);
	if (config->identity_key.text == NULL)
		return ST_OK;
	return identity_file_read(config->identity_key.text, &config->desk.identity_key, why,
	                          SETTINGS_WHY_SIZE);
}

bool settings_log(const struct config *config)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(config->log.text, names[i]) == 0) {
			log_set_level((enum log_level)i);
			return true;
		}
	}
	return false;
}
