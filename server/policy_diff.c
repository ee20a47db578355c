/* SPDX-License-Identifier: MIT */
/* The files are compared as they were written, so that nothing in them can change unseen: objects
 * member by member, lists of things with a name by that name, lists of texts as sets. */
#include "policy_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"

#define TEXT_MAX  200
#define DEPTH_MAX 12

/* Where the walk is. */
struct place {
	const struct place *parent;
	const char *name;    /* of a member, or of an element by its name */
	const json_t *thing; /* an object whose `name` people know; NULL: none */
};

/* --- names --- */

static void add_word(struct buf *text, const char *name, bool first)
{
	size_t start = text->len;

	buf_text(text, name);
	for (size_t i = start; i < text->len; i++) {
		if (text->ptr[i] == '_')
			text->ptr[i] = ' ';
	}
	if (first && text->len > start && text->ptr[start] >= 'a' && text->ptr[start] <= 'z')
		text->ptr[start] = (char)(text->ptr[start] - ('a' - 'A'));
}

/* What one thing of the section is called: "topic pr-review". NULL: its name says it. */
static const char *kind_of(const char *section)
{
	static const char *const kinds[][2] = {
		{"calendars", "Calendar"}, {"topics", "Topic"},        {"rules", "Rule"},
		{"canned", "Reply"},       {"priorities", "Priority"}, {"milestones", "Milestone"},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i][0], section) == 0)
			return kinds[i][1];
	}
	return NULL;
}

static bool is_group(const char *section)
{
	return kind_of(section) != NULL || strcmp(section, "channels") == 0 ||
	       strcmp(section, "tiers") == 0 || strcmp(section, "people") == 0;
}

static void add_thing(struct buf *text, const char *section, const struct place *thing)
{
	const char *name = json_string_value(json_object_get(thing->thing, "name"));

	if (kind_of(section) != NULL)
		buf_fmt(text, "%s %s", kind_of(section), thing->name);
	else
		add_word(text, name != NULL ? name : thing->name, true);
}

/* Elements without a name are told by their number: "step 2" of `steps`, "condition 1" of `when`. */
static const char *numbered(const struct place *place)
{
	if (place == NULL || place->parent == NULL || place->parent->name == NULL ||
	    place->name[0] < '0' || place->name[0] > '9')
		return NULL;
	if (strcmp(place->parent->name, "steps") == 0)
		return "step";
	return strcmp(place->parent->name, "when") == 0 ? "condition" : NULL;
}

static void add_place(struct buf *text, const struct place *place)
{
	if (numbered(place) != NULL)
		buf_fmt(text, "%s ", numbered(place));
	add_word(text, place->name, false);
}

/* "Live chat, high"; the last step is `what`, unless it is all there is. */
static char *where_of(const struct place *place)
{
	const struct place *steps[DEPTH_MAX];
	struct buf text = {0};
	size_t count = 0, i = 0;
	char *copy;

	for (; place->parent != NULL && count < DEPTH_MAX; place = place->parent)
		steps[count++] = place;
	if (count >= 2 && is_group(steps[count - 1]->name)) {
		add_thing(&text, steps[count - 1]->name, steps[count - 2]);
		i = 2;
	} else if (count > 0) {
		add_word(&text, steps[count - 1]->name, true);
		i = 1;
	}
	for (; i + 1 < count; i++) {
		const struct place *step = steps[count - 1 - i];

		if (strcmp(step->name, "targets") == 0 ||
		    (i + 2 <= count && numbered(steps[count - 2 - i]) != NULL))
			continue;
		buf_text(&text, ", ");
		add_place(&text, step);
	}
	copy = strdup(buf_cstr(&text));
	MUST(copy != NULL);
	buf_fini(&text);
	return copy;
}

static bool what_is_where(const struct place *place)
{
	size_t depth = 0;
	const struct place *top = place;

	for (; top->parent != NULL && top->parent->parent != NULL; top = top->parent)
		depth++;
	return place->parent == NULL || depth == 0 || (depth == 1 && is_group(top->name));
}

/* --- changes --- */

static void add_value(struct buf *text, const json_t *value, const char *known);

/* "date 2026-12-31, name Eve"; the member that is `known` has named it before. */
static void add_members(struct buf *text, const json_t *object, const char *known)
{
	const char *name;
	json_t *value;
	bool first = true;

	json_object_foreach((json_t *)(uintptr_t)object, name, value) { /* NOLINT: only read */
		const char *said = json_string_value(value);

		if (known != NULL && said != NULL && strcmp(said, known) == 0)
			continue;
		if (!first)
			buf_text(text, ", ");
		first = false;
		add_word(text, name, false);
		buf_char(text, ' ');
		add_value(text, value, NULL);
	}
}

static void add_elements(struct buf *text, const json_t *list)
{
	if (json_array_size(list) == 0)
		buf_text(text, "none");
	for (size_t i = 0; i < json_array_size(list); i++) {
		buf_text(text, i > 0 ? ", " : "");
		add_value(text, json_array_get(list, i), NULL);
	}
}

static void add_object(struct buf *text, const json_t *object, const char *known)
{
	if (known == NULL)
		buf_char(text, '(');
	add_members(text, object, known);
	if (known == NULL)
		buf_char(text, ')');
}

/* As people would say it: no brackets but around what is within something else. */
static void add_value(struct buf *text, const json_t *value, const char *known)
{
	if (json_is_string(value)) {
		buf_text(text, json_string_value(value));
	} else if (json_is_boolean(value)) {
		buf_text(text, json_is_true(value) ? "yes" : "no");
	} else if (json_is_integer(value)) {
		buf_i64(text, json_integer_value(value));
	} else if (json_is_array(value)) {
		add_elements(text, value);
	} else if (json_is_object(value)) {
		add_object(text, value, known);
	}
}

static void shorten(struct buf *text)
{
	size_t len = TEXT_MAX - 4;

	while (len > 0 && ((unsigned char)text->ptr[len] & 0xC0U) == 0x80U)
		len--; /* not in the middle of a letter */
	buf_cut(text, len);
	buf_text(text, " ...");
}

/* One line; what is made of several values is not too long. `name` is what the place is called. */
static json_t *value_text(const json_t *value, const char *name)
{
	struct buf text = {0};
	json_t *made;

	if (value == NULL)
		return json_null();
	add_value(&text, value, name);
	if (!json_is_string(value) && text.len > TEXT_MAX)
		shorten(&text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			text.ptr[i] = ' ';
	}
	made = json_string(buf_cstr(&text));
	buf_fini(&text);
	return made != NULL ? made : json_string("(long)");
}

static void note(json_t *changes, const struct place *place, const json_t *from, const json_t *to)
{
	json_t *change = json_object();
	struct buf what = {0};
	char *where = where_of(place);

	if (!what_is_where(place))
		add_place(&what, place);
	MUST(json_object_set_new(change, "where", json_string(where)) == 0);
	MUST(json_object_set_new(change, "what", json_string(buf_cstr(&what))) == 0);
	MUST(json_object_set_new(change, "from", value_text(from, place->name)) == 0);
	MUST(json_object_set_new(change, "to", value_text(to, place->name)) == 0);
	MUST(json_array_append_new(changes, change) == 0);
	buf_fini(&what);
	free(where);
}

static void compare(json_t *changes, const struct place *place, const json_t *a, const json_t *b);

static void compare_objects(json_t *changes, const struct place *place, const json_t *a,
                            const json_t *b)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)a, name, value) { /* NOLINT: only read */
		const struct place at = {.parent = place, .name = name, .thing = value};

		compare(changes, &at, value, json_object_get(b, name));
	}
	json_object_foreach((json_t *)(uintptr_t)b, name, value) { /* NOLINT: only read */
		const struct place at = {.parent = place, .name = name, .thing = value};

		if (json_object_get(a, name) == NULL)
			note(changes, &at, NULL, value);
	}
}

/* --- lists --- */

/* Every element has the member, and each another one. */
static bool tells_apart(const json_t *list, const char *key)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_object_get(json_array_get(list, i), key));

		for (size_t k = 0; name != NULL && k < i; k++) {
			const json_t *before = json_array_get(list, k);

			if (strcmp(json_string_value(json_object_get(before, key)), name) == 0)
				return false;
		}
		if (name == NULL)
			return false;
	}
	return true;
}

/* The member that tells the elements apart; NULL: none does. */
static const char *key_of(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {"id", "date", "name", "about"};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (json_array_size(a) + json_array_size(b) > 0 && tells_apart(a, keys[i]) &&
		    tells_apart(b, keys[i]))
			return keys[i];
	}
	return NULL;
}

static const json_t *find_keyed(const json_t *list, const char *key, const char *name)
{
	for (size_t i = 0; name != NULL && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *other = json_string_value(json_object_get(item, key));

		if (other != NULL && strcmp(other, name) == 0)
			return item;
	}
	return NULL;
}

static void compare_keyed(json_t *changes, const struct place *place, const json_t *a,
                          const json_t *b, const char *key)
{
	for (size_t i = 0; i < json_array_size(a); i++) {
		const json_t *item = json_array_get(a, i);
		const char *name = json_string_value(json_object_get(item, key));
		const struct place at = {
			.parent = place, .name = name != NULL ? name : "?", .thing = item};

		compare(changes, &at, item, find_keyed(b, key, name));
	}
	for (size_t i = 0; i < json_array_size(b); i++) {
		const json_t *item = json_array_get(b, i);
		const char *name = json_string_value(json_object_get(item, key));
		const struct place at = {
			.parent = place, .name = name != NULL ? name : "?", .thing = item};

		if (find_keyed(a, key, name) == NULL)
			note(changes, &at, NULL, item);
	}
}

static bool has_value(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_equal(json_array_get(list, i), value))
			return true;
	}
	return false;
}

/* What one has and the other has not; when both have the same, it is the order that changed. */
static void compare_sets(json_t *changes, const struct place *place, const json_t *a,
                         const json_t *b)
{
	size_t before = json_array_size(changes);

	for (size_t i = 0; i < json_array_size(a); i++) {
		if (!has_value(b, json_array_get(a, i)))
			note(changes, place, json_array_get(a, i), NULL);
	}
	for (size_t i = 0; i < json_array_size(b); i++) {
		if (!has_value(a, json_array_get(b, i)))
			note(changes, place, NULL, json_array_get(b, i));
	}
	if (json_array_size(changes) == before)
		note(changes, place, a, b);
}

static void compare_numbered(json_t *changes, const struct place *place, const json_t *a,
                             const json_t *b)
{
	size_t most =
		json_array_size(a) > json_array_size(b) ? json_array_size(a) : json_array_size(b);

	for (size_t i = 0; i < most; i++) {
		char name[24];
		const struct place at = {.parent = place, .name = name};

		(void)snprintf(name, sizeof(name), "%zu", i + 1);
		compare(changes, &at, json_array_get(a, i), json_array_get(b, i));
	}
}

static void compare_lists(json_t *changes, const struct place *place, const json_t *a,
                          const json_t *b)
{
	const char *key = key_of(a, b);
	const json_t *first = json_array_get(json_array_size(a) > 0 ? a : b, 0);

	if (key != NULL)
		compare_keyed(changes, place, a, b, key);
	else if (json_is_object(first))
		compare_numbered(changes, place, a, b);
	else if (json_array_size(a) == 1 && json_array_size(b) == 1)
		note(changes, place, json_array_get(a, 0), json_array_get(b, 0));
	else
		compare_sets(changes, place, a, b);
}

static void compare(json_t *changes, const struct place *place, const json_t *a, const json_t *b)
{
	if (b != NULL && json_equal(a, b))
		return;
	if (json_is_object(a) && json_is_object(b))
		compare_objects(changes, place, a, b);
	else if (json_is_array(a) && json_is_array(b))
		compare_lists(changes, place, a, b);
	else
		note(changes, place, a, b);
}

json_t *policy_diff(const struct policy_file *a, const struct policy_file *b)
{
	json_t *changes = json_array();
	json_t *left = json_loadb(a->text, a->len, 0, NULL);
	json_t *right = json_loadb(b->text, b->len, 0, NULL);
	const struct place root = {0};

	MUST(left != NULL && right != NULL); /* they were read before */
	compare(changes, &root, left, right);
	json_decref(left);
	json_decref(right);
	return changes;
}

void policy_diff_print(const json_t *changes, FILE *out)
{
	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *change = json_array_get(changes, i);
		const char *what = json_string_value(json_object_get(change, "what"));
		const char *from = json_string_value(json_object_get(change, "from"));
		const char *to = json_string_value(json_object_get(change, "to"));

		(void)fprintf(out, "%s:%s%s ", json_string_value(json_object_get(change, "where")),
		              what[0] != '\0' ? " " : "", what);
		if (from == NULL)
			(void)fprintf(out, "added %s\n", to);
		else if (to == NULL)
			(void)fprintf(out, "removed %s\n", from);
		else
			(void)fprintf(out, "%s -> %s\n", from, to);
	}
}
