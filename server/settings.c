/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

/* NOT_FOUND, or TOO_LARGE, or UNAVAILABLE (then errno says why). */
static enum status read_file(const char *path, char *bytes, size_t size, size_t *len_out)
{
	FILE *file = fopen(path, "re");
	enum status st = ST_OK;

	if (file == NULL)
		return errno == ENOENT ? ST_NOT_FOUND : ST_UNAVAILABLE;
	*len_out = fread(bytes, 1, size, file);
	if (ferror(file) != 0)
		st = ST_UNAVAILABLE;
	else if (*len_out == size)
		st = ST_TOO_LARGE;
	(void)fclose(file);
	return st;
}

static void policy_of(const struct desk_config *desk, struct desk_file *policy)
{
	*policy = (struct desk_file){
		.capacity = desk->default_capacity,
		.offer_s = desk->offer_ms / SEC_MS,
		.again_s = desk->again_ms / SEC_MS,
		.grace_s = desk->grace_ms / SEC_MS,
	};
	memcpy(policy->first_response_s, desk->first_response_s, sizeof(policy->first_response_s));
	(void)span_copy(policy->name, sizeof(policy->name), span_of(desk->name));
}

static void apply(const struct desk_file *policy, struct desk_config *desk)
{
	desk->default_capacity = policy->capacity;
	desk->offer_ms = policy->offer_s * SEC_MS;
	desk->again_ms = policy->again_s * SEC_MS;
	desk->grace_ms = policy->grace_s * SEC_MS;
	memcpy(desk->first_response_s, policy->first_response_s, sizeof(desk->first_response_s));
	(void)span_copy(desk->name, sizeof(desk->name), span_of(policy->name));
}

static enum status read_policy(const struct config *config, struct desk_file *policy, char *why)
{
	const char *path = config->policy.said ? config->policy.text : POLICY_DEFAULT;
	char *bytes = xmalloc(POLICY_BYTES_MAX + 1);
	char place[SETTINGS_WHY_SIZE / 2];
	size_t len = 0;
	enum status st = read_file(path, bytes, POLICY_BYTES_MAX + 1, &len);

	if (st == ST_NOT_FOUND && !config->policy.said) {
		st = ST_OK; /* the program's own values */
	} else if (st != ST_OK) {
		(void)snprintf(why, SETTINGS_WHY_SIZE, "cannot read the policy %.120s: %s", path,
		               st == ST_TOO_LARGE ? "it is too large"
		                                  : uv_strerror(uv_translate_sys_error(errno)));
		st = ST_BAD_REQUEST;
	} else {
		st = policy_parse((struct span){.ptr = bytes, .len = len}, policy, place,
		                  sizeof(place));
		if (st != ST_OK)
			(void)snprintf(why, SETTINGS_WHY_SIZE, "the policy %.120s: %s", path,
			               place);
	}
	free(bytes);
	return st;
}

enum status settings_read(struct config *config, struct desk_file *policy, char *why)
{
	enum status st;

	policy_of(&config->desk, policy);
	st = read_policy(config, policy, why);
	if (st == ST_OK)
		apply(policy, &config->desk);
	return st;
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
