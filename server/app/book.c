/* SPDX-License-Identifier: MIT */
#include "app/book.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/deliver.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

/* A version on its way to the record. */
struct adoption {
	struct app *app;
	struct policy *policy;
	struct store_call call;
};

const struct policy *book_current(const struct app *app)
{
	return app->book != NULL ? app->book->current : NULL;
}

const struct policy *book_of(const struct app *app, uint32_t id)
{
	return app->book != NULL ? policy_book_find(app->book, id) : NULL;
}

static void turn_page(struct app *app, struct policy *policy)
{
	struct policy_book *book = policy_book_with(app->book, policy);

	policy_book_unref(&app->book);
	app->book = book;
}

void book_load(struct app *app, const struct policy_row *rows, size_t count)
{
	const struct policy_reader *reader = app->ports.policy_reader;

	for (size_t i = count; i-- > 0;) {
		struct policy *policy = NULL;

		if (reader->read(reader->ctx, rows[i].text, &policy) != ST_OK) {
			log_warn("policy.passed_over", "id=%" PRIu32, rows[i].id);
			continue;
		}
		policy->id = rows[i].id;
		turn_page(app, policy);
		policy_unref(&policy);
	}
	book_apply(app);
}

static void put_ms(int64_t *to, const struct duration *duration)
{
	if (duration->ms > 0)
		*to = duration->ms;
}

void book_apply(struct app *app)
{
	const struct policy *policy = book_current(app);
	struct desk_config *config = &app->config;

	if (policy == NULL)
		return;
	if (policy->name[0] != '\0')
		(void)span_copy(config->name, sizeof(config->name), span_of(policy->name));
	if (policy->capacity > 0)
		config->default_capacity = policy->capacity;
	put_ms(&config->offer_ms, &policy->offer);
	put_ms(&config->again_ms, &policy->again);
	put_ms(&config->grace_ms, &policy->grace);
}

static void drop_wanted(struct app *app)
{
	policy_unref(&app->wanted);
	free(app->wanted_text);
	app->wanted_text = NULL;
	app->wanted_len = 0;
}

/* The next welcome says the new values by itself. */
static void tell_visitors(struct app *app)
{
	struct guest *guest, *next;

	HASH_ITER(hh, app->hub.guests, guest, next) {
		const struct chat *chat = chats_of_visitor(&app->chats, &guest->id);

		if (chat != NULL)
			deliver_status(app, chat);
	}
}

void book_hold(struct app *app, struct policy *policy, uint32_t id)
{
	policy->id = id;
	turn_page(app, policy);
	book_apply(app);
	log_info("policy.adopted", "id=%" PRIu32 " version=\"%s\"", id, policy->version);
	if (policy == app->wanted)
		drop_wanted(app);
}

void book_want(struct app *app, struct policy *policy, struct span text)
{
	struct policy *wanted = policy_ref(policy);

	drop_wanted(app);
	app->wanted = wanted;
	app->wanted_text = xmemdup0(text.ptr, text.len);
	app->wanted_len = text.len;
}

/* What could not be written is tried again with a later tick. */
static void adoption_done(struct op *op)
{
	struct adoption *adoption = container_of(op, struct adoption, call.op);
	struct app *app = adoption->app;

	app->adopting = false;
	if (op->status == ST_OK) {
		book_hold(app, adoption->policy, adoption->call.u.policy_put.id);
		if (!app->stopping)
			tell_visitors(app);
	} else if (op->status != ST_CANCELED) {
		log_error("policy.not_recorded", "status=%s", status_name(op->status));
	}
	policy_unref(&adoption->policy);
	arena_fini(&adoption->call.arena);
	free(adoption);
}

void book_put(struct app *app)
{
	struct adoption *adoption;

	if (app->wanted == NULL || app->adopting || app->mono < app->adopt_at)
		return;
	app->adopting = true;
	app->adopt_at = app->mono + SEC_MS; /* at the earliest, should this one fail */
	adoption = xcalloc(1, sizeof(*adoption));
	adoption->app = app;
	adoption->policy = policy_ref(app->wanted);
	adoption->call.op.done = adoption_done;
	adoption->call.kind = STORE_POLICY_PUT;
	adoption->call.u.policy_put.text =
		arena_span(&adoption->call.arena,
	                   (struct span){.ptr = app->wanted_text, .len = app->wanted_len});
	adoption->call.u.policy_put.now = app->now;
	store_submit(app->ports.store, &adoption->call);
}

void book_fini(struct app *app)
{
	drop_wanted(app);
	policy_book_unref(&app->book);
}
