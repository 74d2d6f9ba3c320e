/* Uses every option struct, through members that their first versions have, and prints what must
 * not depend on the version of the header that it is built with. */
#include <stdio.h>
#include <stdlib.h>

#include <batchprop/batchprop.h>

#define COUNT 64

static void require(bp_status status, const bp_error *error)
{
    if (status == BP_OK)
        return;
    printf("%s\n", error->message);
    exit(0); /* what is printed is the verdict */
}

static bp_dataset *make_dataset(bp_error *error)
{
    static float input[COUNT][2], targets[COUNT];
    for (size_t x = 0; x < COUNT; x++) {
        input[x][0] = (float)(x % 8);
        input[x][1] = (float)(x / 8);
        targets[x] = input[x][0] * input[x][1];
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = COUNT;
    arrays.inputs = 2;
    arrays.outputs = 1;
    arrays.input = &input[0][0];
    arrays.targets = targets;
    bp_dataset *dataset;
    require(bp_dataset_from_arrays(&dataset, &arrays, error), error);
    return dataset;
}

static void train(bp_model *model, const bp_dataset *rows, const bp_train_options *options,
                  bp_error *error)
{
    bp_trainer *trainer;
    bp_train_result result;
    require(bp_trainer_create(&trainer, model, rows, NULL, options, error), error);
    require(bp_trainer_run(trainer, NULL, NULL, &result, error), error);
    bp_trainer_free(trainer);
    printf("%s %zu %.17g\n", result.weights_digest, result.epochs, result.train_loss);
}

static void run_trials(const bp_dataset *dataset, const bp_model_options *shape,
                       const bp_train_options *how, bp_error *error)
{
    bp_trial trial[3];
    bp_trial_result result[3];
    bp_holdout holdout[3];
    bp_trials trials = bp_trials_default();
    for (size_t k = 0; k < 3; k++) {
        holdout[k] = bp_holdout_default();
        holdout[k].folds = 3;
        holdout[k].fold = k;
        trial[k] = bp_trial_default();
        trial[k].model = shape;
        trial[k].train = how;
        trial[k].holdout = &holdout[k];
    }
    trials.dataset = dataset;
    trials.trial = trial;
    trials.count = 3;
    require(bp_trials_run(&trials, result, error), error);
    for (size_t k = 0; k < 3; k++) {
        require(result[k].error.status, &result[k].error);
        printf("%s %.17g\n", result[k].train.weights_digest, result[k].metrics.rmse);
    }
}

int main(void)
{
    bp_error error;
    bp_dataset *dataset = make_dataset(&error);

    bp_model_options shape = bp_model_options_default();
    shape.hidden[0] = 5;
    shape.output_activation = BP_ACTIVATION_IDENTITY;
    bp_train_options how = bp_train_options_default();
    how.epochs = 7;
    how.learning_rate = 0.01f;
#ifdef SET_LATER
    how.later = 1;
#endif
    require(bp_preset_apply(BP_PRESET_MODERN, NULL, &how, &error), &error);

    bp_model *model;
    require(bp_model_create(&model, dataset, &shape, &error), &error);
    train(model, dataset, &how, &error);

    bp_run_options run = bp_run_options_default();
    bp_metrics metrics;
    run.threads = 1;
    require(bp_evaluate(model, dataset, &run, &metrics, &error), &error);
    printf("%zu %.17g\n", metrics.samples, metrics.rmse);

    bp_gradcheck_options check = bp_gradcheck_options_default();
    bp_gradcheck_result checked;
    check.samples = 8;
    require(bp_gradcheck(model, dataset, &check, &run, &checked, &error), &error);
    printf("%zu %zu\n", checked.samples, checked.failed);

    run_trials(dataset, &shape, &how, &error);

    bp_bench_options measured = bp_bench_options_default();
    bp_bench *bench;
    measured.batch_size = 16;
    require(bp_bench_create(&bench, &measured, &error), &error);
    printf("%zu\n", bp_bench_get_info(bench).batch_size);

    bp_read_options reading = bp_model_read_options(model);
    bp_dataset *none;
    reading.header = BP_HEADER_NO;
    printf("%d\n", (int)bp_dataset_read(&none, "no such file", &reading, &error));

    bp_bench_free(bench);
    bp_model_free(model);
    bp_dataset_free(dataset);
    return 0;
}
