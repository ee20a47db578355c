/* SPDX-License-Identifier: MIT */
/* The fake's agents, sessions and settings. */
#include <stdlib.h>
#include <string.h>

#include "adapter/fake_record.h"
#include "base/mem.h"

static struct agent *agent_find(const struct fake_record *record, struct agent_id id)
{
	if (id.v == 0 || id.v > record->agents_count)
		return NULL;
	return &record->agents[id.v - 1];
}

static struct agent *agent_by_email(const struct fake_record *record, struct span email)
{
	for (size_t i = 0; i < record->agents_count; i++)
		if (span_is(email, record->agents[i].email))
			return &record->agents[i];
	return NULL;
}

enum status fake_agent_put(struct fake_record *record, struct store_call *call)
{
	struct agent *put = &call->u.agent_put;
	const struct agent *same = agent_by_email(record, span_of(put->email));

	if (put->id.v != 0 && agent_find(record, put->id) == NULL)
		return ST_NOT_FOUND;
	if (same != NULL && same->id.v != put->id.v)
		return ST_CONFLICT;
	if (put->id.v == 0) {
		record->agents = fake_list_grow(record->agents, record->agents_count,
		                                sizeof(*record->agents));
		put->id.v = ++record->agents_count;
	}
	record->agents[put->id.v - 1] = *put;
	return ST_OK;
}

static struct session *session_find(const struct fake_record *record, const uint8_t *hash)
{
	for (size_t i = 0; i < record->sessions_count; i++)
		if (memcmp(record->sessions[i].hash, hash, SECRET_HASH_SIZE) == 0)
			return &record->sessions[i];
	return NULL;
}

enum status fake_session_put(struct fake_record *record, struct store_call *call)
{
	struct session *put = &call->u.session_put;
	struct session *old = session_find(record, put->hash);

	if (agent_find(record, put->agent) == NULL)
		return ST_NOT_FOUND;
	if (old == NULL) {
		record->sessions = fake_list_grow(record->sessions, record->sessions_count,
		                                  sizeof(*record->sessions));
		old = &record->sessions[record->sessions_count++];
		if (put->id == 0)
			put->id = ++record->sessions_given;
	} else {
		put->id = old->id;
	}
	*old = *put;
	return ST_OK;
}

static bool session_is_meant(const struct session *session, const struct store_call *call)
{
	if (call->u.session_end.agent.v == 0)
		return memcmp(session->hash, call->u.session_end.hash, SECRET_HASH_SIZE) == 0;
	return session->agent.v == call->u.session_end.agent.v &&
	       (session->kind == SESSION_LOGIN ? call->u.session_end.logins
	                                       : call->u.session_end.tokens);
}

enum status fake_session_end(struct fake_record *record, struct store_call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < record->sessions_count; i++)
		if (!session_is_meant(&record->sessions[i], call))
			record->sessions[kept++] = record->sessions[i];
	call->u.session_end.ended = (unsigned)(record->sessions_count - kept);
	record->sessions_count = kept;
	return ST_OK;
}

static struct session *token_find(const struct fake_record *record, const struct store_call *call)
{
	for (size_t i = 0; i < record->sessions_count; i++) {
		struct session *session = &record->sessions[i];

		if (session->kind == SESSION_TOKEN && session->id == call->u.token.id &&
		    (call->u.token.agent.v == 0 || call->u.token.agent.v == session->agent.v))
			return session;
	}
	return NULL;
}

enum status fake_token_set(struct fake_record *record, struct store_call *call)
{
	struct session *session = token_find(record, call);

	if (session == NULL)
		return ST_NOT_FOUND;
	if (call->u.token.has_label)
		memcpy(session->label, call->u.token.label, sizeof(session->label));
	if (call->u.token.used_at > session->used_at)
		session->used_at = call->u.token.used_at;
	call->u.token.session = *session;
	return ST_OK;
}

enum status fake_token_end(struct fake_record *record, struct store_call *call)
{
	struct session *session = token_find(record, call);

	if (session == NULL)
		return ST_NOT_FOUND;
	call->u.token.session = *session;
	record->sessions_count--;
	memmove(session, session + 1,
	        (size_t)(&record->sessions[record->sessions_count] - session) * sizeof(*session));
	return ST_OK;
}

enum status fake_read_tokens(const struct fake_record *record, struct store_call *call)
{
	struct session *items =
		arena_alloc(&call->arena, record->sessions_count * sizeof(struct session));
	size_t count = 0;

	for (size_t i = 0; i < record->sessions_count && count < STORE_TOKENS_MAX; i++) {
		const struct session *session = &record->sessions[i];

		if (session->kind == SESSION_TOKEN && session->agent.v == call->u.tokens.agent.v &&
		    (session->expires_at == 0 || session->expires_at > call->u.tokens.now))
			items[count++] = *session;
	}
	call->u.tokens.items = items;
	call->u.tokens.count = count;
	return ST_OK;
}

static struct fake_meta *meta_find(const struct fake_record *record, const char *key)
{
	for (size_t i = 0; i < record->metas_count; i++)
		if (strcmp(record->metas[i].key, key) == 0)
			return &record->metas[i];
	return NULL;
}

enum status fake_meta_put(struct fake_record *record, struct store_call *call)
{
	struct fake_meta *meta = meta_find(record, call->u.meta.key);

	if (meta != NULL && call->u.meta.once)
		return ST_CONFLICT;
	if (meta == NULL) {
		record->metas =
			fake_list_grow(record->metas, record->metas_count, sizeof(*record->metas));
		meta = &record->metas[record->metas_count++];
		(void)span_copy(meta->key, sizeof(meta->key), span_of(call->u.meta.key));
	}
	meta->value = arena_span(&record->arena, call->u.meta.value);
	return ST_OK;
}

enum status fake_read_meta(const struct fake_record *record, struct store_call *call)
{
	const struct fake_meta *meta = meta_find(record, call->u.meta.key);

	if (meta == NULL)
		return ST_NOT_FOUND;
	call->u.meta.value = arena_span(&call->arena, meta->value);
	return ST_OK;
}

enum status fake_read_agent(const struct fake_record *record, struct store_call *call)
{
	const struct agent *agent = call->u.agent.id.v != 0
	                                    ? agent_find(record, call->u.agent.id)
	                                    : agent_by_email(record, call->u.agent.email);

	if (agent == NULL)
		return ST_NOT_FOUND;
	call->u.agent.agent = *agent;
	return ST_OK;
}

enum status fake_read_agents(const struct fake_record *record, struct store_call *call)
{
	size_t size = record->agents_count * sizeof(*record->agents);

	call->u.agents.items = arena_alloc(&call->arena, size);
	call->u.agents.count = record->agents_count;
	if (size > 0)
		memcpy(call->u.agents.items, record->agents, size);
	return ST_OK;
}

enum status fake_read_session(const struct fake_record *record, struct store_call *call)
{
	const struct session *session = session_find(record, call->u.session.hash);
	const struct agent *agent;

	if (session == NULL ||
	    (session->expires_at != 0 && session->expires_at <= call->u.session.now))
		return ST_NOT_FOUND;
	agent = agent_find(record, session->agent);
	if (agent == NULL || agent->disabled)
		return ST_NOT_FOUND;
	call->u.session.session = *session;
	call->u.session.agent = *agent;
	return ST_OK;
}
