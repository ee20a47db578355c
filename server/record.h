/* SPDX-License-Identifier: MIT */
/* Where the record is: what --database says. */
#ifndef TB_RECORD_H
#define TB_RECORD_H

#include "config.h"
#include "folder.h"

/* BAD_REQUEST: `why` says what is wrong with it. */
NODISCARD enum status record_path(const struct config *config, char path_out[FOLDER_PATH_SIZE],
                                  char *why, size_t size);

#endif
