/* SPDX-License-Identifier: MIT */
/* The life of one ticket under the policy of policy_kit: commands at moments, and time that passes
 * between them with every timer fired at its due time, as the desk does it. */
#ifndef TB_TESTS_SUPPORT_STORY_H
#define TB_TESTS_SUPPORT_STORY_H

#include "support/policy_kit.h"

#define STORY_FIRED_MAX 4096

struct story {
	struct policy_kit kit;
	struct ticket ticket;
	struct effect effect; /* of the newest command; what time did is in the logs below */
	struct arena arena;
	wall_ms now;
	struct {
		struct fired fired;
		wall_ms at;
	} fired[STORY_FIRED_MAX];
	size_t fired_count;
	/* The newest ones of each kind, and how many there were. */
	struct alert alerts[ALERT_NOTICE + 1];
	unsigned alerts_count[ALERT_NOTICE + 1];
	unsigned events[EVENT_PAGE_OPENED + 1]; /* entries of each event */
	char event_text[EVENT_PAGE_OPENED + 1][512];
	char event_reason[EVENT_PAGE_OPENED + 1][512];
	char why[32][64 + 512]; /* the newest changes: "field: why" */
	size_t why_count;
};

struct story *story_create(void);
void story_destroy(struct story **story);

/* Of cmocka: `*state` is a story. */
int story_set_up(void **state);
int story_tear_down(void **state);

/* Time passes, then the command is decided; OK: the ticket is what it made of it. Everything is
 * checked that holds for any effect. */
enum status story_do(struct story *story, wall_ms at, struct command command);
void story_must(struct story *story, wall_ms at, struct command command); /* and it is OK */

void story_pass(struct story *story, wall_ms until);

/* When the slot fired for the n-th time (from 0); 0: not so often. */
wall_ms story_fired_at(const struct story *story, uint8_t slot, unsigned n);
unsigned story_fired(const struct story *story, uint8_t slot);

/* The why of the newest change of the field; NULL: none. */
const char *story_why(const struct story *story, const char *field);

/* People. Ana asks; Dana is on Tier 1, Theo on 2, Ines on 3, Lee leads. */
extern const struct actor ana, dana, theo, ines, lee;

struct command to_open(const char *text); /* Ana opens a chat */
struct command to_say(struct actor who, const char *text);
struct command to_take(struct actor who); /* accepts it */
struct command to_move(struct actor who, enum ticket_status status);
struct command to_rank(struct actor who, enum priority priority, const char *reason);
struct command to_end(struct actor who, enum resolution resolution);
struct command to_act(struct actor who, enum command_kind kind, const char *reason);
struct command to_answer(struct actor who, enum command_kind kind, bool yes);
/* The same with the customer's Yes: production is stopped, data is exposed. */
struct command with_stopped(struct command command);
struct command with_exposed(struct command command);

/* An ordinary chat that Dana has answered at 09:02 on Monday, 2026-03-02. */
void story_chat(struct story *story);
/* Asserts that it is one since then, and was declared once. */
void story_is_emergency(const struct story *story, wall_ms since);

#endif
