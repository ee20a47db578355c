/* SPDX-License-Identifier: MIT */
/* Places in the file, and the list of mistakes. */
#include "proto/policy_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define SENTENCE_SIZE 512
#define DEPTH_MAX     16

/* --- mistakes --- */

void policy_mistakes_fini(struct policy_mistakes *mistakes)
{
	arena_fini(&mistakes->arena);
	*mistakes = (struct policy_mistakes){0};
}

/* Names of members are a stranger's: a terminal must not obey them. */
static const char *printable(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	return copy;
}

void policy_mistakes_add(struct policy_mistakes *mistakes, bool warning, const char *path,
                         const char *sentence)
{
	const struct policy_mistake *last =
		mistakes->count > 0 ? &mistakes->items[mistakes->count - 1] : NULL;

	if (last != NULL && strcmp(last->path, path) == 0 && strcmp(last->sentence, sentence) == 0)
		return;
	if (!warning)
		mistakes->mistakes++;
	if (mistakes->items == NULL)
		mistakes->items = arena_alloc(&mistakes->arena,
		                              POLICY_MISTAKES_MAX * sizeof(*mistakes->items));
	if (mistakes->count == POLICY_MISTAKES_MAX)
		return;
	mistakes->items[mistakes->count++] = (struct policy_mistake){
		.path = printable(&mistakes->arena, path),
		.sentence = printable(&mistakes->arena, sentence),
		.warning = warning,
	};
}

/* --- places --- */

static bool is_plain(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return name[0] != '\0' && name[strspn(name, plain)] == '\0';
}

static void path_step(struct buf *path, const struct policy_node *node)
{
	if (node->name == NULL) {
		buf_fmt(path, "[%zu]", node->index);
	} else if (is_plain(node->name)) {
		buf_fmt(path, ".%s", node->name);
	} else {
		buf_char(path, '[');
		buf_json(path, span_of(node->name));
		buf_char(path, ']');
	}
}

static void path_of(struct buf *path, const struct policy_node *node)
{
	const struct policy_node *steps[DEPTH_MAX];
	size_t count = 0;

	for (; node->parent != NULL && count < DEPTH_MAX; node = node->parent)
		steps[count++] = node;
	buf_char(path, '$');
	while (count > 0)
		path_step(path, steps[--count]);
}

const char *policy_path(const struct policy_node *node, struct arena *arena)
{
	struct buf path = {0};
	const char *text;

	path_of(&path, node);
	text = arena_strdup(arena, buf_cstr(&path));
	buf_fini(&path);
	return text;
}

static void note(const struct policy_node *at, bool warning, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void note(const struct policy_node *at, bool warning, const char *format, va_list args)
{
	char sentence[SENTENCE_SIZE];
	struct buf path = {0};

	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	path_of(&path, at);
	policy_mistakes_add(at->read->mistakes, warning, buf_cstr(&path), sentence);
	buf_fini(&path);
}

bool policy_wrong(const struct policy_node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(at, false, format, args);
	va_end(args);
	return false;
}

void policy_warn(const struct policy_node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(at, true, format, args);
	va_end(args);
}

struct policy_node policy_member(const struct policy_node *object, const char *name)
{
	return (struct policy_node){
		.read = object->read,
		.value = json_object_get(object->value, name),
		.parent = object,
		.name = name,
	};
}

struct policy_node policy_element(const struct policy_node *list, size_t index)
{
	return (struct policy_node){
		.read = list->read,
		.value = json_array_get(list->value, index),
		.parent = list,
		.index = index,
	};
}

bool policy_need(const struct policy_node *node)
{
	if (node->value != NULL)
		return true;
	return policy_wrong(node, "it is missing");
}

bool policy_has(const struct policy_node *object, const char *name)
{
	return json_object_get(object->value, name) != NULL;
}

static bool is_known(const char *const *names, const char *name)
{
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static void names_text(struct buf *text, const char *const *names)
{
	for (; *names != NULL; names++)
		buf_fmt(text, "%s%s", text->len > 0 ? ", " : "", *names);
}

static void refuse_unknown(const struct policy_node *node, const char *const *names)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)node->value, name, value) { /* NOLINT: only read */
		const struct policy_node member = policy_member(node, name);
		struct buf known = {0};

		if (is_known(names, name))
			continue;
		names_text(&known, names);
		(void)policy_wrong(&member, "there is no member \"%.60s\" here; there is %.300s",
		                   name, buf_cstr(&known));
		buf_fini(&known);
	}
}

bool policy_object(const struct policy_node *node, const char *const *names)
{
	if (node->value == NULL)
		return false;
	if (!json_is_object(node->value))
		return policy_wrong(node, "it must be an object: {...}");
	refuse_unknown(node, names);
	return true;
}

size_t policy_list(const struct policy_node *node, size_t max)
{
	size_t count = json_array_size(node->value);

	if (node->value == NULL)
		return 0;
	if (!json_is_array(node->value)) {
		(void)policy_wrong(node, "it must be a list: [...]");
		return 0;
	}
	if (count > max) {
		(void)policy_wrong(node, "it has %zu elements, at most %zu are possible", count,
		                   max);
		return 0;
	}
	return count;
}

void *policy_alloc(const struct policy_node *node, size_t count, size_t size)
{
	return arena_alloc(&node->read->policy->arena, count * size);
}
