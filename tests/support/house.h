/* SPDX-License-Identifier: MIT */
/* A desk with somebody on every tier, for stories of rules: the policy of policy_kit (open Monday
 * to Friday, 08:00 to 18:00 UTC; it is Monday, 09:00). */
#ifndef TB_TESTS_SUPPORT_HOUSE_H
#define TB_TESTS_SUPPORT_HOUSE_H

#include "support/stage.h"

#define ONE_MINUTE (INT64_C(60) * 1000)

struct house {
	struct stage *stage;
	struct actor_on_stage *dana, *theo, *ines, *lee, *kim; /* Tiers 1, 2, 3; supervisor; lead */
	struct actor_on_stage *ana;                            /* asks */
};

/* Dana takes chats; the others read. */
struct house house_open(void);
void house_close(struct house *house);

/* Dana on Tier 1, Theo on 2 and Lee, who leads there, for a stage without the rest. */
void house_hire_some(struct stage *stage);

/* A console that has said hello and takes no chats. */
struct actor_on_stage *house_console(struct stage *stage, const char *who);

void house_ask(struct house *house, const char *text); /* Ana does */
void house_take(struct house *house);                  /* Dana does */
/* So often was this line told: "page 1 X1 1 Ines". */
void house_told(struct house *house, const char *line, size_t times);

#endif
