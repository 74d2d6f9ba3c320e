/* A journal that cannot be held for want of memory is neither damaged nor shorter than it is. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/counted_memory.h"
#include "support/scratch.h"
#include "support/tables.h"
#include "trials/journal.h"

#define TRIALS 2

/* More calls than opening a journal makes. */
#define CALLS_MAX 20000

static char *path, *written;
static size_t size;
static bp_trials trials;
static bp_trial trial[TRIALS];
static bp_train_options train;
static bp_holdout holdout;
static bp_trial_result result[TRIALS];

static size_t lines_left; /* that getline() can hold; 0: all */

ssize_t __real_getline(char **line, size_t *capacity, FILE *stream);
ssize_t __wrap_getline(char **line, size_t *capacity, FILE *stream);

ssize_t __wrap_getline(char **line, size_t *capacity, FILE *stream)
{
    if (lines_left != 1) {
        lines_left -= lines_left > 0;
        return __real_getline(line, capacity, stream);
    }
    errno = ENOMEM;
    return -1;
}

static void set_up(void)
{
    bp_dataset *dataset;
    path = scratch_file("trials.jsonl");
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    train = bp_train_options_default();
    train.epochs = 1;
    holdout = bp_holdout_default();
    for (size_t k = 0; k < TRIALS; k++) {
        trial[k] = bp_trial_default();
        trial[k].train = &train;
        trial[k].holdout = &holdout;
    }
    trials = bp_trials_default();
    trials.dataset = dataset;
    trials.trial = trial;
    trials.count = TRIALS;
    trials.threads = 1;
    trials.journal = path;
    cr_assert_eq(bp_trials_run(&trials, result, NULL), BP_OK);
    written = file_get(path, &size);
}

static void tear_down(void)
{
    counted_fail(0);
    bp_dataset_free((bp_dataset *)trials.dataset);
    free(written);
    scratch_remove();
}

TestSuite(trials_memory, .init = set_up, .fini = tear_down);

/* Asserts that the journal is as it was, and that all trials are in it if it was read. */
static bp_status open_journal(bp_error *error)
{
    struct bp_journal *journal;
    bool done[TRIALS] = {false};
    size_t now;
    const bp_status status = bp_journal_open(&journal, &trials, result, done, error);
    counted_fail(0);
    cr_assert_eq(journal != NULL, status == BP_OK);
    cr_assert(status != BP_OK || (done[0] && done[1]));
    bp_journal_close(journal);
    char *text = file_get(path, &now);
    cr_assert(now == size && memcmp(text, written, size) == 0);
    free(text);
    return status;
}

Test(trials_memory, a_journal_is_not_read_where_an_allocation_fails)
{
    json_set_alloc_funcs(malloc, free); /* which are counted, unlike those of its own */
    size_t failed = 0;
    for (size_t number = 1; number < CALLS_MAX; number++) {
        bp_error error = {BP_OK, ""};
        counted_fail(number);
        const bp_status status = open_journal(&error);
        if (status == BP_OK)
            break;
        cr_assert_eq(status, BP_ERROR_MEMORY, "call %zu: %s", number, error.message);
        failed++;
    }
    cr_expect(failed > 300 && failed < CALLS_MAX - 1, "%zu", failed);
}

Test(trials_memory, a_line_that_cannot_be_held_is_not_the_end)
{
    for (size_t line = 1; line <= TRIALS + 1; line++) {
        bp_error error = {BP_OK, ""};
        lines_left = line;
        cr_expect_eq(open_journal(&error), BP_ERROR_MEMORY, "%zu: %s", line, error.message);
    }
}
