/* SPDX-License-Identifier: MIT */
/* What a server runs by, put together from the command line and the policy file. It is read
 * again on SIGHUP; a mistake in it leaves what was there. */
#ifndef TB_SETTINGS_H
#define TB_SETTINGS_H

#include "config.h"
#include "policy_file.h"

#define SETTINGS_WHY_SIZE POLICY_FILE_WHY_SIZE

/* Reads the policy file and the key of --identity-key, and puts what the desk takes from them into
 * config->desk. Always to be followed by policy_file_fini. BAD_REQUEST: `why` names the file,
 * file->mistakes each mistake of a policy. */
NODISCARD enum status settings_read(struct config *config, wall_ms now, struct policy_file *file,
                                    char *why);

/* --log. false: no such level. */
NODISCARD bool settings_log(const struct config *config);

#endif
