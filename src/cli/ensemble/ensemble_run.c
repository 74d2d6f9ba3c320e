/* From options and data to a file with several networks. */
#include "cli/ensemble/ensemble_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/ensemble/ensemble_fields.h"
#include "cli/ensemble/ensemble_log.h"
#include "cli/ensemble/ensemble_watch.h"
#include "cli/inspect/prediction.h"
#include "cli/run/train_report.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/stop_signal.h"

#define FAILURES_SHOWN 3

struct run {
    const struct ensemble_job *job;
    struct ensemble_watch watch;
    bp_ensemble *ensemble; /* NULL: training failed */
    bp_model *model;       /* NULL: no member ended */
    bp_metrics train, valid, fitted;
    bp_quality left;
    struct ensemble_facts facts;
};

/* Further, with the options of each kind. */
static bp_status go_on(struct run *run, const bp_ensemble_options *ensemble, bp_error *error)
{
    const struct train_options *options = run->job->options;
    bp_train_options kinds[BP_KINDS_MAX];
    for (size_t k = 0; k < options->kinds; k++)
        kinds[k] = options->kind[k].train;
    return bp_ensemble_continue(&run->ensemble, run->job->from, run->job->target->train,
                                run->job->valid, kinds, ensemble, error);
}

static bp_status train_members(struct run *run, bp_error *error)
{
    const struct train_options *options = run->job->options;
    bp_member_kind kinds[BP_KINDS_MAX];
    bp_ensemble_options ensemble = options->ensemble.options;
    ensemble.progress = ensemble_watch_follow;
    ensemble.user = &run->watch;
    ensemble.ranks = ranks_get();
    if (run->job->from)
        return go_on(run, &ensemble, error);
    for (size_t k = 0; k < options->kinds; k++) {
        kinds[k] = bp_member_kind_default();
        kinds[k].model = &options->kind[k].model;
        kinds[k].train = &options->kind[k].train;
    }
    return bp_ensemble_train(&run->ensemble, run->job->target->train, run->job->valid, kinds,
                             options->kinds, &ensemble, error);
}

/* Returns the exit code of the training: that of a signal on rank 0 alone, the others are just
 * stopped. */
static int train(struct run *run)
{
    bp_error error;
    const bp_status status = train_members(run, &error);
    const int code = ensemble_watch_end(&run->watch);
    const int failed = ranks_settle(code < EXIT_SIGNAL ? code : EXIT_DONE);
    if (failed != EXIT_DONE)
        return failed;
    if (status == BP_STOPPED)
        return code;
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

/* Members that failed are left out: says why. */
static void note_failures(const struct run *run)
{
    bp_ensemble_member member;
    size_t failed = 0;
    for (size_t m = 0; bp_ensemble_get_member(run->ensemble, m, &member, NULL) == BP_OK; m++) {
        const bp_status status = member.error.status;
        if (status == BP_OK || status == BP_STOPPED || ++failed > FAILURES_SHOWN)
            continue;
        message_note("warning: network %zu of %zu, of kind %zu, is left out: %s", m + 1,
                     run->job->members, member.kind + 1, member.error.message);
    }
    if (failed > FAILURES_SHOWN)
        message_note("warning: and %zu more", failed - FAILURES_SHOWN);
}

/* The whole model, on rows of the training. */
static int measure(const struct run *run, const bp_dataset *rows, bp_metrics *metrics)
{
    const bp_train_options *train = &run->job->options->train;
    bp_run_options options = run->job->options->run.options;
    bp_error error;
    options.class_weight = train->class_weight;
    options.unknown = train->unknown == BP_UNKNOWN_AUTO ? BP_UNKNOWN_IGNORE : train->unknown;
    if (bp_evaluate(run->model, rows, &options, metrics, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

/* Where no row was left out, the rows of the training are all there is. */
static int measure_all(struct run *run)
{
    int code = EXIT_DONE;
    if (run->job->valid) {
        code = measure(run, run->job->valid, &run->valid);
        run->facts.valid = code == EXIT_DONE ? &run->valid : NULL;
    }
    if (code == EXIT_DONE && !run->facts.left) {
        code = measure(run, run->job->target->train, &run->train);
        run->facts.train = code == EXIT_DONE ? &run->train : NULL;
    }
    return code;
}

/* What there is to say of a run that trained. */
static int collect(struct run *run)
{
    bp_error error;
    const char *reason = bp_ensemble_get_info(run->ensemble).left_reason;
    run->facts.options = run->job->options;
    run->facts.ensemble = run->ensemble;
    if (bp_ensemble_get_info(run->ensemble).finished > 0 &&
        bp_ensemble_take_model(run->ensemble, &run->model, &error) != BP_OK)
        return message_error(&error);
    run->facts.model = run->model;
    if (bp_ensemble_get_quality(run->ensemble, &run->left, &run->fitted, &error) == BP_OK) {
        run->facts.left = &run->left;
        run->facts.fitted = &run->fitted;
    }
    note_failures(run);
    if (reason)
        message_note("no figures out of fold: %s", reason);
    return run->model ? measure_all(run) : EXIT_DONE;
}

/* The end of the log; `code` is that of the training. */
static int end_log(struct run *run, int code)
{
    char reason[80] = "done";
    if (code >= EXIT_SIGNAL)
        snprintf(reason, sizeof reason, "stopped by %s", stop_signal_name(code - EXIT_SIGNAL));
    else if (code != EXIT_DONE)
        snprintf(reason, sizeof reason, "%s", code == EXIT_NOT_FINITE ? "diverged" : "failed");
    if (run->watch.unwritten.status != BP_OK ||
        ensemble_log_end(&run->watch.log, run->facts.ensemble ? &run->facts : NULL, reason))
        return EXIT_DONE;
    return message_error(&run->watch.log.error);
}

/* The figures of the whole, over the number of networks. */
static int write_figures(const struct run *run)
{
    const struct ensemble_facts *facts = &run->facts;
    const struct {
        const char *prefix;
        const bp_metrics *metrics;
    } sets[] = {{"out-of-fold", facts->left ? &facts->left->metrics : NULL},
                {"cross-fitted", facts->fitted},
                {"train", facts->train},
                {"valid", facts->valid}};
    bp_error error;
    for (size_t k = 0; facts->model && k < sizeof sets / sizeof sets[0]; k++) {
        if (tensorboard_write_metrics(run->watch.events, sets[k].prefix,
                                      bp_ensemble_get_info(run->ensemble).finished, sets[k].metrics,
                                      &error) != BP_OK)
            return message_error(&error);
    }
    return EXIT_DONE;
}

static int save_model(const struct run *run)
{
    return output_model(run->model, run->job->options->out);
}

/* Rows in the order of the data, as predict writes them. */
static int write_left(const struct run *run)
{
    const char *path = run->job->options->ensemble.out_of_fold;
    struct prediction prediction = {.model = run->model, .data = run->job->target->train};
    struct output output;
    bp_error error;
    const char *reason = bp_ensemble_get_info(run->ensemble).left_reason;
    if (!run->facts.left)
        return message_failure(EXIT_FAILED, "--out-of-fold: %s: nothing is written",
                               reason ? reason
                                      : "no row was left out by a network of every kind that "
                                        "counts");
    int code = prediction_prepare(&prediction, false);
    if (code == EXIT_DONE &&
        bp_ensemble_get_left_out(run->ensemble, prediction.outputs, &error) != BP_OK)
        code = message_error(&error);
    prediction.partial = true;
    if (code == EXIT_DONE) {
        code = output_open(&output, path);
        if (code == EXIT_DONE)
            code =
                prediction_write_csv(&prediction, &run->job->options->run.options, output.stream);
        code = output_close(&output, code);
    }
    prediction_release(&prediction);
    return code;
}

/* A signal: what is there is kept. */
static int report_stop(const struct run *run, int code)
{
    const char *folder = run->job->options->checkpoint.folder;
    const char *signal = stop_signal_name(code - EXIT_SIGNAL);
    const size_t finished = bp_ensemble_get_info(run->ensemble).finished;
    char more[BP_ERROR_MESSAGE_SIZE] = "";
    if (folder)
        snprintf(more, sizeof more, "; the same command with --resume goes on from %s", folder);
    if (!run->model)
        return message_failure(code,
                               "stopped by %s after none of %zu networks; no model is written%s",
                               signal, run->job->members, more);
    const int saved = save_model(run);
    if (saved != EXIT_DONE)
        return saved;
    return message_failure(code,
                           "stopped by %s after %zu of %zu networks; %s is the model of "
                           "these%s",
                           signal, finished, run->job->members, run->job->options->out, more);
}

static int finish(const struct run *run)
{
    const struct train_options *options = run->job->options;
    int code = save_model(run);
    if (code == EXIT_DONE && options->ensemble.out_of_fold)
        code = write_left(run);
    if (code != EXIT_DONE)
        return code;
    struct fields out = fields_begin(options->json, 15);
    target_fields_put(&out, run->job->target);
    ensemble_fields_put(&out, &run->facts);
    code = fields_end(&out);
    if (code == EXIT_DONE && !options->json)
        train_report_print_next(options, bp_model_get_info(run->model).task);
    return code;
}

/* Between the opening of files and their end. What follows training is for rank 0 alone. */
static int follow(struct run *run)
{
    int code = ranks_settle(ensemble_watch_begin(&run->watch));
    if (code != EXIT_DONE)
        return code;
    code = train(run);
    if (!ranks_leads())
        return code;
    const int collected = run->ensemble ? collect(run) : EXIT_DONE;
    int logged = end_log(run, code);
    if (logged == EXIT_DONE && run->watch.unwritten.status == BP_OK)
        logged = write_figures(run);
    if (code == EXIT_DONE)
        code = collected != EXIT_DONE ? collected : logged;
    return code;
}

int ensemble_run(struct ensemble_job *job)
{
    const struct train_options *options = job->options;
    struct run run = {.job = job};
    bp_error error;
    int code = EXIT_DONE;
    job->members = bp_model_members(job->from);
    if (!job->from && bp_ensemble_count_members(&options->ensemble.options, options->kinds,
                                                &job->members, &error) != BP_OK)
        code = message_error(&error);
    code = ranks_settle(code);
    if (code != EXIT_DONE)
        return code;
    code = ensemble_watch_open(&run.watch, job);
    if (code == EXIT_DONE)
        code = follow(&run);
    code = ensemble_watch_close(&run.watch, code);
    if (code >= EXIT_SIGNAL)
        code = report_stop(&run, code);
    else if (code == EXIT_DONE && ranks_leads())
        code = finish(&run);
    bp_ensemble_free(run.ensemble);
    bp_model_free(run.model);
    return code;
}
