/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

void samples_add(struct samples *samples, uint64_t ns)
{
	uint64_t us = ns / 1000;

	if (samples->count == samples->size) {
		samples->size = samples->size ? samples->size * 2 : 65536;
		samples->us = xrealloc(samples->us, samples->size * sizeof(samples->us[0]));
	}
	samples->us[samples->count++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

void samples_reset(struct samples *samples)
{
	samples->count = 0;
}

void samples_fini(struct samples *samples)
{
	free(samples->us);
	*samples = (struct samples){0};
}

static int compare_us(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static uint32_t quantile(const struct samples *samples, size_t per_mille)
{
	size_t at = samples->count * per_mille / 1000;

	return samples->us[at < samples->count ? at : samples->count - 1];
}

void samples_print(struct samples *samples)
{
	if (samples->count == 0) {
		printf("null");
		return;
	}
	qsort(samples->us, samples->count, sizeof(samples->us[0]), compare_us);
	printf("{\"n\":%zu,\"p50\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}", samples->count,
	       quantile(samples, 500), quantile(samples, 990), quantile(samples, 999),
	       samples->us[samples->count - 1]);
}

static bool read_proc(int pid, const char *file, char *text, size_t size)
{
	char path[64];
	FILE *in;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	in = fopen(path, "r");
	if (!in)
		return false;
	len = fread(text, 1, size - 1, in);
	text[len] = '\0';
	fclose(in);
	return len > 0;
}

/* User and system time of all its threads, those that ended included. */
static uint64_t cpu_us_of(int pid)
{
	char text[1024];
	unsigned long long user = 0;
	unsigned long long system = 0;
	const char *at;

	if (!read_proc(pid, "stat", text, sizeof(text)))
		return 0;
	at = strrchr(text, ')'); /* the name may hold blanks */
	if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
	                  &system) != 2)
		return 0;
	return (user + system) * (1000000ULL / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t pss_of(int pid)
{
	char text[4096];
	const char *at;

	if (!read_proc(pid, "smaps_rollup", text, sizeof(text)))
		return 0;
	at = strstr(text, "\nPss:");
	return at ? strtoull(at + 5, NULL, 10) * 1024 : 0;
}

int watch_add(struct watch *watch, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || watch->count == WATCHED_MAX)
		return -1;
	*equals = '\0';
	watch->items[watch->count++] =
		(struct watched){.name = text, .pid = (int)strtol(equals + 1, NULL, 10)};
	return 0;
}

void watch_mark(struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		watch->items[i].cpu_us = cpu_us_of(watch->items[i].pid);
}

void watch_mark_pss(struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		watch->items[i].pss = pss_of(watch->items[i].pid);
}

static void print_items(const struct watch *watch, uint64_t (*value)(const struct watched *item))
{
	printf("{");
	for (size_t i = 0; i < watch->count; i++)
		printf("%s\"%s\":%lld", i ? "," : "", watch->items[i].name,
		       (long long)value(&watch->items[i]));
	printf("}");
}

static uint64_t cpu_since(const struct watched *item)
{
	return cpu_us_of(item->pid) - item->cpu_us;
}

static uint64_t pss_since(const struct watched *item)
{
	return pss_of(item->pid) - item->pss;
}

void watch_print_cpu(const struct watch *watch)
{
	print_items(watch, cpu_since);
}

void watch_print_pss(const struct watch *watch)
{
	print_items(watch, pss_since);
}
