/* SPDX-License-Identifier: MIT */
/* What is measured: latencies, and the CPU time and memory of the processes under load. */
#ifndef TB_BENCH_SAMPLE_H
#define TB_BENCH_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Latencies, all of them kept. The zero value is empty. */
struct samples {
	uint32_t *us;
	size_t count;
	size_t size;
};

void samples_add(struct samples *samples, uint64_t ns);
void samples_reset(struct samples *samples);
void samples_fini(struct samples *samples);
/* {"n":..,"p50":..,"p99":..,"p999":..,"max":..} in microseconds; sorts them. */
void samples_print(struct samples *samples);

#define WATCHED_MAX 8

/* A process that is watched, named as in the report. */
struct watched {
	const char *name;
	int pid;
	uint64_t cpu_us; /* at the last mark */
	uint64_t pss;
};

struct watch {
	struct watched items[WATCHED_MAX];
	size_t count;
};

/* `text` is NAME=PID. */
int watch_add(struct watch *watch, char *text);
void watch_mark(struct watch *watch);     /* CPU time from here */
void watch_mark_pss(struct watch *watch); /* memory from here */
/* {"NAME":microseconds,...} since the mark */
void watch_print_cpu(const struct watch *watch);
/* {"NAME":bytes,...} more than at the mark */
void watch_print_pss(const struct watch *watch);

#endif
