/* SPDX-License-Identifier: MIT */
#include "app/hub.h"

#include <stdlib.h>

#include "app/people.h"
#include "base/mem.h"
#include "base/must.h"

struct client *hub_find(struct hub *hub, struct conn_id conn)
{
	struct client *client;

	HASH_FIND(hh, hub->clients, &conn, sizeof(conn), client);
	return client;
}

struct client *hub_open(struct hub *hub, struct conn_id conn, const struct desk_peer *peer)
{
	struct client *client = xcalloc(1, sizeof(*client));

	client->conn = conn;
	client->audience = peer->audience;
	client->quota = quota_of(&hub->quotas, peer->address);
	client->quota->clients++;
	if (peer->audience == AUDIENCE_AGENT) {
		client->agent = xcalloc(1, sizeof(*client->agent));
		client->agent->identity = peer->identity;
		hub->agent_sockets++;
	} else {
		client->origin = xstrdup(peer->origin);
		hub->visitor_sockets++;
	}
	HASH_ADD(hh, hub->clients, conn, sizeof(conn), client);
	return client;
}

static void guest_free(struct hub *hub, struct guest *guest)
{
	HASH_DEL(hub->guests, guest);
	free(guest->name);
	free(guest->email);
	free(guest->page_url);
	free(guest->page_title);
	free(guest->context);
	free(guest);
}

void hub_close(struct hub *hub, struct client **client)
{
	struct client *gone = *client;

	HASH_DEL(hub->clients, gone);
	if (gone->audience == AUDIENCE_AGENT)
		hub->agent_sockets--;
	else
		hub->visitor_sockets--;
	if (gone->guest != NULL) {
		LIST_REMOVE(gone, peers);
		if (--gone->guest->clients_count == 0)
			guest_free(hub, gone->guest);
	}
	if (gone->person != NULL) {
		LIST_REMOVE(gone, peers);
		gone->person->clients_count--;
	}
	if (gone->agent != NULL)
		free(gone->agent->subs);
	free(gone->agent);
	free(gone->origin);
	free(gone->asked);
	gone->quota->clients--;
	free(gone);
	*client = NULL;
}

struct guest *hub_guest(struct hub *hub, const struct visitor_id *id)
{
	struct guest *guest;

	HASH_FIND(hh, hub->guests, id, sizeof(*id), guest);
	return guest;
}

struct guest *hub_seat_guest(struct hub *hub, struct client *client, const struct visitor_id *id)
{
	struct guest *guest = hub_guest(hub, id);

	MUST(client->guest == NULL);
	if (guest == NULL) {
		guest = xcalloc(1, sizeof(*guest));
		guest->id = *id;
		HASH_ADD(hh, hub->guests, id, sizeof(guest->id), guest);
	}
	client->guest = guest;
	guest->clients_count++;
	LIST_INSERT_HEAD(&guest->clients, client, peers);
	return guest;
}

void hub_fini(struct hub *hub)
{
	struct client *client, *next;

	HASH_ITER(hh, hub->clients, client, next) {
		struct client *gone = client;

		hub_close(hub, &gone);
	}
	quota_fini(&hub->quotas);
}

struct sub *client_sub(struct client *client, struct ticket_id ticket)
{
	if (client->agent == NULL)
		return client->sub.ticket.v == ticket.v ? &client->sub : NULL;
	for (size_t i = 0; i < client->agent->subs_count; i++) {
		if (client->agent->subs[i].ticket.v == ticket.v)
			return &client->agent->subs[i];
	}
	return NULL;
}

struct sub *client_subscribe(struct client *client, struct ticket_id ticket)
{
	struct sub *sub = client_sub(client, ticket);
	struct agent_peer *agent = client->agent;

	if (sub != NULL)
		return sub;
	if (agent == NULL) {
		client->sub = (struct sub){.ticket = ticket};
		return &client->sub;
	}
	agent->subs = xrealloc(agent->subs, (agent->subs_count + 1) * sizeof(*agent->subs));
	sub = &agent->subs[agent->subs_count++];
	*sub = (struct sub){.ticket = ticket};
	return sub;
}

void client_unsubscribe(struct client *client, struct ticket_id ticket)
{
	struct sub *sub = client_sub(client, ticket);
	struct agent_peer *agent = client->agent;

	if (sub == NULL)
		return;
	if (agent == NULL)
		*sub = (struct sub){0};
	else
		*sub = agent->subs[--agent->subs_count];
}
