/* SPDX-License-Identifier: MIT */
/* Text files over HTTP:
 *
 *   OPTIONS  a page of the documentation asks whether it may
 *   POST     a visitor sends one       Authorization: Visitor <token>
 *            an agent sends one        its own credential, X-Ticket: <number>
 *   GET      …/ticket/seq, for that visitor, and for agents with their own credential
 *
 * What is served is never a page: text, as an attachment, in a sandbox. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapter/answer.h"
#include "adapter/front.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/origin.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "proto/view.h"
#include "proto/wire.h"

#define NAME_DEFAULT "file.txt"

struct file_ask {
	struct desk_call call;
	struct front *front;
	struct conn_id conn;
	struct arena arena;
	struct span reader; /* the page that may read the answer */
	struct span path;   /* behind VIEW_FILES_PATH */
	struct file_sent {
		struct span id, name, body;
		uint64_t ticket; /* an agent's; 0: none was named */
		bool keep_secrets;
	} sent;
};

static void ask_free(struct file_ask *ask)
{
	arena_fini(&ask->arena);
	arena_fini(&ask->call.arena);
	free(ask);
}

static void fail(struct file_ask *ask, enum status st, const char *message)
{
	answer_problem(ask->front->net, ask->conn,
	               &(struct problem){.status = st,
	                                 .message = message,
	                                 .retry_after_ms = ask->call.retry_after_ms,
	                                 .origin = ask->reader});
	ask_free(ask);
}

static void desk_ask(struct file_ask *ask, enum desk_call_kind kind, void (*done)(struct op *op))
{
	struct front *front = ask->front;

	ask->call.kind = kind;
	ask->call.op.done = done;
	front->desk->ops->call(front->desk, &ask->call, net_now(front->net));
}

/* --- who asks, and from where --- */

/* Absent: it is not a visitor's. */
static struct span visitor_token(const struct http_request *request)
{
	static const char scheme[] = "visitor ";
	const size_t len = sizeof(scheme) - 1;
	struct span header = http_header(request, "authorization");

	if (header.len <= len || strncasecmp(header.ptr, scheme, len) != 0)
		return (struct span){0};
	return (struct span){.ptr = header.ptr + len, .len = header.len - len};
}

/* The page's origin. A browser does not send it when a page of ours reads from us: then it is
 * that of the request itself. The token is good for one origin only, so a guess gains nothing. */
static void find_origin(const struct http_request *request, bool https, char out[ORIGIN_SIZE])
{
	struct span origin = http_header(request, "origin");
	struct span host = http_header(request, "host");
	char text[ORIGIN_SIZE];
	int len;

	out[0] = '\0';
	if (origin.len > 0) {
		(void)span_copy(out, ORIGIN_SIZE, origin);
		return;
	}
	len = snprintf(text, sizeof(text), "%s://%.*s", https ? "https" : "http", (int)host.len,
	               host.ptr);
	if (len > 0 && (size_t)len < sizeof(text) && !origin_parse(span_of(text), out))
		out[0] = '\0';
}

static struct file_ask *ask_begin(struct front *front, struct conn_id conn,
                                  const struct http_request *request)
{
	struct file_ask *ask = xcalloc(1, sizeof(*ask));
	struct conn_peer peer = {0};

	ask->front = front;
	ask->conn = conn;
	if (conn_peer(front->net, conn, &peer) == ST_OK)
		(void)span_copy(ask->call.address, sizeof(ask->call.address),
		                span_of(peer.address));
	find_origin(request, peer.https, ask->call.origin);
	if (gate_is_welcome(front->gate, request, peer.https))
		ask->reader = arena_span(&ask->arena, http_header(request, "origin"));
	ask->call.token = arena_span(&ask->arena, visitor_token(request));
	return ask;
}

/* --- an agent --- */

static void put_sent(struct file_ask *ask);
static void get_there(struct file_ask *ask);

static void auth_done(struct op *op)
{
	struct file_ask *ask = container_of(op, struct file_ask, call.op);
	struct identity who = ask->call.u.auth.identity;

	if (op->status != ST_OK) {
		fail(ask, op->status, ask->call.message);
		return;
	}
	arena_fini(&ask->call.arena);
	memset(&ask->call.u, 0, sizeof(ask->call.u));
	ask->call.who = who;
	ask->call.token = (struct span){0};
	if (ask->sent.id.len > 0)
		put_sent(ask);
	else
		get_there(ask);
}

/* A page elsewhere can make a browser send the cookie: only our own pages may write with it. */
static void auth_agent(struct file_ask *ask, const struct http_request *request)
{
	struct credential credential = api_credential(ask->front->gate, request);
	struct conn_peer peer = {0};

	if (credential.secret.len == 0) {
		fail(ask, ST_UNAUTHORIZED, NULL);
	} else if (conn_peer(ask->front->net, ask->conn, &peer) != ST_OK) {
		fail(ask, ST_CANCELED, NULL);
	} else if (request->method == METHOD_POST && credential.kind == SESSION_LOGIN &&
	           !gate_is_own(ask->front->gate, request, peer.https)) {
		fail(ask, ST_FORBIDDEN, "This call must come from our own pages.");
	} else {
		ask->call.u.auth.secret = arena_span(&ask->arena, credential.secret);
		ask->call.u.auth.kind = credential.kind;
		desk_ask(ask, CALL_AUTH, auth_done);
	}
}

/* --- POST --- */

static int hex_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = memchr(digits, c | 0x20, sizeof(digits) - 1);

	return at != NULL ? (int)(at - digits) : -1;
}

/* The byte at *at, which moves on: "%41", or itself. */
static char unescape(struct span text, size_t *at)
{
	int high, low;

	if (text.ptr[*at] == '%' && *at + 2 < text.len) {
		high = hex_of(text.ptr[*at + 1]);
		low = hex_of(text.ptr[*at + 2]);
		if (high >= 0 && low >= 0) {
			*at += 3;
			return (char)(unsigned char)((unsigned)high * 16U + (unsigned)low);
		}
	}
	return text.ptr[(*at)++];
}

/* X-File-Name is percent-encoded UTF-8: a header has no other letters than those of ASCII. */
static struct span name_of(struct arena *arena, struct span header)
{
	char *text = arena_alloc(arena, header.len + 1);
	struct span name = {.ptr = text, .len = 0};

	for (size_t at = 0; at < header.len;) {
		char c = unescape(header, &at);

		if (c == '/' || c == '\\')
			c = '_';
		text[name.len++] = c;
	}
	if (!utf8_is_valid(name))
		return SPAN_LIT(NAME_DEFAULT);
	name = text_line(arena, name, NAME_SIZE);
	return name.len > 0 ? name : SPAN_LIT(NAME_DEFAULT);
}

static void put_done(struct op *op)
{
	struct file_ask *ask = container_of(op, struct file_ask, call.op);
	struct answer answer = {.status = 201};
	struct buf text = {0};

	if (op->status != ST_OK) {
		fail(ask, op->status, ask->call.message);
		return;
	}
	buf_fmt(&text, "{\"ticket\":%" PRIu64 ",\"seq\":%" PRIu64 ",\"at\":%" PRId64 "%s}",
	        ask->call.u.command.ticket.number.v, ask->call.u.command.seq,
	        ask->call.u.command.at, ask->call.u.command.duplicate ? ",\"duplicate\":true" : "");
	answer.body = (struct span){.ptr = text.ptr, .len = text.len};
	answer_open_to(&answer, ask->reader);
	answer_send(ask->front->net, ask->conn, &answer);
	buf_fini(&text);
	ask_free(ask);
}

static void put_sent(struct file_ask *ask)
{
	struct command *command = &ask->call.u.command.command;

	command->id = ask->sent.id;
	command->title = ask->sent.name;
	command->file = ask->sent.body;
	ask->call.u.command.number.v = ask->sent.ticket;
	ask->call.u.command.keep_secrets = ask->sent.keep_secrets;
	desk_ask(ask, CALL_FILE_PUT, put_done);
}

static uint64_t ticket_of(struct span text)
{
	uint64_t number = 0;

	for (size_t i = 0; i < text.len && i < 15; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return text.len <= 15 ? number : 0;
}

static void put(struct file_ask *ask, const struct http_request *request)
{
	struct span ticket = http_header(request, "x-ticket");

	ask->sent = (struct file_sent){
		.id = arena_span(&ask->arena, http_header(request, "idempotency-key")),
		.ticket = ticket_of(ticket),
		.keep_secrets = span_is(http_header(request, "x-keep-secrets"), "yes")};
	if (ask->reader.len == 0 && ticket.len == 0) {
		fail(ask, ST_FORBIDDEN, "Pages of this origin may not send files here.");
	} else if (ask->call.token.len == 0 && ticket.len == 0) {
		fail(ask, ST_UNAUTHORIZED, NULL);
	} else if (!client_id_is_valid(ask->sent.id)) {
		fail(ask, ST_BAD_REQUEST,
		     "Idempotency-Key must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -.");
	} else if (!utf8_is_valid(request->body)) {
		fail(ask, ST_BAD_REQUEST, "Only text files can be sent (UTF-8).");
	} else {
		ask->sent.name = name_of(&ask->arena, http_header(request, "x-file-name"));
		ask->sent.body = arena_span(&ask->arena, request->body);
		if (ticket.len == 0)
			put_sent(ask);
		else
			auth_agent(ask, request);
	}
}

/* --- GET --- */

/* In a header: letters that no browser reads in another way. */
static const char *disposition(struct arena *arena, struct span name)
{
	struct buf buf = {0};
	const char *text;

	buf_text(&buf, "attachment; filename=\"");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';

		buf_add(&buf, plain ? &c : "_", 1);
	}
	buf_char(&buf, '"');
	text = arena_strdup(arena, buf_cstr(&buf));
	buf_fini(&buf);
	return text;
}

static void get_done(struct op *op)
{
	static const struct http_header sandbox =
		HTTP_HEADER("Content-Security-Policy", "sandbox; default-src 'none'");
	struct file_ask *ask = container_of(op, struct file_ask, call.op);
	struct answer answer = {.status = 200, .type = "text/plain; charset=utf-8"};

	if (op->status != ST_OK) {
		fail(ask, op->status, ask->call.message);
		return;
	}
	answer.body = ask->call.u.file.body;
	answer.headers[answer.headers_count++] = sandbox;
	answer.headers[answer.headers_count++] =
		(struct http_header){SPAN_LIT("Content-Disposition"),
	                             span_of(disposition(&ask->arena, ask->call.u.file.name))};
	answer_open_to(&answer, ask->reader);
	answer_send(ask->front->net, ask->conn, &answer);
	ask_free(ask);
}

/* "/12/3" into the call. false: it names nothing. */
static bool read_place(struct span path, struct desk_call *call)
{
	uint64_t numbers[2] = {0, 0};
	size_t at = 0;

	for (unsigned i = 0; i < 2; i++) {
		size_t start = at + 1;

		if (at >= path.len || path.ptr[at] != '/')
			return false;
		for (at = start; at < path.len && path.ptr[at] >= '0' && path.ptr[at] <= '9'; at++)
			numbers[i] = numbers[i] * 10 + (uint64_t)(path.ptr[at] - '0');
		if (at == start || at - start > 15 || path.ptr[start] == '0')
			return false;
	}
	call->u.file.number.v = numbers[0];
	call->u.file.seq = numbers[1];
	return at == path.len;
}

static void get_there(struct file_ask *ask)
{
	if (read_place(ask->path, &ask->call))
		desk_ask(ask, CALL_FILE_GET, get_done);
	else
		fail(ask, ST_NOT_FOUND, NULL);
}

static void get(struct file_ask *ask, const struct http_request *request, struct span path)
{
	ask->path = arena_span(&ask->arena, path);
	if (ask->call.token.len > 0)
		get_there(ask);
	else
		auth_agent(ask, request);
}

/* --- OPTIONS --- */

static void preflight(struct file_ask *ask)
{
	struct answer answer = {.status = 204};

	if (ask->reader.len == 0) {
		fail(ask, ST_FORBIDDEN, NULL);
		return;
	}
	answer_open_to(&answer, ask->reader);
	answer.headers[answer.headers_count++] =
		(struct http_header)HTTP_HEADER("Access-Control-Allow-Methods", "GET, POST");
	answer.headers[answer.headers_count++] = (struct http_header)HTTP_HEADER(
		"Access-Control-Allow-Headers",
		"authorization, content-type, idempotency-key, x-file-name, x-keep-secrets");
	answer.headers[answer.headers_count++] =
		(struct http_header)HTTP_HEADER("Access-Control-Max-Age", "600");
	answer_send(ask->front->net, ask->conn, &answer);
	ask_free(ask);
}

bool file_site_respond(struct front *front, struct conn_id conn, const struct http_request *request)
{
	static const struct problem wrong = {.status = ST_BAD_REQUEST,
	                                     .http = 405,
	                                     .message = "This path does not take this method.",
	                                     .allow = "GET, HEAD, POST, OPTIONS"};
	struct span path = http_path_after(request, VIEW_FILES_PATH);

	if (path.ptr == NULL || (path.len > 0 && path.ptr[0] != '/'))
		return false;
	if (request->method == METHOD_OPTIONS)
		preflight(ask_begin(front, conn, request));
	else if (request->method == METHOD_POST && path.len == 0)
		put(ask_begin(front, conn, request), request);
	else if ((request->method == METHOD_GET || request->method == METHOD_HEAD) && path.len > 0)
		get(ask_begin(front, conn, request), request, path);
	else
		answer_problem(front->net, conn, &wrong);
	return true;
}
