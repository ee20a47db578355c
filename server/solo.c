/* SPDX-License-Identifier: MIT */
#include "solo.h"

#include <string.h>

#include <uv.h>

#include "adapter/control_call.h"
#include "adapter/doors.h"
#include "adapter/fake_bus.h"
#include "adapter/sodium_vault.h"
#include "adapter/sqlite_store.h"
#include "adapter/wall.h"
#include "base/log.h"
#include "base/must.h"
#include "errand.h"
#include "folder.h"
#include "record.h"

#define TICK_MS   10
#define TICKS_MAX 3000 /* the record cannot be read: 30 s are enough */

struct solo {
	uv_loop_t loop;
	struct fake_bus_board *board;
	struct store *store;
	struct bus *bus;
	struct vault *vault;
	struct doors *doors;
	struct desk *desk;
	uv_timer_t timer;
	unsigned ticks;
	struct buf *answer;
	bool answered;
};

static void on_answer(void *ctx, struct span answer)
{
	struct solo *solo = ctx;

	buf_span(solo->answer, answer);
	solo->answered = true;
}

/* What the desk could not read at once it tries again. */
static void on_tick(uv_timer_t *timer)
{
	struct solo *solo = timer->data;

	solo->ticks++;
	desk_tick(solo->desk, wall_now(), (mono_ms)uv_now(timer->loop));
}

static enum status open_ports(struct solo *solo, const struct config *config, char *why)
{
	char path[FOLDER_PATH_SIZE];
	enum status st = record_path(config, path, why, ERRAND_WHY_SIZE);

	if (st == ST_OK)
		st = sqlite_store_open(&solo->loop, path, &solo->store, why, ERRAND_WHY_SIZE);
	if (st != ST_OK)
		return st;
	solo->vault = sodium_vault_create(&solo->loop);
	if (solo->vault == NULL) {
		(void)snprintf(why, ERRAND_WHY_SIZE, "libsodium cannot be used");
		return ST_UNAVAILABLE;
	}
	solo->board = fake_bus_board_create();
	solo->bus = fake_bus_open(solo->board, "solo");
	return ST_OK;
}

static void open_desk(struct solo *solo, const struct config *config)
{
	solo->doors = doors_create(solo->store, solo->bus, solo->vault);
	solo->desk = desk_create(&config->desk,
	                         &(struct desk_ports){.store = doors_store(solo->doors),
	                                              .bus = doors_bus(solo->doors),
	                                              .vault = doors_vault(solo->doors)},
	                         wall_now());
}

static void close_all(struct solo *solo)
{
	uv_close((uv_handle_t *)&solo->timer, NULL);
	if (solo->desk != NULL)
		desk_stop(solo->desk, wall_now());
	if (solo->doors != NULL)
		doors_shut(solo->doors);
	if (solo->store != NULL)
		solo->store->ops->close(solo->store);
	if (solo->vault != NULL)
		solo->vault->ops->close(solo->vault);
	if (solo->bus != NULL)
		solo->bus->ops->close(solo->bus);
	if (solo->doors != NULL)
		doors_settle(solo->doors);
	desk_destroy(&solo->desk);
	doors_destroy(&solo->doors);
	if (solo->board != NULL)
		fake_bus_board_destroy(&solo->board);
	(void)uv_run(&solo->loop, UV_RUN_DEFAULT);
	MUST(uv_loop_close(&solo->loop) == 0);
}

enum status solo_ask(const struct config *config, const char *line, struct buf *answer, char *why)
{
	struct solo solo = {.answer = answer};
	enum status st;

	log_set_level(LOG_WARN);
	MUST(uv_loop_init(&solo.loop) == 0);
	MUST(uv_timer_init(&solo.loop, &solo.timer) == 0);
	solo.timer.data = &solo;
	st = open_ports(&solo, config, why);
	if (st == ST_OK) {
		open_desk(&solo, config);
		MUST(uv_timer_start(&solo.timer, on_tick, TICK_MS, TICK_MS) == 0);
		control_call_start(solo.desk, span_of(line), wall_now(), on_answer, &solo);
		while (!solo.answered && solo.ticks < TICKS_MAX) {
			(void)uv_run(&solo.loop, UV_RUN_ONCE);
			(void)fake_bus_run(solo.board);
		}
	}
	close_all(&solo);
	return st;
}
