/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "proto/json_guard.h"

static const char *wrong_type(const json_t *object, const char *name, bool right)
{
	return json_object_get(object, name) == NULL || right ? NULL : name;
}

static struct span text_of(struct arena *arena, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return (struct span){0};
	return arena_span(arena, (struct span){.ptr = json_string_value(value),
	                                       .len = json_string_length(value)});
}

static bool flag(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

static void read_request(struct arena *arena, const json_t *object, struct request *request)
{
	const json_t *flags = json_object_get(object, "flags");

	request->text = text_of(arena, object, "text");
	request->title = text_of(arena, object, "title");
	request->page_url = text_of(arena, object, "page");
	request->flags.production_stopped = flag(flags, "production_stopped");
	request->flags.data_exposed = flag(flags, "data_exposed");
}

static bool read_expected(struct arena *arena, const json_t *object, struct sample *sample)
{
	const json_t *priority = json_object_get(object, "priority");
	const json_t *tier = json_object_get(object, "tier");
	const json_t *immediate = json_object_get(object, "immediate");

	sample->topic = text_of(arena, object, "topic").ptr;
	sample->has_priority = priority != NULL;
	sample->has_tier = tier != NULL;
	sample->has_immediate = immediate != NULL;
	sample->tier = (int)json_integer_value(tier);
	sample->immediate = json_is_true(immediate);
	return priority == NULL ||
	       priority_parse(span_of(json_string_value(priority)), &sample->priority);
}

/* The first member that is of a wrong type; NULL: all are right. */
static const char *find_wrong(const json_t *object)
{
	static const char *const texts[] = {"text", "title", "page", "topic", "priority"};
	const json_t *tier = json_object_get(object, "tier");
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && name == NULL; i++)
		name = wrong_type(object, texts[i],
		                  json_is_string(json_object_get(object, texts[i])));
	if (name == NULL)
		name = wrong_type(object, "flags",
		                  json_is_object(json_object_get(object, "flags")));
	if (name == NULL)
		name = wrong_type(object, "immediate",
		                  json_is_boolean(json_object_get(object, "immediate")));
	if (name == NULL)
		name = wrong_type(object, "tier",
		                  json_is_integer(tier) && json_integer_value(tier) >= TIER_MIN &&
		                          json_integer_value(tier) <= TIER_MAX);
	return name;
}

static enum status read_object(struct samples *samples, const json_t *object, size_t line,
                               char *why)
{
	struct sample *sample = &samples->items[samples->count];
	const char *name = find_wrong(object);

	*sample = (struct sample){.line = line};
	if (!json_is_object(object)) {
		(void)snprintf(why, SAMPLES_WHY_SIZE, "line %zu: it must be an object: {...}",
		               line);
	} else if (json_object_get(object, "text") == NULL) {
		(void)snprintf(why, SAMPLES_WHY_SIZE, "line %zu: `text` is missing", line);
	} else if (name != NULL) {
		(void)snprintf(why, SAMPLES_WHY_SIZE, "line %zu: `%s` is not as it should be", line,
		               name);
	} else if (!read_expected(&samples->arena, object, sample)) {
		(void)snprintf(why, SAMPLES_WHY_SIZE,
		               "line %zu: `priority` is one of low, medium, high, critical", line);
	} else {
		read_request(&samples->arena, object, &sample->request);
		samples->count++;
		return ST_OK;
	}
	return ST_BAD_REQUEST;
}

static void make_room(struct samples *samples)
{
	if (samples->count < samples->size)
		return;
	samples->size = samples->size > 0 ? samples->size * 2 : 64;
	samples->items = xrealloc(samples->items, samples->size * sizeof(*samples->items));
}

static enum status read_line(struct samples *samples, struct span text, size_t line, char *why)
{
	json_error_t error;
	json_t *object;
	enum status st;

	if (text.len > SAMPLE_BYTES_MAX || json_guard_scan(text) != ST_OK) {
		(void)snprintf(why, SAMPLES_WHY_SIZE,
		               "line %zu: it is too long or nested too deeply", line);
		return ST_BAD_REQUEST;
	}
	object = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (object == NULL) {
		(void)snprintf(why, SAMPLES_WHY_SIZE, "line %zu: this is not JSON: %s", line,
		               error.text);
		return ST_BAD_REQUEST;
	}
	make_room(samples);
	st = read_object(samples, object, line, why);
	json_decref(object);
	return st;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", text[i]) == NULL)
			return false;
	}
	return true;
}

enum status samples_read(FILE *file, struct samples *samples, char *why)
{
	enum status st = ST_OK;
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	*samples = (struct samples){0};
	for (size_t line = 1; st == ST_OK && (len = getline(&text, &size, file)) >= 0; line++) {
		if (is_blank(text, (size_t)len))
			continue;
		if (samples->count == SAMPLES_MAX) {
			(void)snprintf(why, SAMPLES_WHY_SIZE, "more than %d requests", SAMPLES_MAX);
			st = ST_BAD_REQUEST;
			break;
		}
		st = read_line(samples, (struct span){.ptr = text, .len = (size_t)len}, line, why);
	}
	if (st == ST_OK && ferror(file) != 0) {
		(void)snprintf(why, SAMPLES_WHY_SIZE, "it cannot be read to its end");
		st = ST_UNAVAILABLE;
	}
	free(text);
	return st;
}

void samples_fini(struct samples *samples)
{
	free(samples->items);
	arena_fini(&samples->arena);
	*samples = (struct samples){0};
}
