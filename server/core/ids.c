/* SPDX-License-Identifier: MIT */
#include "core/ids.h"

#include "core/agent.h"

static bool is_id_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

bool client_id_is_valid(struct span id)
{
	if (id.len < 1 || id.len > CLIENT_ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		if (!is_id_char(id.ptr[i]))
			return false;
	}
	return true;
}

bool email_is_valid(struct span email)
{
	size_t at = email.len;

	if (email.len < 3 || email.len >= EMAIL_SIZE)
		return false;
	for (size_t i = 0; i < email.len; i++) {
		unsigned char c = (unsigned char)email.ptr[i];

		if (c <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == ',' || c == '"')
			return false;
		if (c == '@' && at != email.len)
			return false;
		if (c == '@')
			at = i;
	}
	return at > 0 && at < email.len - 1;
}
