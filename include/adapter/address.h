/* SPDX-License-Identifier: MIT */
/* Addresses of peers: how many connections each has, and which are proxies of ours. */
#ifndef TB_ADAPTER_ADDRESS_H
#define TB_ADAPTER_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/span.h"

#define ADDRESS_TEXT_SIZE 48

/* IPv6; IPv4 is mapped (::ffff:0:0/96). All zero: none (a Unix socket). */
struct address {
	uint8_t v[16];
};

bool address_is_none(const struct address *address);
void address_from_socket(const struct sockaddr *socket, struct address *out);
/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]:443", "192.0.2.1:80". false: none of these. */
bool address_parse(struct span text, struct address *out);
void address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE]);

struct place; /* an address that has connections */
struct network;

/* The zero value is empty. */
struct places {
	struct place *all;
	struct network *proxies;
	size_t proxies_count;
};

void places_fini(struct places *places);
/* Counts one more of the address (IPv6: of its /64). NULL: it has `max` already (0: any). */
struct place *places_enter(struct places *places, const struct address *address, int64_t max);
void places_leave(struct places *places, struct place **place); /* NULL inside is fine */
const struct address *place_address(const struct place *place);

/* "10.0.0.0/8", "::1". false: not a network. */
bool places_trust(struct places *places, const char *cidr);
bool places_is_proxy(const struct places *places, const struct address *address);
/* The client: the last address of the X-Forwarded-For that is no proxy itself. */
bool places_client(const struct places *places, struct span forwarded, struct address *out);

#endif
