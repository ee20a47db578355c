/* SPDX-License-Identifier: MIT */
/* Pairs that talk.
 *
 *   agents connect, hello, presence available (capacity 1)
 *     > visitors connect, hello, first message; each offer is accepted
 *       > all paired: WARM > MEASURE > DRAIN (nothing new; what is under way arrives) > report
 *         > CLOSE (visitors end their chats, so that the agents are free for the next run)
 *
 * A message carries the time when it was due, so that latency counts from there: in the
 * closed loop that is when it is sent, in the open loop the schedule says it. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/must.h"
#include "json.h"
#include "said.h"

#define SETUP_MS   120000
#define WARM_MS    1000
#define DRAIN_MS   10000
#define CLOSE_MS   10000
#define POLL_MS    20
#define TICKET_MAX (16U * 1024 * 1024)
#define NS_PER_SEC UINT64_C(1000000000)

enum phase { PHASE_SETUP, PHASE_WARM, PHASE_MEASURE, PHASE_DRAIN, PHASE_CLOSE, PHASE_END };

struct side {
	struct client client;
	struct talk *talk;
	struct side *mate; /* once paired */
	uint64_t ticket;
	uint64_t last_seq;
	bool is_agent;
	bool typing;
	bool ready; /* agent: available; visitor: hello is answered */
};

struct place {
	struct side *visitor;
	struct side *agent;
};

struct counts {
	uint64_t sent, acked, received, doubled, errors, closed;
};

struct talk {
	struct load *load;
	enum phase phase;
	struct side *agents;
	struct side *visitors;
	size_t started, ready, paired, ended;
	size_t alive;
	struct place *places; /* by ticket */
	size_t places_size;
	struct samples acks;
	struct samples deliveries;
	struct counts counts;
	struct counts at_mark;
	uint64_t began_ns;
	uint64_t ended_ns;
	uv_timer_t timer;
	uint64_t phase_ends_ms;
	uv_poll_t clock; /* open loop */
	int clock_fd;
	uint64_t due_ns;
	uint64_t due_step_ns;
	size_t due_side;
	bool failed;
	FILE *log;
	uint64_t wall_ns; /* since 1970, when uv_hrtime() was 0 */
	struct said said;
};

static void say_typing(struct side *side)
{
	char text[128];
	int len = snprintf(text, sizeof(text),
	                   "{\"type\":\"typing\",\"ticket\":%" PRIu64 ",\"on\":%s}", side->ticket,
	                   side->typing ? "false" : "true");

	side->typing = !side->typing;
	side->talk->counts.sent++;
	client_send(&side->client, (struct span){text, (size_t)len});
}

static void say(struct side *side, uint64_t due_ns)
{
	struct talk *talk = side->talk;
	char text[SAID_MAX + 256];
	int len;

	if (talk->load->typing) {
		say_typing(side);
		return;
	}
	len = snprintf(text, sizeof(text),
	               "{\"type\":\"message\",\"id\":\"m%" PRIx64 "-%" PRIx64
	               "\",\"ticket\":%" PRIu64 ",\"text\":\"%016" PRIx64 " %.*s\"}",
	               talk->counts.sent, due_ns, side->ticket, due_ns,
	               (int)talk->load->text_bytes - 17, said_at(&talk->said, talk->counts.sent));

	MUST(len > 0 && (size_t)len < sizeof(text));
	talk->counts.sent++;
	client_send(&side->client, (struct span){text, (size_t)len});
}

static void accept_offer(struct side *side, struct span frame)
{
	char text[128];
	int len;

	side->ticket = json_find_u64(json_find(frame, "ticket"), "number");
	len = snprintf(text, sizeof(text),
	               "{\"type\":\"accept\",\"id\":\"accept\",\"ticket\":%" PRIu64 "}",
	               side->ticket);
	client_send(&side->client, (struct span){text, (size_t)len});
}

/* "a 1767225600000 640": acked (d: delivered), due in ms since 1970, latency in us. */
static void note(struct talk *talk, struct samples *samples, char what, uint64_t due_ns)
{
	uint64_t took = uv_hrtime() - due_ns;

	if (talk->phase != PHASE_MEASURE || due_ns < talk->began_ns)
		return;
	samples_add(samples, took);
	if (talk->log != NULL)
		fprintf(talk->log, "%c %" PRIu64 " %" PRIu64 "\n", what,
		        (due_ns + talk->wall_ns) / 1000000, took / 1000);
}

static void start_next(struct talk *talk);

static void pair_up(struct talk *talk, uint64_t ticket)
{
	struct place *place = &talk->places[ticket];

	if (!place->visitor || !place->agent)
		return;
	place->visitor->mate = place->agent;
	place->agent->mate = place->visitor;
	talk->paired++;
}

static struct place *place_of(struct talk *talk, uint64_t ticket)
{
	MUST(ticket > 0 && ticket < TICKET_MAX);
	if (ticket >= talk->places_size) {
		size_t size = (ticket + 1) * 2;

		talk->places = xrealloc(talk->places, size * sizeof(talk->places[0]));
		memset(talk->places + talk->places_size, 0,
		       (size - talk->places_size) * sizeof(talk->places[0]));
		talk->places_size = size;
	}
	return &talk->places[ticket];
}

static void mark_ready(struct side *side)
{
	if (side->ready)
		return;
	side->ready = true;
	side->talk->ready++;
	start_next(side->talk);
}

static void on_welcome(struct side *side)
{
	if (side->is_agent) {
		client_send(&side->client, SPAN_LIT("{\"type\":\"presence\",\"id\":\"available\","
		                                    "\"state\":\"available\",\"capacity\":1}"));
		return;
	}
	client_send(&side->client, SPAN_LIT("{\"type\":\"message\",\"id\":\"open\","
	                                    "\"text\":\"How do I get started?\"}"));
}

static void on_ack(struct side *side, struct span frame)
{
	struct talk *talk = side->talk;
	struct span id = json_find(frame, "id");
	const char *dash;

	if (span_is(id, "available")) {
		mark_ready(side);
	} else if (span_is(id, "open")) {
		side->ticket = json_find_u64(frame, "ticket");
		place_of(talk, side->ticket)->visitor = side;
		mark_ready(side);
		pair_up(talk, side->ticket);
	} else if (span_is(id, "close")) {
		talk->ended++;
	} else if (span_is(id, "accept")) {
		place_of(talk, side->ticket)->agent = side;
		pair_up(talk, side->ticket);
	} else if ((dash = memchr(id.ptr, '-', id.len)) != NULL) {
		uint64_t due_ns = strtoull(dash + 1, NULL, 16);

		talk->counts.acked++;
		note(talk, &talk->acks, 'a', due_ns);
	}
}

/* true: it is a message from the other side. */
static bool is_theirs(const struct side *side, struct span frame)
{
	struct span from;

	if (side->talk->load->relay)
		return true;
	from = json_find(json_find(frame, "from"), "role");
	return span_is(from, side->is_agent ? "visitor" : "agent") &&
	       span_is(json_find(frame, "kind"), "text");
}

static void on_message(struct side *side, struct span frame)
{
	struct talk *talk = side->talk;
	struct span text = json_find(frame, "text");
	uint64_t seq = json_find_u64(frame, "seq");
	uint64_t due_ns;

	if (talk->phase == PHASE_SETUP || !is_theirs(side, frame) || text.len < 17)
		return;
	if (!talk->load->relay && seq <= side->last_seq)
		talk->counts.doubled++;
	side->last_seq = seq;
	due_ns = strtoull(text.ptr, NULL, 16);
	talk->counts.received++;
	note(talk, &talk->deliveries, 'd', due_ns);
	if (talk->load->rate == 0 && talk->phase < PHASE_DRAIN)
		say(side, uv_hrtime());
}

static void on_typing(struct side *side)
{
	struct talk *talk = side->talk;

	if (talk->phase == PHASE_SETUP || !talk->load->typing)
		return;
	talk->counts.received++;
	if (talk->load->rate == 0 && talk->phase < PHASE_DRAIN)
		say_typing(side);
}

static void on_error(struct side *side, struct span frame)
{
	if (side->talk->counts.errors++ < 5)
		fprintf(stderr, "error: %.*s\n", (int)frame.len, frame.ptr);
}

static void on_text(struct client *client, struct span frame)
{
	struct side *side = container_of(client, struct side, client);
	struct span type = json_find(frame, "type");

	if (span_is(type, "message")) {
		on_message(side, frame);
	} else if (span_is(type, "typing")) {
		on_typing(side);
	} else if (span_is(type, "ack")) {
		on_ack(side, frame);
	} else if (span_is(type, "welcome")) {
		on_welcome(side);
	} else if (span_is(type, "error")) {
		on_error(side, frame);
	} else if (span_is(type, "offer") && side->is_agent) {
		accept_offer(side, frame);
	} else {
		answer_ping(client, type);
	}
}

static void on_opened(struct client *client)
{
	struct side *side = container_of(client, struct side, client);

	if (side->talk->load->relay)
		mark_ready(side);
	else
		client_send(client, SPAN_LIT("{\"type\":\"hello\",\"after\":{}}"));
}

static void on_opened_visitor(struct client *client)
{
	struct side *side = container_of(client, struct side, client);

	if (side->talk->load->relay)
		mark_ready(side);
	else
		client_send(client, SPAN_LIT("{\"type\":\"hello\",\"after\":0,\"page\":{\"url\":"
		                             "\"https://docs.example.gov/start\",\"title\":"
		                             "\"Start\"},\"locale\":\"en\"}"));
}

static void on_gone(struct client *client)
{
	struct side *side = container_of(client, struct side, client);
	struct talk *talk = side->talk;

	talk->alive--;
	if (talk->phase == PHASE_END)
		return;
	talk->counts.closed++;
	if (talk->counts.closed <= 5)
		fprintf(stderr, "closed: %s with %u\n", side->is_agent ? "agent" : "visitor",
		        client->close_code);
	talk->failed = true;
}

static const struct client_events agent_events = {on_opened, on_text, on_gone};
static const struct client_events visitor_events = {on_opened_visitor, on_text, on_gone};

/* Starts the next side that is not there yet: all agents first, then the visitors. Visitors
 * begin when every agent is available, so that nobody has to wait. */
static void start_next(struct talk *talk)
{
	size_t pairs = talk->load->pairs;
	size_t limit = talk->ready < pairs ? pairs : 2 * pairs;

	while (talk->started < limit && talk->started - talk->ready < talk->load->in_flight) {
		size_t at = talk->started++;
		struct side *side = at < pairs ? &talk->agents[at] : &talk->visitors[at - pairs];
		char path[64];

		side->talk = talk;
		side->is_agent = at < pairs;
		talk->alive++;
		if (talk->load->relay)
			snprintf(path, sizeof(path), "/%c/%zu", at < pairs ? 'a' : 'v', at % pairs);
		else
			snprintf(path, sizeof(path), "/ws/%s", at < pairs ? "agent" : "visitor");
		client_start(&side->client,
		             at < pairs ? &talk->load->target : &talk->load->visitor_target,
		             at < pairs ? &agent_events : &visitor_events, path,
		             at < pairs && !talk->load->relay ? talk->load->tokens[at] : NULL);
	}
}

static void arm_clock(struct talk *talk)
{
	struct itimerspec spec = {.it_value = {.tv_sec = (time_t)(talk->due_ns / NS_PER_SEC),
	                                       .tv_nsec = (long)(talk->due_ns % NS_PER_SEC)}};

	timerfd_settime(talk->clock_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void on_clock(uv_poll_t *poll, int status, int events)
{
	struct talk *talk = poll->data;
	uint64_t ticks;
	size_t pairs = talk->load->pairs;

	(void)status;
	(void)events;
	if (read(talk->clock_fd, &ticks, sizeof(ticks)) < 0 || talk->phase >= PHASE_DRAIN)
		return;
	while (talk->due_ns <= uv_hrtime()) {
		size_t at = talk->due_side++ % (2 * pairs);

		say(at < pairs ? &talk->visitors[at] : &talk->agents[at - pairs], talk->due_ns);
		talk->due_ns += talk->due_step_ns;
	}
	arm_clock(talk);
}

static void begin_talk(struct talk *talk)
{
	size_t pairs = talk->load->pairs;

	if (talk->load->rate > 0) {
		talk->clock_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		talk->due_step_ns = NS_PER_SEC / talk->load->rate;
		talk->due_ns = uv_hrtime() + talk->due_step_ns;
		uv_poll_init(&talk->load->loop, &talk->clock, talk->clock_fd);
		talk->clock.data = talk;
		uv_poll_start(&talk->clock, UV_READABLE, on_clock);
		arm_clock(talk);
		return;
	}
	for (size_t i = 0; i < pairs * talk->load->window; i++)
		say(&talk->visitors[i % pairs], uv_hrtime());
}

static void report(struct talk *talk)
{
	const struct counts *now = &talk->counts;
	double seconds = (double)(talk->ended_ns - talk->began_ns) / 1e9;
	uint64_t delivered = now->received - talk->at_mark.received;

	printf("{\"scenario\":\"talk\",\"pairs\":%zu,\"window\":%zu,\"rate\":%u,"
	       "\"seconds\":%.3f,\"delivered\":%" PRIu64 ",\"per_second\":%.0f,\"ack\":",
	       talk->load->pairs, talk->load->window, talk->load->rate, seconds, delivered,
	       (double)delivered / seconds);
	samples_print(&talk->acks);
	printf(",\"deliver\":");
	samples_print(&talk->deliveries);
}

static void report_end(struct talk *talk)
{
	const struct counts *now = &talk->counts;

	printf(",\"sent\":%" PRIu64 ",\"acked\":%" PRIu64 ",\"received\":%" PRIu64
	       ",\"lost\":%" PRId64 ",\"doubled\":%" PRIu64 ",\"errors\":%" PRIu64
	       ",\"closed\":%" PRIu64 "}\n",
	       now->sent, now->acked, now->received, (int64_t)(now->sent - now->received),
	       now->doubled, now->errors, now->closed);
}

static void end_talk(struct talk *talk)
{
	size_t pairs = talk->load->pairs;

	talk->phase = PHASE_END;
	uv_close((uv_handle_t *)&talk->timer, NULL);
	if (talk->clock_fd >= 0)
		uv_close((uv_handle_t *)&talk->clock, NULL);
	for (size_t i = 0; i < talk->started; i++) {
		struct side *side = i < pairs ? &talk->agents[i] : &talk->visitors[i - pairs];

		client_close(&side->client);
	}
}

static bool all_arrived(const struct talk *talk)
{
	const struct counts *now = &talk->counts;

	return now->received >= now->sent &&
	       (talk->load->relay || talk->load->typing || now->acked >= now->sent);
}

static void next_phase(struct talk *talk, enum phase phase, uint64_t ms)
{
	talk->phase = phase;
	talk->phase_ends_ms = uv_now(&talk->load->loop) + ms;
}

static bool setup_is_done(const struct talk *talk)
{
	if (talk->load->relay)
		return talk->ready == 2 * talk->load->pairs;
	return talk->paired == talk->load->pairs;
}

static void pair_relay(struct talk *talk)
{
	for (size_t i = 0; talk->load->relay && i < talk->load->pairs; i++) {
		talk->visitors[i].mate = &talk->agents[i];
		talk->agents[i].mate = &talk->visitors[i];
	}
}

static void leave_setup(struct talk *talk, bool late)
{
	if (setup_is_done(talk)) {
		pair_relay(talk);
		next_phase(talk, PHASE_WARM, WARM_MS);
		begin_talk(talk);
	} else if (late || talk->failed) {
		fprintf(stderr, "setup failed: %zu ready, %zu paired of %zu\n", talk->ready,
		        talk->paired, talk->load->pairs);
		talk->failed = true;
		end_talk(talk);
	}
}

static void begin_measure(struct talk *talk)
{
	next_phase(talk, PHASE_MEASURE, talk->load->seconds * 1000ULL);
	samples_reset(&talk->acks);
	samples_reset(&talk->deliveries);
	talk->at_mark = talk->counts;
	talk->began_ns = uv_hrtime();
	watch_mark(&talk->load->watch);
}

static void end_measure(struct talk *talk)
{
	talk->ended_ns = uv_hrtime();
	next_phase(talk, PHASE_DRAIN, DRAIN_MS);
	report(talk);
	printf(",\"cpu\":");
	watch_print_cpu(&talk->load->watch);
}

static void end_chats(struct talk *talk)
{
	next_phase(talk, PHASE_CLOSE, CLOSE_MS);
	for (size_t i = 0; !talk->load->relay && i < talk->load->pairs; i++)
		client_send(&talk->visitors[i].client,
		            SPAN_LIT("{\"type\":\"close\",\"id\":\"close\"}"));
}

static void on_timer(uv_timer_t *timer)
{
	struct talk *talk = timer->data;
	bool late = uv_now(&talk->load->loop) >= talk->phase_ends_ms;

	switch (talk->phase) {
	case PHASE_SETUP:
		leave_setup(talk, late);
		break;
	case PHASE_WARM:
		if (late)
			begin_measure(talk);
		break;
	case PHASE_MEASURE:
		if (late)
			end_measure(talk);
		break;
	case PHASE_DRAIN:
		if (late || all_arrived(talk)) {
			report_end(talk);
			talk->failed = talk->failed || !all_arrived(talk);
			end_chats(talk);
		}
		break;
	case PHASE_CLOSE:
		if (late || talk->load->relay || talk->ended == talk->load->pairs)
			end_talk(talk);
		break;
	case PHASE_END:
		break;
	}
}

static void open_log(struct talk *talk)
{
	struct timespec now;

	if (talk->load->log == NULL)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	talk->wall_ns = (uint64_t)now.tv_sec * NS_PER_SEC + (uint64_t)now.tv_nsec - uv_hrtime();
	talk->log = fopen(talk->load->log, "w");
	MUST(talk->log != NULL);
}

int talk_run(struct load *load)
{
	struct talk *talk = xcalloc(1, sizeof(*talk));
	bool failed;

	if (!load->relay && load->tokens_count < load->pairs) {
		fprintf(stderr, "%zu tokens for %zu pairs\n", load->tokens_count, load->pairs);
		free(talk);
		return 2;
	}
	if (load->text_bytes < 17 || load->text_bytes > SAID_MAX)
		load->text_bytes = 120;
	talk->load = load;
	talk->clock_fd = -1;
	open_log(talk);
	said_init(&talk->said);
	talk->agents = xcalloc(load->pairs, sizeof(talk->agents[0]));
	talk->visitors = xcalloc(load->pairs, sizeof(talk->visitors[0]));
	uv_timer_init(&load->loop, &talk->timer);
	talk->timer.data = talk;
	uv_timer_start(&talk->timer, on_timer, POLL_MS, POLL_MS);
	uv_update_time(&load->loop);
	next_phase(talk, PHASE_SETUP, SETUP_MS);
	start_next(talk);
	uv_run(&load->loop, UV_RUN_DEFAULT);
	failed = talk->failed || talk->counts.doubled > 0 || talk->counts.errors > 0;
	samples_fini(&talk->acks);
	samples_fini(&talk->deliveries);
	if (talk->clock_fd >= 0)
		close(talk->clock_fd);
	if (talk->log != NULL)
		fclose(talk->log);
	free(talk->agents);
	free(talk->visitors);
	free(talk->places);
	free(talk);
	return failed ? 1 : 0;
}
