/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

struct option_row {
	const char *name, *argument, *fallback, *help;
	enum option_kind kind;
	unsigned commands;
	size_t offset;
};

static const struct option_row options[] = {
#define OPTION(member, option_kind, option_commands, option_name, option_argument, \
               option_fallback, option_help)                                       \
	{.name = (option_name),                                                    \
	 .argument = (option_argument),                                            \
	 .fallback = (option_fallback),                                            \
	 .help = (option_help),                                                    \
	 .kind = (option_kind),                                                    \
	 .commands = (option_commands),                                            \
	 .offset = offsetof(struct config, member)},
#include "options.def"
#undef OPTION
};

static enum status wrong(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static enum status wrong(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, CONFIG_TEXT_SIZE, format, args);
	va_end(args);
	return ST_BAD_REQUEST;
}

/* --- values --- */

static struct config_text *text_at(struct config *config, const struct option_row *row)
{
	return (struct config_text *)(void *)((char *)config + row->offset);
}

static struct config_list *list_at(struct config *config, const struct option_row *row)
{
	return (struct config_list *)(void *)((char *)config + row->offset);
}

static bool *flag_at(struct config *config, const struct option_row *row)
{
	return (bool *)(void *)((char *)config + row->offset);
}

static void list_clear(struct config_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free((void *)(uintptr_t)list->items[i]); /* NOLINT(performance-no-int-to-ptr) */
	list->count = 0;
}

static enum status list_add(struct config_list *list, const struct option_row *row,
                            struct span text, char *why)
{
	if (list->count == CONFIG_LIST_MAX)
		return wrong(why, "--%s is there too often", row->name);
	list->items[list->count++] = xmemdup0(text.ptr, text.len);
	return ST_OK;
}

static void set_default(struct config *config, const struct option_row *row)
{
	if (row->kind == OPTION_TEXT || row->kind == OPTION_SECRET)
		text_at(config, row)->text = row->fallback;
	else if (row->kind == OPTION_LIST && row->fallback != NULL)
		list_at(config, row)->items[list_at(config, row)->count++] = xstrdup(row->fallback);
}

/* The first word of a list replaces what was there before it: the default, or what the
 * environment says. Limits have names: each replaces the one of its name, and no others. */
static enum status set(struct config *config, const struct option_row *row, const char *value,
                       bool *begun, char *why)
{
	if (row->kind == OPTION_TEXT || row->kind == OPTION_SECRET) {
		*text_at(config, row) = (struct config_text){.text = value, .said = true};
		return ST_OK;
	}
	if (!*begun && list_at(config, row) != &config->limit)
		list_clear(list_at(config, row));
	*begun = true;
	list_at(config, row)->said = true;
	return list_add(list_at(config, row), row, span_of(value), why);
}

/* --- the environment --- */

static bool is_variable_of(const char *variable, const struct option_row *row, size_t *value_at)
{
	static const char prefix[] = "TIERBELL_", suffix[] = "_FILE";
	const char *option = row->name;
	size_t at = sizeof(prefix) - 1;

	if (strncmp(variable, prefix, at) != 0)
		return false;
	for (; *option != '\0'; option++, at++) {
		int c = *option == '-' ? '_' : *option - ('a' - 'A');

		if (variable[at] != c)
			return false;
	}
	if (row->kind == OPTION_SECRET && strncmp(variable + at, suffix, sizeof(suffix) - 1) == 0)
		at += sizeof(suffix) - 1;
	else if (row->kind == OPTION_SECRET)
		return false;
	*value_at = at + 1;
	return variable[at] == '=';
}

/* Words of a list stand between blanks or commas. */
static enum status set_words(struct config *config, const struct option_row *row, const char *value,
                             char *why)
{
	struct config_list *list = list_at(config, row);
	enum status st = ST_OK;

	list_clear(list);
	list->said = true;
	while (st == ST_OK && *value != '\0') {
		struct span word = {.ptr = value, .len = strcspn(value, ", \t\n")};

		if (word.len > 0)
			st = list_add(list, row, word, why);
		value += word.len + (value[word.len] != '\0' ? 1 : 0);
	}
	return st;
}

static enum status read_variable(struct config *config, unsigned command, const char *variable,
                                 char *why)
{
	size_t at;

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct option_row *row = &options[i];

		if ((row->commands & command) == 0 || !is_variable_of(variable, row, &at) ||
		    variable[at] == '\0')
			continue;
		if (row->kind == OPTION_LIST)
			return set_words(config, row, variable + at, why);
		if (row->kind == OPTION_FLAG)
			continue; /* what one call is to do, not a setting */
		*text_at(config, row) = (struct config_text){.text = variable + at, .said = true};
	}
	return ST_OK;
}

/* --- the command line --- */

static const struct option_row *option_find(unsigned command, struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		if ((options[i].commands & command) != 0 && span_is(name, options[i].name))
			return &options[i];
	}
	return NULL;
}

static enum status read_word(struct config *config, unsigned command, char *const **words,
                             bool *begun, char *why)
{
	const char *word = *(*words)++;
	struct span name = {.ptr = word + 2, .len = 0};
	const struct option_row *row;
	const char *value;

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		config->help = true;
		return ST_OK;
	}
	if (word[0] != '-') {
		if (config->rest_count == ARRAY_LEN(config->rest))
			return wrong(why, "too many words at \"%s\"", word);
		config->rest[config->rest_count++] = word;
		return ST_OK;
	}
	if (strncmp(word, "--", 2) == 0)
		name.len = strcspn(word + 2, "=");
	row = option_find(command, name);
	if (row == NULL)
		return wrong(why, "there is no option \"%s\"; see --help", word);
	if (row->kind == OPTION_FLAG) {
		*flag_at(config, row) = true;
		return name.ptr[name.len] == '\0' ? ST_OK
		                                  : wrong(why, "--%s takes no value", row->name);
	}
	value = name.ptr[name.len] == '=' ? name.ptr + name.len + 1 : *(*words);
	if (value == NULL)
		return wrong(why, "--%s needs a value: --%s %s", row->name, row->name,
		             row->argument);
	if (name.ptr[name.len] != '=')
		++*words;
	return set(config, row, value, &begun[row - options], why);
}

/* --- limits --- */

struct limit_row {
	const char *name, *help;
	int64_t min, max;
	size_t offset; /* in struct config */
	bool is_int;
};

static const struct limit_row limits[] = {
#define GATEWAY_LIMIT(limit_name, fallback, limit_min, limit_max, limit_help) \
	{.name = #limit_name,                                                 \
	 .help = (limit_help),                                                \
	 .min = (limit_min),                                                  \
	 .max = (limit_max),                                                  \
	 .offset = offsetof(struct config, gateway.limit_name)},
#define DESK_LIMIT(limit_name, limit_min, limit_max, limit_help)    \
	{.name = #limit_name,                                       \
	 .help = (limit_help),                                      \
	 .min = (limit_min),                                        \
	 .max = (limit_max),                                        \
	 .offset = offsetof(struct config, desk.limits.limit_name), \
	 .is_int = true},
#define NET_ROW(limit_name, fallback, limit_help) \
	{.name = #limit_name,                     \
	 .help = (limit_help),                    \
	 .max = INT32_MAX,                        \
	 .offset = offsetof(struct config, net.limit_name)},
#include "limits.def"
	NET_LIMIT_TABLE(NET_ROW)
#undef NET_ROW
#undef DESK_LIMIT
#undef GATEWAY_LIMIT
};

static const struct limit_row *limit_find(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		if (span_is(name, limits[i].name))
			return &limits[i];
	}
	return NULL;
}

static void limit_set(struct config *config, const struct limit_row *row, int64_t value)
{
	char *at = (char *)config + row->offset;

	if (row->is_int)
		*(int *)(void *)at = (int)value; /* its range fits */
	else
		*(int64_t *)(void *)at = value;
}

static enum status read_limit(struct config *config, const char *text, char *why)
{
	struct span name = {.ptr = text, .len = strcspn(text, "=")};
	const struct limit_row *row = limit_find(name);
	const char *digits = text + name.len + 1;
	char *end;
	int64_t value;

	if (text[name.len] != '=')
		return wrong(why, "--limit needs NAME=VALUE, not \"%s\"", text);
	if (row == NULL)
		return wrong(why, "there is no limit as in \"%s\"; see tierbell serve --help",
		             text);
	value = strtoll(digits, &end, 10);
	if (*digits >= '0' && *digits <= '9' && *end == '\0' && value >= row->min &&
	    value <= row->max) {
		limit_set(config, row, value);
		return ST_OK;
	}
	return wrong(why, "the limit %s must be a whole number from %" PRId64 " to %" PRId64,
	             row->name, row->min, row->max);
}

bool config_limit_at(const struct config *config, size_t n, struct limit *out)
{
	const struct limit_row *row = &limits[n < ARRAY_LEN(limits) ? n : 0];
	const char *at = (const char *)config + row->offset;

	if (n >= ARRAY_LEN(limits))
		return false;
	*out = (struct limit){
		.name = row->name,
		.help = row->help,
		.min = row->min,
		.max = row->max,
		.value = row->is_int ? *(const int *)(const void *)at
	                             : *(const int64_t *)(const void *)at,
	};
	return true;
}

static void limits_init(struct config *config)
{
	net_limits_default(&config->net);
	desk_config_init(&config->desk);
#define GATEWAY_LIMIT(name, fallback, min, max, help) config->gateway.name = (fallback);
#include "limits.def"
#undef GATEWAY_LIMIT
}

static enum status read_limits(struct config *config, char *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < config->limit.count && st == ST_OK; i++)
		st = read_limit(config, config->limit.items[i], why);
	config->desk.visitor_frame_bytes = (uint64_t)config->gateway.visitor_frame_bytes;
	config->desk.agent_frame_bytes = (uint64_t)config->gateway.agent_frame_bytes;
	return st;
}

/* --- all of it --- */

enum status config_read(struct config *config, unsigned command, char *const *words,
                        char *const *environment, char *why)
{
	bool begun[ARRAY_LEN(options)] = {0};
	enum status st = ST_OK;

	*config = (struct config){0};
	limits_init(config);
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		if ((options[i].commands & command) != 0)
			set_default(config, &options[i]);
	}
	for (; *environment != NULL && st == ST_OK; environment++)
		st = read_variable(config, command, *environment, why);
	while (st == ST_OK && *words != NULL)
		st = read_word(config, command, &words, begun, why);
	if (st == ST_OK)
		st = read_limits(config, why);
	return st;
}

void config_fini(struct config *config)
{
	list_clear(&config->listen);
	list_clear(&config->origin);
	list_clear(&config->proxy);
	list_clear(&config->limit);
	explicit_bzero(&config->desk.identity_key, sizeof(config->desk.identity_key));
}

void config_print_options(FILE *out, unsigned command)
{
	struct config defaults;
	struct limit limit;

	(void)fputs("Options (also in the environment: --public-url is TIERBELL_PUBLIC_URL):\n",
	            out);
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		char left[48];

		if ((options[i].commands & command) == 0)
			continue;
		(void)snprintf(left, sizeof(left), "--%s %s", options[i].name,
		               options[i].argument != NULL ? options[i].argument : "");
		(void)fprintf(out, "  %-24s %s", left, options[i].help);
		if (options[i].fallback != NULL)
			(void)fprintf(out, " [%s]", options[i].fallback);
		(void)fputc('\n', out);
	}
	if ((command & COMMAND_SERVE) == 0)
		return;
	limits_init(&defaults);
	(void)fputs("\nLimits (0 switches a rate or a cap off):\n", out);
	for (size_t i = 0; config_limit_at(&defaults, i, &limit); i++)
		(void)fprintf(out, "  %-28s %8" PRId64 "  %s\n", limit.name, limit.value,
		              limit.help);
}
