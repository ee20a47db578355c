/* SPDX-License-Identifier: MIT */
/* The queue in front of a thread: whose turn it is, and who joins a batch that is under way. Each
 * run waits until the test lets it go, so that nothing hangs on who is faster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "adapter/lane.h"
#include "base/must.h"

#define OPS 16

struct rig;

struct job {
	struct op op;
	struct rig *rig;
	char name;
};

struct rig {
	uv_loop_t loop;
	struct lane *lane;
	uv_sem_t began, go;
	bool joins;         /* a run looks for more behind each of its jobs */
	bool joins_patient; /* patient ones, too */
	char runs[64];      /* "ab|c|": what each run had */
	char done[64];
	struct job jobs[OPS];
	unsigned count;
};

static struct job *job_of(struct op *op)
{
	return container_of(op, struct job, op);
}

static void put(char *text, char letter)
{
	size_t len = strlen(text);

	MUST(len + 1 < sizeof(((struct rig *)NULL)->runs));
	text[len] = letter;
	text[len + 1] = '\0';
}

static void run(void *user, unsigned thread, struct lane_job *jobs, size_t count)
{
	struct rig *rig = user;

	uv_sem_post(&rig->began);
	uv_sem_wait(&rig->go);
	for (size_t i = 0; i < count; i++) {
		put(rig->runs, job_of(jobs[i].op)->name);
		jobs[i].op->status = ST_OK;
		if (rig->joins)
			count = lane_join(rig->lane, thread, rig->joins_patient);
	}
	put(rig->runs, '|');
}

static void done(struct op *op)
{
	put(job_of(op)->rig->done, job_of(op)->name);
}

static void start(struct rig *rig, size_t batch_max)
{
	const struct lane_config config = {
		.threads = 1, .batch_max = batch_max, .close_ms = 60000, .user = rig, .run = run};

	memset(rig, 0, sizeof(*rig));
	assert_int_equal(uv_loop_init(&rig->loop), 0);
	assert_int_equal(uv_sem_init(&rig->began, 0), 0);
	assert_int_equal(uv_sem_init(&rig->go, 0), 0);
	rig->lane = lane_create(&rig->loop, &config);
	assert_non_null(rig->lane);
}

static void rig_fini(struct rig *rig)
{
	(void)uv_run(&rig->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig->loop), 0);
	uv_sem_destroy(&rig->began);
	uv_sem_destroy(&rig->go);
}

static struct op *op_of(struct rig *rig, char name)
{
	struct job *job = &rig->jobs[rig->count++];

	job->op.done = done;
	job->rig = rig;
	job->name = name;
	return &job->op;
}

static void submit(struct rig *rig, const char *names, bool patient)
{
	for (; *names != '\0'; names++) {
		if (patient)
			lane_submit_patient(rig->lane, op_of(rig, *names));
		else
			lane_submit(rig->lane, op_of(rig, *names));
	}
	(void)uv_run(&rig->loop, UV_RUN_NOWAIT);
}

/* The first run has begun: its batch is taken, and whatever is submitted now comes behind it. */
static void begin(struct rig *rig)
{
	uv_sem_wait(&rig->began);
}

static void end(struct rig *rig, const char *runs, const char *done_order)
{
	for (unsigned i = 0; i < OPS; i++)
		uv_sem_post(&rig->go);
	while (strlen(rig->done) < rig->count)
		(void)uv_run(&rig->loop, UV_RUN_ONCE);
	assert_string_equal(rig->done, done_order);
	assert_string_equal(rig->runs, runs);
	lane_close(&rig->lane);
	rig_fini(rig);
}

static void in_the_order_of_submission(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 3);
	submit(&rig, "a", false);
	begin(&rig);
	submit(&rig, "bcdef", false);
	end(&rig, "a|bcd|ef|", "abcdef");
}

static void a_patient_one_between_two_batches(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 2);
	submit(&rig, "a", false);
	begin(&rig);
	submit(&rig, "xyz", true);
	submit(&rig, "bcdef", false);
	end(&rig, "a|bc|x|de|y|f|z|", "abcxdeyfz");
}

static void who_waits_joins(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 8);
	rig.joins = true;
	submit(&rig, "x", true);
	begin(&rig);
	submit(&rig, "y", true);
	submit(&rig, "abc", false);
	end(&rig, "xabc|y|", "xabcy");
}

static void patient_ones_join_when_nobody_waits(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 8);
	rig.joins = rig.joins_patient = true;
	submit(&rig, "x", true);
	begin(&rig);
	assert_false(lane_is_pressed(rig.lane) || lane_has_patient(rig.lane));
	submit(&rig, "yz", true);
	assert_true(!lane_is_pressed(rig.lane) && lane_has_patient(rig.lane));
	submit(&rig, "ab", false);
	assert_true(lane_is_pressed(rig.lane) && lane_has_patient(rig.lane));
	end(&rig, "xabyz|", "xabyz");
}

static void as_far_as_there_is_room(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 3);
	rig.joins = rig.joins_patient = true;
	submit(&rig, "x", true);
	begin(&rig);
	submit(&rig, "yz", true);
	submit(&rig, "abc", false);
	end(&rig, "xab|cyz|", "xabcyz");
}

/* One a turn, and not in the turn of others: what came is answered before what follows is told. */
static void a_turn_of_the_loop_does_one_patient_job(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 8);
	rig.joins = rig.joins_patient = true;
	submit(&rig, "x", true);
	begin(&rig);
	submit(&rig, "yz", true);
	submit(&rig, "ab", false);
	for (unsigned i = 0; i < OPS; i++)
		uv_sem_post(&rig.go);
	lane_stop(rig.lane);
	assert_string_equal(rig.runs, "xabyz|");
	assert_true(lane_deliver(rig.lane));
	assert_string_equal(rig.done, "x");
	assert_true(lane_deliver(rig.lane));
	assert_string_equal(rig.done, "xab");
	assert_true(lane_deliver(rig.lane));
	assert_string_equal(rig.done, "xaby");
	assert_true(lane_deliver(rig.lane));
	assert_string_equal(rig.done, "xabyz");
	assert_false(lane_deliver(rig.lane));
	lane_free(&rig.lane);
	rig_fini(&rig);
}

/* Word of the second run comes while something of the first is left to be done. */
static void word_of_two_runs_is_not_lost(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, 8);
	rig.joins = rig.joins_patient = true;
	submit(&rig, "x", true);
	begin(&rig);
	submit(&rig, "y", true);
	uv_sem_post(&rig.go);
	while (rig.done[0] == '\0')
		(void)uv_run(&rig.loop, UV_RUN_ONCE);
	assert_string_equal(rig.done, "x");
	lane_submit_patient(rig.lane, op_of(&rig, 'z'));
	uv_sem_post(&rig.go);
	lane_stop(rig.lane);
	assert_string_equal(rig.runs, "xy|z|");
	for (unsigned turn = 0; turn < 4; turn++)
		(void)uv_run(&rig.loop, UV_RUN_NOWAIT);
	assert_string_equal(rig.done, "xyz");
	lane_free(&rig.lane);
	rig_fini(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_order_of_submission),
		cmocka_unit_test(a_patient_one_between_two_batches),
		cmocka_unit_test(who_waits_joins),
		cmocka_unit_test(patient_ones_join_when_nobody_waits),
		cmocka_unit_test(as_far_as_there_is_room),
		cmocka_unit_test(a_turn_of_the_loop_does_one_patient_job),
		cmocka_unit_test(word_of_two_runs_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
