/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
	threshold = level;
}

bool log_enabled(enum log_level level)
{
	return level <= threshold;
}

/* The one clock outside the loop: when a line was written is a fact of the log, and no
 * decision reads it. */
static size_t put_time(char *line, size_t size)
{
	struct timespec now;
	struct tm utc;
	int len;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &utc);
	len = snprintf(line, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", utc.tm_year + 1900,
	               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	               now.tv_nsec / 1000000);
	return len > 0 ? (size_t)len : 0;
}

/* A value cannot end the line or start a new one. */
static void tame(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7F)
			text[i] = '?';
	}
}

void log_event(enum log_level level, const char *event, const char *fields, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char line[LINE_MAX_BYTES];
	size_t len;
	va_list args;
	int n;

	if (!log_enabled(level))
		return;
	len = put_time(line, sizeof(line));
	n = snprintf(line + len, sizeof(line) - len, " %s %s ", names[level], event);
	len += n > 0 ? (size_t)n : 0;
	va_start(args, fields);
	n = vsnprintf(line + len, sizeof(line) - len, fields, args);
	va_end(args);
	len += n > 0 ? (size_t)n : 0;
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	tame(line, len);
	line[len++] = '\n';
	(void)!write(STDERR_FILENO, line, len);
}
