/* SPDX-License-Identifier: MIT */
/* A notice says only that something is so; what it is comes from the record. */
#include "app/notices.h"

#include <stdlib.h>

#include "app/circle.h"
#include "app/deliver.h"
#include "app/login.h"
#include "app/routing.h"
#include "app/viewers.h"
#include "base/mem.h"
#include "base/must.h"

struct refresh {
	struct app *app;
	uint64_t after; /* entries that this node has delivered already */
	struct store_call call;
};

static void refresh_done(struct op *op)
{
	struct refresh *refresh = container_of(op, struct refresh, call.op);

	if (op->status == ST_OK)
		deliver_foreign(refresh->app, &refresh->call.u.ticket.ticket,
		                refresh->call.u.ticket.entries,
		                refresh->call.u.ticket.entries_count, refresh->after);
	arena_fini(&refresh->call.arena);
	free(refresh);
}

static void entry_noticed(struct app *app, const struct notice *notice)
{
	const struct chat *chat = chats_find(&app->chats, notice->ticket);
	struct refresh *refresh;

	if (chat != NULL && chat->last_seq >= notice->seq)
		return;
	refresh = xcalloc(1, sizeof(*refresh));
	refresh->app = app;
	refresh->after = chat != NULL ? chat->last_seq : 0;
	refresh->call.op.done = refresh_done;
	refresh->call.kind = STORE_TICKET;
	refresh->call.u.ticket.number = notice->ticket;
	store_submit(app->ports.store, &refresh->call);
}

static void typing_noticed(struct app *app, const struct notice *notice)
{
	struct chat *chat = chats_find(&app->chats, notice->ticket);
	struct person *person = people_find(&app->people, notice->agent);
	struct guest *guest;
	struct frame_out frame = {.type = OUT_TYPING};

	if (chat == NULL)
		return;
	frame.u.typing.ticket = chat->number;
	frame.u.typing.role = notice->agent.v != 0 ? ROLE_AGENT : ROLE_VISITOR;
	frame.u.typing.name = person != NULL ? person->agent.name : "";
	frame.u.typing.on = notice->on;
	guest = hub_guest(&app->hub, &chat->visitor);
	if (notice->agent.v == 0)
		deliver_to_agents(app, chat, &frame);
	else if (guest != NULL)
		deliver_to_guest(app, guest, &frame);
}

void notices_take(struct app *app, const struct notice *notice)
{
	struct chat *chat = chats_find(&app->chats, notice->ticket);
	struct person *person = people_find(&app->people, notice->agent);

	switch (notice->kind) {
	case NOTICE_ENTRY:
		entry_noticed(app, notice);
		break;
	case NOTICE_TYPING:
		typing_noticed(app, notice);
		break;
	case NOTICE_OFFER:
		if (chat != NULL && person != NULL && person->clients_count > 0)
			routing_offer_here(app, chat, notice);
		break;
	case NOTICE_WITHDRAW:
		if (chat != NULL && chat->offered_to.v == notice->agent.v)
			routing_withdraw(app, chat, "offer_over");
		break;
	case NOTICE_REVOKED:
		login_hang_up(app, notice->agent);
		break;
	case NOTICE_DUE:
	case NOTICE_ALERT:
	case NOTICE_ALERTS:
		circle_noticed(app, notice);
		break;
	case NOTICE_VIEWING:
		viewers_noticed(app, notice);
		break;
	case NOTICE_READ:
		break; /* read marks are in the ticket when it is read next */
	}
}
