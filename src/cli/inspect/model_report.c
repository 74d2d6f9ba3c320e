/* A model as a list of fields. */
#include "cli/inspect/model_report.h"

#include <math.h>
#include <string.h>

#include "cli/fields/fields.h"
#include "cli/inspect/factor_fields.h"
#include "cli/inspect/recipe_report.h"

/* Of input columns and of categories, for people; --json has all. */
#define SHOWN_MAX 20

/* What was said of the files of training, and holds for others, as the options of the same names
 * say it. A sign of 0 is left to the files. */
static void put_reading(struct fields *out, const bp_model *model, const bp_model_info *info)
{
    const bp_read_options reading = bp_model_read_options(model);
    const char separator[] = {reading.separator, '\0'}, decimal[] = {reading.decimal, '\0'};
    const char *word = reading.separator == '\t'  ? "tab"
                       : reading.separator == ' ' ? "space"
                                                  : NULL;
    const bool fills = info->missing != BP_MISSING_ERROR;
    fields_choice(out, "missing", fills ? "missing cells" : NULL, BP_CHOICE_MISSING,
                  (int)info->missing);
    fields_text(out, NULL, "missing values", reading.missing_values);
    fields_text(out, "weight", "weight column", info->weight);
    fields_object(out, "reading");
    fields_text(out, "header", reading.header == BP_HEADER_NO ? "header" : NULL,
                reading.header == BP_HEADER_AUTO
                    ? NULL
                    : bp_choice_name(BP_CHOICE_HEADER, (int)reading.header));
    fields_text(out, "missing_values", NULL, reading.missing_values);
    fields_text(out, "id", "id column", reading.id);
    fields_text(out, "ignore", "ignored", reading.ignore);
    fields_text(out, "categorical", "categorical", reading.categorical);
    fields_text(out, "separator", "separator",
                !separator[0]        ? NULL
                : word && !out->json ? word
                                     : separator);
    fields_text(out, "decimal", "decimal sign", decimal[0] ? decimal : NULL);
    fields_close(out);
}

static void put_facts(struct fields *out, const bp_model *model, const bp_model_info *info)
{
    fields_count(out, "parameters", "parameters", info->parameters);
    fields_choice(out, "loss", "loss", BP_CHOICE_LOSS, (int)info->loss);
    fields_digits(out, "loss_parameter", info->loss_parameter > 0.0f ? "loss parameter" : NULL, 7,
                  info->loss_parameter > 0.0f ? (double)info->loss_parameter : (double)NAN);
    fields_choice(out, "hidden_delta", "hidden delta", BP_CHOICE_HIDDEN_DELTA,
                  (int)info->hidden_delta);
    fields_flag(out, "thresholds", info->thresholds);
    if (!info->thresholds)
        fields_line(out, "thresholds", "none");
    fields_choice(out, "task", "task", BP_CHOICE_TASK, (int)info->task);
    fields_choice(out, "scale", "input scaling", BP_CHOICE_SCALE, (int)info->scale);
    put_reading(out, model, info);
    if (info->members == 1)
        fields_whole(out, "seed", "seed", info->seed);
    fields_whole(out, "numerics", NULL, info->numerics);
    fields_line(out, "numerics", "version %u", info->numerics);
    fields_text(out, "weights_digest", "weights digest", info->weights_digest);
    recipe_report_put(out, model);
}

static void put_layers(struct fields *out, const bp_model_info *info)
{
    fields_table(out, "layers", "\n");
    for (size_t l = 0; l < info->layers; l++) {
        fields_row(out);
        fields_whole(out, NULL, "layer", l + 1);
        fields_whole(out, "inputs", "inputs", info->widths[l]);
        fields_whole(out, "neurons", "neurons", info->widths[l + 1]);
        fields_choice(out, "activation", "activation", BP_CHOICE_ACTIVATION,
                      (int)info->activations[l]);
    }
    fields_close(out);
}

/* "4-16-3": inputs, hidden neurons and outputs. */
static void write_widths(const bp_model_info *info, char *text, size_t size)
{
    size_t length = 0;
    for (size_t l = 0; l <= info->layers && length < size; l++)
        length +=
            (size_t)snprintf(text + length, size - length, "%s%zu", l ? "-" : "", info->widths[l]);
}

/* Several networks, each of which `info` shows as a model of its own where it is saved. */
static void put_members(struct fields *out, const bp_model *model, const bp_model_info *all)
{
    fields_table(out, "members", "\n");
    for (size_t m = 0; m < all->members; m++) {
        const bp_model_info info = bp_model_get_info(bp_model_get_member(model, m));
        char widths[BP_LAYERS_MAX * 8];
        write_widths(&info, widths, sizeof widths);
        fields_row(out);
        fields_whole(out, NULL, "member", m + 1);
        fields_text(out, "network", "network", widths);
        fields_choice(out, "activation", "activation", BP_CHOICE_ACTIVATION,
                      (int)info.activations[0]);
        fields_whole(out, "parameters", "parameters", info.parameters);
        fields_digits(out, "weight", "weight", 4, bp_model_member_weight(model, m));
        fields_whole(out, "seed", "seed", info.seed);
        fields_text(out, "weights_digest", "weights digest", info.weights_digest);
    }
    fields_close(out);
}

/* "setosa, versicolor, virginica", or the first ones and how many more there are. */
static void write_categories(const bp_model_column *column, char *text, size_t size)
{
    size_t length = 0, k = 0;
    for (; k < column->neurons && k < SHOWN_MAX; k++) {
        const char *name = column->categories[k];
        if (length + strlen(name) + 3 > size / 2)
            break;
        length += (size_t)snprintf(text + length, size - length, "%s%s", k ? ", " : "", name);
    }
    if (k < column->neurons)
        snprintf(text + length, size - length, " ... and %zu more", column->neurons - k);
}

/* `fills`: the model has a number that replaces a missing cell. */
static void write_scaling(const bp_model_column *column, bool fills, char *text, size_t size)
{
    char origin[32] = "";
    if (column->origin != 0)
        snprintf(origin, sizeof origin, " - %.9g", column->origin);
    const int length = snprintf(text, size, "(x%s - %.6g) * %.6g", origin, (double)column->shift,
                                (double)column->scale);
    if (fills)
        snprintf(text + length, size - (size_t)length, ", missing: %.6g%s", (double)column->fill,
                 column->indicator ? " and an indicator" : "");
}

static void put_number(struct fields *out, const bp_model_column *column, bool fills)
{
    fields_real(out, "origin", column->origin);
    fields_real(out, "shift", (double)column->shift);
    fields_real(out, "scale", (double)column->scale);
    if (fills) {
        fields_real(out, "fill", (double)column->fill);
        fields_flag(out, "indicator", column->indicator);
    }
}

static void put_column(struct fields *out, const bp_model_column *column, bool fills)
{
    char meaning[256] = "";
    const bool number = column->kind == BP_COLUMN_NUMBER;
    if (number)
        write_scaling(column, fills, meaning, sizeof meaning);
    else
        write_categories(column, meaning, sizeof meaning);
    fields_row(out);
    fields_text(out, "role", "role", column->role == BP_ROLE_TARGET ? "target" : "input");
    fields_text(out, "name", "column", column->name);
    fields_text(out, "kind", "kind", number ? "number" : "category");
    fields_whole(out, "neurons", "neurons", column->neurons);
    fields_text(out, NULL, "scaling or categories", meaning);
    if (number) {
        put_number(out, column, fills);
    } else {
        fields_array(out, "categories");
        for (size_t k = 0; k < column->neurons; k++)
            fields_text(out, "", NULL, column->categories[k]);
        fields_close(out);
    }
}

static void put_columns(struct fields *out, const bp_model *model, const bp_model_info *info)
{
    fields_table(out, "columns", "\n");
    for (size_t c = 0; c < info->input_columns + info->target_columns; c++) {
        bp_model_column column;
        const bool hidden = !out->json && c >= SHOWN_MAX && c < info->input_columns;
        if (hidden || bp_model_get_column(model, c, &column, NULL) != BP_OK)
            continue;
        put_column(out, &column, info->missing != BP_MISSING_ERROR && column.role == BP_ROLE_INPUT);
    }
    fields_close(out);
    if (info->input_columns > SHOWN_MAX)
        fields_say(out, "... and %zu more input columns (--json shows all)\n",
                   info->input_columns - SHOWN_MAX);
}

int model_report_print(const bp_model *model, bool json)
{
    const bp_model_info info = bp_model_get_info(model);
    struct fields out = fields_begin(json, 16);
    out.output.digits = 9;
    put_facts(&out, model, &info);
    if (info.members > 1)
        put_members(&out, model, &info);
    factor_fields_put(&out, model);
    put_layers(&out, &info);
    put_columns(&out, model, &info);
    return fields_end(&out);
}
