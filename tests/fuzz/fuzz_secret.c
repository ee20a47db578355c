/* SPDX-License-Identifier: MIT */
/* Secrets in any bytes: pieces in order, inside the text, and what is left has fewer. */
#include <stdint.h>
#include <stdlib.h>

#include "base/must.h"
#include "core/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = {.ptr = (const char *)data, .len = size};
	struct secret_search search = {.text = text};
	struct arena arena = {0};
	struct secret secret;
	unsigned count, found = 0;
	size_t last = 0;

	while (secret_next(&search, &secret)) {
		MUST(secret.at >= last && secret.len > 0);
		last = secret.at + secret.len;
		MUST(last <= size);
		found++;
	}
	(void)secret_remove(&arena, text, &count);
	MUST(count == found);
	arena_fini(&arena);
	return 0;
}
