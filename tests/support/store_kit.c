/* SPDX-License-Identifier: MIT */
#include "store_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapter/fake_store.h"
#include "adapter/sqlite_store.h"
#include "base/mem.h"
#include "base/must.h"

#define NOW INT64_C(1767225600000)

int store_kit_setup_fake(void **state)
{
	struct store_kit *kit = xcalloc(1, sizeof(*kit));

	kit->store = fake_store_create();
	*state = kit;
	return 0;
}

void store_kit_open(struct store_kit *kit)
{
	char why[160] = "";

	assert_int_equal(uv_loop_init(&kit->loop), 0);
	if (sqlite_store_open(&kit->loop, kit->path, &kit->store, why, sizeof(why)) != ST_OK)
		fail_msg("%s", why);
}

int store_kit_setup_sqlite(void **state)
{
	struct store_kit *kit = xcalloc(1, sizeof(*kit));

	kit->on_disk = true;
	(void)snprintf(kit->dir, sizeof(kit->dir), "/tmp/tierbell-test-XXXXXX");
	assert_non_null(mkdtemp(kit->dir));
	(void)snprintf(kit->path, sizeof(kit->path), "%s/desk.sqlite", kit->dir);
	store_kit_open(kit);
	*state = kit;
	return 0;
}

void store_kit_close(struct store_kit *kit)
{
	kit->store->ops->close(kit->store);
	kit->store = NULL;
	if (!kit->on_disk)
		return;
	(void)uv_run(&kit->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&kit->loop), 0);
}

int store_kit_teardown(void **state)
{
	static const char *const files[] = {"", "-wal", "-shm"};
	struct store_kit *kit = *state;

	if (kit->store != NULL)
		store_kit_close(kit);
	for (size_t i = 0; kit->on_disk && i < ARRAY_LEN(files); i++) {
		char path[sizeof(kit->path) + 8];

		(void)snprintf(path, sizeof(path), "%s%s", kit->path, files[i]);
		(void)unlink(path);
	}
	if (kit->on_disk)
		assert_int_equal(rmdir(kit->dir), 0);
	free(kit);
	return 0;
}

static void note_done(struct op *op)
{
	struct store_call *store_call = container_of(op, struct store_call, op);
	struct kit_call *call = container_of(store_call, struct kit_call, call);

	assert_false(call->kit->submitting);
	call->done++;
	call->order = ++call->kit->dones;
}

void kit_call_init(struct kit_call *call, struct store_kit *kit, enum store_kind kind)
{
	memset(call, 0, sizeof(*call));
	call->call.kind = kind;
	call->call.op.done = note_done;
	call->kit = kit;
}

void kit_call_fini(struct kit_call *call)
{
	arena_fini(&call->call.arena);
}

void kit_submit(struct kit_call *call)
{
	call->kit->submitting = true;
	store_submit(call->kit->store, &call->call);
	call->kit->submitting = false;
}

void kit_turn(struct store_kit *kit)
{
	if (kit->on_disk)
		(void)uv_run(&kit->loop, UV_RUN_ONCE);
	else
		(void)fake_store_run(kit->store);
}

void kit_wait(struct kit_call *call)
{
	while (call->done == 0)
		kit_turn(call->kit);
	assert_int_equal(call->done, 1);
}

enum status kit_run(struct kit_call *call)
{
	kit_submit(call);
	kit_wait(call);
	return call->call.op.status;
}

struct visitor_id kit_visitor(unsigned number)
{
	struct visitor_id id = {.v = {1}};

	memcpy(id.v + 8, &number, sizeof(number));
	return id;
}

static void set_id(struct command *command, const char *id)
{
	if (id[0] != '\0')
		command->id = span_of(id);
	command->now = NOW;
}

void kit_say(struct kit_call *call, struct store_kit *kit, unsigned visitor, const char *id,
             const char *text)
{
	struct command *command;

	kit_call_init(call, kit, STORE_SAY);
	command = &call->call.u.command.command;
	command->kind = COMMAND_SAY;
	command->actor.role = ROLE_VISITOR;
	command->actor.visitor = kit_visitor(visitor);
	command->text = span_of(text);
	command->channel = CHANNEL_CHAT;
	set_id(command, id);
}

static void by_agent(struct command *command, uint64_t agent)
{
	command->actor.role = agent != 0 ? ROLE_AGENT : ROLE_SYSTEM;
	command->actor.agent.v = agent;
	command->actor.agent_role = AGENT_ROLE_SUPERVISOR;
	command->actor.tier = 1;
	(void)span_copy(command->actor.name, sizeof(command->actor.name), SPAN_LIT("Dana"));
}

void kit_create(struct kit_call *call, struct store_kit *kit, uint64_t agent, const char *id,
                const char *text)
{
	struct command *command;

	kit_call_init(call, kit, STORE_CREATE);
	command = &call->call.u.command.command;
	command->kind = COMMAND_OPEN;
	command->channel = CHANNEL_PHONE;
	command->text = span_of(text);
	by_agent(command, agent);
	set_id(command, id);
}

void kit_command(struct kit_call *call, struct store_kit *kit, uint64_t ticket,
                 enum command_kind kind, uint64_t agent, const char *id)
{
	struct command *command;

	kit_call_init(call, kit, STORE_COMMAND);
	call->call.u.command.number.v = ticket;
	command = &call->call.u.command.command;
	command->kind = kind;
	by_agent(command, agent);
	set_id(command, id);
}

uint64_t kit_open(struct store_kit *kit, unsigned visitor, const char *text)
{
	struct kit_call call;
	uint64_t number;

	kit_say(&call, kit, visitor, "", text);
	assert_int_equal(kit_run(&call), ST_OK);
	number = call.call.u.command.number.v;
	kit_call_fini(&call);
	return number;
}

void kit_note(struct store_kit *kit, uint64_t ticket, const char *text)
{
	struct kit_call call;

	kit_command(&call, kit, ticket, COMMAND_NOTE, 1, "");
	call.call.u.command.command.text = span_of(text);
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

void kit_close_ticket(struct store_kit *kit, uint64_t ticket)
{
	struct kit_call call;

	kit_command(&call, kit, ticket, COMMAND_CLOSE, 1, "");
	call.call.u.command.command.resolution = RESOLUTION_ANSWERED;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

uint64_t kit_agent(struct store_kit *kit, const char *email)
{
	struct kit_call call;
	uint64_t id;

	kit_call_init(&call, kit, STORE_AGENT_PUT);
	call.call.u.agent_put = (struct agent){.tier = 1, .name = "Dana", .created_at = NOW};
	(void)span_copy(call.call.u.agent_put.email, EMAIL_SIZE, span_of(email));
	assert_int_equal(kit_run(&call), ST_OK);
	id = call.call.u.agent_put.id.v;
	kit_call_fini(&call);
	return id;
}
