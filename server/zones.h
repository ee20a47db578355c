/* SPDX-License-Identifier: MIT */
/* The zones of this machine: a folder with the files of the IANA database. */
#ifndef TB_ZONES_H
#define TB_ZONES_H

#include "proto/tzif.h"

struct zones {
	const char *folder;
};

/* The folder that TZDIR names, else that of the system. */
void zones_init(struct zones *zones);

/* Reads anew at each call; borrows `zones`. */
struct zone_source zones_source(struct zones *zones);

#endif
