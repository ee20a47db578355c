/* SPDX-License-Identifier: MIT */
/* What is told of an API token, over HTTP and on the control socket. */
#ifndef TB_ADAPTER_API_TOKEN_VIEW_H
#define TB_ADAPTER_API_TOKEN_VIEW_H

#include "base/buf.h"
#include "port/desk.h"

/* {"id","agent","label","scope","created_at","expires_at","used_at","sockets"} */
void api_token_view(struct buf *text, const struct api_token *token);

#endif
