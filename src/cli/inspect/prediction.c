/* Predicting a whole file. */
#include "cli/inspect/prediction.h"

#include <math.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"

/* Digits that tell all values of a neuron, a binary32, apart; and those that every binary64 has. */
#define DIGITS_MIN 9
#define DIGITS_MAX 15

static int describe_targets(struct prediction *prediction)
{
    const bp_model_info *info = &prediction->info;
    prediction->target = calloc(info->target_columns, sizeof *prediction->target);
    if (!prediction->target)
        return message_no_memory();
    for (size_t k = 0; k < info->target_columns; k++) {
        bp_error error;
        if (bp_model_get_column(prediction->model, info->input_columns + k, &prediction->target[k],
                                &error) != BP_OK)
            return message_error(&error);
    }
    return EXIT_DONE;
}

/* A target far from 0 has digits before those in which its values differ. */
static int count_digits(const bp_model_column *target)
{
    const double offset = fabs(target->origin) + fabs((double)target->shift);
    const double more = ceil(log10(offset * fabs((double)target->scale))) - 1;
    return more > 0 ? (int)fmin(DIGITS_MIN + more, DIGITS_MAX) : DIGITS_MIN;
}

static int choose_digits(struct prediction *prediction)
{
    prediction->digits = calloc(prediction->width, sizeof *prediction->digits);
    if (!prediction->digits)
        return message_no_memory();
    const bool numbers = prediction->info.task == BP_TASK_REGRESS;
    for (size_t j = 0; j < prediction->width; j++)
        prediction->digits[j] = numbers ? count_digits(&prediction->target[j]) : DIGITS_MIN;
    return EXIT_DONE;
}

static int find_id(struct prediction *prediction, size_t columns)
{
    for (size_t c = 0; bp_dataset_get_id(prediction->data, 0) && c < columns; c++) {
        bp_column_info column;
        bp_error error;
        if (bp_dataset_describe(prediction->data, c, &column, &error) != BP_OK)
            return message_error(&error);
        if (column.role == BP_ROLE_ID)
            prediction->id = column.name;
    }
    return EXIT_DONE;
}

/* Where they are an error, prediction says so. */
static int count_unknown(struct prediction *prediction, const bp_run_options *options)
{
    bp_unknown_info unknown = {0};
    bp_error error;
    const bool refused =
        options->unknown == BP_UNKNOWN_AUTO || options->unknown == BP_UNKNOWN_ERROR;
    if (!refused &&
        bp_count_unknown(prediction->model, prediction->data, &unknown, &error) != BP_OK)
        return message_error(&error);
    prediction->unknown = unknown.rows;
    return EXIT_DONE;
}

int prediction_prepare(struct prediction *prediction, bool spread)
{
    const bp_dataset_info data = bp_dataset_get_info(prediction->data);
    prediction->info = bp_model_get_info(prediction->model);
    prediction->width = prediction->info.outputs;
    prediction->rows = data.rows;
    prediction->outputs = calloc(prediction->rows, prediction->width * sizeof *prediction->outputs);
    if (spread)
        prediction->spread =
            calloc(prediction->rows, prediction->width * sizeof *prediction->spread);
    if (!prediction->outputs || (spread && !prediction->spread))
        return message_no_memory();
    int code = describe_targets(prediction);
    if (code == EXIT_DONE)
        code = choose_digits(prediction);
    if (code == EXIT_DONE)
        code = find_id(prediction, data.columns);
    return code;
}

/* With the spread where there is room for it. */
static int run_model(struct prediction *prediction, const bp_run_options *options)
{
    bp_error error;
    const bp_status status =
        prediction->spread ? bp_predict_spread(prediction->model, prediction->data, options,
                                               prediction->outputs, prediction->spread, &error)
                           : bp_predict_wide(prediction->model, prediction->data, options,
                                             prediction->outputs, &error);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

int prediction_make(struct prediction *prediction, const bp_run_options *options, bool spread)
{
    int code = prediction_prepare(prediction, spread);
    if (code == EXIT_DONE)
        code = count_unknown(prediction, options);
    return code == EXIT_DONE ? run_model(prediction, options) : code;
}

void prediction_release(struct prediction *prediction)
{
    free(prediction->outputs);
    free(prediction->spread);
    free(prediction->digits);
    free(prediction->target);
}

bool prediction_has_probabilities(const struct prediction *prediction)
{
    return prediction->info.output_activation == BP_ACTIVATION_SOFTMAX;
}

size_t prediction_class(const struct prediction *prediction, size_t row)
{
    return bp_model_decide_wide(prediction->model, prediction->outputs + row * prediction->width);
}
