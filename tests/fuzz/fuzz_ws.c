/* SPDX-License-Identifier: MIT */
/* Any bytes as websocket frames: no message beyond its limit, and the outcome is the same
 * however they are cut. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../support/ws_feed.h"
#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = {1, 3, 64};
	struct ws_feed_opts opts = {
		.limits = {.fragments = 4, .control_frames = 5, .control_window_ms = 1},
		.message_bytes = 300};
	struct span bytes = {.ptr = (const char *)data, .len = size};
	struct buf whole = {0}, cut = {0};

	ws_feed_all(&opts, bytes, &whole);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		buf_reset(&cut);
		opts.step = steps[i];
		ws_feed_all(&opts, bytes, &cut);
		/* The reason of a close frame is judged by pieces: test_ws.c says why. */
		if (strstr(buf_cstr(&whole), " 1007\n") == NULL &&
		    strstr(buf_cstr(&cut), " 1007\n") == NULL)
			MUST(strcmp(buf_cstr(&whole), buf_cstr(&cut)) == 0);
	}
	buf_fini(&whole);
	buf_fini(&cut);
	return 0;
}
