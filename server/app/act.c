/* SPDX-License-Identifier: MIT */
#include "app/act.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/deliver.h"
#include "app/routing.h"
#include "base/mem.h"
#include "base/must.h"

#define SPARE_MAX 128 /* 2.7 MB, if ever as many were under way at once */

struct act {
	struct app *app;
	struct act *next_spare;
	struct act_origin origin;
	struct policy_book *book; /* what the command's book is borrowed from */
	struct store_call call;
};

struct actor actor_of_agent(const struct agent *agent)
{
	struct actor actor = {.role = ROLE_AGENT,
	                      .agent = agent->id,
	                      .agent_role = agent->role,
	                      .tier = agent->tier};

	(void)span_copy(actor.name, sizeof(actor.name), span_of(agent->name));
	return actor;
}

struct actor actor_of_guest(const struct guest *guest)
{
	struct actor actor = {.role = ROLE_VISITOR, .visitor = guest->id};

	if (guest->name != NULL)
		(void)span_copy(actor.name, sizeof(actor.name), span_of(guest->name));
	return actor;
}

struct actor actor_of_system(void)
{
	return (struct actor){.role = ROLE_SYSTEM};
}

/* An emergency is taken back by few, and with words. */
static const char *refusal_of_set(const struct command *command, enum status st)
{
	if (st == ST_CONFLICT && (command->set.mask & SET_STATUS) == 0)
		return "There is no room for another tag or link on this ticket.";
	if (st == ST_CONFLICT)
		return "The ticket cannot go from its status to that one.";
	if ((command->set.mask & SET_PRIORITY) == 0)
		return NULL;
	if (st == ST_FORBIDDEN)
		return "Only Tier 3 and who leads the desk may say that it is no emergency.";
	if (st == ST_BAD_REQUEST && command->reason.len == 0)
		return "To take back an emergency, say why in `reason`.";
	return NULL;
}

static const char *refusal(const struct command *command, enum status st)
{
	if (command->kind == COMMAND_SET)
		return refusal_of_set(command, st);
	if (command->kind == COMMAND_UNDO && st == ST_FORBIDDEN)
		return "Only who closed a ticket can take that back.";
	if (command->entry_kind == ENTRY_FILE && st == ST_TOO_LARGE)
		return "This ticket holds as many files as it can.";
	if (command->kind == COMMAND_PAGE_OPENED && st == ST_NOT_FOUND)
		return "No page was sent there.";
	if (st != ST_CONFLICT)
		return NULL;
	switch (command->kind) {
	case COMMAND_SAY:
		return "This ticket has ended, or another reply came in before yours.";
	case COMMAND_ASSIGN:
		return "Somebody else has this ticket, or it has ended.";
	case COMMAND_UNDO:
		return "It is too late to take the closing back. Write to the ticket to reopen it.";
	case COMMAND_ESCALATE:
		return "It is on that tier or above already, or it has ended.";
	case COMMAND_CONFIRM:
		return "Nobody has said that production is stopped, or it was answered already.";
	case COMMAND_ACKNOWLEDGE:
		return "Nobody is being paged for this ticket.";
	case COMMAND_APPROVE:
		return "There is nothing to approve on this ticket.";
	case COMMAND_RATE:
		return "It can be rated once it has ended, for 24 hours.";
	case COMMAND_PAGE_OPENED:
		return "That this page was opened is on record already.";
	case COMMAND_OPEN:
	case COMMAND_SET:
	case COMMAND_NOTE:
	case COMMAND_REQUEUE:
	case COMMAND_TRANSFER:
	case COMMAND_CLOSE:
	case COMMAND_READ:
	case COMMAND_FIRE:
	case COMMAND_INCIDENT:
	case COMMAND_PAGE_FAILED:
	case COMMAND_HELPED:
	case COMMAND_IDENTIFY:
		return "The ticket has ended already.";
	}
	MUST(0);
}

static const char *why_of(const struct act *act)
{
	static const char *const words[] = {
		[COMMAND_OPEN] = "opened",
		[COMMAND_SAY] = "message",
		[COMMAND_NOTE] = "note",
		[COMMAND_SET] = "changed",
		[COMMAND_ASSIGN] = "accepted",
		[COMMAND_REQUEUE] = "agent_gone",
		[COMMAND_TRANSFER] = "transferred",
		[COMMAND_ESCALATE] = "escalated",
		[COMMAND_CLOSE] = "closed",
		[COMMAND_RATE] = "rated",
		[COMMAND_READ] = "read",
		[COMMAND_UNDO] = "close_undone",
		[COMMAND_IDENTIFY] = "identified",
		[COMMAND_FIRE] = "clock",
		[COMMAND_INCIDENT] = "incident",
		[COMMAND_CONFIRM] = "confirmed",
		[COMMAND_ACKNOWLEDGE] = "acknowledged",
		[COMMAND_PAGE_FAILED] = "page_failed",
		[COMMAND_APPROVE] = "approved",
		[COMMAND_HELPED] = "helped",
		[COMMAND_PAGE_OPENED] = "page_opened",
	};

	return act->origin.why != NULL ? act->origin.why : words[act->call.u.command.command.kind];
}

static void answer_conn(struct act *act)
{
	const struct effect *effect = &act->call.u.command.effect;
	const struct command *command = &act->call.u.command.command;
	enum status st = act->call.op.status;
	struct frame_out frame = {.type = OUT_ACK};

	if (st != ST_OK) {
		app_error_text(act->app, act->origin.conn, command->id, st, refusal(command, st),
		               st == ST_UNAVAILABLE || st == ST_TIMEOUT ? SEC_MS : 0);
		return;
	}
	frame.u.ack.id = command->id;
	frame.u.ack.ticket = effect->after.number;
	frame.u.ack.duplicate = act->call.u.command.duplicate;
	if (effect->entries_count > 0) {
		frame.u.ack.seq = effect->entries[0].seq;
		frame.u.ack.at = effect->entries[0].at;
	}
	act->app->counters.acks++;
	app_send(act->app, act->origin.conn, &frame);
}

static void answer_call(struct act *act)
{
	struct desk_call *call = act->origin.call;
	const struct effect *effect = &act->call.u.command.effect;

	call->op.status = act->call.op.status;
	if (call->op.status == ST_OK) {
		call->u.command.duplicate = act->call.u.command.duplicate;
		call->u.command.ticket = effect->after;
		if (effect->entries_count > 0) {
			call->u.command.seq = effect->entries[0].seq;
			call->u.command.at = effect->entries[0].at;
		}
	} else {
		call->message = refusal(&act->call.u.command.command, call->op.status);
	}
	call->op.done(&call->op);
}

/* A first message is on record, or not: what was held for it. */
static void settle_guest(struct act *act)
{
	struct client *client = hub_find(&act->app->hub, act->origin.conn);
	struct app *app = act->app;
	int64_t unused;

	if (act->origin.call != NULL && act->call.u.command.opened && act->call.op.status == ST_OK)
		(void)rate_take(&quota_of(&app->hub.quotas, act->origin.call->address)->chats,
		                app->config.limits.chats_per_hour_per_address, HOUR_MS, app->now,
		                &unused);
	if (act->call.kind != STORE_SAY || client == NULL || client->guest == NULL)
		return;
	if (act->call.op.status == ST_OK && act->call.u.command.command.context.len > 0)
		client->guest->context_kept = true;
	if (act->call.op.status == ST_OK && act->call.u.command.opened) {
		(void)rate_take(&client->guest->chats,
		                app->config.limits.chats_per_hour_per_visitor, HOUR_MS, app->now,
		                &unused);
		(void)rate_take(&client->quota->chats,
		                app->config.limits.chats_per_hour_per_address, HOUR_MS, app->now,
		                &unused);
	}
}

/* Acts are large, and one a message comes and goes: those that lie about are taken first. */
static struct act *take_spare(struct app *app)
{
	struct act *act = app->spare_acts;

	if (act == NULL)
		return xmalloc(sizeof(*act));
	app->spare_acts = act->next_spare;
	app->spare_acts_count--;
	return act;
}

static void give_back(struct app *app, struct act *act)
{
	if (app->spare_acts_count == SPARE_MAX) {
		free(act);
		return;
	}
	act->next_spare = app->spare_acts;
	app->spare_acts = act;
	app->spare_acts_count++;
}

void acts_fini(struct app *app)
{
	struct act *act;

	while ((act = app->spare_acts) != NULL) {
		app->spare_acts = act->next_spare;
		free(act);
	}
}

static void act_done(struct op *op)
{
	struct act *act = container_of(op, struct act, call.op);
	struct app *app = act->app;
	bool fresh = op->status == ST_OK && !act->call.u.command.duplicate;

	if (op->status == ST_OK && act->call.u.command.duplicate)
		app->counters.duplicates++;
	if (fresh && (act->call.u.command.opened || act->call.kind == STORE_CREATE))
		app->counters.tickets_opened++;
	settle_guest(act);
	if (act->origin.conn.v != 0)
		answer_conn(act);
	if (op->status != ST_OK && act->call.kind == STORE_COMMAND &&
	    act->call.u.command.command.kind == COMMAND_ASSIGN)
		routing_unaccept(app, act->call.u.command.number);
	if (fresh)
		deliver_effect(app, &act->call.u.command.effect, why_of(act));
	if (fresh && (act->call.u.command.opened || act->call.kind == STORE_CREATE) &&
	    ticket_is_live(&act->call.u.command.effect.after))
		systemic_look(app, &act->call.u.command.effect.after);
	if (act->origin.call != NULL)
		answer_call(act);
	policy_book_unref(&act->book);
	arena_fini(&act->call.arena);
	give_back(app, act);
}

/* Tags and articles, which are most of a command, as many as there are. */
static void copy_command(struct command *to, const struct command *from)
{
	memcpy(to, from, offsetof(struct command, set.tags));
	memcpy(to->set.tags, from->set.tags, from->set.tags_count * sizeof(*from->set.tags));
	memcpy(to->articles, from->articles, from->articles_count * sizeof(*from->articles));
}

static void keep_texts(struct command *command, struct arena *arena)
{
	struct span *const texts[] = {
		&command->id,          &command->text,         &command->url,
		&command->title,       &command->visitor_name, &command->visitor_email,
		&command->page_url,    &command->page_title,   &command->set.title,
		&command->set.topic,   &command->reason,       &command->set.tag_add,
		&command->set.tag_off, &command->set.link_add, &command->set.link_off,
		&command->set.done,    &command->set.undone,   &command->file,
		&command->context};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_span(arena, *texts[i]);
}

void act_start(struct app *app, const struct act_origin *origin, enum store_kind store_kind,
               struct ticket_id number, const struct command *command)
{
	struct act *act = take_spare(app); /* 21 KB: only what is read is set */

	act->app = app;
	act->origin = *origin;
	act->book = app->book != NULL ? policy_book_ref(app->book) : NULL;
	act->call.op = (struct op){.done = act_done};
	act->call.kind = store_kind;
	act->call.arena = (struct arena){0};
	act->call.u.command.number = number;
	act->call.u.command.duplicate = false;
	act->call.u.command.opened = false;
	act->call.u.command.effect.entries_count = 0;
	act->call.u.command.effect.changes_count = 0;
	act->call.u.command.effect.alerts_count = 0;
	act->call.u.command.effect.fired_count = 0;
	copy_command(&act->call.u.command.command, command);
	act->call.u.command.command.now = app->now;
	act->call.u.command.command.book = act->book;
	keep_texts(&act->call.u.command.command, &act->call.arena);
	store_submit(app->ports.store, &act->call);
}
