/* SPDX-License-Identifier: MIT */
#include "core/words.h"

#include <string.h>

#define PART_MIN 3

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char lower(char c)
{
	if (is_upper(c))
		return (char)(c - 'A' + 'a');
	return c;
}

static unsigned char byte_at(const struct words *words, size_t at)
{
	return at < words->text.len ? (unsigned char)words->text.ptr[at] : 0;
}

/* General punctuation, Latin-1 signs and pictures separate words; other letters do not. */
static bool is_foreign_letter(const struct words *words, size_t at)
{
	unsigned char c = byte_at(words, at), next = byte_at(words, at + 1);

	if (c == 0xC2 || c >= 0xF0)
		return false;
	if (c == 0xE2)
		return next > 0x81;
	return c >= 0xC3;
}

/* How many bytes of a word's character stand here; 0: none. */
static size_t letter_at(const struct words *words, size_t at)
{
	size_t len = 1;
	unsigned char c = byte_at(words, at);

	if (is_lower((char)c) || is_upper((char)c) || is_digit((char)c))
		return at < words->text.len ? 1 : 0;
	if (!is_foreign_letter(words, at))
		return 0;
	while ((byte_at(words, at + len) & 0xC0U) == 0x80)
		len++;
	return len;
}

/* ' or one of the two curly ones: how many bytes. */
static size_t apostrophe_at(const struct words *words, size_t at)
{
	if (byte_at(words, at) == '\'')
		return 1;
	if (byte_at(words, at) == 0xE2 && byte_at(words, at + 1) == 0x80 &&
	    (byte_at(words, at + 2) == 0x99 || byte_at(words, at + 2) == 0x98))
		return 3;
	return 0;
}

struct words words_of(struct span text)
{
	return (struct words){.text = text, .was_break = true};
}

/* The end of a sentence, or an empty line. */
static bool is_break(const struct words *words, size_t at)
{
	unsigned char c = byte_at(words, at), next = byte_at(words, at + 1);

	if (c == '\n')
		return next == '\n' || next == '\r' || next == '-' || next == '*';
	if (c != '.' && c != '!' && c != '?' && c != ';')
		return false;
	return at + 1 >= words->text.len || is_blank((char)next) || next == '"' || next == ')';
}

/* "http://" or "https://" stands here: how long it is. */
static size_t scheme_at(const struct words *words, size_t at)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);

		if (words->text.len - at >= len &&
		    memcmp(words->text.ptr + at, schemes[i], len) == 0)
			return len;
	}
	return 0;
}

/* In front of a link: past its scheme; true, as its edges are breaks. */
static bool link_enter(struct words *words)
{
	bool may = words->link_end == 0 && byte_at(words, words->at) == 'h';
	size_t scheme = may ? scheme_at(words, words->at) : 0;

	if (scheme == 0)
		return false;
	words->at += scheme;
	words->link_end = words->at;
	while (words->link_end < words->text.len && !is_blank(words->text.ptr[words->link_end]))
		words->link_end++;
	return true;
}

/* At its end, or where the words of a link end: past it. */
static bool link_leave(struct words *words)
{
	unsigned char c = byte_at(words, words->at);

	if (words->link_end == 0)
		return false;
	if (words->at < words->link_end && c != '?' && c != '#')
		return false;
	words->at = words->link_end;
	words->link_end = 0;
	return true;
}

/* A letter of Latin-1 without its accent; '\0': it has none, or is no such letter. */
static char plain_letter(const char *bytes, size_t len)
{
	static const char plain[] = "aaaaaa.ceeeeiiii.nooooo..uuuuy..";
	unsigned char c = len == 2 ? (unsigned char)bytes[1] & 0x3FU : 0;

	if (len != 2 || (unsigned char)bytes[0] != 0xC3 || plain[c & 0x1FU] == '.')
		return '\0';
	return plain[c & 0x1FU];
}

static void word_add(struct word *word, const char *bytes, size_t len)
{
	char plain = plain_letter(bytes, len);

	if (plain != '\0') {
		bytes = &plain;
		len = 1;
	}
	if (word->len + len >= WORD_SIZE)
		return;
	for (size_t i = 0; i < len; i++)
		word->fold[word->len++] = lower(bytes[i]);
}

/* An apostrophe inside of a word is dropped. false: the word ends here: `'s` says whose, or "is",
 * and the word is the one before it. */
static bool pass_apostrophe(struct words *words)
{
	size_t mark = apostrophe_at(words, words->at);

	if (mark == 0 || letter_at(words, words->at + mark) == 0)
		return true;
	words->at += mark;
	if (lower((char)byte_at(words, words->at)) != 's' || letter_at(words, words->at + 1) > 0)
		return true;
	words->at++;
	return false;
}

/* A run of ASCII letters and digits, which is all of most words. */
static void read_plain(struct words *words, struct word *word)
{
	const char *start = words->text.ptr + words->at, *here = start;
	const char *end = words->text.ptr + words->text.len;
	size_t len = 0;

	for (; here < end; here++) {
		char c = *here;

		if (is_upper(c)) {
			c = lower(c);
			word->humps = word->humps || (here > start && is_lower(here[-1]));
		} else if (!is_lower(c) && !is_digit(c)) {
			break;
		}
		if (len + 1 < WORD_SIZE)
			word->fold[len++] = c;
	}
	word->len = len;
	words->at = (size_t)(here - words->text.ptr);
}

/* At what is no part of any word, as it mostly is behind letters. */
static bool ends_plainly(const struct words *words)
{
	unsigned char c = byte_at(words, words->at);

	return c < 0x80 && c != '\'';
}

static void read_word(struct words *words, struct word *word)
{
	size_t start = words->at, len;
	bool more;

	*word = (struct word){.number = is_digit(words->text.ptr[start])};
	read_plain(words, word);
	more = !ends_plainly(words) && (words->at == start || pass_apostrophe(words));
	while (more && (len = letter_at(words, words->at)) > 0) {
		const char *here = words->text.ptr + words->at;

		if (words->at > start && is_upper(*here) && is_lower(here[-1]))
			word->humps = true;
		word_add(word, here, len);
		words->at += len;
		more = pass_apostrophe(words);
	}
	word->raw = (struct span){.ptr = words->text.ptr + start, .len = words->at - start};
}

/* `mark` is where the break stands. "?!" asks, too. */
static bool give_break(struct words *words, size_t mark, struct word *out)
{
	if (words->was_break)
		return false;
	words->was_break = true;
	*out = (struct word){.asks = byte_at(words, mark) == '?' ||
	                             (byte_at(words, mark) == '!' && mark > 0 &&
	                              byte_at(words, mark - 1) == '?')};
	return true;
}

/* "3 %" is "3 percent": how much of all is another thing than how many. */
static bool is_percent(const struct words *words)
{
	size_t at = words->at;

	if (byte_at(words, at) != '%' || words->link_end != 0)
		return false;
	while (at > 0 && words->text.ptr[at - 1] == ' ')
		at--;
	return at > 0 && is_digit(words->text.ptr[at - 1]);
}

static void read_percent(struct words *words, struct word *out)
{
	static const char percent[] = "percent";

	*out = (struct word){.raw = {.ptr = words->text.ptr + words->at, .len = 1},
	                     .len = sizeof(percent) - 1};
	memcpy(out->fold, percent, out->len);
	words->at++;
}

static bool give_word(struct words *words, struct word *out)
{
	if (letter_at(words, words->at) > 0)
		read_word(words, out);
	else if (is_percent(words))
		read_percent(words, out);
	else
		return false;
	words->was_break = false;
	return true;
}

bool words_next(struct words *words, struct word *out)
{
	while (words->at < words->text.len) {
		size_t mark = words->text.len; /* of a link's edge: no mark */
		bool edge;

		if (words->text.ptr[words->at] == ' ' && words->link_end == 0) {
			words->at++;
			continue;
		}
		edge = link_leave(words) || link_enter(words);
		if (!edge && give_word(words, out))
			return true;
		if (!edge) {
			edge = is_break(words, words->at);
			mark = words->at++;
		}
		if (edge && give_break(words, mark, out))
			return true;
	}
	return false;
}

bool word_part(const struct word *word, size_t *at, char fold[WORD_SIZE], size_t *len_out)
{
	while (*at < word->raw.len) {
		const char *raw = word->raw.ptr;
		size_t start = *at, len;

		do
			(*at)++;
		while (*at < word->raw.len && !(is_upper(raw[*at]) && is_lower(raw[*at - 1])));
		len = *at - start;
		if (len < PART_MIN || len >= WORD_SIZE)
			continue;
		for (size_t i = 0; i < len; i++)
			fold[i] = lower(raw[start + i]);
		*len_out = len;
		return true;
	}
	return false;
}
