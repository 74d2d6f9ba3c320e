/* batchprop train: data in, a model file out. */
#include <jansson.h>

#include "cli/commands.h"
#include "cli/ensemble/ensemble_run.h"
#include "cli/fields/target_text.h"
#include "cli/options/option_json.h"
#include "cli/run/train_report.h"
#include "cli/run/train_watch.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"
#include "cli/terminal/ranks.h"
#include "cli/train/train_parse.h"

struct run {
    const struct train_options *options;
    bp_dataset *train;
    size_t left_out;   /* rows of weight 0 */
    bp_dataset *valid; /* or NULL */
    bp_model *model;
    bp_trainer *trainer;
    bp_evaluation *evaluation; /* of the validation set in the end, or NULL */
    bp_train_result result;
    struct quality_report quality;
    struct train_watch watch;
    json_t *options_json;
};

/* As the training data were read. */
static int read_valid(struct run *run)
{
    const struct validation_options *validation = &run->options->validation;
    if (!validation->valid)
        return EXIT_DONE;
    struct data_options data = run->options->data;
    data.read.labels = validation->valid_labels;
    const int code = data_options_read(&data, run->model, &validation->valid, 1, &run->valid);
    if (code == EXIT_DONE && !validation->valid_labels &&
        bp_dataset_get_info(run->valid).takes_labels)
        return message_usage("train",
                             "--valid %s: its labels are in another file: give it as "
                             "--valid-labels",
                             validation->valid);
    return code == EXIT_DONE
               ? data_options_weigh(bp_model_get_info(run->model).weight, true, &run->valid)
               : code;
}

static int create_model(struct run *run)
{
    bp_error error;
    if (bp_model_create(&run->model, run->train, &run->options->model, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

/* Of classes every one keeps its share. */
static int hold_out(struct run *run)
{
    const struct train_options *options = run->options;
    bp_holdout holdout = bp_holdout_default();
    holdout.fraction = options->validation.valid_fraction;
    holdout.seed = options->train.seed;
    holdout.target = options->model.target;
    holdout.weight = options->model.weight;
    holdout.task = options->model.task;
    bp_dataset *whole = run->train;
    bp_error error;
    int code = EXIT_DONE;
    if (bp_dataset_hold_out(whole, &holdout, &run->train, &run->valid, &error) != BP_OK)
        code = message_error_in("--valid-fraction", &error);
    bp_dataset_free(whole);
    return code;
}

/* A model that is there already says how its data are read, and a new one follows from its data:
 * for a refit from all that it trains on. */
static int make_model(struct run *run)
{
    const struct train_options *options = run->options;
    int code = data_options_read(&options->data, run->model, options->data_paths,
                                 options->data_count, &run->train);
    const char *weight = run->model ? bp_model_get_info(run->model).weight : options->model.weight;
    const size_t rows = code == EXIT_DONE ? bp_dataset_get_info(run->train).rows : 0;
    if (code == EXIT_DONE)
        code = data_options_weigh(weight, false, &run->train);
    if (code == EXIT_DONE)
        run->left_out = rows - bp_dataset_get_info(run->train).rows;
    if (code == EXIT_DONE && !options->from && options->train.refit)
        code = create_model(run);
    if (code == EXIT_DONE && options->validation.valid_fraction > 0)
        code = hold_out(run);
    return code == EXIT_DONE && !run->model ? create_model(run) : code;
}

static int make_trainer(struct run *run)
{
    bp_error error;
    if (bp_trainer_create(&run->trainer, run->model, run->train, run->valid, &run->options->train,
                          &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

static struct target_facts get_target(const struct run *run)
{
    return (struct target_facts){.model = run->model,
                                 .train = run->train,
                                 .task_given = run->options->model.task != BP_TASK_AUTO,
                                 .continues = run->options->from != NULL,
                                 .left_out = run->left_out};
}

static int begin(struct run *run)
{
    const struct train_options *options = run->options;
    const struct target_facts target = get_target(run);
    const bp_train_options chosen = bp_trainer_options(run->trainer);
    struct run_log_head head = {
        .data = bp_dataset_get_info(run->train).path,
        .model = run->model,
        .samples = bp_dataset_get_info(run->train).rows,
        .valid_samples = run->valid ? bp_dataset_get_info(run->valid).rows : 0,
        .train = &options->train,
        .chosen = &chosen,
        .options = run->options_json,
        .target = &target,
    };
    return train_watch_begin(&run->watch, run->trainer, &head);
}

/* Rank 0 alone writes files. */
static int save_model(const struct run *run)
{
    return ranks_leads() ? output_model(run->model, run->options->out) : EXIT_DONE;
}

/* The weights from before a divergence are worth keeping if they were trained at all. */
static int keep_last_good(const struct run *run)
{
    const bp_train_result *result = &run->result;
    const bool refitted = result->refit_samples > 0;
    const size_t epochs = refitted ? result->refit_epochs : result->epochs;
    if (epochs == 0)
        return EXIT_NOT_FINITE;
    const int code = save_model(run);
    if (code != EXIT_DONE)
        return code;
    message_note("the weights after epoch %zu%s are in %s", epochs, refitted ? " of the refit" : "",
                 run->options->out);
    return EXIT_NOT_FINITE;
}

/* The model in the end; the validation set class by class for the log alone, and not after a refit,
 * which has trained on it. */
static int evaluate(struct run *run)
{
    const struct train_options *options = run->options;
    if (!ranks_leads())
        return EXIT_DONE;
    const int code = quality_report_make(&run->quality, run->trainer, run->model, &run->result,
                                         run->watch.first_loss, options->from != NULL);
    if (code != EXIT_DONE)
        return code;
    if (!run->valid || !options->log || options->train.refit)
        return EXIT_DONE;
    bp_error error;
    bp_run_options valid = options->run.options;
    valid.unknown =
        options->train.unknown == BP_UNKNOWN_AUTO ? BP_UNKNOWN_IGNORE : options->train.unknown;
    if (bp_evaluation_create(&run->evaluation, run->model, run->valid, &valid, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

static int train(struct run *run)
{
    int code = train_watch_run(&run->watch, &run->result);
    if (code == EXIT_DONE)
        code = evaluate(run);
    const int logged =
        train_watch_end(&run->watch, &run->result, run->evaluation, &run->quality, code);
    if (code == EXIT_NOT_FINITE)
        return keep_last_good(run);
    return code != EXIT_DONE ? code : logged;
}

static int finish(const struct run *run)
{
    const int code = save_model(run);
    if (code != EXIT_DONE || !ranks_leads())
        return code;
    if (run->result.valid.unknown > 0)
        message_note("warning: %zu validation row%s categories that are in no row trained on",
                     run->result.valid.unknown, run->result.valid.unknown == 1 ? " has" : "s have");
    const struct target_facts target = get_target(run);
    const bp_train_options chosen = bp_trainer_options(run->trainer);
    const struct train_report report = {
        .options = run->options,
        .target = &target,
        .result = &run->result,
        .chosen = &chosen,
        .quality = &run->quality,
        .held_out = run->valid ? bp_dataset_get_info(run->valid).rows : 0,
    };
    return train_report_print(&report);
}

static int open_outputs(struct run *run)
{
    run->options_json = options_to_json(run->options->groups);
    if (!run->options_json)
        return message_no_memory();
    return train_watch_open(&run->watch, run->options);
}

/* Says so once. */
static void note_idle_ranks(const struct run *run)
{
    const size_t idle = bp_trainer_idle_ranks(run->trainer), ranks = bp_ranks_count(ranks_get());
    if (idle > 0)
        message_note("a batch of %zu samples is shared by %zu of %zu ranks, the others wait: start "
                     "%zu, or ask for larger batches with --batch-size",
                     bp_trainer_options(run->trainer).batch_size, ranks - idle, ranks,
                     ranks - idle);
}

/* One network. */
static int train_single(struct run *run)
{
    int code = make_trainer(run);
    if (code == EXIT_DONE)
        code = ranks_settle(open_outputs(run));
    if (code == EXIT_DONE) {
        target_text_warn(run->model, run->train);
        note_idle_ranks(run);
        code = ranks_settle(begin(run));
    }
    if (code == EXIT_DONE)
        code = train(run);
    code = train_watch_close(&run->watch, code);
    return code == EXIT_DONE ? finish(run) : code;
}

static int train_several(const struct run *run)
{
    struct target_facts target = get_target(run);
    struct ensemble_job job = {.options = run->options, .target = &target, .valid = run->valid};
    if (run->options->continues)
        job.from = run->model;
    target.model = bp_model_get_member(run->model, 0);
    target_text_warn(run->model, run->train);
    return ensemble_run(&job);
}

/* What ranks do together follows from these. */
static unsigned find_course(const struct train_options *options)
{
    const struct checkpoint_options *checkpoint = &options->checkpoint;
    return (unsigned)(checkpoint->folder != NULL) << 0 | (unsigned)checkpoint->resume << 1 |
           (unsigned)(options->data.from != NULL) << 2 | (unsigned)options->several << 3 |
           (unsigned)(options->validation.valid != NULL) << 4;
}

int command_train(int argc, char **argv)
{
    struct train_options options;
    struct arguments *arguments = NULL;
    int code = train_parse(&options, &arguments, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    struct run run = {.options = &options, .model = options.start};
    options.start = NULL;
    options.train.ranks = ranks_get();
    code = ranks_compare(find_course(&options));
    if (code == EXIT_DONE)
        code = make_model(&run);
    if (code == EXIT_DONE)
        code = read_valid(&run);
    code = ranks_settle(code);
    if (code == EXIT_DONE && options.several)
        code = train_several(&run);
    else if (code == EXIT_DONE)
        code = train_single(&run);
    json_decref(run.options_json);
    bp_evaluation_free(run.evaluation);
    bp_trainer_free(run.trainer);
    bp_model_free(run.model);
    bp_dataset_free(run.valid);
    bp_dataset_free(run.train);
    train_options_release(&options);
    arguments_free(arguments);
    return code;
}
