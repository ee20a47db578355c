/* SPDX-License-Identifier: MIT */
/* Inside a rehearsal: the desk over its fakes, and the people around it. */
#ifndef TB_SIM_WORLD_H
#define TB_SIM_WORLD_H

#include "port/notifier.h"
#include "port/outlet.h"
#include "sim/agenda.h"
#include "sim/rng.h"
#include "sim/sim.h"

#define NOBODY UINT32_MAX

/* Whoever is behind a connection. */
struct seat {
	enum audience audience;
	uint32_t who; /* index of a customer or a worker */
	bool open;
};

struct customer {
	wall_ms at; /* comes */
	const struct sim_text *text;
	enum channel channel;
	struct rng rng; /* its own: who answers changes nothing about it */
	struct conn_id conn;
	uint64_t ticket; /* 0: not on record yet */
	int answers;     /* that it takes still */
	int needed_tier; /* 0: not known yet */
	bool drawn;      /* `answers` and `needed_tier` are */
	bool answered;
	bool left; /* the page is closed: it hears nothing */
	bool ended;
	bool reopened;
	bool writing;    /* something is said and not acknowledged */
	bool due;        /* is going to write */
	unsigned wasted; /* answers by somebody who cannot solve it */
	unsigned said;   /* messages */
	unsigned acked;
};

enum job_kind { JOB_ANSWER, JOB_ESCALATE };

struct job {
	enum job_kind kind;
	uint64_t ticket;
	enum priority priority;
	bool first; /* nobody has answered yet */
	uint64_t order;
};

struct worker {
	const struct crew *crew;
	char name[NAME_SIZE];
	struct agent agent;
	struct rng rng;
	struct conn_id conn; /* 0: no console */
	bool on_duty, on_break, called;
	struct job *jobs; /* that wait */
	size_t jobs_count, jobs_size;
	struct job job; /* in hand */
	bool busy;
	wall_ms busy_since;
	uint32_t stamp;    /* of the job in hand */
	uint64_t *tickets; /* that it has */
	size_t tickets_count, tickets_size;
	wall_ms duty_since;
	int64_t duty_ms, busy_ms;
	unsigned taken;
	uint64_t ids;
};

struct world {
	struct outlet outlet; /* first: the port's view of this struct */
	struct notifier notifier;
	const struct sim_setup *setup;
	const struct scenario *scenario;
	const struct policy *policy;
	const struct zone *zone;
	const struct calendar *hours; /* of the desk: holidays */

	struct store *store;
	struct fake_bus_board *board;
	struct bus *bus;
	struct vault *vault;
	struct desk *desk;

	wall_ms now, last_tick;
	wall_ms arrivals_end, end;
	bool over;
	struct agenda agenda;
	uint64_t events;
	uint64_t jobs;

	struct seat *seats; /* [conn - 1] */
	size_t seats_count;
	struct customer *customers; /* by arrival */
	size_t customers_count;
	struct worker *workers;
	size_t workers_count;
	struct identity intake; /* who writes down what comes by form, mail and phone */
	uint32_t *customer_of;  /* [ticket - 1] */
	uint32_t *owner_of;     /* [ticket - 1], a worker or NOBODY */
	size_t tickets_count;

	struct notifier_call **pages; /* to be handed over */
	size_t pages_count;
	unsigned notified;
	struct outcome *outcome;
};

/* world.c: the desk. */
void world_open(struct world *world);
void world_close(struct world *world);
void world_settle(struct world *world);
void world_go(struct world *world, wall_ms to); /* the time is `to`, and the desk knows */
void world_plan(struct world *world, enum agenda_kind kind, uint32_t who, uint64_t ticket,
                int64_t after);
struct conn_id world_connect(struct world *world, const struct desk_peer *peer, uint32_t who);
void world_hang_up(struct world *world, struct conn_id *conn);
void world_frame(struct world *world, struct conn_id conn, const struct frame_in *frame);
void world_call(struct world *world, struct desk_call *call); /* done when it returns */
bool world_ticket(struct world *world, uint64_t number, struct ticket *out);
void world_note(struct world *world, uint64_t ticket); /* room for what is kept by ticket */
int64_t world_draw(struct rng *rng, const struct wait *wait);
void world_refused(struct world *world, const char *sentence);

/* customers.c */
void customers_plan(struct world *world); /* makes them all */
void customer_comes(struct world *world, uint32_t who);
void customer_writes(struct world *world, uint32_t who);
void customer_leaves(struct world *world, uint32_t who);
void customer_hears(struct world *world, uint32_t who, const struct frame_out *frame);
/* An agent has answered; false: nothing is left to do. */
bool customer_was_answered(struct world *world, uint32_t who, const struct handling *handling,
                           bool *slow_out);
void customer_draw(struct customer *customer, const struct handling *handling);
void customer_was_closed(struct world *world, uint32_t who, const struct handling *handling);

/* workers.c: who is here. */
void workers_hire(struct world *world);
void workers_plan_day(struct world *world, int64_t day);
void worker_comes(struct world *world, struct worker *worker);
void worker_goes(struct world *world, struct worker *worker);
void worker_break(struct world *world, struct worker *worker, bool begins);
void worker_lost(struct world *world, struct worker *worker);
void worker_called(struct world *world, struct worker *worker, uint64_t number);
/* The time since then, within the days of the scenario: what comes after them is not counted. */
int64_t worker_counted(const struct world *world, wall_ms since);
/* Who comes for the `attempt`-th page, NOBODY: nobody has to. */
uint32_t workers_on_call(const struct world *world, const char *name, unsigned attempt);
void worker_left(struct world *world, struct worker *worker); /* of those who were called */

/* jobs.c: what waits for them. */
void worker_add(struct world *world, struct worker *worker, const struct job *job);
bool worker_has_job(const struct worker *worker, uint64_t ticket);
void worker_take(struct world *world, struct worker *worker, uint64_t ticket);
void worker_drop(struct world *world, struct worker *worker, uint64_t ticket);
void worker_begin(struct world *world, struct worker *worker);

/* work.c: what they do. */
void worker_hears(struct world *world, uint32_t who, const struct frame_out *frame);
void worker_does(struct world *world, const struct agenda_item *item);

/* story.c: one ticket from its beginning to its end. */
void story_tell(const struct world *world, const struct store_call *call, struct buf *out);

/* facts.c: what is on record. */
void facts_read(struct world *world, struct outcome *out);

#endif
