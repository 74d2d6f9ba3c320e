/* The closing words of a training run. */
#include "cli/run/train_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/json_output.h"
#include "cli/terminal/numbers.h"

static void print_network(const bp_model_info *info)
{
    char parameters[NUMBER_TEXT_SIZE];
    printf("network        ");
    for (size_t l = 0; l <= info->layers; l++)
        printf("%s%zu", l ? " - " : "", info->widths[l]);
    printf(", %s parameters\n", number_group((double)info->parameters, parameters));
}

/* A word that a shell takes as it stands. */
static void print_word(const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "%+,-./:=@_";
    if (word[strspn(word, plain)] == '\0') {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*word);
    }
    putchar('\'');
}

/* An operand: "-x.csv" would be taken for an option. */
static void print_path(const char *path)
{
    if (path[0] == '-')
        fputs("./", stdout);
    print_word(path);
}

/* What was said about the files has to be said again. */
static void print_reading(const struct data_options *data)
{
    if (data->format != BP_FORMAT_AUTO)
        printf(" --format %s", bp_choice_name(BP_CHOICE_FORMAT, data->format));
    if (data->header != BP_HEADER_AUTO)
        printf(" --header %s", bp_choice_name(BP_CHOICE_HEADER, data->header));
    if (data->read.categorical) {
        fputs(" --categorical ", stdout);
        print_word(data->read.categorical);
    }
}

/* The validation file is the better one to evaluate on: the network has not seen it. The standard
 * input is gone. */
static void print_next(const struct train_options *options, bp_task task)
{
    const char *data =
        options->validation.valid ? options->validation.valid : options->data_paths[0];
    if (strcmp(data, "-") == 0)
        return;
    const char *labels =
        options->validation.valid ? options->validation.valid_labels : options->data.read.labels;
    printf("\nNext:\n  batchprop eval ");
    print_path(options->out);
    putchar(' ');
    print_path(data);
    if (labels) {
        fputs(" --labels ", stdout);
        print_word(labels);
    }
    print_reading(&options->data);
    printf("    # %s on %s\n  batchprop predict ", task == BP_TASK_CLASSIFY ? "accuracy" : "errors",
           options->validation.valid ? "the validation file" : "these or other labelled rows");
    print_path(options->out);
    putchar(' ');
    print_path(data);
    print_reading(&options->data);
    printf(" --out predictions.csv\n");
}

/* How far the run went, and what came of it. */
static void print_epochs(const struct train_options *options, const bp_train_result *result)
{
    printf("\nepochs         %zu", result->epochs);
    if (result->ended_early)
        printf(", no improvement in the last %zu", options->train.patience);
    if (result->best_epoch > 0 && result->best_epoch < result->epochs)
        printf("; the weights are those of epoch %zu", result->best_epoch);
    if (isfinite(result->train_loss))
        printf("\nloss           %.6g", result->train_loss);
    putchar('\n');
    if (!isfinite(result->valid_loss))
        return;
    printf("validation     loss %.6g", result->valid_loss);
    if (isfinite(result->valid.accuracy))
        printf(", accuracy %.2f %%", 100.0 * result->valid.accuracy);
    if (isfinite(result->valid.rmse))
        printf(", rmse %.6g, r2 %.4f", result->valid.rmse, result->valid.r2);
    putchar('\n');
}

void train_report_print(const struct train_options *options, const bp_model *model,
                        const bp_train_result *result, size_t held_out)
{
    char text[NUMBER_TEXT_SIZE];
    bp_model_info info = bp_model_get_info(model);
    print_network(&info);
    printf("samples        %s", number_group((double)result->samples, text));
    if (held_out > 0)
        printf(", and %s for validation", number_group((double)held_out, text));
    print_epochs(options, result);
    printf("time           %s", number_duration(result->seconds, text));
    printf(", %s samples/s\n", number_group(result->samples_per_second, text));
    printf("threads        %zu (%s)\n", result->threads, result->threads_reason);
    printf("backend        %s, %s\n", bp_choice_name(BP_CHOICE_BACKEND, (int)result->backend),
           bp_choice_name(BP_CHOICE_ISA, (int)result->isa));
    printf("seed           %" PRIu64 "\n", options->train.seed);
    printf("weights digest %s\n", result->weights_digest);
    printf("model          %s\n", options->out);
    print_next(options, info.task);
}

int train_report_print_json(const struct train_options *options, const bp_train_result *result)
{
    struct json_output json = json_output_begin();
    json_output_add(&json, "epochs", json_output_whole(result->epochs));
    json_output_add(&json, "samples", json_output_whole(result->samples));
    json_output_add(&json, "train_loss", json_output_real(result->train_loss));
    json_output_add(&json, "valid_loss", json_output_real(result->valid_loss));
    json_output_add(&json, "best_epoch", json_output_whole(result->best_epoch));
    json_output_add(&json, "ended_early", json_boolean(result->ended_early));
    json_output_add(&json, "samples_per_second", json_output_real(result->samples_per_second));
    json_output_add(&json, "seconds", json_output_real(result->seconds));
    json_output_add(&json, "threads", json_output_whole(result->threads));
    json_output_add(&json, "backend",
                    json_string(bp_choice_name(BP_CHOICE_BACKEND, (int)result->backend)));
    json_output_add(&json, "isa", json_string(bp_choice_name(BP_CHOICE_ISA, (int)result->isa)));
    json_output_add(&json, "seed", json_output_whole(options->train.seed));
    json_output_add(&json, "weights_digest", json_string(result->weights_digest));
    return json_output_print(&json);
}
