/* SPDX-License-Identifier: MIT */
/* One event, one line: `2026-03-01T10:00:00.123Z info ticket.opened ticket=42 tier=1`.
 * error: somebody must act. warn: degraded. info: facts of the business. debug: transitions.
 * Never message text, tokens or passwords at any level; addresses and e-mail at debug only.
 * Lines go to stderr in one write. Values are escaped: control bytes, DEL and quotes. */
#ifndef TB_BASE_LOG_H
#define TB_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Set once in main before any thread starts. Default LOG_INFO. */
void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);

/* `fields` is a printf format of key=value pairs ("" for none). */
void log_event(enum log_level level, const char *event, const char *fields, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(...) log_event(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_event(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_event(LOG_INFO, __VA_ARGS__)
#define log_debug(...) (log_enabled(LOG_DEBUG) ? log_event(LOG_DEBUG, __VA_ARGS__) : (void)0)

#endif
