/* SPDX-License-Identifier: MIT */
/* The data folder: its lock, and the files in it. */
#ifndef TB_FOLDER_H
#define TB_FOLDER_H

#include <stddef.h>

#include "base/status.h"

#define FOLDER_WHY_SIZE  320
#define FOLDER_PATH_SIZE 1024

/* Makes the folder (0700) if it is not there and takes its lock. OK: *lock_fd_out is held until
 * it is closed (and by every child that inherits it). CONFLICT: somebody else has it; a server
 * that was just killed leaves it to its Redis for a moment, which is waited for.
 * UNAVAILABLE: the system says no. `why` says what to do. */
NODISCARD enum status folder_lock(const char *folder, int *lock_fd_out, char *why);

/* "FOLDER/NAME". BAD_REQUEST: too long. */
NODISCARD enum status folder_path(const char *folder, const char *name,
                                  char path_out[FOLDER_PATH_SIZE]);

#endif
