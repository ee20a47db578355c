/* SPDX-License-Identifier: MIT */
/* A file is a message that is said over HTTP: the same command, the same record, the same readers.
 *
 *   put --token, rates, is it text?--> secrets out --> STORE_SAY --> ack, and to all readers
 *   put by an agent, who is known already --> the same on the ticket that it names
 *   get --whose?--> STORE_FILE                                                            */
#include "app/files.h"

#include <stdlib.h>

#include "app/act.h"
#include "app/token.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/file.h"
#include "core/secret.h"

struct file_call {
	struct desk_call *call;
	enum status refused; /* OK: it is not */
	struct store_call store;
};

static struct file_call *begin(struct desk_call *call, enum store_kind kind,
                               void (*done)(struct op *op))
{
	struct file_call *file = xcalloc(1, sizeof(*file));

	file->call = call;
	file->store.kind = kind;
	file->store.op.done = done;
	return file;
}

static void refuse_done(struct op *op)
{
	struct file_call *file = container_of(op, struct file_call, store.op);
	struct desk_call *call = file->call;

	call->op.status = op->status == ST_CANCELED ? ST_CANCELED : file->refused;
	arena_fini(&file->store.arena);
	free(file);
	call->op.done(&call->op);
}

/* Later, as every call ends: a look at the record that asks for nothing takes a turn. */
static void refuse(struct app *app, struct desk_call *call, enum status st, const char *message)
{
	struct file_call *file = begin(call, STORE_META_GET, refuse_done);

	call->message = message;
	file->refused = st;
	store_submit(app->ports.store, &file->store);
}

/* --- put --- */

/* What the visitor's socket told, if there is one here. */
static void describe(struct app *app, const struct visitor_id *id, struct command *command)
{
	const struct guest *guest = hub_guest(&app->hub, id);

	if (guest == NULL)
		return;
	command->actor = actor_of_guest(guest);
	command->visitor_name = span_of(guest->name);
	command->visitor_email = span_of(guest->email);
	command->visitor_verified = guest->verified;
	command->page_url = span_of(guest->page_url);
	command->page_title = span_of(guest->page_title);
	command->context = span_of(guest->context);
}

static bool has_rate(struct app *app, struct desk_call *call, const struct visitor_id *id)
{
	const struct desk_limits *limits = &app->config.limits;
	struct guest *guest = hub_guest(&app->hub, id);
	struct quota *quota = quota_of(&app->hub.quotas, call->address);

	return (guest == NULL || rate_take(&guest->messages, limits->messages_per_10s, 10 * SEC_MS,
	                                   app->now, &call->retry_after_ms)) &&
	       rate_take(&quota->files, limits->files_per_hour_per_address, HOUR_MS, app->now,
	                 &call->retry_after_ms);
}

/* A file may open a ticket, as any first message does. */
static bool may_open(struct app *app, struct desk_call *call, const struct visitor_id *id)
{
	const struct desk_limits *limits = &app->config.limits;
	struct quota *quota = quota_of(&app->hub.quotas, call->address);

	return chats_of_visitor(&app->chats, id) != NULL ||
	       rate_has(&quota->chats, limits->chats_per_hour_per_address, HOUR_MS, app->now,
	                &call->retry_after_ms);
}

/* Of an agent on its ticket; else of a visitor, wherever a message of it would go. */
static void say(struct app *app, struct desk_call *call)
{
	bool by_agent = call->who.agent.id.v != 0;
	struct command *command = &call->u.command.command;
	struct arena arena = {0};

	command->kind = COMMAND_SAY;
	command->entry_kind = ENTRY_FILE;
	command->files_max = (unsigned)app->config.limits.files_per_ticket;
	if (!call->u.command.keep_secrets)
		command->file = secret_remove(&arena, command->file, &command->removed);
	command->text = file_preview(command->file);
	act_start(app, &(struct act_origin){.call = call}, by_agent ? STORE_COMMAND : STORE_SAY,
	          by_agent ? call->u.command.number : (struct ticket_id){0}, command);
	arena_fini(&arena);
}

static void put_agent(struct app *app, struct desk_call *call)
{
	struct person *person = people_find(&app->people, call->who.agent.id);

	call->u.command.command.actor = actor_of_agent(&call->who.agent);
	if (!file_is_text(call->u.command.command.file))
		refuse(app, call, ST_BAD_REQUEST, "Only text files can be sent (UTF-8).");
	else if (person != NULL &&
	         !rate_take(&person->frames, app->config.limits.agent_frames_per_10s, 10 * SEC_MS,
	                    app->now, &call->retry_after_ms))
		refuse(app, call, ST_RATE_LIMITED, "Too many requests at once. Please wait.");
	else
		say(app, call);
}

static void put_visitor(struct app *app, struct desk_call *call, const struct visitor_id *id)
{
	struct command *command = &call->u.command.command;

	command->channel = CHANNEL_CHAT;
	command->actor = (struct actor){.role = ROLE_VISITOR, .visitor = *id};
	describe(app, id, command);
	say(app, call);
}

void files_put(struct app *app, struct desk_call *call)
{
	struct command *command = &call->u.command.command;
	struct visitor_id id;

	if (call->who.agent.id.v != 0) {
		put_agent(app, call);
		return;
	}
	if (!token_check(app, call->token, call->origin, &id))
		refuse(app, call, ST_UNAUTHORIZED, "The visitor's token is not known here.");
	else if (!file_is_text(command->file))
		refuse(app, call, ST_BAD_REQUEST, "Only text files can be sent (UTF-8).");
	else if (!has_rate(app, call, &id) || !may_open(app, call, &id))
		refuse(app, call, ST_RATE_LIMITED, "Too many files at once. Please wait.");
	else
		put_visitor(app, call, &id);
}

/* --- get --- */

static void get_done(struct op *op)
{
	struct file_call *file = container_of(op, struct file_call, store.op);
	struct desk_call *call = file->call;
	struct arena arguments = call->arena;

	call->op.status = op->status;
	call->u.file.name = file->store.u.file.name;
	call->u.file.body = file->store.u.file.body;
	call->arena = file->store.arena; /* the results lie there */
	arena_fini(&arguments);
	free(file);
	call->op.done(&call->op);
}

void files_get(struct app *app, struct desk_call *call)
{
	struct file_call *file;
	struct visitor_id visitor = {0};

	/* As if there were no such file: nobody learns which tickets have any. */
	if (call->who.agent.id.v == 0 && !token_check(app, call->token, call->origin, &visitor)) {
		refuse(app, call, ST_NOT_FOUND, NULL);
		return;
	}
	file = begin(call, STORE_FILE, get_done);
	file->store.u.file.number = call->u.file.number;
	file->store.u.file.seq = call->u.file.seq;
	file->store.u.file.visitor = visitor;
	store_submit(app->ports.store, &file->store);
}
