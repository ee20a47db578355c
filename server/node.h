/* SPDX-License-Identifier: MIT */
/* A server's parts, wired bottom-up: record, vault, switchboard, desk, connections, calls. */
#ifndef TB_NODE_H
#define TB_NODE_H

#include <uv.h>

#include "adapter/control.h"
#include "adapter/doors.h"
#include "adapter/front.h"
#include "adapter/listener.h"
#include "config.h"
#include "settings.h"

#define NODE_LISTENERS_MAX 8

struct node {
	uv_loop_t loop;
	int lock_fd; /* of the data folder; -1: not held */
	struct config config;
	struct policy_file policy;
	struct zones zones;
	struct policy_reader reader;
	struct store *store;
	struct bus *bus;
	struct vault *vault;
	struct notifier *notifier;
	struct doors *doors; /* what the desk sees of the three */
	struct desk *desk;
	struct net *net;
	struct gate *gate;
	struct gateway *gateway;
	struct api *api;
	struct control *control;
	struct listener *listeners[NODE_LISTENERS_MAX];
	size_t listeners_count;
	struct health health;
	struct front front;
	struct static_site site;
	struct reload_report reload;
};

/* The config is read, the lock is held. BAD_REQUEST: an option cannot be used; UNAVAILABLE or
 * CONFLICT: the system says no. Then `why` (SETTINGS_WHY_SIZE) says what to do, and node_close
 * takes what was opened. */
NODISCARD enum status node_open(struct node *node, char *why);

/* New values of `config` and of the file: origins, the policy, the desk's limits. Those of
 * connections hold from the next start. false: nothing was changed. */
bool node_reload(struct node *node, struct config *config, const struct policy_file *file,
                 char *why);

/* What came of a reload, for administrators to read; takes the file's mistakes over. */
void node_note_reload(struct node *node, bool ok, const char *why, struct policy_file *file);

/* All connections are gone. Ends what is under way and runs the loop until nothing is left. */
void node_close(struct node *node);

#endif
