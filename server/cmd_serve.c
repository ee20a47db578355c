/* SPDX-License-Identifier: MIT */
/* tierbell serve: starts a node, says when it is ready, stops it on SIGTERM.
 *
 *   open --> first administrator --> ready ... SIGTERM --> farewell --> drained --> closed */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/wall.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "command.h"
#include "first_agent.h"
#include "folder.h"
#include "node.h"

#define TICK_MS     250
#define START_MS    5     /* looks at being ready */
#define FAREWELL_MS 50    /* a step of gateway_farewell() */
#define DRAIN_MS    10000 /* connections that have not ended by then are cut */
#define GIVE_UP_S   15    /* a stop that takes longer is ended by the system */

struct server {
	struct node node;
	const struct invocation *invocation;
	uv_timer_t tick, start, farewell;
	uv_signal_t terminate, interrupt, hangup;
	struct first_agent first;
	bool first_asked, first_done;
	bool stopping, drained;
};

static void usage(FILE *out)
{
	(void)fputs("usage: tierbell serve [options]\n\n", out);
	config_print_options(out, COMMAND_SERVE);
	(void)fputs("\nSIGTERM and SIGINT stop in order, SIGHUP reads policy and origins again.\n",
	            out);
}

/* A batch of messages takes and gives back half a megabyte: at the defaults of glibc that is
 * a system call and a hundred page faults each time. No thread has begun. */
static void keep_heap(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe) */
	(void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
	(void)mallopt(M_TOP_PAD, 512 << 10);
	/* NOLINTEND(concurrency-mt-unsafe) */
}

/* Policies are read and compiled in some megabytes, which glibc keeps. */
static void trim_heap(void)
{
	(void)malloc_trim(0);
}

/* --- ready --- */

static const char *url_of(const struct server *server, char *text, size_t size)
{
	const char *address = listener_address(server->node.listeners[0]);
	unsigned port = listener_port(server->node.listeners[0]);

	if (server->node.config.public_url.text != NULL)
		return server->node.config.public_url.text;
	if (strncmp(address, "0.0.0.0:", 8) == 0 || strncmp(address, "[::]:", 5) == 0)
		(void)snprintf(text, size, "http://localhost:%u", port);
	else
		(void)snprintf(text, size, "http://%s", address);
	return text;
}

static void announce(struct server *server)
{
	char text[256];
	const char *url = url_of(server, text, sizeof(text));

	if (server->first.password[0] != '\0') {
		(void)printf("The first administrator, shown only now:\n"
		             "  e-mail    %s\n  password  %s\n",
		             FIRST_AGENT_EMAIL, server->first.password);
		explicit_bzero(server->first.password, sizeof(server->first.password));
	}
	(void)printf("ready  documentation %s/  console %s/console/\n", url, url);
	(void)fflush(stdout);
	log_info("server.ready", "address=%s", listener_address(server->node.listeners[0]));
}

static void on_first(struct first_agent *first, enum status st)
{
	struct server *server = container_of(first, struct server, first);

	server->first_done = true;
	if (st != ST_OK && st != ST_CANCELED)
		log_error("first_agent.failed", "status=%s", status_name(st));
	if (st != ST_OK)
		first->password[0] = '\0';
}

static void on_start(uv_timer_t *timer)
{
	struct server *server = timer->data;
	struct node *node = &server->node;

	desk_tick(node->desk, net_now(node->net), net_mono(node->net));
	if (desk_is_ready(node->desk) && !server->first_asked) {
		server->first_asked = true;
		server->first.desk = node->desk;
		server->first.vault = node->vault;
		server->first.done = on_first;
		first_agent_start(&server->first, net_now(node->net));
	}
	if (!server->first_done)
		return;
	node->health.closed = false;
	if (!health_is_ready(&node->health))
		return;
	(void)uv_timer_stop(timer);
	announce(server);
	trim_heap();
}

static void on_tick(uv_timer_t *timer)
{
	struct server *server = timer->data;

	desk_tick(server->node.desk, net_now(server->node.net), net_mono(server->node.net));
	gateway_tick(server->node.gateway);
}

/* --- reload --- */

static void log_mistakes(const struct policy_file *file)
{
	for (size_t i = 0; i < file->mistakes.count; i++) {
		const struct policy_mistake *mistake = &file->mistakes.items[i];

		if (mistake->warning)
			log_warn("policy.warning", "at=%s what=\"%s\"", mistake->path,
			         mistake->sentence);
		else
			log_error("policy.mistake", "at=%s what=\"%s\"", mistake->path,
			          mistake->sentence);
	}
}

static void on_reload(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;
	struct policy_file file = {0};
	struct config config;
	char why[SETTINGS_WHY_SIZE];
	bool good;

	(void)number;
	good = config_read(&config, COMMAND_SERVE, server->invocation->words,
	                   server->invocation->environment, why) == ST_OK &&
	       settings_read(&config, net_now(server->node.net), &file, why) == ST_OK &&
	       node_reload(&server->node, &config, &file, why);
	log_mistakes(&file);
	if (good)
		log_info("server.reloaded", "%s", "");
	else
		log_error("reload.refused", "why=\"%s\"", why);
	node_note_reload(&server->node, good, why, &file);
	policy_file_fini(&file);
	config_fini(&config);
	trim_heap();
}

/* --- stop --- */

static void close_handle(uv_handle_t *handle)
{
	if (uv_is_closing(handle) == 0)
		uv_close(handle, NULL);
}

static void on_drained(void *ctx)
{
	struct server *server = ctx;

	server->drained = true;
	uv_stop(&server->node.loop);
}

static void on_farewell(uv_timer_t *timer)
{
	struct server *server = timer->data;

	if (!gateway_farewell(server->node.gateway))
		return;
	(void)uv_timer_stop(timer);
	net_drain(server->node.net, DRAIN_MS, on_drained, server);
}

static void on_stop(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	if (server->stopping)
		return;
	server->stopping = true;
	(void)alarm(GIVE_UP_S);
	log_info("server.stopping", "signal=%d", number);
	server->node.front.closing = true;
	server->node.health.closed = true;
	(void)uv_timer_stop(&server->start);
	(void)uv_timer_start(&server->farewell, on_farewell, 0, FAREWELL_MS);
}

/* --- the run --- */

static void signal_start(struct server *server, uv_signal_t *handle, uv_signal_cb callback,
                         int number)
{
	handle->data = server;
	MUST(uv_signal_init(&server->node.loop, handle) == 0);
	MUST(uv_signal_start(handle, callback, number) == 0);
}

static void start_handles(struct server *server)
{
	uv_loop_t *loop = &server->node.loop;
	uv_timer_t *timers[] = {&server->tick, &server->start, &server->farewell};

	for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
		MUST(uv_timer_init(loop, timers[i]) == 0);
		timers[i]->data = server;
	}
	(void)uv_timer_start(&server->tick, on_tick, TICK_MS, TICK_MS);
	(void)uv_timer_start(&server->start, on_start, 0, START_MS);
	signal_start(server, &server->terminate, on_stop, SIGTERM);
	signal_start(server, &server->interrupt, on_stop, SIGINT);
	signal_start(server, &server->hangup, on_reload, SIGHUP);
}

static void stop_handles(struct server *server)
{
	close_handle((uv_handle_t *)&server->tick);
	close_handle((uv_handle_t *)&server->start);
	close_handle((uv_handle_t *)&server->farewell);
	close_handle((uv_handle_t *)&server->terminate);
	close_handle((uv_handle_t *)&server->interrupt);
	close_handle((uv_handle_t *)&server->hangup);
}

static void on_cut(void *ctx)
{
	(void)ctx;
}

/* A start that failed half way: its listeners and timers go too. */
static void abandon(struct node *node)
{
	if (node->net != NULL) {
		net_drain(node->net, 0, on_cut, NULL);
		(void)uv_run(&node->loop, UV_RUN_NOWAIT);
	}
}

static int run(struct server *server)
{
	struct node *node = &server->node;
	char why[SETTINGS_WHY_SIZE] = "";
	int code = EXIT_DONE;
	enum status st;

	MUST(uv_loop_init(&node->loop) == 0);
	st = node_open(node, why);
	if (st == ST_OK) {
		start_handles(server);
		while (!server->drained)
			(void)uv_run(&node->loop, UV_RUN_DEFAULT);
		stop_handles(server);
	} else {
		code = command_fail(st == ST_BAD_REQUEST ? EXIT_USAGE : EXIT_FAILED, why);
		abandon(node);
	}
	node_close(node);
	MUST(uv_loop_close(&node->loop) == 0);
	if (code == EXIT_DONE)
		log_info("server.stopped", "%s", "");
	return code;
}

static void prepare_process(void)
{
	struct rlimit files;

	(void)umask(077);
	(void)signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int serve(struct server *server)
{
	struct node *node = &server->node;
	char why[SETTINGS_WHY_SIZE];
	int code;

	if (config_read(&node->config, COMMAND_SERVE, server->invocation->words,
	                server->invocation->environment, why) != ST_OK)
		return command_fail(EXIT_USAGE, why);
	if (node->config.help) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (node->config.rest_count > 0)
		return command_fail(EXIT_USAGE, "serve takes options only; see --help");
	if (!settings_log(&node->config))
		return command_fail(EXIT_USAGE, "--log takes error, warn, info or debug");
	if (settings_read(&node->config, wall_now(), &node->policy, why) != ST_OK) {
		policy_file_print(&node->policy, stderr);
		return command_fail(EXIT_FAILED, why);
	}
	log_mistakes(&node->policy);
	prepare_process();
	keep_heap();
	if (folder_lock(node->config.data.text, &node->lock_fd, why) != ST_OK)
		return command_fail(EXIT_FAILED, why);
	code = run(server);
	(void)close(node->lock_fd);
	return code;
}

int cmd_serve(const struct invocation *invocation)
{
	struct server *server = xcalloc(1, sizeof(*server));
	int code;

	server->invocation = invocation;
	server->node.lock_fd = -1;
	code = serve(server);
	policy_file_fini(&server->node.policy);
	config_fini(&server->node.config);
	free(server);
	return code;
}
