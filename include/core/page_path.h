/* SPDX-License-Identifier: MIT */
/* Where on a site a page is. */
#ifndef TB_CORE_PAGE_PATH_H
#define TB_CORE_PAGE_PATH_H

#include <stdbool.h>

#include "base/span.h"

/* The path of a URL without its query, or of what is a path already. */
struct span page_path(struct span url);
/* `page` is the path or a folder above it. */
bool page_is_under(struct span path, const char *page);

#endif
