/*
 * Journals of trials, of the three that stand here and in seeds.py: refused with a sentence that
 * names the file, or taken up, and then what was in it is in it still.
 */
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "trials/journal.h"

#define TRIALS 3

/* The trials of `batchprop cv iris.csv --hidden 2 --epochs 1 --folds 3 --learning-rate 1`. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bp_trials trials;
    bp_trial_result result[TRIALS];
    bool done[TRIALS] = {false}, again[TRIALS] = {false};
    struct bp_journal *journal;
    bp_error error = {BP_OK, ""};
    fill_trials(&trials);
    trials.journal = fuzz_named_file(data, size);
    const bp_status status = bp_journal_open(&journal, &trials, result, done, &error);
    FUZZ_REQUIRE((status == BP_OK) == (error.message[0] == '\0'));
    if (status != BP_OK) {
        unlink(trials.journal);
        return 0;
    }
    bp_journal_close(journal);
    FUZZ_REQUIRE(bp_journal_open(&journal, &trials, result, again, &error) == BP_OK);
    FUZZ_REQUIRE(memcmp(done, again, sizeof done) == 0);
    bp_journal_close(journal);
    unlink(trials.journal);
    return 0;
}
