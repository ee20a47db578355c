/* SPDX-License-Identifier: MIT */
#include "policy_render.h"

#include "proto/guide.h"

bool policy_render(const struct policy *policy, wall_ms now, enum policy_form form, FILE *out)
{
	struct buf text = {0};
	bool whole;

	switch (form) {
	case POLICY_AS_MARKDOWN:
		guide_markdown(policy, now, &text);
		break;
	case POLICY_AS_HTML:
		guide_page(policy, now, &text);
		break;
	case POLICY_AS_JSON:
		guide_json(policy, now, GUIDE_ANYBODY, &text);
		break;
	}
	whole = fwrite(text.ptr, 1, text.len, out) == text.len && fflush(out) == 0;
	buf_fini(&text);
	return whole;
}
