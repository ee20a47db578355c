/* SPDX-License-Identifier: MIT */
#ifndef TB_PROTO_UTF8_H
#define TB_PROTO_UTF8_H

#include <stdbool.h>

#include "base/span.h"

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(struct span text);

#endif
