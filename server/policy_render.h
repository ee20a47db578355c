/* SPDX-License-Identifier: MIT */
/* What people and programs read of a policy, for `tierbell policy render`. */
#ifndef TB_POLICY_RENDER_H
#define TB_POLICY_RENDER_H

#include <stdio.h>

#include "core/policy.h"

enum policy_form {
	POLICY_AS_MARKDOWN,
	POLICY_AS_HTML,
	POLICY_AS_JSON,
};

/* Writes the guide as it is at `now`. false: not all of it could be written. */
bool policy_render(const struct policy *policy, wall_ms now, enum policy_form form, FILE *out);

#endif
