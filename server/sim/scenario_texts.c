/* SPDX-License-Identifier: MIT */
/* What customers say: pools of texts, written down in the scenario or in a file of lines. */
#include <string.h>

#include "base/must.h"
#include "sim/scenario_part.h"

#define POOLS_MAX 16
#define TEXTS_MAX 2000
#define TEXT_SIZE 8000

static bool resolution(const struct policy_node *node, enum resolution *out)
{
	const char *text = part_word(node);

	if (text == NULL)
		return false;
	if (!resolution_parse(span_of(text), out))
		return policy_wrong(node, "it is no resolution: answered, docs_sent, docs_self, "
		                          "docs_missing, fixed, routed, feature_request, "
		                          "duplicate, no_reply or spam");
	return true;
}

static const char *optional(const struct policy_node *object, const char *name, size_t max)
{
	struct policy_node node = policy_member(object, name);
	const char *text = NULL;

	(void)policy_text(&node, max, &text);
	return text;
}

static bool flag(const struct policy_node *object, const char *name)
{
	struct policy_node node = policy_member(object, name);
	bool value = false;

	(void)policy_bool(&node, &value);
	return value;
}

static void read_text(const struct policy_node *node, struct sim_text *out)
{
	static const char *const names[] = {"text",
	                                    "title",
	                                    "page",
	                                    "page_title",
	                                    "weight",
	                                    "data_exposed",
	                                    "production_stopped",
	                                    "really_stopped",
	                                    "tier",
	                                    "exchanges",
	                                    "resolution",
	                                    NULL};
	struct policy_node text = policy_member(node, "text");
	struct policy_node weight = policy_member(node, "weight");
	struct policy_node tier = policy_member(node, "tier");
	struct policy_node exchanges = policy_member(node, "exchanges");
	struct policy_node solved = policy_member(node, "resolution");
	int number = 1;

	*out = (struct sim_text){.text = ""};
	if (!policy_object(node, names))
		return;
	if (policy_need(&text))
		(void)policy_prose(&text, TEXT_SIZE, &out->text);
	out->title = optional(node, "title", TITLE_SIZE);
	out->page_url = optional(node, "page", URL_SIZE);
	out->page_title = optional(node, "page_title", TITLE_SIZE);
	(void)policy_int(&weight, 0, 1000, &number);
	out->weight = (uint32_t)number;
	out->flags.data_exposed = flag(node, "data_exposed");
	out->flags.production_stopped = flag(node, "production_stopped");
	out->really_stopped = flag(node, "really_stopped");
	(void)policy_tier(&tier, &out->tier);
	(void)policy_int(&exchanges, 1, 50, &out->exchanges);
	(void)resolution(&solved, &out->resolution);
}

/* One JSON text a line; empty lines are passed over. */
static json_t *read_lines(const struct policy_node *at, struct span bytes)
{
	json_t *list = json_array();
	size_t line = 0;

	while (bytes.len > 0) {
		const char *end = memchr(bytes.ptr, '\n', bytes.len);
		size_t len = end != NULL ? (size_t)(end - bytes.ptr) : bytes.len;
		struct span one = {.ptr = bytes.ptr, .len = len};
		json_error_t error;
		json_t *value;

		line++;
		bytes.ptr += len + (end != NULL ? 1 : 0);
		bytes.len -= len + (end != NULL ? 1 : 0);
		if (len == 0)
			continue;
		value = json_loadb(one.ptr, one.len, JSON_REJECT_DUPLICATES, &error);
		if (value == NULL)
			(void)policy_wrong(at, "line %zu of the file is not JSON", line);
		else
			(void)json_array_append_new(list, value);
	}
	return list;
}

static void read_list(const struct policy_node *node, struct text_pool *pool)
{
	uint32_t weights = 0;

	pool->count = policy_list(node, TEXTS_MAX);
	pool->items = policy_alloc(node, pool->count + 1, sizeof(*pool->items));
	for (size_t i = 0; i < pool->count; i++) {
		struct policy_node item = policy_element(node, i);

		read_text(&item, &pool->items[i]);
		weights += pool->items[i].weight;
	}
	if (weights == 0)
		(void)policy_wrong(node, "it needs at least one text with a weight above 0");
}

static void read_file(const struct policy_node *node, const struct scenario_files *files,
                      struct text_pool *pool)
{
	static const char *const names[] = {"file", NULL};
	struct policy_node file = policy_member(node, "file");
	struct policy_node lines = file;
	const char *name = NULL;
	struct span bytes;
	json_t *list;

	if (!policy_object(node, names) || !policy_need(&file) ||
	    !policy_text(&file, URL_SIZE, &name))
		return;
	if (files == NULL ||
	    files->read(files->ctx, name, &node->read->policy->arena, &bytes) != ST_OK) {
		(void)policy_wrong(&file, "it cannot be read");
		return;
	}
	list = read_lines(&file, bytes);
	lines.value = list;
	read_list(&lines, pool);
	json_decref(list);
}

void part_pools(const struct policy_node *root, const struct scenario_files *files,
                struct scenario *out)
{
	struct policy_node texts = policy_member(root, "texts");
	/* Jansson walks without changing anything, but has no const way to say so. */
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	json_t *members = (json_t *)(uintptr_t)texts.value;
	const char *name;
	json_t *value;

	if (!policy_need(&texts))
		return;
	if (!json_is_object(texts.value) || json_object_size(texts.value) > POOLS_MAX) {
		(void)policy_wrong(&texts, "it must be at most %d named pools of texts", POOLS_MAX);
		return;
	}
	out->pools = policy_alloc(root, json_object_size(texts.value) + 1, sizeof(*out->pools));
	json_object_foreach(members, name, value) {
		struct text_pool *pool = &out->pools[out->pools_count++];
		struct policy_node node = policy_member(&texts, name);

		pool->name = arena_strdup(&root->read->policy->arena, name);
		if (json_is_object(value))
			read_file(&node, files, pool);
		else
			read_list(&node, pool);
	}
}

bool part_pool_ref(const struct policy_node *node, const struct scenario *scenario,
                   const struct text_pool **out)
{
	const char *name = part_word(node);

	if (name == NULL)
		return false;
	for (size_t i = 0; i < scenario->pools_count; i++) {
		if (strcmp(scenario->pools[i].name, name) == 0) {
			*out = &scenario->pools[i];
			return true;
		}
	}
	return policy_wrong(node, "there is no such pool in `texts`");
}
