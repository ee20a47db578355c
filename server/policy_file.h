/* SPDX-License-Identifier: MIT */
/* A policy file from the disk, read and looked over. */
#ifndef TB_POLICY_FILE_H
#define TB_POLICY_FILE_H

#include <stdio.h>

#include "app/desk.h"
#include "proto/policy.h"
#include "zones.h"

#define POLICY_DEFAULT       "deploy/policy.json"
#define POLICY_FILE_WHY_SIZE 512

struct policy_file {
	const char *path;      /* as it was said; "built-in policy" */
	char *text;            /* the file, not terminated */
	size_t len;            /* */
	struct policy *policy; /* NULL: it has mistakes */
	struct policy_mistakes mistakes;
};

/* path NULL: POLICY_DEFAULT where it is there, else what was built in. Always to be followed by
 * policy_file_fini. OK: file->policy is there, `mistakes` has warnings at most. BAD_REQUEST: `why`
 * says what is wrong with the file as a whole, `mistakes` each one. */
NODISCARD enum status policy_file_load(const char *path, wall_ms now, struct policy_file *file,
                                       char *why);
void policy_file_fini(struct policy_file *file); /* also its reference to the policy */

/* Line by line: "$.channels.chat.hours: there is no calendar ...". */
void policy_file_print(const struct policy_file *file, FILE *out);

/* For desk_ports: versions on record, with the zones of this machine. Borrows `zones`. */
struct policy_reader policy_file_reader(struct zones *zones);

#endif
