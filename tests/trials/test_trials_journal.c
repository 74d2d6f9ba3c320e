/* What is done is not done again: a journal that was cut anywhere, then continued, gives the
 * results of one run, and one of something else is refused. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/digest.h"
#include "support/scratch.h"
#include "support/tables.h"
#include "trials/journal.h"

#define TRIALS 6

static char *path;

static void set_up(void)
{
    path = scratch_file("trials.jsonl");
}

TestSuite(trials_journal, .init = set_up, .fini = scratch_remove);

/* All that trials point to. */
struct job {
    bp_dataset *dataset;
    bp_model_options model[TRIALS];
    bp_train_options train[TRIALS];
    bp_holdout holdout[TRIALS];
    bp_ensemble_options ensemble;
    bp_trial trial[TRIALS];
    bp_trials trials;
    bp_trial_result result[TRIALS];
    bp_error error;
    size_t calls, resumed, stop_after;
};

static bool watch(const bp_trials_progress *progress, void *user)
{
    struct job *job = user;
    job->calls++;
    job->resumed = progress->resumed;
    cr_assert_leq(progress->resumed, progress->done);
    return job->stop_after == 0 || progress->done < job->stop_after;
}

/* One fails, one has a validation set and a refit, one is of several networks. */
static struct job *make(void)
{
    struct job *job = calloc(1, sizeof *job);
    const bp_read_options read = bp_read_options_default();
    cr_assert_eq(bp_dataset_read(&job->dataset, DATASETS "/iris.csv", &read, NULL), BP_OK);
    job->ensemble = bp_ensemble_options_default();
    job->ensemble.members = 2;
    for (size_t k = 0; k < TRIALS; k++) {
        job->model[k] = bp_model_options_default();
        job->train[k] = bp_train_options_default();
        job->train[k].epochs = 4 + k;
        job->train[k].refit = k == 3;
        job->holdout[k] = bp_holdout_default();
        job->holdout[k].folds = k == 4 ? 1 : 5;
        job->trial[k] = bp_trial_default();
        job->trial[k].model = &job->model[k];
        job->trial[k].train = &job->train[k];
        job->trial[k].holdout = &job->holdout[k];
        job->trial[k].valid_fraction = k == 3 ? 0.2 : 0;
        job->trial[k].ensemble = k == 5 ? &job->ensemble : NULL;
    }
    job->trials = bp_trials_default();
    job->trials.dataset = job->dataset;
    job->trials.trial = job->trial;
    job->trials.count = TRIALS;
    job->trials.threads = 1;
    job->trials.journal = path;
    job->trials.progress = watch;
    job->trials.user = job;
    return job;
}

static bp_status run(struct job *job)
{
    job->calls = job->resumed = 0;
    return bp_trials_run(&job->trials, job->result, &job->error);
}

static void release(struct job *job)
{
    bp_dataset_free(job->dataset);
    free(job);
}

static size_t count_lines(void)
{
    size_t size, lines = 0;
    char *text = file_get(path, &size);
    for (size_t k = 0; k < size; k++)
        lines += text[k] == '\n';
    free(text);
    return lines;
}

/* Times are those of the run that did the trial. */
static void expect_same(const bp_trial_result *a, const bp_trial_result *b, bool times)
{
    bp_trial_result x = *a, y = *b;
    cr_assert(!x.train.threads_reason[0] && !y.train.threads_reason[0]);
    memset(x.train.threads_reason, 0, sizeof x.train.threads_reason);
    memset(y.train.threads_reason, 0, sizeof y.train.threads_reason);
    if (!times)
        x.train.seconds = y.train.seconds = x.train.samples_per_second =
            y.train.samples_per_second = 0;
    cr_assert_eq(memcmp(&x.metrics, &y.metrics, sizeof x.metrics), 0);
    cr_assert_eq(memcmp(&x.train, &y.train, sizeof x.train), 0);
    cr_assert_eq(x.error.status, y.error.status);
    cr_assert_str_eq(x.error.message, y.error.message);
    cr_assert_eq(x.task, y.task);
}

Test(trials_journal, what_is_there_is_not_run_again)
{
    struct job *first = make(), *second = make();
    cr_assert_eq(run(first), BP_OK, "%s", first->error.message);
    cr_assert_eq(first->result[4].error.status, BP_ERROR_ARGUMENT);
    cr_assert_gt(first->result[3].train.refit_epochs, 0);
    cr_assert_eq(run(second), BP_OK, "%s", second->error.message);
    cr_assert_eq(second->calls, 1, "%zu", second->calls);
    cr_assert_eq(second->resumed, TRIALS);
    for (size_t k = 0; k < TRIALS; k++)
        expect_same(&first->result[k], &second->result[k], true);
    cr_assert_eq(count_lines(), 1 + TRIALS);
    release(first);
    release(second);
}

/* Within the first line, too. */
Test(trials_journal, a_journal_that_was_cut_anywhere_is_continued)
{
    struct job *whole = make(), *rest = make();
    cr_assert_eq(run(whole), BP_OK);
    size_t size;
    char *text = file_get(path, &size);
    for (size_t part = 0; part <= 40; part++) {
        file_put(path, text, part * size / 40 - (part > 0));
        cr_assert_eq(run(rest), BP_OK, "%s", rest->error.message);
        for (size_t k = 0; k < TRIALS; k++)
            expect_same(&whole->result[k], &rest->result[k], false);
        cr_assert_eq(count_lines(), 1 + TRIALS);
    }
    free(text);
    release(whole);
    release(rest);
}

Test(trials_journal, a_run_that_was_stopped_keeps_what_is_done)
{
    struct job *job = make();
    job->stop_after = 2;
    cr_assert_eq(run(job), BP_STOPPED);
    cr_assert_eq(count_lines(), 3);
    job->stop_after = 0;
    cr_assert_eq(run(job), BP_OK);
    cr_assert_eq(job->resumed, 2);
    release(job);
}

static void expect_refused(struct job *job, const char *words)
{
    cr_assert_eq(run(job), BP_ERROR_INPUT, "%s", words);
    cr_assert(strstr(job->error.message, path) == job->error.message, "%s", job->error.message);
    cr_assert(strstr(job->error.message, words) != NULL, "%s", job->error.message);
    cr_assert_eq(job->calls, 0);
}

Test(trials_journal, other_trials_are_refused_and_the_difference_is_named)
{
    struct job *job = make();
    bp_dataset *all = job->dataset, *part, *rest;
    cr_assert_eq(run(job), BP_OK);
    job->train[2].learning_rate = 0.25f;
    expect_refused(job, ":4: was made with learning-rate auto, not 0.25");
    job->train[2].learning_rate = 0;
    job->model[1].seed = 7;
    expect_refused(job, ":3: was made with seed 1, not 7");
    job->model[1].seed = 1;
    job->holdout[0].fold = 3;
    expect_refused(job, ":2: was made with fold 0, not 3");
    job->holdout[0].fold = 0;
    job->trial[0].valid_fraction = 0.5;
    expect_refused(job, ":2: was made with valid_fraction none, not 0.5");
    job->trial[0].valid_fraction = 0;
    job->ensemble.members = 3;
    expect_refused(job, ":7: was made with members 2, not 3");
    job->ensemble.members = 2;
    job->trials.count--;
    expect_refused(job, ":7: is of trial 5, and there are 5");
    job->trials.count++;
    cr_assert_eq(bp_dataset_hold_out(all, &job->holdout[0], &rest, &part, NULL), BP_OK);
    job->trials.dataset = rest;
    expect_refused(job, "other rows or columns");
    job->trials.dataset = all;
    job->trials.threads = 2; /* no bit depends on it */
    cr_assert_eq(run(job), BP_OK);
    bp_dataset_free(part);
    bp_dataset_free(rest);
    release(job);
}

/* Changes the first `old` in the file to `new`, which is as long. */
static void change(const char *old, const char *new)
{
    size_t size;
    char *text = file_get(path, &size), *place = strstr(text, old);
    cr_assert(place != NULL && strlen(old) == strlen(new));
    memcpy(place, new, strlen(new));
    file_put(path, text, size);
    free(text);
}

Test(trials_journal, damage_is_named_by_its_line)
{
    struct job *job = make();
    cr_assert_eq(run(job), BP_OK);
    change("\"numerics\":4", "\"numerics\":3");
    expect_refused(job, "with numerics 3");
    change("\"numerics\":3", "\"numerics\":4");
    change("batchprop trials", "batchprop trails");
    expect_refused(job, ":1: this is not a journal of trials");
    change("batchprop trails", "batchprop trials");
    change("\"accuracy\":", "\"accurate\":");
    expect_refused(job, ":2: this line is damaged");
    change("\"accurate\":", "\"accuracy\":");
    change("{\"trial\":1", "[\"trial\":1");
    expect_refused(job, ":3: this is not an object of JSON");
    release(job);
}

/* Whatever byte of a line it is: one bit of it. */
Test(trials_journal, a_bit_that_changes_is_found)
{
    struct job *job = make();
    job->trials.count = 1;
    cr_assert_eq(run(job), BP_OK);
    size_t size;
    char *text = file_get(path, &size);
    for (size_t k = 0; k + 1 < size; k++) {
        if (text[k] == '\n')
            continue;
        text[k] ^= 1;
        file_put(path, text, size);
        cr_assert_eq(run(job), BP_ERROR_INPUT, "byte %zu of %zu", k, size);
        text[k] ^= 1;
    }
    free(text);
    release(job);
}

/* A line of the head and of one trial, of which `old` is `new`; its digest is right. */
static void write_changed(const char *head, const char *trial, const char *old, const char *new)
{
    char hash[BP_DIGEST_SIZE], *line = malloc(strlen(trial) + strlen(new) + 1);
    const char *at = strstr(trial, old), *end = strstr(trial, ",\"digest\"");
    cr_assert(line != NULL && at != NULL && end != NULL);
    const int before = (int)(at - trial), after = (int)(end - at - (ptrdiff_t)strlen(old));
    sprintf(line, "%.*s%s%.*s", before, trial, new, after, at + strlen(old));
    struct bp_digest digest;
    bp_digest_begin(&digest);
    bp_digest_update(&digest, line, strlen(line));
    bp_digest_finish(&digest, hash);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file, "%s\n%s,\"digest\":\"%s\"}\n", head, line, hash);
    fclose(file);
    free(line);
}

/* Such as another program may write. */
Test(trials_journal, what_no_trial_comes_to_is_refused)
{
    static const char *const changes[][2] = {
        {"\"status\":0", "\"status\":1"},   {"\"status\":0", "\"status\":60"},
        {"\"status\":0", "\"status\":-1"},  {"\"status\":0", "\"status\":12"},
        {"\"status\":0", "\"status\":0.0"}, {"\"status\":0", "\"status\":4294967296"},
        {"\"trial\":0", "\"trial\":-1"},    {"\"best_epoch\":", "\"best\":"},
    };
    struct job *job = make();
    job->trials.count = 1;
    cr_assert_eq(run(job), BP_OK);
    char *text = file_get(path, &(size_t){0});
    char *trial = strchr(text, '\n');
    *trial++ = '\0';
    write_changed(text, trial, "\"status\":0", "\"status\":0");
    cr_assert_eq(run(job), BP_OK, "%s", job->error.message);
    cr_assert_eq(job->resumed, 1);
    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
        write_changed(text, trial, changes[k][0], changes[k][1]);
        expect_refused(job, ":2: this is not the line of a trial");
    }
    free(text);
    release(job);
}

Test(trials_journal, failures_of_the_machine_are_for_another_time)
{
    struct job *job = make();
    bool done[TRIALS] = {false};
    struct bp_journal *journal;
    bp_trial_result result = {.error = {.status = BP_ERROR_MEMORY}};
    cr_assert_eq(bp_journal_open(&journal, &job->trials, job->result, done, NULL), BP_OK);
    static const bp_status passing[] = {BP_STOPPED, BP_ERROR_MEMORY, BP_ERROR_THREADS, BP_ERROR_IO};
    for (size_t k = 0; k < sizeof passing / sizeof passing[0]; k++) {
        result.error.status = passing[k];
        cr_assert_eq(bp_journal_add(journal, k, &result, NULL), BP_OK);
    }
    cr_assert_eq(count_lines(), 1);
    result.error.status = BP_ERROR_NOT_FINITE;
    cr_assert_eq(bp_journal_add(journal, 5, &result, NULL), BP_OK);
    cr_assert_eq(count_lines(), 2);
    bp_journal_close(journal);
    release(job);
}

Test(trials_journal, a_file_that_cannot_grow_stops_the_trials)
{
    struct job *job = make();
    struct rlimit old, limit;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = 4000; /* the first line and one or two more */
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const bp_status status = run(job);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    cr_assert_eq(status, BP_ERROR_IO);
    cr_assert(strstr(job->error.message, path) != NULL, "%s", job->error.message);
    cr_assert_eq(job->result[TRIALS - 1].error.status, BP_STOPPED);
    cr_assert_eq(run(job), BP_OK, "%s", job->error.message);
    cr_assert_gt(job->resumed, 0);
    job->trials.journal = "/nowhere/trials.jsonl";
    cr_assert_eq(run(job), BP_ERROR_IO);
    cr_assert(strstr(job->error.message, "/nowhere") != NULL, "%s", job->error.message);
    release(job);
}
