/* SPDX-License-Identifier: MIT */
/* What a server runs by, put together from the command line and the policy file. It is read
 * again on SIGHUP; a mistake in it leaves what was there. */
#ifndef TB_SETTINGS_H
#define TB_SETTINGS_H

#include "config.h"
#include "proto/policy.h"

#define SETTINGS_WHY_SIZE 512
#define POLICY_DEFAULT    "deploy/policy.json"

/* Reads the policy file (the default one only if it is there) and puts it into config->desk.
 * BAD_REQUEST: `why` names the file and the place. */
NODISCARD enum status settings_read(struct config *config, struct desk_file *policy, char *why);

/* --log. false: no such level. */
NODISCARD bool settings_log(const struct config *config);

#endif
