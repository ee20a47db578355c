/* SPDX-License-Identifier: MIT */
/* One walk over the text. Only at the beginning of a word something is tried, and what is tried
 * there looks ahead over that word, the next one, or a bounded number of bytes. The widget has the
 * same in shared/secrets.js; tests/secrets has what both have to say. */
#include "core/secret.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"

#define VALUE_MAX     512 /* of a setting */
#define BLANKS_MAX    8   /* between a name, "=" and the value */
#define USER_MAX      64
#define URL_WORD_MAX  128
#define JWT_PART_MIN  8
#define PEM_KEY_MIN   40
#define PEM_KEY_MAX   16384
#define PEM_TITLE_MAX 48
#define BEARER_MIN    20
#define BASIC_MIN     16
#define PLAIN_MIN     6  /* a password of letters only */
#define TOKEN_MIN     15 /* the shortest there is; hardly any word of a sentence is as long */

enum letters { LETTERS_UPPER, LETTERS_HEX, LETTERS_WORD, LETTERS_DASH, LETTERS_DOT };
enum taste { TASTE_PASSWORD, TASTE_APART, TASTE_KEY, TASTE_TOKEN };

struct token_rule {
	const char *what, *prefix;
	enum letters letters;
	size_t min, max;
};

struct name_rule {
	const char *what, *name;
	enum taste taste;
};

/* 1; does not compile for a token below TOKEN_MIN. */
#define IS_LONG(prefix, min) sizeof(char[sizeof(prefix) - 1 + (min) >= TOKEN_MIN ? 1 : -1])

static const struct token_rule token_rules[] = {
#define SECRET_TOKEN(what, prefix, letters, min, max) \
	{what, prefix, LETTERS_##letters, (min)*IS_LONG(prefix, min), max},
#define SECRET_NAME(what, name, taste)
#define SECRET_PLACEHOLDER(word)
#include "core/secret.def"
#undef SECRET_TOKEN
#undef SECRET_NAME
#undef SECRET_PLACEHOLDER
};

static const struct name_rule name_rules[] = {
#define SECRET_TOKEN(what, prefix, letters, min, max)
#define SECRET_NAME(what, name, taste) {what, name, TASTE_##taste},
#define SECRET_PLACEHOLDER(word)
#include "core/secret.def"
#undef SECRET_TOKEN
#undef SECRET_NAME
#undef SECRET_PLACEHOLDER
};

static const char *const placeholders[] = {
#define SECRET_TOKEN(what, prefix, letters, min, max)
#define SECRET_NAME(what, name, taste)
#define SECRET_PLACEHOLDER(word) word,
#include "core/secret.def"
#undef SECRET_TOKEN
#undef SECRET_NAME
#undef SECRET_PLACEHOLDER
};

/* --- characters --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c | 0x20);
	return c;
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

static bool is_name(char c)
{
	return is_word(c) || c == '-';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static bool is_base64(char c)
{
	return is_letter(c) || is_digit(c) || c == '+' || c == '/' || c == '=';
}

static bool is_of(char c, enum letters letters)
{
	switch (letters) {
	case LETTERS_UPPER:
		return (c >= 'A' && c <= 'Z') || is_digit(c);
	case LETTERS_HEX:
		return (c >= 'a' && c <= 'f') || is_digit(c);
	case LETTERS_WORD:
		return is_word(c);
	case LETTERS_DASH:
		return is_name(c);
	case LETTERS_DOT:
		return is_name(c) || c == '.';
	}
	MUST(0);
}

static bool begins(struct span text, size_t at, const char *with)
{
	size_t len = strlen(with);

	return text.len - at >= len && memcmp(text.ptr + at, with, len) == 0;
}

static bool has(struct span word, bool (*is)(char c))
{
	for (size_t i = 0; i < word.len; i++)
		if (is(word.ptr[i]))
			return true;
	return false;
}

static bool contains(struct span word, const char *what)
{
	return memmem(word.ptr, word.len, what, strlen(what)) != NULL;
}

/* In small letters. */
static bool is_same(struct span word, const char *with)
{
	size_t i = 0;

	while (i < word.len && with[i] != '\0' && lower(word.ptr[i]) == with[i])
		i++;
	return i == word.len && with[i] == '\0';
}

static bool found(struct secret *out, size_t at, size_t end, const char *what)
{
	*out = (struct secret){.at = at, .len = end - at, .what = what};
	return true;
}

/* --- by how they begin --- */

static bool try_token(struct span text, size_t at, const struct token_rule *rule,
                      struct secret *out)
{
	size_t start = at + strlen(rule->prefix), end = start;

	while (end < text.len && is_of(text.ptr[end], rule->letters))
		end++;
	while (end > start && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
		end--;
	if (end - start < rule->min || (rule->max > 0 && end - start > rule->max))
		return false;
	if (rule->max > 0 && end < text.len && is_word(text.ptr[end]))
		return false;
	return found(out, at, end, rule->what);
}

static size_t part_end(struct span text, size_t at)
{
	while (at < text.len && is_name(text.ptr[at]))
		at++;
	return at;
}

/* header.payload.signature: the first two are JSON objects in base64url. */
static bool try_jwt(struct span text, size_t at, struct secret *out)
{
	size_t header = part_end(text, at), payload, end;

	if (header - at < JWT_PART_MIN || !begins(text, header, ".eyJ"))
		return false;
	payload = part_end(text, header + 1);
	if (payload - header < JWT_PART_MIN || !begins(text, payload, "."))
		return false;
	end = part_end(text, payload + 1);
	return end - payload > JWT_PART_MIN && found(out, at, end, "JWT");
}

/* `end` is that of the word. What is shorter, with all that a token can be made of, is none. */
static bool is_short(struct span text, size_t at, size_t end)
{
	while (end < text.len && end - at < TOKEN_MIN &&
	       (is_name(text.ptr[end]) || text.ptr[end] == '.'))
		end++;
	return end - at < TOKEN_MIN;
}

static bool try_tokens(struct span text, size_t at, struct secret *out)
{
	if (begins(text, at, "eyJ") && try_jwt(text, at, out))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(token_rules); i++)
		if (token_rules[i].prefix[0] == text.ptr[at] &&
		    begins(text, at, token_rules[i].prefix) &&
		    try_token(text, at, &token_rules[i], out))
			return true;
	return false;
}

/* --- private keys --- */

/* Behind "-----BEGIN … PRIVATE KEY…-----", 0: it is another title. */
static size_t pem_title(struct span text, size_t at)
{
	size_t start = at + 11;
	struct span title = {.ptr = text.ptr + start, .len = text.len - start};
	const char *end;

	if (title.len > PEM_TITLE_MAX)
		title.len = PEM_TITLE_MAX;
	end = memmem(title.ptr, title.len, "-----", 5);
	if (end == NULL)
		return 0;
	title.len = (size_t)(end - title.ptr);
	return contains(title, "PRIVATE KEY") ? start + title.len + 5 : 0;
}

/* Each byte is looked at once, however many beginnings there are. */
static size_t pem_end(struct secret_search *search, size_t from)
{
	struct span text = search->text;
	const char *end;

	if (search->pem_end < from) {
		end = memmem(text.ptr + from, text.len - from, "-----END ", 9);
		search->pem_end = end != NULL ? (size_t)(end - text.ptr) : text.len;
	}
	return search->pem_end;
}

/* To the line of its end, or, when that was cut off, as far as it looks like a key. */
static bool try_pem(struct secret_search *search, struct secret *out)
{
	struct span text = search->text;
	size_t body = pem_title(text, search->at), end;

	if (body == 0)
		return false;
	end = pem_end(search, body);
	if (end < text.len && end - body >= PEM_KEY_MIN && end - body <= PEM_KEY_MAX) {
		size_t stop = end + 9;

		while (stop < text.len && stop < end + PEM_TITLE_MAX &&
		       !begins(text, stop, "-----") && text.ptr[stop] != '\n')
			stop++;
		while (stop < text.len && text.ptr[stop] == '-')
			stop++;
		return found(out, search->at, stop, "private key");
	}
	for (end = body; end < text.len && end - body <= PEM_KEY_MAX; end++)
		if (!is_base64(text.ptr[end]) && text.ptr[end] != '\n' && text.ptr[end] != '\r' &&
		    text.ptr[end] != '\\')
			break;
	return end - body >= PEM_KEY_MIN && found(out, search->at, end, "private key");
}

/* --- settings --- */

/* Ends the name so, - and _ aside? */
static bool ends_with(struct span name, const struct name_rule *rule)
{
	size_t at = name.len, left = strlen(rule->name);

	while (left > 0) {
		while (at > 0 && (name.ptr[at - 1] == '_' || name.ptr[at - 1] == '-'))
			at--;
		if (at == 0 || lower(name.ptr[at - 1]) != rule->name[left - 1])
			return false;
		at--;
		left--;
	}
	return rule->taste != TASTE_APART || at == 0 || !is_word(name.ptr[at - 1]) ||
	       name.ptr[at - 1] == '_';
}

static const struct name_rule *rule_of(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(name_rules); i++)
		if (ends_with(name, &name_rules[i]))
			return &name_rules[i];
	return NULL;
}

/* A value as it stands in the text. */
struct value {
	struct span word;
	size_t at;
	bool quoted;
	bool adjacent; /* nothing between "=" and it */
	char next;     /* what follows; 0: the end */
};

static size_t skip_blanks(struct span text, size_t at)
{
	size_t end = at;

	while (end < text.len && end - at < BLANKS_MAX && is_blank(text.ptr[end]))
		end++;
	return end;
}

static size_t skip_quote(struct span text, size_t at)
{
	if (at + 1 < text.len && text.ptr[at] == '\\' && is_quote(text.ptr[at + 1]))
		return at + 2;
	return at < text.len && is_quote(text.ptr[at]) ? at + 1 : at;
}

static bool ends_value(char c, bool quoted)
{
	return is_space(c) || is_quote(c) || (quoted ? c == '\\' : strchr(",;&)]}<>|", c) != NULL);
}

/* Where the sign of a setting stands behind a name that ends at `at`: `"name": "value"`,
 * `NAME=value`, `name = value`. false: it is no setting, as most words are none. */
static bool find_sign(struct span text, size_t at, size_t *sign_out)
{
	*sign_out = skip_blanks(text, skip_quote(text, at));
	return *sign_out < text.len && (text.ptr[*sign_out] == '=' || text.ptr[*sign_out] == ':');
}

/* What is behind the sign. */
static bool read_value(struct span text, size_t at, size_t sign, struct value *out)
{
	size_t start = sign + 1, end;

	if (start < text.len && (text.ptr[start] == '=' || text.ptr[start] == '>'))
		start++;
	*out = (struct value){.adjacent = sign == at && text.ptr[sign] == '='};
	end = skip_blanks(text, start);
	out->adjacent = out->adjacent && end == start;
	out->at = skip_quote(text, end);
	out->quoted = out->at > end;
	for (end = out->at; end < text.len && end - out->at <= VALUE_MAX; end++)
		if (text.ptr[end] == '\0' || ends_value(text.ptr[end], out->quoted))
			break;
	out->word = (struct span){.ptr = text.ptr + out->at, .len = end - out->at};
	if (end < text.len)
		out->next = text.ptr[end];
	return out->word.len > 0 && out->word.len <= VALUE_MAX;
}

/* "********", "xxxxxx", "......" */
static bool is_one_letter(struct span word)
{
	for (size_t i = 1; i < word.len; i++)
		if (word.ptr[i] != word.ptr[0])
			return false;
	return true;
}

static bool is_variable(struct span word)
{
	if (word.ptr[0] == '$' || word.ptr[0] == '%')
		return word.len > 1 &&
		       (is_letter(word.ptr[1]) || strchr("{(_$", word.ptr[1]) != NULL);
	return strchr("<{[(/.", word.ptr[0]) != NULL || begins(word, 0, "http");
}

static bool is_placeholder(struct span word)
{
	if (is_variable(word) || is_one_letter(word) || contains(word, "***") ||
	    contains(word, "...") || contains(word, "xxxx") || contains(word, "XXXX"))
		return true;
	if (word.len > 4 && (is_same((struct span){word.ptr, 4}, "your") ||
	                     is_same((struct span){word.ptr, 3}, "my_") ||
	                     is_same((struct span){word.ptr, 3}, "my-")))
		return true;
	return word.len > 6 && is_same((struct span){word.ptr, 7}, "example");
}

/* "required|string|min:8", as in rules for forms: the first word counts. */
static bool is_no_value(struct span word)
{
	const char *bar = memchr(word.ptr, '|', word.len);

	if (bar != NULL && bar != word.ptr)
		word.len = (size_t)(bar - word.ptr);
	for (size_t i = 0; i < ARRAY_LEN(placeholders); i++)
		if (is_same(word, placeholders[i]))
			return true;
	return is_placeholder(word);
}

/* `other_password2`, `req.body.token`, `tokens[0]`, `get(x)`, `a->b`, `a::b`: a program's words. */
static bool is_code(struct span word)
{
	bool plain = true, dotted = false;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (c == '(' || c == '[' || c == '{')
			return true;
		plain = plain && (is_word(c) || (c == '.' && i > 0 && i + 1 < word.len));
		dotted = dotted || c == '.';
	}
	if (contains(word, "->") || contains(word, "::"))
		return true;
	if (!plain || is_digit(word.ptr[0]))
		return false;
	if (dotted)
		return true;
	while (word.len > 0 && is_digit(word.ptr[word.len - 1]))
		word.len--;
	return rule_of(word) != NULL;
}

static bool is_sign(char c)
{
	return c != '\0' && strchr("!@#$%^&*+~?", c) != NULL;
}

static bool is_password(const struct value *value)
{
	struct span word = value->word;
	bool letter = has(word, is_letter), digit = has(word, is_digit);

	if (value->quoted)
		return word.len >= 4;
	if (word.len >= 5 && letter && (digit || has(word, is_sign)))
		return true;
	return value->adjacent && word.len >= PLAIN_MIN && value->next != ',' &&
	       value->next != ')' && (!letter || !digit) && !contains(word, "_");
}

static bool tastes(const struct value *value, enum taste taste)
{
	struct span word = value->word;
	bool mixed = has(word, is_letter) && has(word, is_digit);

	if (is_no_value(word) || (!value->quoted && is_code(word)) ||
	    (value->quoted && !is_quote(value->next) && value->next != '\\'))
		return false;
	switch (taste) {
	case TASTE_PASSWORD:
	case TASTE_APART:
		return is_password(value);
	case TASTE_KEY:
		return word.len >= 8 && mixed;
	case TASTE_TOKEN:
		return word.len >= 12 && mixed;
	}
	MUST(0);
}

/* "Bearer " and "Basic " with what they bring. */
static bool try_scheme(struct span text, struct span name, size_t end, struct secret *out)
{
	bool basic = is_same(name, "basic");
	size_t start = skip_blanks(text, end), stop;

	if (start == end || (!basic && !is_same(name, "bearer")))
		return false;
	for (stop = start; stop < text.len; stop++)
		if (!is_base64(text.ptr[stop]) && (basic || !is_of(text.ptr[stop], LETTERS_DOT)))
			break;
	if (!has((struct span){text.ptr + start, stop - start}, is_digit))
		return false;
	if (basic && stop - start >= BASIC_MIN && (stop - start) % 4 == 0)
		return found(out, start, stop, "password");
	return !basic && stop - start >= BEARER_MIN && found(out, start, stop, "token");
}

static bool try_setting(struct span text, size_t at, size_t end, struct secret *out)
{
	struct span name = {.ptr = text.ptr + at, .len = end - at};
	const struct name_rule *rule;
	struct value value;
	size_t sign;

	if (try_scheme(text, name, end, out))
		return true;
	if (!find_sign(text, end, &sign))
		return false;
	rule = rule_of(name);
	if (rule == NULL || !read_value(text, end, sign, &value) || !tastes(&value, rule->taste))
		return false;
	return found(out, value.at, value.at + value.word.len, rule->what);
}

/* --- scheme://user:password@host --- */

static bool try_url(struct span text, size_t at, struct secret *out)
{
	size_t user = at + 3, colon = user, end;

	while (colon < text.len && colon - user < USER_MAX && !is_space(text.ptr[colon]) &&
	       strchr("/@:", text.ptr[colon]) == NULL)
		colon++;
	if (!begins(text, colon, ":"))
		return false;
	for (end = colon + 1; end < text.len && end - colon < URL_WORD_MAX; end++)
		if (is_space(text.ptr[end]) || is_quote(text.ptr[end]) ||
		    strchr("/@", text.ptr[end]) != NULL)
			break;
	if (end - colon < 4 || !begins(text, end, "@") ||
	    is_no_value((struct span){text.ptr + colon + 1, end - colon - 1}))
		return false;
	return found(out, colon + 1, end, "password");
}

/* --- the walk --- */

static bool try_word(struct secret_search *search, struct secret *out)
{
	struct span text = search->text;
	size_t end = part_end(text, search->at);

	if ((!is_short(text, search->at, end) && try_tokens(text, search->at, out)) ||
	    try_setting(text, search->at, end, out))
		return true;
	search->at = end;
	return false;
}

bool secret_next(struct secret_search *search, struct secret *out)
{
	struct span text = search->text;

	while (search->at < text.len) {
		char c = text.ptr[search->at];
		bool hit = false;

		if (c == '-' && begins(text, search->at, "-----BEGIN ") && try_pem(search, out)) {
			hit = true;
		} else if (is_word(c)) {
			hit = try_word(search, out);
		} else if (c == ':' && begins(text, search->at, "://")) {
			hit = try_url(text, search->at, out);
			search->at += hit ? 0 : 3;
		} else {
			search->at++; /* also a - in front: the word begins behind it */
		}
		if (hit) {
			search->at = out->at + out->len;
			return true;
		}
	}
	return false;
}

struct span secret_remove(struct arena *arena, struct span text, unsigned *count_out)
{
	struct secret_search search = {.text = text};
	struct secret secret;
	struct buf buf = {0};
	struct span result = text;
	size_t copied = 0;

	*count_out = 0;
	while (secret_next(&search, &secret)) {
		buf_add(&buf, text.ptr + copied, secret.at - copied);
		buf_fmt(&buf, "[removed: %s]", secret.what);
		copied = secret.at + secret.len;
		(*count_out)++;
	}
	if (*count_out > 0) {
		buf_add(&buf, text.ptr + copied, text.len - copied);
		result = arena_span(arena, (struct span){.ptr = buf.ptr, .len = buf.len});
	}
	buf_fini(&buf);
	return result;
}
