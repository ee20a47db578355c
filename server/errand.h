/* SPDX-License-Identifier: MIT */
/* One question of a subcommand to the desk (adapter/control_call.h): a running server is asked
 * over its control socket; else the record is opened here, for as long as it takes. */
#ifndef TB_ERRAND_H
#define TB_ERRAND_H

#include <jansson.h>

#include "base/status.h"
#include "config.h"

#define ERRAND_WHY_SIZE 512

/* OK: *answer_out is the answer, yours. Else `why` is a sentence for a person: what the desk
 * refused, or why it could not be asked. */
NODISCARD enum status errand_run(const struct config *config, json_t *question, json_t **answer_out,
                                 char *why);

#endif
