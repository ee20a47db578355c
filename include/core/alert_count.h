/* SPDX-License-Identifier: MIT */
/* What a clock or a rule wants known of very many tickets at one moment: how many they are. */
#ifndef TB_CORE_ALERT_COUNT_H
#define TB_CORE_ALERT_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rule.h"

enum alert_level { LEVEL_WARNING, LEVEL_BREACH, LEVEL_NOTICE, LEVEL_PAGE };

struct alert_count {
	enum alert_level level;
	bool resolution;         /* WARNING, BREACH: of that target, else of the first response */
	char what[RULE_ID_SIZE]; /* the rule; WARNING, BREACH: the milestone, "": none */
	uint64_t tickets;
};

struct alert_counts {
	const struct alert_count *items;
	size_t count;
};

#endif
