/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "adapter/console_notifier.h"
#include "adapter/doors.h"
#include "adapter/redis_bus.h"
#include "adapter/sodium_vault.h"
#include "adapter/sqlite_store.h"
#include "adapter/wall.h"
#include "base/must.h"
#include "record.h"
#include "version.h"

/* The name of the keys in Redis: one desk a Redis. */
#define DESK_KEY "desk"

static enum status open_record(struct node *node, char *why)
{
	char path[FOLDER_PATH_SIZE];

	if (record_path(&node->config, path, why, SETTINGS_WHY_SIZE) != ST_OK)
		return ST_BAD_REQUEST;
	return sqlite_store_open(&node->loop, path, &node->store, why, SETTINGS_WHY_SIZE);
}

static enum status open_vault(struct node *node, char *why)
{
	node->vault = sodium_vault_create(&node->loop);
	if (node->vault == NULL)
		(void)snprintf(why, SETTINGS_WHY_SIZE, "libsodium cannot be used");
	return node->vault != NULL ? ST_OK : ST_UNAVAILABLE;
}

/* Another name for every process that ever runs. */
static void name_node(struct node *node)
{
	uint64_t word;

	node->vault->ops->random(node->vault, &word, sizeof(word));
	(void)snprintf(node->config.desk.node, sizeof(node->config.desk.node), "node-%016llx",
	               (unsigned long long)word);
}

static enum status open_bus(struct node *node, char *why)
{
	const struct redis_bus_options options = {
		.url = node->config.redis.text,
		.data_dir = node->config.data.text,
		.lock_fd = node->lock_fd,
		.desk = DESK_KEY,
		.node = node->config.desk.node,
	};

	name_node(node);
	if (redis_bus_open(&node->loop, &options, &node->bus, why, SETTINGS_WHY_SIZE))
		return ST_OK;
	return node->config.redis.text != NULL ? ST_BAD_REQUEST : ST_UNAVAILABLE;
}

/* Origins of the command line and of the policy together. */
static struct gate *gate_of(const struct config *config, const struct policy *policy,
                            const char *address, char *why)
{
	const char *origins[CONFIG_LIST_MAX + POLICY_ORIGINS_MAX];
	struct gate_config gate_config = {
		.origins = origins, .public_url = config->public_url.text, .address = address};
	const char *wrong = "";
	struct gate *gate;

	for (size_t i = 0; i < config->origin.count; i++)
		origins[gate_config.origins_count++] = config->origin.items[i];
	for (size_t i = 0; i < policy->origins_count; i++)
		origins[gate_config.origins_count++] = policy->origins[i];
	gate = gate_create(&gate_config, &wrong);
	if (gate == NULL)
		(void)snprintf(
			why, SETTINGS_WHY_SIZE,
			"\"%.120s\" is not an origin like https://docs.example.gov (--origin "
			"and --public-url take at most %d)",
			wrong, GATE_ORIGINS_MAX);
	return gate;
}

static enum status open_net(struct node *node, char *why)
{
	struct conn_handler handler = front_handler(&node->front);
	const struct config *config = &node->config;

	node->net = net_create(&node->loop, &config->net, &handler);
	for (size_t i = 0; i < config->proxy.count; i++) {
		if (!net_trust_proxy(node->net, config->proxy.items[i])) {
			(void)snprintf(why, SETTINGS_WHY_SIZE,
			               "--proxy takes an address or a network like 10.0.0.0/8, not "
			               "\"%.80s\"",
			               config->proxy.items[i]);
			return ST_BAD_REQUEST;
		}
	}
	if (config->listen.count == 0 || config->listen.count > NODE_LISTENERS_MAX) {
		(void)snprintf(why, SETTINGS_WHY_SIZE, "give --listen 1 to %d times",
		               NODE_LISTENERS_MAX);
		return ST_BAD_REQUEST;
	}
	for (size_t i = 0; i < config->listen.count; i++) {
		const struct listener_opts opts = {.where = config->listen.items[i]};

		enum status st = listener_open(node->net, &opts, why, &node->listeners[i]);

		if (st != ST_OK)
			return st;
		node->listeners_count++;
	}
	return ST_OK;
}

static enum status open_control(struct node *node, char *why)
{
	char path[FOLDER_PATH_SIZE];
	const char *reason = "its path is too long";

	if (folder_path(node->config.data.text, "control.sock", path) == ST_OK &&
	    control_open(&node->loop, path, node->desk, &node->control, &reason) == ST_OK)
		return ST_OK;
	(void)snprintf(why, SETTINGS_WHY_SIZE, "cannot make the control socket in %.120s: %s",
	               node->config.data.text, reason);
	return ST_UNAVAILABLE;
}

static void wire(struct node *node)
{
	const struct api_ports api_ports = {
		.net = node->net,
		.desk = node->desk,
		.gate = &node->front.gate,
		.message_chars = (size_t)node->config.gateway.message_chars,
		.reload = &node->reload,
	};

	gateway_connect(node->gateway, node->net, node->desk);
	node->api = api_create(&api_ports);
	node->health = (struct health){
		.net = node->net,
		.desk = node->desk,
		.store = node->store,
		.bus = node->bus,
		.version = TIERBELL_VERSION,
		.started_at = net_mono(node->net),
		.closed = true,
	};
	node->site = (struct static_site){
		.items = assets,
		.count = assets_count,
		.origin_allowed = front_origin_allowed,
		.ctx = &node->front,
		.hsts = gate_is_secure(node->gate),
	};
	node->front = (struct front){
		.net = node->net,
		.desk = node->desk,
		.gate = node->gate,
		.gateway = node->gateway,
		.api = node->api,
		.health = &node->health,
		.site = &node->site,
		.guide = guide_site_create(node->net, node->desk),
	};
}

static void adopt(struct node *node, const struct policy_file *file)
{
	desk_adopt(node->desk, file->policy, (struct span){.ptr = file->text, .len = file->len},
	           wall_now());
}

/* Wired when all parts are there. */
static void open_desk(struct node *node)
{
	node->gateway = gateway_create(&node->config.gateway,
	                               (size_t)node->config.net.send_queue_soft_bytes);
	node->notifier = console_notifier_create(&node->loop);
	node->doors = doors_create(node->store, node->bus, node->vault);
	zones_init(&node->zones);
	node->reader = policy_file_reader(&node->zones);
	node->desk = desk_create(&node->config.desk,
	                         &(struct desk_ports){.store = doors_store(node->doors),
	                                              .bus = doors_bus(node->doors),
	                                              .vault = doors_vault(node->doors),
	                                              .outlet = gateway_outlet(node->gateway),
	                                              .notifier = node->notifier,
	                                              .policy_reader = &node->reader},
	                         wall_now());
	adopt(node, &node->policy);
	wire(node);
}

static enum status open_gate(struct node *node, char *why)
{
	const char *address = listener_address(node->listeners[0]);

	node->gate = gate_of(&node->config, node->policy.policy, address, why);
	return node->gate != NULL ? ST_OK : ST_BAD_REQUEST;
}

enum status node_open(struct node *node, char *why)
{
	static enum status (*const steps[])(struct node * node, char *why) = {
		open_record, open_vault, open_bus, open_net, open_gate};
	enum status st = ST_OK;

	for (size_t i = 0; i < ARRAY_LEN(steps) && st == ST_OK; i++)
		st = steps[i](node, why);
	if (st != ST_OK)
		return st;
	open_desk(node);
	return open_control(node, why);
}

bool node_reload(struct node *node, struct config *config, const struct policy_file *file,
                 char *why)
{
	struct gate *gate =
		gate_of(config, file->policy, listener_address(node->listeners[0]), why);

	if (gate == NULL)
		return false;
	gate_destroy(&node->gate);
	node->gate = gate;
	node->front.gate = gate;
	memcpy(config->desk.node, node->config.desk.node, sizeof(config->desk.node));
	desk_configure(node->desk, &config->desk);
	adopt(node, file);
	return true;
}

void node_note_reload(struct node *node, bool ok, const char *why, struct policy_file *file)
{
	policy_mistakes_fini(&node->reload.mistakes);
	node->reload = (struct reload_report){
		.at = net_now(node->net), .ok = ok, .mistakes = file->mistakes};
	file->mistakes = (struct policy_mistakes){0};
	if (!ok)
		(void)snprintf(node->reload.why, sizeof(node->reload.why), "%s", why);
}

/* What one finishes may ask another: the doors are shut first, and answer at last. */
static void close_ports(struct node *node)
{
	if (node->doors != NULL)
		doors_shut(node->doors);
	if (node->vault != NULL)
		node->vault->ops->close(node->vault);
	if (node->store != NULL)
		node->store->ops->close(node->store);
	if (node->bus != NULL)
		node->bus->ops->close(node->bus);
	if (node->doors != NULL)
		doors_settle(node->doors);
	if (node->notifier != NULL) /* last: what the record finishes may page somebody */
		node->notifier->ops->close(node->notifier);
}

void node_close(struct node *node)
{
	control_close(&node->control);
	if (node->desk != NULL)
		desk_stop(node->desk, wall_now());
	close_ports(node);
	desk_destroy(&node->desk);
	doors_destroy(&node->doors);
	if (node->net != NULL)
		net_destroy(&node->net);
	api_destroy(&node->api);
	guide_site_destroy(&node->front.guide);
	gateway_destroy(&node->gateway);
	gate_destroy(&node->gate);
	policy_mistakes_fini(&node->reload.mistakes);
	(void)uv_run(&node->loop, UV_RUN_DEFAULT);
}
