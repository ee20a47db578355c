/* SPDX-License-Identifier: MIT */
/* The switchboard on a shared Redis: by host and port, with a password and a database, and
 * with another desk beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "adapter/redis_bus.h"
#include "base/must.h"

#define HANG_S     120U
#define PORT_FIRST 12000
#define PORT_COUNT 8000

struct desk {
	struct bus *bus;
	unsigned ups, downs;
};

struct test {
	uv_loop_t loop;
	pid_t server;
	int port;
};

static bool port_is_free(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool is_free = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	assert_int_equal(0, close(fd));
	return is_free;
}

/* None of those that the kernel gives to whoever listens or connects anywhere: it is ours also while the
 * server is down. Two of us do not begin at the same. */
static int free_port(void)
{
	int port = PORT_FIRST + getpid() % PORT_COUNT;

	while (!port_is_free(port))
		port = PORT_FIRST + (port + 1 - PORT_FIRST) % PORT_COUNT;
	return port;
}

static void server_start(struct test *t)
{
	char port[8];

	(void)snprintf(port, sizeof(port), "%d", t->port);
	t->server = fork();
	if (t->server != 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(open("/dev/null", O_WRONLY), 1);
	(void)execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1",
	             "--requirepass", "geheim", "--save", "", "--appendonly", "no", NULL);
	_exit(1);
}

static int setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	(void)alarm(HANG_S);
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(0, uv_loop_init(&t->loop));
	t->port = free_port();
	server_start(t);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct test *t = *state;

	assert_int_equal(0, uv_run(&t->loop, UV_RUN_DEFAULT));
	assert_int_equal(0, uv_loop_close(&t->loop));
	assert_int_equal(0, kill(t->server, SIGKILL));
	assert_int_equal(t->server, waitpid(t->server, NULL, 0));
	free(t);
	return 0;
}

static void on_up(void *ctx)
{
	((struct desk *)ctx)->ups++;
}

static void on_down(void *ctx)
{
	((struct desk *)ctx)->downs++;
}

static void on_notice(void *ctx, const struct notice *notice)
{
	(void)ctx;
	(void)notice;
	MUST(0);
}

static void desk_open(struct test *t, struct desk *desk, const char *name, const char *login)
{
	const struct bus_events events = {
		.ctx = desk, .up = on_up, .down = on_down, .notice = on_notice};
	char url[80], error[160];
	const struct redis_bus_options options = {
		.url = url, .desk = name, .node = name, .lock_fd = -1};

	(void)snprintf(url, sizeof(url), "redis://%slocalhost:%d/3", login, t->port);
	assert_true(redis_bus_open(&t->loop, &options, &desk->bus, error, sizeof(error)));
	desk->bus->ops->listen(desk->bus, &events);
}

static void done(struct op *op)
{
	MUST(op->done != NULL);
	op->done = NULL;
}

static enum status call_do(struct test *t, const struct desk *desk, struct bus_call *call)
{
	call->op.done = done;
	call->now = 1000;
	bus_submit(desk->bus, call);
	while (call->op.done != NULL)
		(void)uv_run(&t->loop, UV_RUN_ONCE);
	return call->op.status;
}

static size_t waiting(struct test *t, const struct desk *desk)
{
	struct bus_call call = {.kind = BUS_OVERVIEW, .u.overview = {.tier = 1}};

	assert_int_equal(ST_OK, call_do(t, desk, &call));
	arena_fini(&call.arena);
	return call.u.overview.waiting;
}

static void up_wait(struct test *t, const struct desk *desk, unsigned ups)
{
	while (desk->ups < ups)
		(void)uv_run(&t->loop, UV_RUN_ONCE);
}

static void two_desks_share_a_server_and_nothing_else(void **state)
{
	struct test *t = *state;
	struct desk one = {.ups = 0}, two = {.ups = 0};
	const struct bus_place place = {.ticket = {7}, .tier = 1, .score = 1};
	struct bus_call queue = {.kind = BUS_QUEUE, .u.queue = {.places = &place, .count = 1}};
	struct bus_call word = {.kind = BUS_PUBLISH, .u.publish = {.kind = NOTICE_READ}};
	struct bus_call wipe = {.kind = BUS_REBUILD, .u.rebuild = {.wipe = true}};

	desk_open(t, &one, "one", ":geheim@");
	desk_open(t, &two, "two", "default:geheim@");
	up_wait(t, &one, 1);
	up_wait(t, &two, 1);
	assert_int_equal(ST_OK, call_do(t, &one, &queue));
	assert_int_equal(ST_OK, call_do(t, &one, &word)); /* on_notice of the other aborts */
	assert_int_equal(1, waiting(t, &one));
	assert_int_equal(0, waiting(t, &two));
	assert_int_equal(ST_OK, call_do(t, &two, &wipe));
	assert_int_equal(1, waiting(t, &one));
	one.bus->ops->close(one.bus);
	two.bus->ops->close(two.bus);
}

static void a_server_that_comes_back_is_used_again(void **state)
{
	struct test *t = *state;
	struct desk desk = {.ups = 0};

	desk_open(t, &desk, "one", ":geheim@");
	up_wait(t, &desk, 1);
	assert_int_equal(0, kill(t->server, SIGKILL));
	assert_int_equal(t->server, waitpid(t->server, NULL, 0));
	while (desk.downs == 0)
		(void)uv_run(&t->loop, UV_RUN_ONCE);
	server_start(t);
	up_wait(t, &desk, 2);
	assert_int_equal(0, waiting(t, &desk));
	desk.bus->ops->close(desk.bus);
}

/* The one with the right password shows that the server was there all the time. */
static void a_wrong_password_is_never_up(void **state)
{
	struct test *t = *state;
	struct desk wrong = {.ups = 0}, none = {.ups = 0}, right = {.ups = 0};
	struct bus_call call = {.kind = BUS_DROP, .u.drop = {1}};

	desk_open(t, &wrong, "wrong", ":falsch@");
	desk_open(t, &none, "none", "");
	desk_open(t, &right, "right", ":geheim@");
	up_wait(t, &right, 1);
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(0, waiting(t, &right));
		assert_int_equal(ST_UNAVAILABLE, call_do(t, &wrong, &call));
		assert_int_equal(ST_UNAVAILABLE, call_do(t, &none, &call));
	}
	assert_int_equal(0, wrong.ups + none.ups);
	wrong.bus->ops->close(wrong.bus);
	none.bus->ops->close(none.bus);
	right.bus->ops->close(right.bus);
}

static void a_host_that_does_not_resolve_is_only_away(void **state)
{
	struct test *t = *state;
	struct desk desk = {.ups = 0};
	struct bus_call call = {.kind = BUS_DROP, .u.drop = {1}};
	char error[160];
	const struct redis_bus_options options = {
		.url = "redis://:x@no-such-host.invalid", .desk = "d", .node = "n", .lock_fd = -1};

	assert_true(redis_bus_open(&t->loop, &options, &desk.bus, error, sizeof(error)));
	assert_int_equal(ST_UNAVAILABLE, call_do(t, &desk, &call));
	desk.bus->ops->close(desk.bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_desks_share_a_server_and_nothing_else, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(a_server_that_comes_back_is_used_again, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(a_wrong_password_is_never_up, setup, teardown),
		cmocka_unit_test_setup_teardown(a_host_that_does_not_resolve_is_only_away, setup,
	                                        teardown),
	};

	return cmocka_run_group_tests_name("redis_shared", tests, NULL, NULL);
}
