/* SPDX-License-Identifier: MIT */
/* Every list of words becomes patterns that know whose they are, chained by their first part: what
 * does not begin in a text costs nothing there. */
#include "core/rulebook.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"

#define AT_SIZE       256
#define QUOTE_MAX     400
#define SENTENCE_SIZE (PATTERN_WHY_SIZE + 512)

struct builder {
	struct rulebook *book;
	struct arena *arena;
	const struct rulebook_in *in;
	const struct rulebook_sink *sink;
	size_t mistakes;
};

static void mistake(struct builder *builder, const char *at, const char *sentence)
{
	builder->mistakes++;
	builder->sink->mistake(builder->sink->ctx, at, sentence);
}

static void wrong_words(struct builder *builder, const struct list_in *list, size_t i,
                        const struct pattern_wrong *why)
{
	char sentence[SENTENCE_SIZE], at[AT_SIZE];

	(void)snprintf(at, sizeof(at), "%s[%zu]", list->at, i);
	(void)snprintf(sentence, sizeof(sentence), "the pattern \"%.*s\" is wrong: %s", QUOTE_MAX,
	               list->items[i], why->text);
	mistake(builder, at, sentence);
}

static void wrong_name(struct builder *builder, const char *at, const char *kind, const char *name)
{
	char sentence[SENTENCE_SIZE];

	(void)snprintf(sentence, sizeof(sentence), "there is no %s `%.100s`", kind, name);
	mistake(builder, at, sentence);
}

static void add_list(struct builder *builder, const struct list_in *list, enum rule_role role,
                     size_t owner)
{
	struct rulebook *book = builder->book;

	for (size_t i = 0; i < list->count; i++) {
		size_t id = book->patterns_count;
		struct rule_pattern *rule = &book->patterns[id];
		struct pattern_wrong why;
		uint32_t first;

		if (!pattern_compile(&book->grammar, span_of(list->items[i]), &rule->pattern,
		                     &why)) {
			wrong_words(builder, list, i, &why);
			continue;
		}
		first = rule->pattern.parts[0].symbol;
		rule->role = role;
		rule->owner = owner;
		rule->weight = list->weight;
		rule->next = book->grammar.symbols[first].patterns;
		book->grammar.symbols[first].patterns = (uint32_t)id;
		book->patterns_count++;
	}
}

static void add_sets(struct builder *builder)
{
	struct grammar *grammar = &builder->book->grammar;
	const struct rulebook_in *in = builder->in;
	struct pattern_wrong why;

	/* All names first: sets may use each other in any order. */
	for (size_t i = 0; i < in->sets_count; i++)
		(void)grammar_symbol(grammar, SYMBOL_SET, span_of(in->sets[i].name));
	for (size_t i = 0; i < in->sets_count; i++) {
		const struct set_in *set = &in->sets[i];
		uint32_t symbol = grammar_find(grammar, SYMBOL_SET, span_of(set->name));

		if (set->members.count == 0)
			mistake(builder, set->at, "a set needs at least one member");
		for (size_t k = 0; k < set->members.count; k++) {
			if (!pattern_member(grammar, symbol, span_of(set->members.items[k]), &why))
				wrong_words(builder, &set->members, k, &why);
		}
	}
}

static bool topic_find(const struct builder *builder, const char *id, size_t *out)
{
	for (size_t i = 0; i < builder->in->topics_count; i++) {
		if (strcmp(builder->in->topics[i].id, id) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void add_topics(struct builder *builder)
{
	struct rulebook *book = builder->book;

	for (size_t i = 0; i < book->topics_count; i++) {
		const struct topic_in *topic = &builder->in->topics[i];

		book->topics[i] = (struct rule_topic){
			.pages = topic->pages,
			.priority = topic->priority,
			.first_tier = book->tiers_count,
			.tiers_count = topic->tiers_count,
		};
		for (size_t k = 0; k < topic->words_count; k++)
			add_list(builder, &topic->words[k], ROLE_TOPIC, i);
		for (size_t k = 0; k < topic->hints_count; k++)
			add_list(builder, &topic->hints[k], ROLE_HINT, i);
		add_list(builder, &topic->unless, ROLE_TOPIC_UNLESS, i);
		for (size_t k = 0; k < topic->tiers_count; k++) {
			size_t tier = book->tiers_count++;

			book->tiers[tier] = topic->tiers[k].tier;
			add_list(builder, &topic->tiers[k].words, ROLE_TIER, tier);
			add_list(builder, &topic->tiers[k].unless, ROLE_TIER_UNLESS, tier);
		}
	}
	book->otherwise = book->topics_count - 1; /* not looked at when there are none */
	if (builder->in->otherwise != NULL &&
	    !topic_find(builder, builder->in->otherwise, &book->otherwise))
		wrong_name(builder, "$.topics", "topic", builder->in->otherwise);
}

static void add_guards(struct builder *builder)
{
	for (size_t i = 0; i < builder->book->guards_count; i++) {
		builder->book->guards[i] = builder->in->guards[i].name;
		add_list(builder, &builder->in->guards[i].words, ROLE_GUARD, i);
	}
}

static void guard_trigger(struct builder *builder, const struct trigger_in *trigger, bool *guarded)
{
	for (size_t i = 0; i < trigger->guards.count; i++) {
		bool found = false;

		for (size_t k = 0; k < builder->in->guards_count; k++) {
			if (strcmp(builder->in->guards[k].name, trigger->guards.items[i]) == 0)
				found = guarded[k] = true;
		}
		if (!found)
			wrong_name(builder, trigger->at, "guard", trigger->guards.items[i]);
	}
}

static struct rule_signs add_signs(struct builder *builder, const struct signs_in *in)
{
	struct rulebook *book = builder->book;
	struct rule_signs signs = {
		.first = book->signs_count, .count = in->count, .least = in->least};

	for (size_t i = 0; i < in->count; i++) {
		size_t sign = book->signs_count++;

		book->signs[sign] = (struct rule_sign){
			.about = in->items[i].about,
			.usual = in->items[i].usual,
			.points = in->items[i].points,
		};
		add_list(builder, &in->items[i].words, ROLE_SIGN, sign);
		add_list(builder, &in->items[i].unless, ROLE_SIGN_UNLESS, sign);
	}
	return signs;
}

static void add_triggers(struct builder *builder)
{
	struct rulebook *book = builder->book;

	for (size_t i = 0; i < book->triggers_count; i++) {
		const struct trigger_in *in = &builder->in->triggers[i];
		struct rule_trigger *trigger = &book->triggers[i];
		size_t topic;

		*trigger = (struct rule_trigger){.name = in->name,
		                                 .about = in->about,
		                                 .data_exposed = in->data_exposed,
		                                 .asks = in->asks};
		trigger->guarded = arena_alloc(builder->arena, book->guards_count + 1);
		if (in->topic != NULL && topic_find(builder, in->topic, &topic))
			trigger->topic = topic + 1;
		else if (in->topic != NULL)
			wrong_name(builder, in->at, "topic", in->topic);
		guard_trigger(builder, in, trigger->guarded);
		add_list(builder, &in->words, ROLE_TRIGGER, i);
		add_list(builder, &in->unless, ROLE_TRIGGER_UNLESS, i);
		trigger->signs = add_signs(builder, &in->signs);
	}
}

static void mark_topics(struct builder *builder, const struct priority_in *priority,
                        const struct names_in *names, bool *topics, bool value)
{
	for (size_t i = 0; i < names->count; i++) {
		size_t topic;

		if (topic_find(builder, names->items[i], &topic))
			topics[topic] = value;
		else
			wrong_name(builder, priority->at, "topic", names->items[i]);
	}
}

static void add_priorities(struct builder *builder)
{
	struct rulebook *book = builder->book;

	for (size_t i = 0; i < book->priorities_count; i++) {
		const struct priority_in *in = &builder->in->priorities[i];
		struct rule_priority *priority = &book->priorities[i];

		*priority = (struct rule_priority){
			.priority = in->priority, .about = in->about, .tier_most = in->tier_most};
		priority->topics = arena_alloc(builder->arena, book->topics_count + 1);
		memset(priority->topics, in->topics.count == 0, book->topics_count);
		mark_topics(builder, in, &in->topics, priority->topics, true);
		mark_topics(builder, in, &in->except, priority->topics, false);
		add_list(builder, &in->words, ROLE_PRIORITY, i);
		add_list(builder, &in->unless, ROLE_PRIORITY_UNLESS, i);
		priority->signs = add_signs(builder, &in->signs);
	}
}

static size_t count_signs(const struct signs_in *signs, size_t *signs_out)
{
	size_t count = 0;

	*signs_out += signs->count;
	for (size_t i = 0; i < signs->count; i++)
		count += signs->items[i].words.count + signs->items[i].unless.count;
	return count;
}

/* How many patterns there will be at most, how many tiers and how many signs. */
static size_t count_all(const struct rulebook_in *in, size_t *tiers_out, size_t *signs_out)
{
	size_t count = 0;

	*tiers_out = *signs_out = 0;
	for (size_t i = 0; i < in->topics_count; i++) {
		count += in->topics[i].unless.count;
		for (size_t k = 0; k < in->topics[i].words_count; k++)
			count += in->topics[i].words[k].count;
		for (size_t k = 0; k < in->topics[i].hints_count; k++)
			count += in->topics[i].hints[k].count;
		*tiers_out += in->topics[i].tiers_count;
		for (size_t k = 0; k < in->topics[i].tiers_count; k++)
			count += in->topics[i].tiers[k].words.count +
			         in->topics[i].tiers[k].unless.count;
	}
	for (size_t i = 0; i < in->guards_count; i++)
		count += in->guards[i].words.count;
	for (size_t i = 0; i < in->triggers_count; i++)
		count += in->triggers[i].words.count + in->triggers[i].unless.count +
		         count_signs(&in->triggers[i].signs, signs_out);
	for (size_t i = 0; i < in->priorities_count; i++)
		count += in->priorities[i].words.count + in->priorities[i].unless.count +
		         count_signs(&in->priorities[i].signs, signs_out);
	return count;
}

static struct rulebook *book_create(struct arena *arena, struct arena *growing,
                                    const struct rulebook_in *in)
{
	struct rulebook *book = arena_alloc(arena, sizeof(*book));
	size_t tiers, signs, patterns = count_all(in, &tiers, &signs);

	grammar_init(&book->grammar, growing);
	book->patterns = arena_alloc(arena, (patterns + 1) * sizeof(*book->patterns));
	book->patterns_count = 1;
	book->topics_count = in->topics_count;
	book->topics = arena_alloc(arena, (in->topics_count + 1) * sizeof(*book->topics));
	book->tiers = arena_alloc(arena, (tiers + 1) * sizeof(*book->tiers));
	book->signs = arena_alloc(arena, (signs + 1) * sizeof(*book->signs));
	book->guards_count = in->guards_count;
	book->guards = arena_alloc(arena, (in->guards_count + 1) * sizeof(*book->guards));
	book->triggers_count = in->triggers_count;
	book->triggers = arena_alloc(arena, (in->triggers_count + 1) * sizeof(*book->triggers));
	book->priorities_count = in->priorities_count;
	book->priorities =
		arena_alloc(arena, (in->priorities_count + 1) * sizeof(*book->priorities));
	return book;
}

/* What fires a trigger: its own patterns and those of its signs. Owners are triggers, then signs. */
static void add_sieve(struct rulebook *book, struct arena *arena)
{
	struct sieve_pattern *patterns =
		arena_alloc(arena, book->patterns_count * sizeof(*patterns));
	size_t count = 0;

	for (size_t i = 1; i < book->patterns_count; i++) {
		const struct rule_pattern *rule = &book->patterns[i];
		bool sign = rule->role == ROLE_SIGN && rule->owner < book->trigger_signs &&
		            book->signs[rule->owner].points > 0;

		if (rule->role != ROLE_TRIGGER && !sign)
			continue;
		patterns[count++] = (struct sieve_pattern){
			.pattern = &rule->pattern,
			.owner = (uint32_t)(rule->owner + (sign ? book->triggers_count : 0)),
		};
	}
	sieve_make(&book->sieve, &book->grammar, patterns, count,
	           (uint32_t)(book->triggers_count + book->trigger_signs), arena);
}

/* Out of the arena that they grew in. */
static void settle(struct rulebook *book, struct arena *arena)
{
	for (size_t i = 1; i < book->patterns_count; i++) {
		struct pattern *pattern = &book->patterns[i].pattern;
		size_t bytes = pattern->parts_count * sizeof(*pattern->parts);

		pattern->parts = memcpy(arena_alloc_raw(arena, bytes), pattern->parts, bytes);
	}
	grammar_settle(&book->grammar, arena);
}

struct rulebook *rulebook_compile(struct arena *arena, const struct rulebook_in *in,
                                  const struct rulebook_sink *sink)
{
	struct arena growing = {0};
	struct builder builder = {
		.book = book_create(arena, &growing, in), .arena = arena, .in = in, .sink = sink};

	add_sets(&builder);
	add_topics(&builder);
	add_guards(&builder);
	add_triggers(&builder);
	builder.book->trigger_signs = builder.book->signs_count;
	add_priorities(&builder);
	if (builder.mistakes == 0) {
		settle(builder.book, arena);
		spelling_make(&builder.book->grammar.spelling, &builder.book->grammar, arena);
		add_sieve(builder.book, arena);
	}
	arena_fini(&growing);
	return builder.mistakes == 0 ? builder.book : NULL;
}

/* Those that speak for it at their most, those against it not at all. */
static bool may_add_up(const struct rulebook *book, const struct rule_signs *signs,
                       const bool *held)
{
	int points = 0;

	for (size_t i = 0; i < signs->count; i++) {
		const struct rule_sign *sign = &book->signs[signs->first + i];

		if (sign->points > 0 && (sign->usual > PRIORITY_LOW || held[signs->first + i]))
			points += sign->points;
	}
	return signs->count > 0 && points >= signs->least;
}

static bool may_fire(const struct rulebook *book, size_t trigger, const bool *held)
{
	return held[trigger] ||
	       may_add_up(book, &book->triggers[trigger].signs, held + book->triggers_count);
}

/* What is held by those that may fire. */
static bool find_open(const struct rulebook *book, const bool *held, bool *open)
{
	bool any = false;

	for (size_t i = 0; i < book->triggers_count; i++) {
		const struct rule_signs *signs = &book->triggers[i].signs;

		if (!may_fire(book, i, held))
			continue;
		any = open[i] = true;
		for (size_t k = 0; k < signs->count; k++)
			open[book->triggers_count + signs->first + k] = true;
	}
	return any;
}

/* The patterns that are left, by where the words are: `held` again, of those that are open. true:
 * there was not room for all that matches. */
static bool search_some(const struct rulebook *book, const struct chart *words,
                        const struct sieved *sieved, const bool *open, bool *held)
{
	const struct sieve *sieve = &book->sieve;
	bool *wanted = arena_alloc(words->arena, sieve->patterns_count + 1);
	struct chart some = *words;

	for (size_t i = 0; i < sieve->patterns_count; i++)
		wanted[i] = open[sieve->patterns[i].owner] && sieved_pattern(sieved, i);
	chart_fill(&some, sieved_live(sieved, &book->grammar, wanted, words->arena));
	memset(held, 0, book->triggers_count + book->trigger_signs);
	for (size_t i = 0; i < sieve->patterns_count; i++) {
		bool *holds = &held[sieve->patterns[i].owner];
		uint32_t from, to;

		if (wanted[i] && !*holds)
			*holds = chart_matches(&some, sieve->patterns[i].pattern, &from, &to);
	}
	return some.full;
}

bool rulebook_may_fire(const struct rulebook *book, const struct chart *words)
{
	size_t owners = book->triggers_count + book->trigger_signs;
	bool *held = arena_alloc(words->arena, owners + 1);
	bool *open = arena_alloc(words->arena, owners + 1);
	struct sieved sieved;

	sieve_words(&sieved, &book->sieve, words->forms, words->forms_count, words->arena);
	for (uint32_t i = 0; i < owners; i++)
		held[i] = sieved_owner(&sieved, i);
	return find_open(book, held, open) &&
	       (search_some(book, words, &sieved, open, held) || find_open(book, held, open));
}

size_t rulebook_triggers(const struct rulebook *rulebook)
{
	return rulebook != NULL ? rulebook->triggers_count : 0;
}

const char *rulebook_trigger_name(const struct rulebook *rulebook, size_t i)
{
	MUST(i < rulebook_triggers(rulebook));
	return rulebook->triggers[i].name;
}

bool rulebook_trigger_asks(const struct rulebook *rulebook, size_t i)
{
	MUST(i < rulebook_triggers(rulebook));
	return rulebook->triggers[i].asks;
}

const char *rulebook_trigger_about(const struct rulebook *rulebook, size_t i)
{
	MUST(i < rulebook_triggers(rulebook));
	return rulebook->triggers[i].about;
}

static const struct rule_trigger *named(const struct rulebook *rulebook, const char *name)
{
	for (size_t i = 0; i < rulebook->triggers_count; i++)
		if (strcmp(rulebook->triggers[i].name, name) == 0)
			return &rulebook->triggers[i];
	return NULL;
}

bool rulebook_is_of_data(const struct rulebook *rulebook, const char *trigger)
{
	const struct rule_trigger *found = named(rulebook, trigger);

	if (found == NULL || found->data_exposed)
		return found != NULL;
	for (size_t i = 0; i < rulebook->triggers_count && found->topic != 0; i++)
		if (rulebook->triggers[i].data_exposed &&
		    rulebook->triggers[i].topic == found->topic)
			return true;
	return false;
}
