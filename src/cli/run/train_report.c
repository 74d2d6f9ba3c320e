/* The closing words of a training run as a list of fields, and for people what to do next. */
#include "cli/run/train_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/fields/fields.h"
#include "cli/fields/rank_fields.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/results.h"
#include "cli/terminal/shell_word.h"

/* Options of the data files that the next command needs, too. */
static void print_reading(FILE *out, const struct data_options *data)
{
    if (data->read.format != BP_FORMAT_AUTO)
        fprintf(out, " --format %s", bp_choice_name(BP_CHOICE_FORMAT, (int)data->read.format));
    if (data->read.header != BP_HEADER_AUTO)
        fprintf(out, " --header %s", bp_choice_name(BP_CHOICE_HEADER, (int)data->read.header));
    if (data->read.categorical) {
        fputs(" --categorical ", out);
        shell_word_put(out, data->read.categorical);
    }
}

static bool is_kept(const char *model)
{
    struct stat status;
    const char *taken_by = results_taken_by();
    return stat(model, &status) == 0 && S_ISREG(status.st_mode) &&
           !(taken_by && strcmp(taken_by, "--out") == 0);
}

/* The validation file is the better one to evaluate on: the network has not seen it. What came from
 * the standard input or went elsewhere than into a file cannot be read again. */
void train_report_print_next(const struct train_options *options, bp_task task)
{
    const char *data =
        options->validation.valid ? options->validation.valid : options->data_paths[0];
    if (strcmp(data, "-") == 0 || !is_kept(options->out))
        return;
    FILE *out = results();
    const char *labels =
        options->validation.valid ? options->validation.valid_labels : options->data.read.labels;
    fputs("\nNext:\n  batchprop eval ", out);
    shell_path_put(out, options->out);
    fputc(' ', out);
    shell_path_put(out, data);
    if (labels) {
        fputs(" --labels ", out);
        shell_word_put(out, labels);
    }
    print_reading(out, &options->data);
    fprintf(out, "    # %s on %s\n  batchprop predict ",
            task == BP_TASK_CLASSIFY ? "accuracy" : "errors",
            options->validation.valid ? "the validation file" : "these or other labelled rows");
    shell_path_put(out, options->out);
    fputc(' ', out);
    shell_path_put(out, data);
    print_reading(out, &options->data);
    fputs(" --out predictions.csv\n", out);
}

static void put_network(struct fields *out, const bp_model_info *info)
{
    char parameters[NUMBER_TEXT_SIZE];
    fields_line(out, "network", "%zu", info->widths[0]);
    for (size_t l = 1; l <= info->layers; l++)
        fields_more(out, " - %zu", info->widths[l]);
    fields_more(out, ", %s parameters", number_group((double)info->parameters, parameters));
}

/* Which epoch was the best, and by what. */
static void put_best(struct fields *out, const bp_train_result *result)
{
    const bool found = result->best_epoch > 0;
    const char *name = result->metric == BP_METRIC_AUTO
                           ? NULL
                           : bp_choice_name(BP_CHOICE_METRIC, (int)result->metric);
    fields_whole(out, "best_epoch", found ? "best epoch" : NULL, result->best_epoch);
    if (found && result->metric == BP_METRIC_ACCURACY)
        fields_more(out, ", by accuracy %.2f %%", 100.0 * result->best_metric);
    else if (found)
        fields_more(out, ", by %s %.6g", name, result->best_metric);
    if (result->refit_samples > 0) {
        char rows[NUMBER_TEXT_SIZE];
        fields_line(out, "refit", "%zu epoch%s on all %s rows", result->refit_epochs,
                    result->refit_epochs == 1 ? "" : "s",
                    number_group((double)result->refit_samples, rows));
    }
    fields_whole(out, "refit_epochs", NULL, result->refit_epochs);
    fields_whole(out, "refit_samples", NULL, result->refit_samples);
    fields_text(out, "metric", NULL, name);
    fields_real(out, "best_metric", result->best_metric);
}

/* How far the run went, and what came of it. */
static void put_epochs(struct fields *out, const bp_train_options *chosen,
                       const bp_train_result *result)
{
    char updates[NUMBER_TEXT_SIZE];
    fields_whole(out, "epochs", "epochs", result->epochs);
    fields_more(out, ": %s update%s, batches of %zu",
                number_group((double)result->updates, updates), result->updates == 1 ? "" : "s",
                result->batch_size);
    if (result->ended_early)
        fields_more(out, "; no improvement in the last %zu epochs", chosen->patience);
    fields_whole(out, "updates", NULL, result->updates);
    fields_whole(out, "batch_size", NULL, result->batch_size);
    fields_choice(out, "optimizer", "optimizer", BP_CHOICE_OPTIMIZER, (int)chosen->optimizer);
    fields_more(out, ", learning rate %g", (double)chosen->learning_rate);
    fields_real(out, "learning_rate", (double)chosen->learning_rate);
    if (chosen->weight_decay > 0)
        fields_more(out, ", weight decay %g", (double)chosen->weight_decay);
    if (chosen->dropout > 0)
        fields_more(out, ", dropout %g", (double)chosen->dropout);
    fields_real(out, "weight_decay", (double)chosen->weight_decay);
    fields_real(out, "dropout", (double)chosen->dropout);
    put_best(out, result);
    fields_flag(out, "ended_early", result->ended_early);
    fields_real(out, "train_loss", result->train_loss);
    fields_real(out, "valid_loss", result->valid_loss);
    fields_whole(out, "valid_unknown", NULL, result->valid.unknown);
}

/* What the run took. */
static void put_speed(struct fields *out, const bp_train_result *result)
{
    char rate[NUMBER_TEXT_SIZE];
    const char *isa = bp_choice_name(BP_CHOICE_ISA, (int)result->isa);
    const bool trained = result->samples_per_second > 0;
    fields_duration(out, "seconds", trained ? "time" : NULL, result->seconds);
    if (trained)
        fields_more(out, ", %s samples/s", number_group(result->samples_per_second, rate));
    else
        fields_line(out, "time", "nothing to train: the run was complete");
    fields_real(out, "samples_per_second", result->samples_per_second);
    rank_fields_put(out, result->threads, result->all_threads);
    fields_whole(out, "all_threads", NULL, result->all_threads);
    const char *plan = bp_choice_name(BP_CHOICE_PLAN, (int)result->plan);
    fields_whole(out, "threads", "threads", result->threads);
    if (result->threads > 1)
        fields_more(out, ", plan %s", plan);
    fields_more(out, " (%s)", result->threads_reason);
    fields_text(out, "plan", NULL, plan);
    fields_choice(out, "backend", "backend", BP_CHOICE_BACKEND, (int)result->backend);
    fields_more(out, ", %s", isa);
    fields_text(out, "isa", NULL, isa);
}

/* The largest error that an output neuron can have; INFINITY: there is none. */
static float find_largest_error(const bp_model_info *info)
{
    const bp_activation output = info->activations[info->layers - 1];
    const bool classes = info->task == BP_TASK_CLASSIFY;
    if (output == BP_ACTIVATION_SOFTMAX)
        return 1.0f;
    if (output == BP_ACTIVATION_LOGISTIC)
        return classes ? 1.0f : 0.9f;
    if (output == BP_ACTIVATION_TANH)
        return classes ? 2.0f : 1.9f;
    return INFINITY;
}

static void put_bend(struct fields *out, const bp_model *model, const bp_model_info *info)
{
    bp_model_column target;
    if (info->loss != BP_LOSS_HUBER ||
        bp_model_get_column(model, info->input_columns, &target, NULL) != BP_OK)
        return;
    const double bend = (double)info->loss_parameter;
    fields_line(out, "huber bend", "%.6g in units of the output neurons", bend);
    if (info->task == BP_TASK_REGRESS)
        fields_more(out, ", %.6g in those of %s", bend / (double)target.scale, target.name);
    if (info->loss_parameter >= find_largest_error(info))
        fields_more(out, "; no error reaches it: the loss is mse at half the rate");
}

int train_report_print(const struct train_report *report)
{
    char count[NUMBER_TEXT_SIZE];
    const struct train_options *options = report->options;
    const bp_train_result *result = report->result;
    const bp_model_info info = bp_model_get_info(report->target->model);
    struct fields out = fields_begin(options->json, 15);
    target_fields_put(&out, report->target);
    put_network(&out, &info);
    put_bend(&out, report->target->model, &info);
    fields_count(&out, "samples", "samples", result->samples);
    if (report->held_out > 0)
        fields_more(&out, ", and %s for validation", number_group((double)report->held_out, count));
    put_epochs(&out, report->chosen, result);
    quality_fields_put(&out, report->quality);
    put_speed(&out, result);
    fields_whole(&out, "seed", "seed", options->train.seed);
    fields_text(&out, "weights_digest", "weights digest", result->weights_digest);
    fields_text(&out, NULL, "model", options->out);
    advice_fields_put(&out, report->quality);
    const int code = fields_end(&out);
    if (code == EXIT_DONE && !options->json)
        train_report_print_next(options, info.task);
    return code;
}
