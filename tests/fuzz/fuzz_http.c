/* SPDX-License-Identifier: MIT */
/* Any bytes as requests: the outcome is the same however they are cut. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../support/http_feed.h"
#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct http_limits limits = {
		.header_bytes = 1024, .headers = 12, .body_bytes = 256};
	static const size_t steps[] = {1, 2, 5, 64};
	struct span bytes = {.ptr = (const char *)data, .len = size};
	struct buf whole = {0}, cut = {0};

	http_feed(&limits, bytes, 0, 0, &whole);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		buf_reset(&cut);
		http_feed(&limits, bytes, 0, steps[i], &cut);
		MUST(strcmp(buf_cstr(&whole), buf_cstr(&cut)) == 0);
	}
	buf_fini(&whole);
	buf_fini(&cut);
	return 0;
}
