/* SPDX-License-Identifier: MIT */
/* The support guide over HTTP: /help/policy for people, /.well-known/support.json for programs. */
#ifndef TB_ADAPTER_GUIDE_SITE_H
#define TB_ADAPTER_GUIDE_SITE_H

#include "adapter/conn.h"
#include "port/desk.h"

struct guide_site;

/* Borrows both. */
struct guide_site *guide_site_create(struct net *net, struct desk *desk);
void guide_site_destroy(struct guide_site **site);

/* The page is made again when the desk runs by another policy, and once a minute for what depends
 * on the day. */
void guide_site_page(struct guide_site *site, struct conn_id conn,
                     const struct http_request *request);
/* Made for each request: it says whether the desk is open. */
void guide_site_json(struct guide_site *site, struct conn_id conn,
                     const struct http_request *request);

#endif
