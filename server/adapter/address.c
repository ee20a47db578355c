/* SPDX-License-Identifier: MIT */
#include "adapter/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* uthash's default function falls through its cases, which clang warns of. */
#define HASH_FUNCTION HASH_FNV
#include <uthash.h>

#include "base/mem.h"

struct place {
	struct address address; /* IPv6: the first 64 bits */
	int64_t count;
	UT_hash_handle hh;
};

struct network {
	struct address address;
	unsigned bits;
};

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static bool is_v4(const struct address *address)
{
	return memcmp(address->v, mapped, sizeof(mapped)) == 0;
}

bool address_is_none(const struct address *address)
{
	static const struct address none;

	return memcmp(address, &none, sizeof(none)) == 0;
}

static void from_v4(const void *bytes, struct address *out)
{
	memcpy(out->v, mapped, sizeof(mapped));
	memcpy(out->v + sizeof(mapped), bytes, 4);
}

void address_from_socket(const struct sockaddr *socket, struct address *out)
{
	*out = (struct address){0};
	if (socket->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, socket, sizeof(in));
		from_v4(&in.sin_addr, out);
	} else if (socket->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, socket, sizeof(in6));
		memcpy(out->v, &in6.sin6_addr, sizeof(out->v));
	}
}

/* Without a port and without brackets. */
static struct span bare(struct span text)
{
	const char *colon = text.len > 0 ? memchr(text.ptr, ':', text.len) : NULL;
	const char *end = text.len > 0 ? memchr(text.ptr, ']', text.len) : NULL;

	if (text.len > 0 && text.ptr[0] == '[' && end != NULL)
		return (struct span){.ptr = text.ptr + 1, .len = (size_t)(end - text.ptr) - 1};
	/* One colon is a port behind IPv4, more are IPv6. */
	if (colon != NULL && memrchr(text.ptr, ':', text.len) == colon)
		text.len = (size_t)(colon - text.ptr);
	return text;
}

bool address_parse(struct span text, struct address *out)
{
	char copy[ADDRESS_TEXT_SIZE];
	uint8_t four[4];

	if (!span_copy(copy, sizeof(copy), bare(text)))
		return false;
	if (inet_pton(AF_INET, copy, four) == 1) {
		from_v4(four, out);
		return true;
	}
	return inet_pton(AF_INET6, copy, out->v) == 1;
}

void address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
	const char *text;

	if (address_is_none(address))
		text = NULL;
	else if (is_v4(address))
		text = inet_ntop(AF_INET, address->v + sizeof(mapped), out, ADDRESS_TEXT_SIZE);
	else
		text = inet_ntop(AF_INET6, address->v, out, ADDRESS_TEXT_SIZE);
	if (text == NULL)
		out[0] = '\0';
}

struct place *places_enter(struct places *places, const struct address *address, int64_t max)
{
	struct address key = *address;
	struct place *place;

	if (!is_v4(&key))
		memset(key.v + 8, 0, 8);
	HASH_FIND(hh, places->all, &key, sizeof(key), place);
	if (place == NULL) {
		place = xcalloc(1, sizeof(*place));
		place->address = key;
		HASH_ADD(hh, places->all, address, sizeof(key), place);
	} else if (max > 0 && place->count >= max) {
		return NULL;
	}
	place->count++;
	return place;
}

void places_leave(struct places *places, struct place **place)
{
	struct place *gone = *place;

	*place = NULL;
	if (gone == NULL || --gone->count > 0)
		return;
	HASH_DEL(places->all, gone);
	free(gone);
}

const struct address *place_address(const struct place *place)
{
	return &place->address;
}

void places_fini(struct places *places)
{
	struct place *place, *next;

	HASH_ITER(hh, places->all, place, next) {
		HASH_DEL(places->all, place);
		free(place);
	}
	free(places->proxies);
	*places = (struct places){0};
}

bool places_trust(struct places *places, const char *cidr)
{
	struct span text = span_of(cidr);
	const char *slash = strchr(cidr, '/');
	struct network network;
	long bits = -1;
	char *end = NULL;

	if (slash != NULL) {
		text.len = (size_t)(slash - cidr);
		bits = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end != '\0' || bits < 0)
			return false;
	}
	if (!address_parse(text, &network.address))
		return false;
	if (bits >= 0 && is_v4(&network.address))
		bits += 96;
	if (bits > 128)
		return false;
	network.bits = bits < 0 ? 128 : (unsigned)bits;
	places->proxies =
		xrealloc(places->proxies, (places->proxies_count + 1) * sizeof(*places->proxies));
	places->proxies[places->proxies_count++] = network;
	return true;
}

static bool is_within(const struct network *network, const struct address *address)
{
	unsigned whole = network->bits / 8;
	unsigned rest = network->bits % 8;
	uint8_t mask = (uint8_t)(0xFFU << (8 - rest));

	if (memcmp(network->address.v, address->v, whole) != 0)
		return false;
	return rest == 0 || ((network->address.v[whole] ^ address->v[whole]) & mask) == 0;
}

bool places_is_proxy(const struct places *places, const struct address *address)
{
	for (size_t i = 0; i < places->proxies_count; i++) {
		if (is_within(&places->proxies[i], address))
			return true;
	}
	return false;
}

/* The last element of a comma-separated list, which is cut off. */
static struct span last_of(struct span *list)
{
	const char *comma = list->len > 0 ? memrchr(list->ptr, ',', list->len) : NULL;
	size_t from = comma != NULL ? (size_t)(comma - list->ptr) + 1 : 0;
	struct span last = {.ptr = list->ptr + from, .len = list->len - from};

	list->len = comma != NULL ? from - 1 : 0;
	while (last.len > 0 && (last.ptr[0] == ' ' || last.ptr[0] == '\t')) {
		last.ptr++;
		last.len--;
	}
	while (last.len > 0 && (last.ptr[last.len - 1] == ' ' || last.ptr[last.len - 1] == '\t'))
		last.len--;
	return last;
}

bool places_client(const struct places *places, struct span forwarded, struct address *out)
{
	bool found = false;

	/* From the right: what stands left of an unknown address anybody may have written. */
	while (forwarded.len > 0) {
		struct address address;

		if (!address_parse(last_of(&forwarded), &address))
			return found;
		*out = address;
		found = true;
		if (!places_is_proxy(places, &address))
			return true;
	}
	return found;
}
