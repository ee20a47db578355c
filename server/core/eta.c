/* SPDX-License-Identifier: MIT */
#include "core/eta.h"

#include <string.h>

#include "base/clock.h"

void eta_add(struct eta *eta, int64_t waited_ms)
{
	eta->waits_ms[eta->count % ETA_SAMPLES] = waited_ms < 0 ? 0 : waited_ms;
	eta->count++;
}

static int64_t median(const int64_t *values, size_t count)
{
	int64_t sorted[ETA_SAMPLES];

	memcpy(sorted, values, count * sizeof(*values));
	for (size_t i = 1; i < count; i++) {
		int64_t value = sorted[i];
		size_t at = i;

		for (; at > 0 && sorted[at - 1] > value; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = value;
	}
	return count % 2 != 0 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

int64_t eta_seconds(const struct eta *eta, unsigned position, size_t room)
{
	size_t samples = eta->count < ETA_SAMPLES ? eta->count : ETA_SAMPLES;
	int64_t wait_ms;

	if (samples < ETA_SAMPLES_MIN || position == 0)
		return -1;
	wait_ms =
		median(eta->waits_ms, samples) * (int64_t)position / (int64_t)(room > 0 ? room : 1);
	return (wait_ms + SEC_MS - 1) / SEC_MS;
}
