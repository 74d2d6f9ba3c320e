/* Of data that are not those of the training nothing is said but what the model knows. */
#include "cli/fields/target_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/messages.h"

/* As many distinct values as bp_dataset_describe() counts. */
#define DISTINCT_MAX 1000

static void append(char text[TARGET_TEXT_SIZE], const char *format, ...)
{
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, TARGET_TEXT_SIZE - length, format, arguments);
    va_end(arguments);
}

/* Target `index` of a model, and its column in the data that the model was made for; `column` is
 * zeroed where it is not there. MEMORY: all is known but how many distinct values it has. */
static bp_status find_target(const bp_model *model, const bp_dataset *data, size_t index,
                             bp_model_column *target, bp_column_info *column)
{
    *column = (bp_column_info){0};
    const size_t inputs = bp_model_get_info(model).input_columns;
    bp_status status = bp_model_get_column(model, inputs + index, target, NULL);
    if (status)
        return status;
    status = bp_dataset_describe(data, target->position, column, NULL);
    if (!column->name || strcmp(column->name, target->name) != 0) {
        *column = (bp_column_info){0};
        return BP_OK;
    }
    return status;
}

bool target_text_write(char text[TARGET_TEXT_SIZE], const bp_model *model, const bp_dataset *data,
                       bool asked)
{
    const bp_model_info info = bp_model_get_info(model);
    bp_model_column target;
    bp_column_info column;
    text[0] = '\0';
    const bp_status status = find_target(model, data, 0, &target, &column);
    if (status)
        return status != BP_ERROR_MEMORY;
    const bool integers = column.integral && column.kind == BP_COLUMN_NUMBER;
    if (info.task == BP_TASK_CLASSIFY) {
        append(text, "%zu class%s", target.neurons, target.neurons == 1 ? "" : "es");
        if (integers && !asked)
            append(text, ", integers from %.0f to %.0f; --task regress for numbers", column.min,
                   column.max);
        return true;
    }
    append(text, "numbers");
    if (info.target_columns > 1)
        append(text, " of %zu columns", info.target_columns);
    else if (integers && column.distinct <= DISTINCT_MAX)
        append(text, ", %zu distinct integer%s%s", column.distinct, column.distinct == 1 ? "" : "s",
               asked ? "" : "; --task classify for classes");
    return true;
}

void target_text_warn(const bp_model *model, const bp_dataset *data)
{
    const bp_model_info info = bp_model_get_info(model);
    bp_model_column target;
    bp_column_info column;
    for (size_t k = 0; k < info.target_columns; k++) {
        const bp_status status = find_target(model, data, k, &target, &column);
        if ((status && status != BP_ERROR_MEMORY) || !column.name)
            continue;
        if (target.categories && target.neurons == 1)
            message_note("warning: target \"%s\" is of class \"%s\" in all rows: so will be every "
                         "prediction",
                         target.name, target.categories[0]);
        else if (!target.categories && column.min == column.max)
            message_note(
                "warning: target \"%s\" is %.9g in all rows: there is nothing to learn but "
                "this number",
                target.name, column.min);
    }
}
