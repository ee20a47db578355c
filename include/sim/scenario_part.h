/* SPDX-License-Identifier: MIT */
/* Inside the reading of a scenario: the values that only scenarios have, and one function a
 * section. They follow proto/policy_read.h: false is "not there, or a mistake that was noted". */
#ifndef TB_SIM_SCENARIO_PART_H
#define TB_SIM_SCENARIO_PART_H

#include "proto/policy_read.h"
#include "sim/scenario.h"

bool part_share(const struct policy_node *node, uint32_t *out); /* 0 to 1, in millionths */
bool part_wait(const struct policy_node *node, struct wait *out);
bool part_moment(const struct policy_node *node, struct local_time *out); /* "2026-03-02 09:15" */
bool part_time(const struct policy_node *node, int max_s, int *out);      /* "09:15", seconds */
bool part_days(const struct policy_node *node, unsigned *out);            /* "mon-fri,sun" */
bool part_channel(const struct policy_node *node, enum channel *out);
const char *part_word(const struct policy_node *node); /* a string, or NULL */

/* `texts`: the named pools; then what names one of them. */
void part_pools(const struct policy_node *root, const struct scenario_files *files,
                struct scenario *out);
bool part_pool_ref(const struct policy_node *node, const struct scenario *scenario,
                   const struct text_pool **out);
/* `arrivals`, `visitors`, `incidents`. */
void part_arrivals(const struct policy_node *root, struct scenario *out);
/* `handling`, `tiers`, `agents`. */
void part_crews(const struct policy_node *root, struct scenario *out);
/* `outages`, `losses`. */
void part_trouble(const struct policy_node *root, struct scenario *out);
/* `expect`. */
void part_claims(const struct policy_node *root, struct scenario *out);

#endif
