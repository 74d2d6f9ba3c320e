/* batchprop train: data in, a model file out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "progress_bar.h"
#include "report.h"
#include "run_log.h"
#include "stop_signal.h"
#include "train_options.h"
#include "train_report.h"

struct run {
    const struct train_options *options;
    bp_dataset *train;
    bp_dataset *valid; /* or NULL */
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    struct run_log log;
    struct progress_bar bar;
    int log_failure; /* errno of a line that could not be written, or 0 */
};

/* Whether the labels of such data are in another file. */
static bool needs_labels(const bp_dataset *dataset)
{
    const bp_format format = bp_dataset_get_info(dataset).format;
    return format == BP_FORMAT_IDX || format == BP_FORMAT_NPY;
}

static int read_valid(struct run *run)
{
    const struct train_options *options = run->options;
    const int code = data_options_read(&options->data, options->validation.valid,
                                       options->validation.valid_labels, &run->valid);
    if (code == EXIT_DONE && !options->validation.valid_labels && needs_labels(run->valid))
        return report_usage("train",
                            "--valid %s: its labels are in another file: give it as "
                            "--valid-labels",
                            options->validation.valid);
    return code;
}

static int read_data(struct run *run)
{
    const struct train_options *options = run->options;
    const struct data_options *data = &options->data;
    int code = data_options_read(data, options->data_path, data->read.labels, &run->train);
    if (code != EXIT_DONE)
        return code;
    if (options->validation.valid)
        return read_valid(run);
    if (options->validation.valid_fraction > 0) {
        bp_dataset *whole = run->train;
        bp_error error;
        if (bp_dataset_split(whole, options->validation.valid_fraction, options->train.seed,
                             &run->train, &run->valid, &error) != BP_OK)
            code = report_error_in("--valid-fraction", &error);
        bp_dataset_free(whole);
    }
    return code;
}

static int make_model(struct run *run)
{
    const struct train_options *options = run->options;
    bp_error error;
    bp_status status = options->from
                           ? bp_model_load(&run->model, options->from, &error)
                           : bp_model_create(&run->model, run->train, &options->model, &error);
    return status == BP_OK ? EXIT_DONE : report_error(&error);
}

static bool watch_run(const bp_progress *progress, void *user)
{
    struct run *run = user;
    progress_bar_draw(&run->bar, progress);
    if (progress->epoch_done && !run_log_write(&run->log, progress, progress->learning_rate)) {
        run->log_failure = errno;
        return false;
    }
    return stop_signal_get() == 0;
}

/* A run that the callback has stopped: no model is written. */
static int report_stop(const struct run *run)
{
    if (run->log_failure)
        return report_failure(EXIT_IO, "cannot write %s: %s; training stopped, no model is written",
                              run->log.path, strerror(run->log_failure));
    int number = stop_signal_get();
    return report_failure(EXIT_SIGNAL + number,
                          "stopped by %s after %zu of %zu epochs; no model is written",
                          stop_signal_name(number), run->result.epochs, run->options->train.epochs);
}

static int train_model(struct run *run)
{
    const struct train_options *options = run->options;
    bp_error error;
    if (bp_trainer_create(&run->trainer, run->model, run->train, run->valid, &options->train,
                          &error) != BP_OK)
        return report_error(&error);
    int code = run_log_open(&run->log, options->log);
    if (code != EXIT_DONE)
        return code;
    run->bar = progress_bar_start();
    stop_signal_watch();
    bp_status status = bp_trainer_run(run->trainer, watch_run, run, &run->result, &error);
    progress_bar_clear(&run->bar);
    stop_signal_release();
    if (status == BP_STOPPED)
        code = report_stop(run);
    else if (status != BP_OK)
        code = report_error(&error);
    int closed = run_log_close(&run->log);
    return code != EXIT_DONE ? code : closed;
}

static int save_model(const struct run *run)
{
    bp_error error;
    if (bp_model_save(run->model, run->options->out, &error) != BP_OK)
        return report_error(&error);
    if (run->options->json)
        return train_report_print_json(run->options, &run->result);
    size_t held_out = run->valid ? bp_dataset_get_info(run->valid).rows : 0;
    train_report_print(run->options, run->model, &run->result, held_out);
    return EXIT_DONE;
}

int command_train(int argc, char **argv)
{
    struct train_options options;
    struct arguments *arguments = NULL;
    int code = train_options_parse(&options, &arguments, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    struct run run = {.options = &options};
    code = read_data(&run);
    if (code == EXIT_DONE)
        code = make_model(&run);
    if (code == EXIT_DONE)
        code = train_model(&run);
    if (code == EXIT_DONE)
        code = save_model(&run);
    bp_trainer_free(run.trainer);
    bp_model_free(run.model);
    bp_dataset_free(run.valid);
    bp_dataset_free(run.train);
    arguments_free(arguments);
    return code;
}
