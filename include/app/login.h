/* SPDX-License-Identifier: MIT */
/* People and their logins: the calls about who may come in. */
#ifndef TB_APP_LOGIN_H
#define TB_APP_LOGIN_H

#include "app/app.h"

/* Every socket of the agent that came in with a session or token ends. */
void login_hang_up(struct app *app, struct agent_id agent);

/* Those that came in with this one. */
void login_hang_up_session(struct app *app, struct agent_id agent, const uint8_t *hash);

/* Those of its logins that are not the caller's. */
void login_hang_up_others(struct app *app, const struct identity *caller);

/* By the caller's address and by account, so that neither one address tries many accounts nor
 * many addresses one account. false: too often; the call says when again. */
bool login_may_try(struct app *app, struct desk_call *call, struct span email);

void login_auth(struct app *app, struct desk_call *call);
void login_start(struct app *app, struct desk_call *call);
void login_end(struct app *app, struct desk_call *call);
void login_agent_add(struct app *app, struct desk_call *call);
void login_agents(struct app *app, struct desk_call *call);
void login_agent_disable(struct app *app, struct desk_call *call);

#endif
