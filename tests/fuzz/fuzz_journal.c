/*
 * Journals of trials, of the three that stand here and in seeds.py: refused with a sentence that
 * names the file, or taken up, and then what was in it is in it still after one more trial.
 */
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "trials/journal.h"
#include "trials/trial_record.h"

#define TRIALS 3

/* The trials of `batchprop cv iris.csv --hidden 2 --epochs 1 --folds 3`. */
static void fill_trials(bp_trials *trials)
{
    static bp_dataset *dataset;
    static bp_model_options model;
    static bp_train_options train;
    static bp_holdout holdout[TRIALS];
    static bp_trial trial[TRIALS];
    if (!dataset)
        FUZZ_REQUIRE(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL) == BP_OK);
    model = bp_model_options_default();
    model.hidden_count = 1;
    model.hidden[0] = 2;
    train = bp_train_options_default();
    train.epochs = 1;
    for (size_t k = 0; k < TRIALS; k++) {
        holdout[k] = bp_holdout_default();
        holdout[k].folds = TRIALS;
        holdout[k].fold = k;
        trial[k] = bp_trial_default();
        trial[k].model = &model;
        trial[k].train = &train;
        trial[k].holdout = &holdout[k];
    }
    *trials = bp_trials_default();
    trials->dataset = dataset;
    trials->trial = trial;
    trials->count = TRIALS;
}

/* The journal, which was opened once, is opened again: `done` and `result` are the same. */
static void open_again(const bp_trials *trials, const bp_trial_result *result, const bool *done)
{
    bp_trial_result same[TRIALS];
    bool again[TRIALS] = {false};
    struct bp_journal *journal;
    FUZZ_REQUIRE(bp_journal_open(&journal, trials, same, again, NULL) == BP_OK);
    for (size_t k = 0; k < TRIALS; k++) {
        FUZZ_REQUIRE(done[k] == again[k]);
        if (!done[k])
            continue;
        json_t *before = bp_trial_to_json(&result[k]), *now = bp_trial_to_json(&same[k]);
        FUZZ_REQUIRE(before && json_equal(before, now));
        json_decref(before);
        json_decref(now);
    }
    bp_journal_close(journal);
}

/* Goes on with a journal that was taken up: with the line of a trial, maybe of one that is done. */
static void go_on(struct bp_journal *journal, const bp_trials *trials, bp_trial_result *result,
                  bool *done, size_t trial)
{
    if (!done[trial])
        result[trial] = (bp_trial_result){0};
    FUZZ_REQUIRE(bp_journal_add(journal, trial, &result[trial], NULL) == BP_OK);
    done[trial] = true;
    bp_journal_close(journal);
    open_again(trials, result, done);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bp_trials trials;
    bp_trial_result result[TRIALS];
    bool done[TRIALS] = {false};
    struct bp_journal *journal;
    bp_error error = {BP_OK, ""};
    fill_trials(&trials);
    trials.journal = fuzz_named_file(data, size);
    const bp_status status = bp_journal_open(&journal, &trials, result, done, &error);
    FUZZ_REQUIRE((status == BP_OK) == (error.message[0] == '\0'));
    if (status == BP_OK)
        go_on(journal, &trials, result, done, size % TRIALS);
    unlink(trials.journal);
    return 0;
}
