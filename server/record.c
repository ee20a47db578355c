/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <string.h>

#define SQLITE_SCHEME "sqlite:"

enum status record_path(const struct config *config, char path_out[FOLDER_PATH_SIZE], char *why,
                        size_t size)
{
	const char *url = config->database.text;
	enum status st;

	if (url == NULL) {
		st = folder_path(config->data.text, "tierbell.db", path_out);
	} else if (strncmp(url, SQLITE_SCHEME, strlen(SQLITE_SCHEME)) == 0 &&
	           url[strlen(SQLITE_SCHEME)] != '\0') {
		st = span_copy(path_out, FOLDER_PATH_SIZE, span_of(url + strlen(SQLITE_SCHEME)))
		             ? ST_OK
		             : ST_BAD_REQUEST;
	} else {
		(void)snprintf(why, size,
		               "--database takes sqlite:FILE; other databases are not in this "
		               "version");
		return ST_BAD_REQUEST;
	}
	if (st != ST_OK)
		(void)snprintf(why, size, "the path of the database is too long");
	return st;
}
