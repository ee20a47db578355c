/* SPDX-License-Identifier: MIT */
/* The sections of the policy file, in the order in which policy_parse reads them: later ones name
 * what earlier ones have. For server/proto/policy*.c only. */
#ifndef TB_PROTO_POLICY_SECTIONS_H
#define TB_PROTO_POLICY_SECTIONS_H

#include "proto/policy_read.h"

void policy_calendars_read(const struct policy_node *root);
void policy_desk_read(const struct policy_node *root);
void policy_tiers_read(const struct policy_node *root); /* `tiers`, `people` */
void policy_channels_read(const struct policy_node *root);
void policy_milestones_read(const struct policy_node *root);
void policy_rules_read(const struct policy_node *root); /* `rules`, `incident` */
void policy_canned_read(const struct policy_node *root);

/* "09:00" as seconds of the day. */
bool policy_time(const struct policy_node *node, int *out);
/* The name of a zone; &zone_utc when it cannot be had (a mistake). */
bool policy_zone(const struct policy_node *node, const struct zone **out);
/* The id of one of the tier's skills. */
bool policy_skill_ref(const struct policy_node *node, const struct tier_policy *tier,
                      const char **out);

/* A list of priorities as bits; who is told; the place of a milestone as a bit, added. */
void policy_priorities(const struct policy_node *node, unsigned *out);
void policy_notify(const struct policy_node *node, enum rule_notify *out);
bool policy_milestone_ref(const struct policy_node *node, unsigned *out);

#endif
