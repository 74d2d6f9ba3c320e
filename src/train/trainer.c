/* Training: epochs of batch steps over shuffled samples. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/sizes.h"
#include "data/batch.h"
#include "train/infer.h"
#include "train/metrics.h"
#include "train/model.h"
#include "train/rig.h"
#include "train/train_options.h"

#define SECONDS_BETWEEN_REPORTS 0.1

/* A validation set and what its loss is computed in. */
struct validation {
    struct bp_samples samples;
    struct bp_infer *infer;
    struct bp_tally tally;
};

struct bp_trainer {
    struct bp_model *model;
    bp_train_options options;
    size_t batch_size;
    struct bp_samples samples;
    struct bp_rig rig;
    uint32_t *order;    /* of the samples in this epoch */
    size_t epochs_done; /* in all runs: the next epoch's stream of random numbers */
    bool has_validation;
    struct validation valid;
};

static bp_status make_rig(struct bp_trainer *trainer, bp_error *error)
{
    const bp_train_options *options = &trainer->options;
    const size_t batches = (trainer->samples.count - 1) / trainer->batch_size + 1;
    size_t steps;
    const struct bp_rig_options rig = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .batch_size = trainer->batch_size,
        .shard_size = bp_size_min(options->shard_size, trainer->batch_size),
        .steps = bp_size_mul(batches, options->epochs, &steps) ? steps : 0,
    };
    return bp_rig_make(&trainer->rig, trainer->model->network, &trainer->samples, &rig, error);
}

static bp_status make_validation(struct bp_trainer *trainer, const bp_dataset *dataset,
                                 bp_error *error)
{
    struct validation *valid = &trainer->valid;
    trainer->has_validation = true;
    bp_status status = bp_samples_bind(&valid->samples, trainer->model->schema, dataset, NULL,
                                       BP_TARGETS_REQUIRED, error);
    if (status)
        return status;
    status = bp_infer_create(&valid->infer, trainer->model->network, &valid->samples,
                             &trainer->rig.engine, error);
    return status ? status : bp_tally_make(&valid->tally, trainer->model, &valid->samples, error);
}

/* Everything that can fail, in an order in which bp_trainer_free() can undo it. */
static bp_status build(struct bp_trainer *trainer, const bp_dataset *train, const bp_dataset *valid,
                       bp_error *error)
{
    bp_status status = bp_train_options_check(&trainer->options, error);
    if (!status)
        status = bp_samples_bind(&trainer->samples, trainer->model->schema, train, NULL,
                                 BP_TARGETS_REQUIRED, error);
    if (status)
        return status;
    const size_t count = trainer->samples.count;
    const size_t asked = trainer->options.batch_size;
    trainer->batch_size = asked == 0 ? count : bp_size_min(asked, count);
    status = make_rig(trainer, error);
    if (status)
        return status;
    trainer->order = bp_array_alloc(count, sizeof *trainer->order);
    if (!trainer->order)
        return bp_fail_memory(error, "the order of the samples");
    return valid ? make_validation(trainer, valid, error) : BP_OK;
}

bp_status bp_trainer_create(bp_trainer **out, bp_model *model, const bp_dataset *train,
                            const bp_dataset *valid, const bp_train_options *options,
                            bp_error *error)
{
    *out = NULL;
    struct bp_trainer *trainer = calloc(1, sizeof *trainer);
    if (!trainer)
        return bp_fail_memory(error, "a trainer");
    trainer->model = model;
    trainer->options = *options;
    const bp_status status = build(trainer, train, valid, error);
    if (status) {
        bp_trainer_free(trainer);
        return status;
    }
    *out = trainer;
    return BP_OK;
}

void bp_trainer_free(bp_trainer *trainer)
{
    if (!trainer)
        return;
    if (trainer->has_validation) {
        bp_infer_free(trainer->valid.infer);
        bp_samples_release(&trainer->valid.samples);
        bp_tally_release(&trainer->valid.tally);
    }
    bp_rig_release(&trainer->rig);
    bp_samples_release(&trainer->samples);
    free(trainer->order);
    free(trainer);
}

/* One call of bp_trainer_run(). */
struct run {
    bp_trainer *trainer;
    bp_progress_fn *callback;
    void *user;
    bp_progress progress;
    double start;
    double training; /* seconds in epochs, without validation */
    double epoch_start;
    double last_report;
    double valid_loss; /* after the last complete epoch */
    size_t samples;    /* trained on in this run */
    bool stopped;
};

/* Calls the callback with the state of now; notes whether it wants to stop. */
static void report(struct run *run, double now)
{
    run->progress.seconds = now - run->start;
    const double training =
        run->training + (run->progress.epoch_done ? 0.0 : now - run->epoch_start);
    run->progress.samples_per_second = training > 0.0 ? (double)run->samples / training : 0.0;
    run->last_report = now;
    if (run->callback && !run->callback(&run->progress, run->user))
        run->stopped = true;
}

static void order_samples(bp_trainer *trainer)
{
    const size_t count = trainer->samples.count;
    if (trainer->options.shuffle)
        bp_random_permutation(trainer->options.seed,
                              bp_stream(BP_STREAM_SHUFFLE, (uint32_t)trainer->epochs_done),
                              trainer->order, (uint32_t)count);
    else
        bp_batch_number(trainer->order, count);
}

static bp_status fail_not_finite(const struct run *run, size_t batch, bp_error *error)
{
    return bp_fail(error, BP_ERROR_NOT_FINITE,
                   "the loss of batch %zu in epoch %zu is not finite: training diverged; try a "
                   "smaller learning rate than %g",
                   batch, run->progress.epoch + 1, (double)run->trainer->options.learning_rate);
}

/* One epoch, or its beginning if the callback stops the run. */
static bp_status run_epoch(struct run *run, bp_error *error)
{
    bp_trainer *trainer = run->trainer;
    const size_t count = trainer->samples.count;
    double loss = 0.0;
    run->epoch_start = bp_clock_seconds();
    run->progress.epoch_done = false;
    run->progress.valid_loss = (double)NAN;
    order_samples(trainer);
    for (size_t x = 0; x < count && !run->stopped;) {
        const size_t rows = bp_size_min(trainer->batch_size, count - x);
        const struct bp_step_batch batch = {trainer->order + x, rows, count - x - rows};
        loss += bp_step_run(trainer->rig.step, &batch, trainer->options.learning_rate);
        if (!isfinite(loss))
            return fail_not_finite(run, x / trainer->batch_size + 1, error);
        x += rows;
        run->samples += rows;
        run->progress.samples = x;
        run->progress.train_loss = loss / (double)x;
        const double now = bp_clock_seconds();
        if (now - run->last_report >= SECONDS_BETWEEN_REPORTS && x < count)
            report(run, now);
    }
    run->training += bp_clock_seconds() - run->epoch_start;
    return BP_OK;
}

static void validate(struct run *run)
{
    struct validation *valid = &run->trainer->valid;
    bp_tally_clear(&valid->tally);
    bp_infer_run(valid->infer, bp_tally_add, &valid->tally);
    run->valid_loss = bp_tally_metrics(&valid->tally).loss;
    run->progress.valid_loss = run->valid_loss;
}

static void fill_result(const struct run *run, bp_train_result *result)
{
    const bp_trainer *trainer = run->trainer;
    *result = (bp_train_result){
        .epochs = run->progress.epoch,
        .samples = trainer->samples.count,
        .train_loss = run->progress.train_loss,
        .valid_loss = run->valid_loss,
        .seconds = bp_clock_seconds() - run->start,
        .samples_per_second = run->training > 0.0 ? (double)run->samples / run->training : 0.0,
        .threads = bp_team_threads(trainer->rig.engine.team),
        .threads_reason = trainer->rig.reason,
        .backend = bp_team_backend(trainer->rig.engine.team),
        .isa = trainer->rig.engine.kernels->isa,
    };
}

bp_status bp_trainer_run(bp_trainer *trainer, bp_progress_fn *progress, void *user,
                         bp_train_result *result, bp_error *error)
{
    struct run run = {
        .trainer = trainer,
        .callback = progress,
        .user = user,
        .progress = {.epochs = trainer->options.epochs,
                     .samples_total = trainer->samples.count,
                     .train_loss = (double)NAN,
                     .valid_loss = (double)NAN},
        .start = bp_clock_seconds(),
        .valid_loss = (double)NAN,
    };
    run.last_report = run.start;
    trainer->model->numerics = BP_NUMERICS_VERSION;
    while (run.progress.epoch < trainer->options.epochs && !run.stopped) {
        const bp_status status = run_epoch(&run, error);
        if (status)
            return status;
        if (run.stopped)
            break;
        trainer->epochs_done++;
        run.progress.epoch++;
        run.progress.epoch_done = true;
        if (trainer->has_validation)
            validate(&run);
        report(&run, bp_clock_seconds());
    }
    /* An overflow in the last update shows in no loss of this run. */
    if (!bp_network_finite(trainer->model->network))
        return bp_fail(
            error, BP_ERROR_NOT_FINITE,
            "a parameter is not finite after epoch %zu: training diverged; try a smaller "
            "learning rate than %g",
            run.progress.epoch, (double)trainer->options.learning_rate);
    if (result) {
        fill_result(&run, result);
        const bp_status status =
            bp_network_digest(trainer->model->network, result->weights_digest, error);
        if (status)
            return status;
    }
    return run.stopped ? BP_STOPPED : BP_OK;
}
