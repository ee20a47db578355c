/* SPDX-License-Identifier: MIT */
#include "base/status.h"

#include "base/must.h"

static const struct {
	const char *name;
	const char *code;
} rows[] = {
#define STATUS_ROW(name, code) {#name, code},
	STATUS_TABLE(STATUS_ROW)
#undef STATUS_ROW
};

const char *status_name(enum status st)
{
	MUST((size_t)st < ARRAY_LEN(rows));
	return rows[st].name;
}

const char *status_code(enum status st)
{
	MUST((size_t)st < ARRAY_LEN(rows));
	return rows[st].code;
}
