/* The epoch loop: batch steps over shuffled samples, then validation. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "base/stop.h"
#include "ranks/agree.h"
#include "train/diverged.h"
#include "train/schedule.h"
#include "train/trainer.h"

#define SECONDS_BETWEEN_REPORTS 0.1

/* One call of bp_trainer_run(). */
struct run {
    bp_trainer *trainer;
    bp_progress_fn *callback;
    void *user;
    bp_progress progress;
    bp_metrics valid; /* after the last epoch of this call, or at its end */
    double start;
    double training; /* seconds in epochs, without validation */
    double epoch_start;
    double last_report;
    size_t samples; /* trained on in this run */
    bool stopped;
};

/* Ranks report at the same batches: when rank 0, which has a clock, says so with a step. */
#define WORD_REPORT 1

static bp_phases sum_phases(const struct bp_trainer *trainer)
{
    bp_phases sum = bp_step_phases(trainer->setup.step);
    if (!trainer->position.refitting)
        return sum;
    const bp_phases more = bp_step_phases(trainer->refit.step);
    sum.gather += more.gather;
    sum.forward += more.forward;
    sum.delta += more.delta;
    sum.gradient += more.gradient;
    sum.reduce += more.reduce;
    sum.update += more.update;
    sum.waiting += more.waiting;
    return sum;
}

/* A run over ranks ends where one of them wants to. */
static bool agree_to_stop(const struct run *run)
{
    struct bp_ranks *ranks = run->trainer->options.ranks;
    unsigned char *stops = run->trainer->stops;
    const unsigned char own = run->stopped;
    bp_ranks_gather(ranks, &own, stops, sizeof own);
    bool stopped = false;
    for (size_t r = 0; r < ranks->count; r++)
        stopped = stopped || stops[r];
    return stopped;
}

/* Calls the callback with the state of now; notes whether it wants to stop. */
static void report(struct run *run, double now)
{
    bp_progress *progress = &run->progress;
    progress->best_epoch = run->trainer->position.best_epoch;
    progress->seconds = now - run->start;
    const double training = run->training + (progress->epoch_done ? 0.0 : now - run->epoch_start);
    progress->samples_per_second = training > 0.0 ? (double)run->samples / training : 0.0;
    if (run->trainer->options.time_phases)
        progress->phases = sum_phases(run->trainer);
    run->last_report = now;
    if (run->callback && !run->callback(progress, run->user))
        run->stopped = true;
    if (bp_stop_is_set(run->trainer->options.stop))
        run->stopped = true;
    if (bp_ranks_several(run->trainer->options.ranks))
        run->stopped = agree_to_stop(run);
}

static bool is_time_for_report(const struct run *run)
{
    return bp_clock_seconds() - run->last_report >= SECONDS_BETWEEN_REPORTS;
}

/* The next batch of the epoch. Returns how many samples it had. */
static size_t run_batch(struct run *run)
{
    bp_trainer *trainer = run->trainer;
    struct bp_position *position = &trainer->position;
    const size_t count = bp_trainer_samples(trainer)->count, batch_size = bp_trainer_batch(trainer);
    const size_t x = position->samples;
    const size_t rows = bp_size_min(batch_size, count - x);
    const struct bp_step_batch batch = {
        .order = trainer->order + x,
        .count = rows,
        .upcoming = count - x - rows,
        .number = (uint64_t)position->epochs * count + x,
    };
    const float rate = bp_schedule_rate(&trainer->options, position->epochs, x / batch_size,
                                        (count - 1) / batch_size + 1, position->plateau.reductions);
    if (bp_ranks_several(trainer->options.ranks) && bp_ranks_rank(trainer->options.ranks) == 0)
        bp_step_say(bp_trainer_step(trainer), is_time_for_report(run) ? WORD_REPORT : 0);
    position->loss += bp_step_run(bp_trainer_step(trainer), &batch, rate);
    position->samples += rows;
    run->samples += rows;
    run->progress.learning_rate = (double)rate;
    run->progress.samples = position->samples;
    run->progress.train_loss = position->loss / (double)position->samples;
    return rows;
}

static bp_status fail_diverged(struct run *run, size_t rows, bp_error *error)
{
    bp_trainer *trainer = run->trainer;
    struct bp_position *position = &trainer->position;
    const bp_status status = bp_diverged_fail(
        trainer, (position->samples - rows) / bp_trainer_batch(trainer) + 1, error);
    bp_network_set_values(trainer->model->network, trainer->epoch_weights);
    position->samples = 0;
    position->loss = 0.0;
    return status;
}

/* After a batch. Over ranks it was said before that batch. */
static bool is_report_due(const struct run *run)
{
    if (!bp_ranks_several(run->trainer->options.ranks))
        return is_time_for_report(run);
    return bp_step_heard(bp_trainer_step(run->trainer)) & WORD_REPORT;
}

/* Before a batch. Ranks agree at reports alone. */
static bool is_stop_due(const struct run *run)
{
    const bp_train_options *options = &run->trainer->options;
    return bp_stop_is_set(options->stop) && !bp_ranks_several(options->ranks);
}

/* The rest of an epoch, or as much of it as the callback allows. */
static bp_status run_epoch(struct run *run, bp_error *error)
{
    bp_trainer *trainer = run->trainer;
    struct bp_position *position = &trainer->position;
    const size_t count = bp_trainer_samples(trainer)->count;
    run->epoch_start = bp_clock_seconds();
    run->progress.epoch = position->epochs;
    run->progress.epochs = bp_trainer_epochs(trainer);
    run->progress.samples = position->samples;
    run->progress.samples_total = count;
    run->progress.refit = position->refitting;
    run->progress.epoch_done = false;
    run->progress.valid = NULL;
    run->progress.valid_loss = (double)NAN;
    run->progress.metric = (double)NAN;
    while (position->samples < count && !run->stopped) {
        if (is_stop_due(run)) {
            report(run, bp_clock_seconds());
            break;
        }
        const size_t rows = run_batch(run);
        const bool is_last = position->samples == count;
        /* An overflow in the last update shows in no loss of this epoch. */
        if (!isfinite(position->loss) || (is_last && !bp_network_finite(trainer->model->network)))
            return fail_diverged(run, rows, error);
        if (!is_last && is_report_due(run))
            report(run, bp_clock_seconds());
    }
    run->training += bp_clock_seconds() - run->epoch_start;
    return BP_OK;
}

static void validate(struct run *run)
{
    struct bp_validation *valid = &run->trainer->valid;
    bp_metric_accumulator_clear(&valid->accumulator);
    const struct bp_visitor visitor = bp_metric_accumulator_visitor(&valid->accumulator);
    bp_infer_run(valid->infer, &visitor);
    run->valid = bp_metric_accumulator_metrics(&valid->accumulator);
}

/* Whether epochs are: those of a refit are not. */
static bool is_validated(const bp_trainer *trainer)
{
    return trainer->has_validation && !trainer->position.refitting;
}

/* By what the epochs of a trainer are compared. */
static struct bp_score_rule find_rule(const bp_trainer *trainer)
{
    const bp_train_options *options = &trainer->options;
    return (struct bp_score_rule){
        .lower = !is_validated(trainer) || bp_metric_lower_is_better(options->metric),
        .delta = options->min_delta,
        .counted = options->metric == BP_METRIC_ACCURACY ? trainer->valid.samples.count : 0};
}

/* Looks at the epoch that is done: is it the best, and was the last gain too long ago? */
static void judge(struct run *run, const struct bp_score *score)
{
    bp_trainer *trainer = run->trainer;
    struct bp_position *position = &trainer->position;
    const struct bp_network *network = trainer->model->network;
    const struct bp_score_rule rule = find_rule(trainer);
    run->progress.valid = &run->valid;
    run->progress.valid_loss = score->loss;
    run->progress.metric = score->metric;
    const bool first = position->best_epoch == 0;
    if (first)
        position->record = bp_record_begin(score);
    if (first || bp_record_add(&position->record, score, &rule))
        position->gain_epoch = position->epochs;
    if (first || bp_record_replaces(&position->record, score, &position->best, &rule)) {
        position->best = *score;
        position->best_epoch = position->epochs;
        if (trainer->best_weights)
            memcpy(trainer->best_weights, network->values,
                   network->floats * sizeof *network->values);
    }
    const size_t patience = trainer->options.patience;
    position->ended_early = patience > 0 && position->epochs - position->gain_epoch >= patience;
}

/* The training that goes on, the first or the refit. */
static bool is_training_done(const bp_trainer *trainer)
{
    const struct bp_position *position = &trainer->position;
    return position->epochs >= bp_trainer_epochs(trainer) ||
           (position->ended_early && !position->refitting);
}

static bool is_done(const bp_trainer *trainer)
{
    return is_training_done(trainer) && trainer->position.refitting == trainer->options.refit;
}

/* What follows an epoch that is done. */
static void end_epoch(struct run *run)
{
    bp_trainer *trainer = run->trainer;
    struct bp_position *position = &trainer->position;
    position->epochs++;
    position->last_loss = run->progress.train_loss;
    position->samples = 0;
    position->loss = 0.0;
    run->progress.epoch = position->epochs;
    run->progress.epoch_done = true;
    struct bp_score score = {position->last_loss, position->last_loss};
    const struct bp_score_rule rule = find_rule(trainer);
    if (is_validated(trainer)) {
        validate(run);
        score.metric = bp_metrics_get(&run->valid, trainer->options.metric);
        score.loss = run->valid.loss;
        judge(run, &score);
    }
    bp_plateau_note(&position->plateau, &trainer->options, position->epochs, &score, &rule);
    run->progress.ended = is_done(trainer);
    if (!run->progress.ended && is_training_done(trainer))
        bp_trainer_begin_refit(trainer);
    bp_trainer_begin_epoch(trainer);
    report(run, bp_clock_seconds());
}

/* The best weights take the place of the last ones or, after a refit, only while they are
 * validated; a run that was done before has not validated. */
static void end_run(struct run *run)
{
    bp_trainer *trainer = run->trainer;
    if (!trainer->has_validation)
        return;
    if (trainer->best_weights && trainer->position.best_epoch > 0) {
        bp_network_set_values(trainer->model->network, trainer->best_weights);
        trainer->holds_best = true;
    }
    validate(run);
    if (trainer->position.refitting) { /* those of the last epoch, which are those of the next */
        bp_network_set_values(trainer->model->network, trainer->epoch_weights);
        trainer->holds_best = false;
    }
}

static void fill_result(const struct run *run, bp_train_result *result)
{
    const bp_trainer *trainer = run->trainer;
    const struct bp_position *position = &trainer->position;
    *result = (bp_train_result){
        .epochs = position->refitting ? position->first_epochs : position->epochs,
        .samples = trainer->samples.count,
        .train_loss = run->progress.train_loss,
        .valid_loss = trainer->has_validation ? run->valid.loss : (double)NAN,
        .valid = run->valid,
        .best_epoch = trainer->best_weights ? position->best_epoch : 0,
        .ended_early = position->ended_early,
        .metric = trainer->options.metric,
        .refit_epochs = position->refitting ? position->epochs : 0,
        .refit_samples = position->refitting ? trainer->refit.samples.count : 0,
        .seconds = bp_clock_seconds() - run->start,
        .samples_per_second =
            run->training > 0.0 ? (double)run->samples / run->training : (double)NAN,
        .threads = bp_team_threads(trainer->setup.engine.team),
        .plan = trainer->setup.plan,
        .backend = bp_team_backend(trainer->setup.engine.team),
        .isa = trainer->setup.engine.kernels->isa,
        .batch_size = trainer->options.batch_size,
        .ranks = bp_ranks_count(trainer->options.ranks),
        .all_threads = trainer->all_threads,
    };
    result->updates = bp_trainer_count_updates(trainer);
    result->best_metric = result->best_epoch > 0 ? position->best.metric : (double)NAN;
    memcpy(result->threads_reason, trainer->setup.reason, sizeof result->threads_reason);
    bp_network_digest(trainer->model->network, result->weights_digest);
}

static bp_status run_epochs(struct run *run, bp_error *error)
{
    while (!is_done(run->trainer) && !run->stopped) {
        const bp_status status = run_epoch(run, error);
        if (status)
            return status;
        if (run->trainer->position.samples == bp_trainer_samples(run->trainer)->count)
            end_epoch(run);
    }
    if (!is_done(run->trainer))
        return BP_STOPPED;
    end_run(run);
    return BP_OK;
}

bp_status bp_trainer_run(bp_trainer *trainer, bp_progress_fn *progress, void *user,
                         bp_train_result *result, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    struct bp_ranks *ranks = trainer->options.ranks;
    bp_status usable = bp_trainer_check_idle(trainer, error);
    if (!usable)
        usable = bp_team_check(trainer->setup.engine.team, error);
    usable = bp_ranks_agree(ranks, usable, error);
    if (usable)
        return usable;
    struct run run = {
        .trainer = trainer,
        .callback = progress,
        .user = user,
        .progress = {.train_loss =
                         trainer->position.epochs > 0 ? trainer->position.last_loss : (double)NAN,
                     .learning_rate = (double)trainer->options.learning_rate},
        .start = bp_clock_seconds(),
        .valid = {.loss = (double)NAN},
    };
    run.last_report = run.start;
    bp_trainer_take_updates(trainer);
    trainer->model->numerics = BP_NUMERICS_VERSION;
    bp_trainer_note_recipe(trainer);
    bp_step_measure_phases(trainer->setup.step, trainer->options.time_phases);
    if (trainer->options.refit)
        bp_step_measure_phases(trainer->refit.step, trainer->options.time_phases);
    trainer->is_running = true;
    const bp_status status = run_epochs(&run, error);
    trainer->is_running = false;
    if (result)
        fill_result(&run, result);
    return status;
}
