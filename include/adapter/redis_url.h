/* SPDX-License-Identifier: MIT */
/* Where a Redis is: redis://[user:password@]host[:port][/db] or unix:/path. */
#ifndef TB_ADAPTER_REDIS_URL_H
#define TB_ADAPTER_REDIS_URL_H

#include <stdbool.h>
#include <stddef.h>

#define REDIS_PATH_SIZE 108 /* of sockaddr_un: 107 bytes and the NUL */
#define REDIS_HOST_SIZE 254

struct redis_address {
	char path[REDIS_PATH_SIZE]; /* "" : host and port */
	char host[REDIS_HOST_SIZE];
	char port[6];
	char user[128];
	char password[256];
	char db[4]; /* "" : 0 */
};

/* false: `error` says what is wrong, without the password. */
bool redis_url_parse(const char *url, struct redis_address *out, char *error, size_t size);

#endif
