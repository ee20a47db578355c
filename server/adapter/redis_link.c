/* SPDX-License-Identifier: MIT */
/*   WAITING --delay--> CONNECTING --connected--> GREETING --all answered--> UP
 *      ^                   |                        |                        |
 *      '-------------------'------ link_fail -------'------------------------'   CLOSED
 *
 * One timer waits between attempts and watches over them: while Redis owes an answer, it must
 * say something within timeout_ms. */
#include "adapter/redis_link.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "adapter/redis_error.h"
#include "adapter/redis_wire.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define REDIS_MAJOR_MIN 7
#define FAULT_RETRY_MS  30000U
#define ALERT_EVERY_MS  10000U
#define GREETINGS_MAX   5
#define LOOK_AGAIN_MS   50U

enum link_state { LINK_WAITING, LINK_CONNECTING, LINK_GREETING, LINK_UP, LINK_CLOSED };

STAILQ_HEAD(request_list, redis_request);

struct greeting {
	struct redis_request request;
	struct redis_link *link;
	bool tells_version;
};

struct redis_link {
	struct redis_link_config config;
	uv_loop_t *loop;
	enum link_state state;
	uv_timer_t timer;
	struct redis_wire *wire;
	struct request_list pending;
	struct greeting greetings[GREETINGS_MAX];
	struct redis_request ping; /* done is NULL: none is on its way */
	unsigned greetings_left;
	unsigned attempts; /* since it was up, or hurried */
	bool told;         /* the log knows that it is down */
	bool looked_again; /* before a silence counts */
	uint64_t heard_at; /* loop time: of the last sign of life, or of the first wait */
	uint64_t alerted_at;
	uint64_t random;
};

static void link_connect(struct redis_link *link);
static void link_fail(struct redis_link *link, const char *why, bool fault);

/* xorshift64: spreads nodes, guards nothing. */
static uint64_t jitter(struct redis_link *link, uint64_t below)
{
	link->random ^= link->random << 13;
	link->random ^= link->random >> 7;
	link->random ^= link->random << 17;
	return below > 0 ? link->random % below : 0;
}

static uint64_t retry_delay(struct redis_link *link)
{
	uint64_t delay = link->config.retry_ms;
	unsigned grown = 0;

	if (link->attempts <= link->config.retry_quick)
		return delay;
	grown = link->attempts - link->config.retry_quick;
	while (grown-- > 0 && delay < link->config.retry_max_ms)
		delay *= 2;
	if (delay > link->config.retry_max_ms)
		delay = link->config.retry_max_ms;
	return delay / 2 + jitter(link, delay / 2 + 1);
}

static bool link_owes(const struct redis_link *link)
{
	return link->state == LINK_CONNECTING || !STAILQ_EMPTY(&link->pending);
}

static void on_timer(uv_timer_t *timer);

static void timer_set(struct redis_link *link, uint64_t ms)
{
	MUST(uv_timer_start(&link->timer, on_timer, ms, 0) == 0);
}

static void watch(struct redis_link *link)
{
	link->heard_at = uv_now(link->loop);
	link->looked_again = false;
	timer_set(link, link->config.timeout_ms);
}

static void on_timer(uv_timer_t *timer)
{
	struct redis_link *link = timer->data;
	uint64_t silent = uv_now(link->loop) - link->heard_at;

	if (link->state == LINK_WAITING) {
		link_connect(link);
		return;
	}
	if (!link_owes(link))
		return;
	if (silent < link->config.timeout_ms) {
		timer_set(link, link->config.timeout_ms - silent);
	} else if (!link->looked_again) {
		/* It may be us who slept: the answer lies in the socket. */
		link->looked_again = true;
		timer_set(link, LOOK_AGAIN_MS);
	} else {
		link_fail(link, "no answer in time", false);
	}
}

static void heard(struct redis_link *link)
{
	link->heard_at = uv_now(link->loop);
	link->looked_again = false;
}

/* A `done` may close the link, which ends the rest: the list stays where both see it. */
static void requests_end(struct redis_link *link, enum status status)
{
	struct redis_request *request;

	while ((request = STAILQ_FIRST(&link->pending)) != NULL) {
		STAILQ_REMOVE_HEAD(&link->pending, link);
		request->done(request, status, NULL);
	}
}

static void down_log(struct redis_link *link, const char *why, bool fault)
{
	if (link->told && !fault)
		return;
	link->told = true;
	log_event(fault ? LOG_ERROR : LOG_WARN, "redis.down", "link=%s why=\"%s\"",
	          link->config.name, why);
}

/* The connection is over, whatever it was doing. */
static void link_fail(struct redis_link *link, const char *why, bool fault)
{
	bool was_up = link->state == LINK_UP;

	if (link->state == LINK_CLOSED || link->state == LINK_WAITING)
		return;
	link->state = LINK_WAITING;
	redis_wire_close(&link->wire);
	/* A private server that is not there yet in its first moments is no news. */
	if (was_up || fault || link->attempts > link->config.retry_quick)
		down_log(link, why, fault);
	timer_set(link, fault ? FAULT_RETRY_MS : retry_delay(link));
	if (was_up)
		link->config.down(link->config.ctx);
	requests_end(link, ST_TIMEOUT);
}

static void request_send(struct redis_link *link, const struct redis_words *words,
                         struct redis_request *request)
{
	bool owed = link_owes(link);

	STAILQ_INSERT_TAIL(&link->pending, request, link);
	redis_wire_write(link->wire, words);
	if (!owed)
		watch(link);
}

/* --- greeting --- */

static void link_rise(struct redis_link *link)
{
	link->state = LINK_UP;
	link->attempts = 0;
	link->told = false;
	log_info("redis.up", "link=%s", link->config.name);
	link->config.up(link->config.ctx);
}

/* "redis_version:7.0.15" among the lines of INFO; 0: it is no such list. */
static long version_major(const struct redisReply *reply)
{
	const char *const key = "redis_version:";
	const char *at = reply->type == REDIS_REPLY_STRING ? strstr(reply->str, key) : NULL;

	return at != NULL ? strtol(at + strlen(key), NULL, 10) : 0;
}

static void greeted(struct redis_request *request, enum status status,
                    const struct redisReply *reply)
{
	struct greeting *greeting = container_of(request, struct greeting, request);
	struct redis_link *link = greeting->link;
	long major;

	if (status != ST_OK || link->state != LINK_GREETING)
		return;
	major = greeting->tells_version ? version_major(reply) : REDIS_MAJOR_MIN;
	if (major <= 0)
		link_fail(link, "not a Redis", false);
	else if (major < REDIS_MAJOR_MIN)
		link_fail(link, "older than Redis 7.0", true);
	else if (--link->greetings_left == 0)
		link_rise(link);
}

static void greet(struct redis_link *link, struct redis_words *words)
{
	struct greeting *greeting = &link->greetings[link->greetings_left++];

	MUST(link->greetings_left <= GREETINGS_MAX);
	*greeting = (struct greeting){.request.done = greeted, .link = link};
	greeting->tells_version = span_is((struct span){words->body.ptr, words->body.len},
	                                  "$4\r\nINFO\r\n$6\r\nserver\r\n");
	request_send(link, words, &greeting->request);
	redis_words_reset(words);
}

static void greet_login(struct redis_link *link, struct redis_words *words)
{
	const struct redis_address *address = &link->config.address;

	if (address->password[0] != '\0') {
		redis_words_text(words, "AUTH");
		if (address->user[0] != '\0')
			redis_words_text(words, address->user);
		redis_words_text(words, address->password);
		greet(link, words);
	}
	if (address->db[0] != '\0') {
		redis_words_text(words, "SELECT");
		redis_words_text(words, address->db);
		greet(link, words);
	}
}

/* All at once: the answers come in one round trip. Functions load at every connect, so there
 * is no server without them; loading is also refused until a server has read its data. */
static void on_connected(void *ctx)
{
	struct redis_link *link = ctx;
	struct redis_words words = {0};

	heard(link);
	link->state = LINK_GREETING;
	link->greetings_left = 0;
	greet_login(link, &words);
	redis_words_text(&words, "INFO");
	redis_words_text(&words, "server");
	greet(link, &words);
	if (link->config.library.ptr != NULL) {
		redis_words_text(&words, "FUNCTION");
		redis_words_text(&words, "LOAD");
		redis_words_text(&words, "REPLACE");
		redis_words_span(&words, link->config.library);
		greet(link, &words);
	}
	if (link->config.channel.ptr != NULL) {
		redis_words_text(&words, "SUBSCRIBE");
		redis_words_span(&words, link->config.channel);
		greet(link, &words);
	}
	redis_words_fini(&words);
}

/* --- replies --- */

static bool reply_is_message(const struct redisReply *reply)
{
	return reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 &&
	       reply->element[0]->type == REDIS_REPLY_STRING &&
	       strcmp(reply->element[0]->str, "message") == 0 &&
	       reply->element[2]->type == REDIS_REPLY_STRING;
}

static void error_log(struct redis_link *link, struct redis_error error)
{
	bool grave = error.reaction == REDIS_ALERT || error.reaction == REDIS_FAULT;
	uint64_t now = uv_now(link->loop);

	if (link->alerted_at != 0 && now - link->alerted_at < ALERT_EVERY_MS)
		return;
	link->alerted_at = now;
	log_event(grave ? LOG_ERROR : LOG_WARN, "redis.refused", "link=%s reply=\"%s\"",
	          link->config.name, error.word);
}

static void on_error_reply(struct redis_link *link, struct redis_request *request,
                           const struct redisReply *reply)
{
	struct redis_error error =
		redis_error_of((struct span){.ptr = reply->str, .len = (size_t)reply->len});

	if (link->state == LINK_GREETING) {
		request->done(request, ST_UNAVAILABLE, NULL);
		link_fail(link, error.word, error.reaction == REDIS_FAULT);
		return;
	}
	error_log(link, error);
	/* First the connection, so that whoever is told does not use it again. */
	if (error.reaction == REDIS_AGAIN)
		link_fail(link, error.word, false);
	request->done(request, ST_UNAVAILABLE, NULL);
}

static void on_reply(void *ctx, const struct redisReply *reply)
{
	struct redis_link *link = ctx;
	struct redis_request *request = STAILQ_FIRST(&link->pending);

	heard(link);
	if (link->config.channel.ptr != NULL && reply_is_message(reply)) {
		link->config.message(link->config.ctx,
		                     (struct span){.ptr = reply->element[2]->str,
		                                   .len = (size_t)reply->element[2]->len});
		return;
	}
	if (request == NULL) {
		link_fail(link, "a reply that nobody asked for", false);
		return;
	}
	STAILQ_REMOVE_HEAD(&link->pending, link);
	if (reply->type == REDIS_REPLY_ERROR)
		on_error_reply(link, request, reply);
	else
		request->done(request, ST_OK, reply);
}

static void on_ended(void *ctx, const char *why)
{
	link_fail(ctx, why, false);
}

static void link_connect(struct redis_link *link)
{
	const struct redis_wire_events events = {
		.ctx = link, .connected = on_connected, .reply = on_reply, .ended = on_ended};

	link->state = LINK_CONNECTING;
	link->wire = redis_wire_open(link->loop, &link->config.address, link->attempts++, &events);
	watch(link);
}

/* --- what the owner calls --- */

struct redis_link *redis_link_create(uv_loop_t *loop, const struct redis_link_config *config)
{
	struct redis_link *link = xcalloc(1, sizeof(*link));

	link->config = *config;
	link->loop = loop;
	link->random = uv_hrtime() | 1;
	STAILQ_INIT(&link->pending);
	MUST(uv_timer_init(loop, &link->timer) == 0);
	link->timer.data = link;
	timer_set(link, 0);
	return link;
}

bool redis_link_is_up(const struct redis_link *link)
{
	return link->state == LINK_UP;
}

void redis_link_send(struct redis_link *link, const struct redis_words *words,
                     struct redis_request *request)
{
	MUST(link->state == LINK_UP);
	request_send(link, words, request);
}

static void ping_done(struct redis_request *request, enum status status,
                      const struct redisReply *reply)
{
	(void)status;
	(void)reply;
	request->done = NULL;
}

void redis_link_ping(struct redis_link *link)
{
	struct redis_words words = {0};

	if (link->state != LINK_UP || link->ping.done != NULL)
		return;
	link->ping.done = ping_done;
	redis_words_text(&words, "PING");
	request_send(link, &words, &link->ping);
	redis_words_fini(&words);
}

void redis_link_hurry(struct redis_link *link)
{
	link->attempts = 0;
	if (link->state == LINK_WAITING)
		timer_set(link, link->config.retry_ms);
}

void redis_link_drop(struct redis_link *link, const char *why)
{
	link_fail(link, why, false);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct redis_link *link = handle->data;

	link->config.closed(link->config.ctx);
	free(link);
}

void redis_link_close(struct redis_link *link)
{
	link->state = LINK_CLOSED;
	redis_wire_close(&link->wire);
	uv_close((uv_handle_t *)&link->timer, on_timer_closed);
	requests_end(link, ST_CANCELED);
}
