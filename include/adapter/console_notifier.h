/* SPDX-License-Identifier: MIT */
/* The notifier of a desk without mail or webhooks: a page or a notice is one line of the log, for
 * whoever watches the terminal or collects the log. It names the ticket and the rule; no person, no
 * address, no words of the ticket. */
#ifndef TB_ADAPTER_CONSOLE_NOTIFIER_H
#define TB_ADAPTER_CONSOLE_NOTIFIER_H

#include <uv.h>

#include "port/notifier.h"

/* After close the loop has to turn once more before it can be closed itself. */
struct notifier *console_notifier_create(uv_loop_t *loop);

#endif
