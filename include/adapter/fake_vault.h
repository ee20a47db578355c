/* SPDX-License-Identifier: MIT */
/* A vault for scenarios: the same bytes in every run, hashing that costs nothing and waits for
 * its driver. Keeps no secret. */
#ifndef TB_ADAPTER_FAKE_VAULT_H
#define TB_ADAPTER_FAKE_VAULT_H

#include <stddef.h>
#include <stdint.h>

#include "port/vault.h"

struct vault *fake_vault_create(uint64_t seed);

/* Ends what waits now. Returns how many calls were done. Above 34 waiting, as in the real
 * one, calls end with RATE_LIMITED. Closing cancels what waits. */
size_t fake_vault_run(struct vault *vault);

#endif
