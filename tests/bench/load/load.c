/* SPDX-License-Identifier: MIT */
/* Options and start. */
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/must.h"

static const char usage[] =
	"usage: load talk|idle|static --port PORT [options]\n"
	"  --watch NAME=PID      a process whose CPU time and memory are reported (repeatable)\n"
	"  --relay               the peer is a plain relay\n"
	"  --seconds N           measured time (5)\n"
	"  --tokens FILE         talk: API tokens of agents, one a line, one for each pair\n"
	"  --typing              talk: signs of typing instead of messages\n"
	"  --pairs N             talk: pairs (100)\n"
	"  --window N            talk: messages under way in each pair (1)\n"
	"  --rate N              talk: messages a second in all, whatever comes back (0: off)\n"
	"  --text N              talk: bytes of a message (120)\n"
	"  --log FILE            talk: when each message was due, and its latency\n"
	"  --connections N       idle, static: connections (10000, 64)\n"
	"  --in-flight N         idle: connects under way at once (64)\n"
	"  --hold N              idle: seconds of rest before memory is read (2)\n"
	"  --path PATH           static: what to get (/widget.js)\n";

struct scenario {
	const char *name;
	size_t connections; /* default */
	int (*run)(struct load *load);
};

static const struct scenario scenarios[] = {
	{"talk", 0, talk_run},
	{"idle", 10000, idle_run},
	{"static", 64, static_run},
};

static const struct option options[] = {
	{"port", required_argument, NULL, 'p'},      {"watch", required_argument, NULL, 'w'},
	{"relay", no_argument, NULL, 'r'},           {"seconds", required_argument, NULL, 's'},
	{"tokens", required_argument, NULL, 't'},    {"pairs", required_argument, NULL, 'n'},
	{"window", required_argument, NULL, 'W'},    {"rate", required_argument, NULL, 'R'},
	{"text", required_argument, NULL, 'T'},      {"connections", required_argument, NULL, 'c'},
	{"in-flight", required_argument, NULL, 'f'}, {"hold", required_argument, NULL, 'h'},
	{"typing", no_argument, NULL, 'y'},          {"path", required_argument, NULL, 'P'},
	{"log", required_argument, NULL, 'l'},       {NULL, 0, NULL, 0},
};

static int read_tokens(struct load *load, const char *path)
{
	char line[512];
	FILE *in = fopen(path, "r");

	if (!in)
		return -1;
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		load->tokens =
			xrealloc(load->tokens, (load->tokens_count + 1) * sizeof(load->tokens[0]));
		load->tokens[load->tokens_count++] = xstrdup(line);
	}
	fclose(in);
	return 0;
}

static int take_option(struct load *load, int option, int *port)
{
	size_t number = optarg ? strtoul(optarg, NULL, 10) : 0;

	switch (option) {
	case 'p':
		*port = (int)number;
		return 0;
	case 'w':
		return watch_add(&load->watch, optarg);
	case 'r':
		load->relay = true;
		return 0;
	case 's':
		load->seconds = (unsigned)number;
		return 0;
	case 't':
		return read_tokens(load, optarg);
	case 'n':
		load->pairs = number;
		return 0;
	case 'W':
		load->window = number;
		return 0;
	case 'R':
		load->rate = (unsigned)number;
		return 0;
	case 'T':
		load->text_bytes = number;
		return 0;
	case 'c':
		load->connections = number;
		return 0;
	case 'f':
		load->in_flight = number;
		return 0;
	case 'h':
		load->hold = (unsigned)number;
		return 0;
	case 'y':
		load->typing = true;
		return 0;
	case 'P':
		load->path = optarg;
		return 0;
	case 'l':
		load->log = optarg;
		return 0;
	default:
		return -1;
	}
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

bool answer_ping(struct client *client, struct span type)
{
	if (!span_is(type, "ping"))
		return false;
	client_send(client, SPAN_LIT("{\"type\":\"pong\"}"));
	return true;
}

static int parse(struct load *load, int argc, char **argv, int *port)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (take_option(load, option, port) != 0)
			return -1;
	return *port > 0 && optind == argc - 1 ? 0 : -1;
}

static int run(struct load *load, const struct scenario *scenario, int port)
{
	char host[32];
	int result;

	if (load->connections == 0)
		load->connections = scenario->connections;
	snprintf(host, sizeof(host), "127.0.0.1:%d", port);
	load->target = (struct client_target){
		.loop = &load->loop,
		.host = host,
		.subprotocol = load->relay ? NULL : "tierbell.v1",
	};
	uv_ip4_addr("127.0.0.1", port, &load->target.address);
	load->visitor_target = load->target;
	load->visitor_target.origin = load->relay ? NULL : "https://docs.example.gov";
	uv_loop_init(&load->loop);
	result = scenario->run(load);
	uv_loop_close(&load->loop);
	for (size_t i = 0; i < load->tokens_count; i++)
		free(load->tokens[i]);
	free(load->tokens);
	return result;
}

int main(int argc, char **argv)
{
	struct load load = {.pairs = 100,
	                    .window = 1,
	                    .seconds = 5,
	                    .text_bytes = 120,
	                    .in_flight = 64,
	                    .hold = 2,
	                    .path = "/widget.js"};
	int port = 0;

	signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	if (parse(&load, argc, argv, &port) != 0) {
		fputs(usage, stderr);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		if (strcmp(argv[optind], scenarios[i].name) == 0)
			return run(&load, &scenarios[i], port);
	fputs(usage, stderr);
	return 2;
}
