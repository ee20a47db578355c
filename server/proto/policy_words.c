/* SPDX-License-Identifier: MIT */
/* `words`, `topics`, `triggers` and `priorities.*.words`: the words that triage goes by. They are
 * read into the plain structs of core/rulebook.h and compiled there; what a pattern has wrong comes
 * back as a mistake at its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "core/rulebook.h"
#include "proto/policy_read.h"

#define SETS_MAX       400
#define TOPICS_MAX     100
#define GUARDS_MAX     20
#define TRIGGERS_MAX   40
#define PRIORITY_RULES 100
#define PATTERNS_MAX   1000
#define NAMES_MAX      100
#define PAGE_MAX       200
#define TIERS_MAX      8
#define SET_NAME_SIZE  48
#define WEIGHTS_MAX    16
#define SIGNS_MAX      100

/* The names of an object's members, in their order. */
static size_t member_names(const struct policy_node *node, size_t max, const char **names)
{
	const char *name;
	json_t *value;
	size_t count = 0;

	json_object_foreach((json_t *)(uintptr_t)node->value, name, value) { /* NOLINT: only read */
		if (count == max) {
			(void)policy_wrong(node, "it has more than %zu members", max);
			break;
		}
		names[count++] = name;
	}
	return count;
}

static bool is_object(const struct policy_node *node)
{
	if (node->value == NULL)
		return false;
	return json_is_object(node->value) || policy_wrong(node, "it must be an object: {...}");
}

static void read_list(const struct policy_node *node, struct list_in *list)
{
	const char *const *items = NULL;

	(void)policy_texts(node, PATTERNS_MAX, &items, &list->count);
	list->items = items;
	if (list->count > 0)
		list->at = policy_path(node, &node->read->policy->arena);
}

static void read_names(const struct policy_node *node, size_t max, struct names_in *names)
{
	(void)policy_texts(node, max, &names->items, &names->count);
}

/* The key of a member into the arena: the file's texts die before the policy does. */
static const char *keep(const struct policy_node *node, const char *text)
{
	return arena_strdup(&node->read->policy->arena, text);
}

static void read_sets(const struct policy_node *node, struct rulebook_in *in)
{
	const char *names[SETS_MAX];
	struct set_in *sets;
	size_t count;

	if (!is_object(node))
		return;
	count = member_names(node, SETS_MAX, names);
	sets = policy_alloc(node, count + 1, sizeof(*sets));
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_member(node, names[i]);

		if (strlen(names[i]) >= SET_NAME_SIZE || strpbrk(names[i], " ()|?*$") != NULL)
			(void)policy_wrong(&item,
			                   "the name of a set has at most %d bytes, and no "
			                   "blanks and none of ()|?*$",
			                   SET_NAME_SIZE - 1);
		sets[i].name = keep(node, names[i]);
		sets[i].at = policy_path(&item, &node->read->policy->arena);
		read_list(&item, &sets[i].members);
	}
	in->sets = sets;
	in->sets_count = count;
}

/* ------------------------------------------------------------ topics */

static bool weight_parse(const char *name, int *out)
{
	char *end;
	long value = strtol(name, &end, 10);

	if (*end != '\0' || end == name || value == 0 || value < -RULEBOOK_WEIGHT_MAX ||
	    value > RULEBOOK_WEIGHT_MAX)
		return false;
	*out = (int)value;
	return true;
}

/* `{"3": [...], "-2": [...]}`: patterns by what they weigh. */
static void read_weighted(const struct policy_node *node, const struct list_in **lists_out,
                          size_t *count_out)
{
	const char *names[WEIGHTS_MAX];
	struct list_in *lists;
	size_t count;

	if (!is_object(node))
		return;
	count = member_names(node, WEIGHTS_MAX, names);
	lists = policy_alloc(node, count + 1, sizeof(*lists));
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_member(node, names[i]);

		if (!weight_parse(names[i], &lists[i].weight))
			(void)policy_wrong(&item,
			                   "a weight is a whole number from -%d to %d, but not 0",
			                   RULEBOOK_WEIGHT_MAX, RULEBOOK_WEIGHT_MAX);
		read_list(&item, &lists[i]);
	}
	*lists_out = lists;
	*count_out = count;
}

static void read_pages(const struct policy_node *node, struct topic_in *topic)
{
	read_names(node, NAMES_MAX, &topic->pages);
	for (size_t i = 0; i < topic->pages.count; i++) {
		const struct policy_node item = policy_element(node, i);

		if (topic->pages.items[i][0] != '/' || strlen(topic->pages.items[i]) > PAGE_MAX)
			(void)policy_wrong(&item,
			                   "a page is the beginning of a path: \"/docs/api\"");
	}
}

static void read_tiers(const struct policy_node *node, struct topic_in *topic)
{
	static const char *const names[] = {"tier", "words", "unless", NULL};
	size_t count = policy_list(node, TIERS_MAX);
	struct tier_in *tiers = policy_alloc(node, count + 1, sizeof(*tiers));

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct policy_node tier = policy_member(&item, "tier");
		const struct policy_node words = policy_member(&item, "words");
		const struct policy_node unless = policy_member(&item, "unless");

		tiers[i].tier = TIER_MIN;
		if (!policy_object(&item, names))
			continue;
		if (policy_need(&tier))
			(void)policy_tier(&tier, &tiers[i].tier);
		if (policy_need(&words))
			read_list(&words, &tiers[i].words);
		read_list(&unless, &tiers[i].unless);
	}
	topic->tiers = tiers;
	topic->tiers_count = count;
}

/* What the policy itself knows of a topic. */
static void read_about(const struct policy_node *node, struct topic *topic)
{
	const struct policy_node id = policy_member(node, "id");
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node about = policy_member(node, "about");
	const struct policy_node tier = policy_member(node, "tier");
	const struct policy_node skill = policy_member(node, "skill");
	const struct policy_node owner = policy_member(node, "owner");
	const struct policy_node resolution = policy_member(node, "resolution");
	const char *text = "";

	topic->tier = TIER_MIN;
	if (policy_need(&id) && policy_id(&id, TOPIC_SIZE, &text))
		(void)span_copy(topic->id, sizeof(topic->id), span_of(text));
	topic->name = topic->id;
	(void)policy_text(&name, NAME_SIZE - 1, &topic->name);
	(void)policy_text(&about, 500, &topic->about);
	if (policy_need(&tier))
		(void)policy_tier(&tier, &topic->tier);
	(void)policy_text(&skill, NAME_SIZE - 1, &topic->skill);
	(void)policy_text(&owner, NAME_SIZE - 1, &topic->owner);
	(void)policy_duration(&resolution, NULL, &topic->resolution);
}

static void read_topic(const struct policy_node *node, struct topic *topic, struct topic_in *in)
{
	static const char *const names[] = {"id",     "name",       "about",    "tier",  "skill",
	                                    "owner",  "resolution", "priority", "words", "hints",
	                                    "unless", "pages",      "tiers",    NULL};
	const struct policy_node priority = policy_member(node, "priority");
	const struct policy_node words = policy_member(node, "words");
	const struct policy_node hints = policy_member(node, "hints");
	const struct policy_node unless = policy_member(node, "unless");
	const struct policy_node pages = policy_member(node, "pages");
	const struct policy_node tiers = policy_member(node, "tiers");

	in->id = topic->id;
	in->at = policy_path(node, &node->read->policy->arena);
	in->priority = PRIORITY_MEDIUM;
	if (!policy_object(node, names))
		return;
	read_about(node, topic);
	(void)policy_priority(&priority, &in->priority);
	read_weighted(&words, &in->words, &in->words_count);
	read_weighted(&hints, &in->hints, &in->hints_count);
	read_list(&unless, &in->unless);
	read_pages(&pages, in);
	read_tiers(&tiers, in);
}

static void read_topics(const struct policy_node *node, struct rulebook_in *in)
{
	struct policy *policy = node->read->policy;
	size_t count = policy_list(node, TOPICS_MAX);
	struct topic *topics = policy_alloc(node, count + 1, sizeof(*topics));
	struct topic_in *topics_in = policy_alloc(node, count + 1, sizeof(*topics_in));

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct policy_node id = policy_member(&item, "id");

		read_topic(&item, &topics[i], &topics_in[i]);
		for (size_t k = 0; k < i; k++) {
			if (topics[i].id[0] != '\0' && strcmp(topics[i].id, topics[k].id) == 0)
				(void)policy_wrong(&id, "there are two topics \"%s\"",
				                   topics[i].id);
		}
		if (strcmp(topics[i].id, TOPIC_OTHER) == 0)
			in->otherwise = TOPIC_OTHER;
	}
	if (count > 0 && in->otherwise == NULL)
		(void)policy_wrong(node, "there is no topic \"%s\", for what matches no other",
		                   TOPIC_OTHER);
	policy->topics = topics;
	policy->topics_count = count;
	in->topics = topics_in;
	in->topics_count = count;
}

/* ------------------------------------------------------------ signs */

/* `of_topic`: the topic is known when they are counted. */
static void read_sign(const struct policy_node *node, bool of_topic, struct sign_in *sign)
{
	static const char *const names[] = {"about", "points", "words", "unless", "usual", NULL};
	const struct policy_node usual = policy_member(node, "usual");
	const struct policy_node about = policy_member(node, "about");
	const struct policy_node points = policy_member(node, "points");
	const struct policy_node words = policy_member(node, "words");
	const struct policy_node unless = policy_member(node, "unless");

	sign->about = "";
	if (!policy_object(node, names))
		return;
	if (policy_need(&about))
		(void)policy_text(&about, NAME_SIZE - 1, &sign->about);
	if (policy_need(&points))
		(void)policy_int(&points, -RULEBOOK_POINTS_MAX, RULEBOOK_POINTS_MAX, &sign->points);
	if (usual.value == NULL && policy_need(&words))
		read_list(&words, &sign->words);
	read_list(&unless, &sign->unless);
	if (usual.value != NULL && policy_priority(&usual, &sign->usual) &&
	    (words.value != NULL || !of_topic || sign->usual == PRIORITY_LOW))
		(void)policy_wrong(&usual, "it stands in the place of `words`, in signs of a "
		                           "priority, and is above low");
}

/* `{"least": 30, "of": [...]}` */
static void read_signs(const struct policy_node *node, bool of_topic, struct signs_in *signs)
{
	static const char *const names[] = {"least", "of", NULL};
	const struct policy_node least = policy_member(node, "least");
	const struct policy_node of = policy_member(node, "of");
	struct sign_in *items;

	if (node->value == NULL || !policy_object(node, names))
		return;
	if (policy_need(&least))
		(void)policy_int(&least, 1, RULEBOOK_POINTS_MAX, &signs->least);
	if (!policy_need(&of))
		return;
	signs->count = policy_list(&of, SIGNS_MAX);
	items = policy_alloc(node, signs->count + 1, sizeof(*items));
	for (size_t i = 0; i < signs->count; i++) {
		const struct policy_node item = policy_element(&of, i);

		read_sign(&item, of_topic, &items[i]);
	}
	signs->items = items;
}

/* ------------------------------------------------------------ triggers */

static void read_guards(const struct policy_node *node, struct rulebook_in *in)
{
	const char *names[GUARDS_MAX];
	struct guard_in *guards;
	size_t count;

	if (!is_object(node))
		return;
	count = member_names(node, GUARDS_MAX, names);
	guards = policy_alloc(node, count + 1, sizeof(*guards));
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_member(node, names[i]);

		guards[i].name = keep(node, names[i]);
		read_list(&item, &guards[i].words);
	}
	in->guards = guards;
	in->guards_count = count;
}

static void read_trigger(const struct policy_node *node, struct trigger_in *trigger)
{
	static const char *const names[] = {"name",      "about",  "topic",  "words",
	                                    "signs",     "unless", "guards", "data_exposed",
	                                    "emergency", NULL};
	const struct policy_node signs = policy_member(node, "signs");
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node about = policy_member(node, "about");
	const struct policy_node topic = policy_member(node, "topic");
	const struct policy_node words = policy_member(node, "words");
	const struct policy_node unless = policy_member(node, "unless");
	const struct policy_node guards = policy_member(node, "guards");
	const struct policy_node data_exposed = policy_member(node, "data_exposed");
	const struct policy_node emergency = policy_member(node, "emergency");
	bool is_emergency = true;

	trigger->name = "";
	trigger->at = policy_path(node, &node->read->policy->arena);
	if (!policy_object(node, names))
		return;
	if (policy_need(&name))
		(void)policy_id(&name, TAG_SIZE, &trigger->name);
	(void)policy_text(&about, 500, &trigger->about);
	(void)policy_id(&topic, TOPIC_SIZE, &trigger->topic);
	if (signs.value != NULL || policy_need(&words))
		read_list(&words, &trigger->words);
	read_signs(&signs, false, &trigger->signs);
	read_list(&unless, &trigger->unless);
	read_names(&guards, GUARDS_MAX, &trigger->guards);
	(void)policy_bool(&data_exposed, &trigger->data_exposed);
	(void)policy_bool(&emergency, &is_emergency);
	trigger->asks = !is_emergency;
	if (trigger->asks && trigger->data_exposed)
		(void)policy_wrong(&data_exposed, "it is an emergency");
}

static void read_triggers(const struct policy_node *node, struct rulebook_in *in)
{
	static const char *const names[] = {"guards", "lists", NULL};
	const struct policy_node guards = policy_member(node, "guards");
	const struct policy_node lists = policy_member(node, "lists");
	struct policy_read *read = node->read;
	struct trigger_in *triggers;
	const char **known;
	bool *asks;
	size_t count;

	if (!policy_object(node, names))
		return;
	read_guards(&guards, in);
	count = policy_list(&lists, TRIGGERS_MAX);
	triggers = policy_alloc(node, count + 1, sizeof(*triggers));
	known = policy_alloc(node, count + 1, sizeof(*known));
	asks = policy_alloc(node, count + 1, sizeof(*asks));
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(&lists, i);

		read_trigger(&item, &triggers[i]);
		known[i] = triggers[i].name;
		asks[i] = triggers[i].asks;
	}
	in->triggers = triggers;
	in->triggers_count = count;
	read->triggers = known;
	read->triggers_ask = asks;
	read->triggers_count = count;
}

/* ------------------------------------------------------------ priorities */

static void read_priority(const struct policy_node *node, struct priority_in *rule)
{
	static const char *const names[] = {"about",  "words",  "signs", "unless",
	                                    "topics", "except", "tier",  NULL};
	const struct policy_node signs = policy_member(node, "signs");
	const struct policy_node about = policy_member(node, "about");
	const struct policy_node words = policy_member(node, "words");
	const struct policy_node unless = policy_member(node, "unless");
	const struct policy_node topics = policy_member(node, "topics");
	const struct policy_node except = policy_member(node, "except");
	const struct policy_node tier = policy_member(node, "tier");

	rule->at = policy_path(node, &node->read->policy->arena);
	if (!policy_object(node, names))
		return;
	(void)policy_text(&about, 200, &rule->about);
	if (signs.value != NULL || policy_need(&words))
		read_list(&words, &rule->words);
	read_signs(&signs, true, &rule->signs);
	read_list(&unless, &rule->unless);
	read_names(&topics, TOPICS_MAX, &rule->topics);
	read_names(&except, TOPICS_MAX, &rule->except);
	(void)policy_tier(&tier, &rule->tier_most);
}

static void read_priorities(const struct policy_node *node, struct rulebook_in *in)
{
	struct priority_in *rules =
		policy_alloc(node, (size_t)PRIORITIES * PRIORITY_RULES, sizeof(*rules));
	size_t count = 0;

	for (size_t i = 0; i < PRIORITIES; i++) {
		const struct policy_node item =
			policy_member(node, priority_name((enum priority)i));
		const struct policy_node words = policy_member(&item, "words");
		size_t more = policy_list(&words, PRIORITY_RULES);

		for (size_t k = 0; k < more; k++, count++) {
			const struct policy_node rule = policy_element(&words, k);

			rules[count].priority = (enum priority)i;
			read_priority(&rule, &rules[count]);
		}
	}
	in->priorities = rules;
	in->priorities_count = count;
}

static void note_mistake(void *ctx, const char *at, const char *sentence)
{
	policy_mistakes_add(ctx, false, at, sentence);
}

void policy_words_read(const struct policy_node *root)
{
	const struct policy_node words = policy_member(root, "words");
	const struct policy_node topics = policy_member(root, "topics");
	const struct policy_node triggers = policy_member(root, "triggers");
	const struct policy_node priorities = policy_member(root, "priorities");
	struct policy_read *read = root->read;
	const struct rulebook_sink sink = {.mistake = note_mistake, .ctx = read->mistakes};
	struct rulebook_in in = {0};

	read_sets(&words, &in);
	read_topics(&topics, &in);
	read_triggers(&triggers, &in);
	read_priorities(&priorities, &in);
	read->policy->rulebook = rulebook_compile(&read->policy->arena, &in, &sink);
}
