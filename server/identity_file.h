/* SPDX-License-Identifier: MIT */
/* The file of --identity-key: the secret that the site signs its visitors with. */
#ifndef TB_IDENTITY_FILE_H
#define TB_IDENTITY_FILE_H

#include "app/desk.h"

/* The bytes of the file without one line end. BAD_REQUEST: it cannot be read, is shorter than
 * IDENTITY_KEY_MIN or longer than IDENTITY_KEY_MAX, or everybody on the machine can get at it; `why`
 * (`size` bytes) says what to do, and nothing of what is in it. */
NODISCARD enum status identity_file_read(const char *path, struct identity_key *key_out, char *why,
                                         size_t size);

#endif
