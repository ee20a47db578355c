/* SPDX-License-Identifier: MIT */
/* What changed from one policy to another, in words and by name. */
#ifndef TB_POLICY_DIFF_H
#define TB_POLICY_DIFF_H

#include <jansson.h>

#include "policy_file.h"

/* Both are without mistakes. A list of {"where","what","from","to"}, yours: where is "Live chat,
 * high", what "first response"; from and to are texts, null for what is not there. */
json_t *policy_diff(const struct policy_file *a, const struct policy_file *b);

/* "Live chat, high: first response 5 bmin -> 3 bmin", a line each. */
void policy_diff_print(const json_t *changes, FILE *out);

#endif
