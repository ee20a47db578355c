/* SPDX-License-Identifier: MIT */
/* The vault on libsodium: argon2id with 19 MiB and two passes, on two threads of its own, at
 * most 32 waiting; BLAKE2b for tokens. */
#ifndef TB_ADAPTER_SODIUM_VAULT_H
#define TB_ADAPTER_SODIUM_VAULT_H

#include <uv.h>

#include "port/vault.h"

#define VAULT_THREADS     2
#define VAULT_WAITING_MAX 32

/* NULL: libsodium or a thread could not be started. After close the loop has to turn once
 * more before it can be closed itself. */
struct vault *sodium_vault_create(uv_loop_t *loop);

#endif
