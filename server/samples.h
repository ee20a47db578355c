/* SPDX-License-Identifier: MIT */
/* Requests from a file, one JSON object a line, with or without what is expected of triage. */
#ifndef TB_SAMPLES_H
#define TB_SAMPLES_H

#include <stdio.h>

#include "base/status.h"
#include "core/triage.h"

#define SAMPLE_BYTES_MAX 262144 /* a line */
#define SAMPLES_MAX      1000000
#define SAMPLES_WHY_SIZE 512

struct sample {
	size_t line; /* of the file, from 1 */
	struct request request;

	/* What is expected; without a topic the line is only decided. */
	const char *topic;
	bool has_priority, has_tier, has_immediate;
	enum priority priority;
	int tier;
	bool immediate;
};

struct samples {
	struct arena arena; /* owns the texts */
	struct sample *items;
	size_t count, size;
};

/* Reads to the end; empty lines are passed over. BAD_REQUEST: `why` (SAMPLES_WHY_SIZE bytes) names
 * the line and what is wrong with it. To be followed by samples_fini either way. */
NODISCARD enum status samples_read(FILE *file, struct samples *samples, char *why);
void samples_fini(struct samples *samples);

#endif
