/* SPDX-License-Identifier: MIT */
/* The parameters of lists: one row each, strict like everything else. */
#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/text.h"

#define LIST_DEFAULT 50
#define QUERY_MAX    256 /* bytes of what is searched for */
#define CURSOR_MAX   256
#define LIMIT_WRONG  "The `limit` must be a whole number from 1 to 200."
#define CURSOR_WRONG "The `cursor` must be the `next` of the page before."

static bool whole_number(struct span text, int64_t most, int64_t *out)
{
	*out = 0;
	if (text.len == 0 || text.len > 18)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		*out = *out * 10 + (text.ptr[i] - '0');
	}
	return *out <= most;
}

/* "new,open". */
static bool read_status(struct api_call *call, struct span text, struct ticket_filter *out)
{
	enum ticket_status status;

	(void)call;
	while (text.len > 0) {
		struct span word = {.ptr = text.ptr};

		while (word.len < text.len && text.ptr[word.len] != ',')
			word.len++;
		if (!ticket_status_parse(word, &status))
			return false;
		out->status_mask |= 1U << status;
		text.ptr += word.len;
		text.len -= word.len;
		if (text.len > 0) {
			text.ptr++;
			text.len--;
		}
	}
	return true;
}

static bool read_tier(struct api_call *call, struct span text, struct ticket_filter *out)
{
	int64_t tier;

	(void)call;
	if (!whole_number(text, TIER_MAX, &tier) || tier < TIER_MIN)
		return false;
	out->tier = (int)tier;
	return true;
}

/* A number, "me", or "none". */
static bool read_agent(struct api_call *call, struct span text, struct ticket_filter *out)
{
	int64_t id;

	if (span_is(text, "none")) {
		out->unassigned = true;
		return true;
	}
	if (span_is(text, "me")) {
		out->agent = call->call.who.agent.id;
		return true;
	}
	if (!whole_number(text, INT64_MAX, &id) || id == 0)
		return false;
	out->agent.v = (uint64_t)id;
	return true;
}

static bool read_priority(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	out->has_priority = true;
	return priority_parse(text, &out->priority);
}

static bool read_channel(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	out->has_channel = true;
	return channel_parse(text, &out->channel);
}

static bool read_topic(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	out->topic = text;
	return text.len > 0 && text.len < TOPIC_SIZE;
}

static bool read_tag(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	out->tag = text;
	return text.len > 0 && text.len < TAG_SIZE;
}

static bool read_words(struct api_call *call, struct span text, struct ticket_filter *out)
{
	out->query = text_line(&call->arena, text, QUERY_MAX);
	return text.len < QUERY_MAX;
}

static bool read_due(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	return whole_number(text, INT64_MAX, &out->due_before) && out->due_before > 0;
}

/* The number of a ticket: all that its customer has asked. */
static bool read_customer(struct api_call *call, struct span text, struct ticket_filter *out)
{
	int64_t number;

	(void)call;
	if (!whole_number(text, INT64_MAX, &number) || number == 0)
		return false;
	out->customer.v = (uint64_t)number;
	return true;
}

static bool read_sort(struct api_call *call, struct span text, struct ticket_filter *out)
{
	static const struct {
		const char *name;
		enum ticket_sort sort;
	} sorts[] = {
		{"newest", SORT_NEWEST},
		{"oldest", SORT_OLDEST},
		{"due", SORT_DUE},
		{"priority", SORT_PRIORITY},
	};

	(void)call;
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		if (span_is(text, sorts[i].name)) {
			out->sort = sorts[i].sort;
			return true;
		}
	}
	return false;
}

static bool read_limit(struct api_call *call, struct span text, struct ticket_filter *out)
{
	int64_t limit;

	(void)call;
	if (!whole_number(text, STORE_LIST_MAX, &limit) || limit < 1)
		return false;
	out->limit = (unsigned)limit;
	return true;
}

static bool read_cursor(struct api_call *call, struct span text, struct ticket_filter *out)
{
	(void)call;
	out->cursor = text;
	return text.len > 0 && text.len <= CURSOR_MAX;
}

static const struct {
	const char *name;
	bool (*read)(struct api_call *call, struct span text, struct ticket_filter *out);
	const char *wrong;
} rows[] = {
	/* Those of every list. */
	{"q", read_words, "The `q` must be below 256 bytes."},
	{"limit", read_limit, LIMIT_WRONG},
	{"cursor", read_cursor, CURSOR_WRONG},
	/* Those of tickets. */
	{"status", read_status,
         "The `status` must be new, open, pending, resolved or closed, or some of them with commas."},
	{"tier", read_tier, "The `tier` must be 1, 2 or 3."},
	{"agent", read_agent, "The `agent` must be the number of an agent, me or none."},
	{"priority", read_priority, "The `priority` must be low, medium, high or critical."},
	{"channel", read_channel, "The `channel` must be chat, portal, email, phone or slack."},
	{"topic", read_topic, "The `topic` must have 1 to 63 bytes."},
	{"tag", read_tag, "The `tag` must have 1 to 47 bytes."},
	{"due_before", read_due, "The `due_before` must be a time in milliseconds since 1970."},
	{"customer", read_customer, "The `customer` must be the number of a ticket."},
	{"sort", read_sort, "The `sort` must be newest, oldest, due or priority."},
};

#define ROWS_OF_ALL 3

static bool read_rows(struct api_call *call, size_t count, struct ticket_filter *out)
{
	*out = (struct ticket_filter){.limit = LIST_DEFAULT};
	for (size_t i = 0; i < count; i++) {
		struct span text;
		enum status st = http_query(&call->request, rows[i].name, &call->arena, &text);

		if (st == ST_NOT_FOUND)
			continue;
		if (st != ST_OK || !rows[i].read(call, text, out))
			return api_call_fail(call, ST_BAD_REQUEST, rows[i].wrong);
	}
	return true;
}

bool api_query_read(struct api_call *call, struct ticket_filter *out)
{
	return read_rows(call, ARRAY_LEN(rows), out);
}

bool api_page_read(struct api_call *call)
{
	struct span text;
	int64_t number;
	enum status st = http_query(&call->request, "limit", &call->arena, &text);

	if (st != ST_NOT_FOUND) {
		if (st != ST_OK || !whole_number(text, STORE_LIST_MAX, &number) || number < 1)
			return api_call_fail(call, ST_BAD_REQUEST, LIMIT_WRONG);
		call->page.limit = (size_t)number;
	}
	st = http_query(&call->request, "cursor", &call->arena, &text);
	if (st != ST_NOT_FOUND) {
		if (st != ST_OK || !whole_number(text, INT64_MAX, &number))
			return api_call_fail(call, ST_BAD_REQUEST, CURSOR_WRONG);
		call->page.from = (size_t)number;
	}
	return true;
}

void api_page_view(struct api_call *call, size_t count,
                   void (*item)(struct api_call *call, size_t i))
{
	size_t from = call->page.from < count ? call->page.from : count;
	size_t most = call->page.limit > 0 ? call->page.limit : count;
	size_t end = count - from > most ? from + most : count;

	buf_text(&call->text, "{\"items\":[");
	for (size_t i = from; i < end; i++) {
		if (i > from)
			buf_char(&call->text, ',');
		item(call, i);
	}
	if (end < count)
		buf_fmt(&call->text, "],\"next\":\"%zu\"}", end);
	else
		buf_text(&call->text, "],\"next\":null}");
}

bool api_query_read_customers(struct api_call *call, struct customer_filter *out)
{
	struct ticket_filter read;

	if (!read_rows(call, ROWS_OF_ALL, &read))
		return false;
	*out = (struct customer_filter){
		.query = read.query, .cursor = read.cursor, .limit = read.limit};
	return true;
}
