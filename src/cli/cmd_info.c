/* batchprop info: what a model file holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options/arguments.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"

/* Of columns and of classes, as people see them; --json has all. */
#define SHOWN_MAX 20

static const char *const operands[] = {"MODEL", NULL};

static const struct command_help help = {
    .name = "info",
    .summary = "Shows what MODEL holds: its layers, what its inputs and outputs mean, its digest.",
    .usage = "MODEL [OPTION...]",
    .operands = operands,
    .example = "  batchprop info iris.safetensors\n",
};

static const char *name_role(bp_column_role role)
{
    return role == BP_ROLE_TARGET ? "target" : "input";
}

static const char *name_kind(bp_column_kind kind)
{
    return kind == BP_COLUMN_CATEGORY ? "category" : "number";
}

static json_t *pack_layers(const bp_model_info *info)
{
    json_t *layers = json_array();
    for (size_t l = 0; l < info->layers; l++) {
        const char *activation = bp_choice_name(BP_CHOICE_ACTIVATION, (int)info->activations[l]);
        json_t *layer =
            json_pack("{s:o, s:o, s:s}", "inputs", json_output_whole(info->widths[l]), "neurons",
                      json_output_whole(info->widths[l + 1]), "activation", activation);
        if (json_array_append_new(layers, layer) != 0) {
            json_decref(layers);
            return NULL;
        }
    }
    return layers;
}

/* Whether the model has something to put in the place of a missing cell of a column. */
static bool has_fill(const bp_model_info *info, const bp_model_column *column)
{
    return info->missing != BP_MISSING_ERROR && column->role == BP_ROLE_INPUT &&
           column->kind == BP_COLUMN_NUMBER;
}

static json_t *pack_column(const bp_model_column *column, bool fills)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:o}", "name", column->name, "role", name_role(column->role),
                  "kind", name_kind(column->kind), "neurons", json_output_whole(column->neurons));
    if (column->kind == BP_COLUMN_NUMBER) {
        if (json_object_set_new(object, "shift", json_output_real((double)column->shift)) != 0 ||
            json_object_set_new(object, "scale", json_output_real((double)column->scale)) != 0)
            goto fail;
        if (fills &&
            (json_object_set_new(object, "fill", json_output_real((double)column->fill)) != 0 ||
             json_object_set_new(object, "indicator", json_boolean(column->indicator)) != 0))
            goto fail;
        return object;
    }
    json_t *categories = json_array();
    bool failed = json_object_set_new(object, "categories", categories) != 0;
    for (size_t k = 0; k < column->neurons && !failed; k++)
        failed = json_array_append_new(categories, json_string(column->categories[k])) != 0;
    if (!failed)
        return object;
fail:
    json_decref(object);
    return NULL;
}

static json_t *pack_columns(const bp_model *model, const bp_model_info *info)
{
    json_t *columns = json_array();
    for (size_t c = 0; c < info->input_columns + info->target_columns; c++) {
        bp_model_column column;
        if (bp_model_get_column(model, c, &column, NULL) != BP_OK ||
            json_array_append_new(columns, pack_column(&column, has_fill(info, &column))) != 0) {
            json_decref(columns);
            return NULL;
        }
    }
    return columns;
}

/* A sign, or null where the file itself decides. */
static json_t *pack_sign(char sign)
{
    return sign ? json_stringn(&sign, 1) : json_null();
}

/* How the files are read, as the options of the same names say it. */
static json_t *pack_reading(const bp_model *model)
{
    const bp_read_options reading = bp_model_read_options(model);
    return json_pack("{s:o, s:o, s:s?, s:s?, s:s?, s:s?}", "separator",
                     pack_sign(reading.separator), "decimal", pack_sign(reading.decimal),
                     "missing_values", reading.missing_values, "categorical", reading.categorical,
                     "ignore", reading.ignore, "id", reading.id);
}

static int print_json(const bp_model *model, const bp_model_info *info)
{
    struct json_output json = json_output_begin();
    json.digits = 9;
    json_output_add(&json, "layers", pack_layers(info));
    json_output_add(&json, "parameters", json_output_whole(info->parameters));
    json_output_add(&json, "loss", json_string(bp_choice_name(BP_CHOICE_LOSS, (int)info->loss)));
    json_output_add(&json, "hidden_delta",
                    json_string(bp_choice_name(BP_CHOICE_HIDDEN_DELTA, (int)info->hidden_delta)));
    json_output_add(&json, "task", json_string(bp_choice_name(BP_CHOICE_TASK, (int)info->task)));
    json_output_add(&json, "scale", json_string(bp_choice_name(BP_CHOICE_SCALE, (int)info->scale)));
    json_output_add(&json, "missing",
                    json_string(bp_choice_name(BP_CHOICE_MISSING, (int)info->missing)));
    json_output_add(&json, "weight", info->weight ? json_string(info->weight) : json_null());
    json_output_add(&json, "reading", pack_reading(model));
    json_output_add(&json, "columns", pack_columns(model, info));
    json_output_add(&json, "seed", json_output_whole(info->seed));
    json_output_add(&json, "numerics", json_integer((json_int_t)info->numerics));
    json_output_add(&json, "weights_digest", json_string(info->weights_digest));
    return json_output_print(&json);
}

static void add_layers(struct text_table *table, const bp_model_info *info)
{
    text_table_add(table, "layer");
    text_table_add(table, "inputs");
    text_table_add(table, "neurons");
    text_table_add(table, "activation");
    for (size_t l = 0; l < info->layers; l++) {
        text_table_add(table, "%zu", l + 1);
        text_table_add(table, "%zu", info->widths[l]);
        text_table_add(table, "%zu", info->widths[l + 1]);
        text_table_add(table, "%s",
                       bp_choice_name(BP_CHOICE_ACTIVATION, (int)info->activations[l]));
    }
}

/* "setosa, versicolor, virginica", or the first ones and how many more there are. */
static void add_meaning(struct text_table *table, const bp_model_column *column, bool fills)
{
    char text[256] = "";
    if (column->kind == BP_COLUMN_NUMBER) {
        if (fills)
            snprintf(text, sizeof text, ", missing: %.6g%s", (double)column->fill,
                     column->indicator ? " and an indicator" : "");
        text_table_add(table, "(x - %.6g) * %.6g%s", (double)column->shift, (double)column->scale,
                       text);
        return;
    }
    size_t length = 0, k = 0;
    for (; k < column->neurons && k < SHOWN_MAX; k++) {
        const char *name = column->categories[k];
        if (length + strlen(name) + 3 > sizeof text / 2)
            break;
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%s", k ? ", " : "", name);
    }
    if (k < column->neurons)
        text_table_add(table, "%s ... and %zu more", text, column->neurons - k);
    else
        text_table_add(table, "%s", text);
}

static void add_columns(struct text_table *table, const bp_model *model, const bp_model_info *info)
{
    text_table_add(table, "role");
    text_table_add(table, "column");
    text_table_add(table, "kind");
    text_table_add(table, "neurons");
    text_table_add(table, "scaling or categories");
    for (size_t c = 0; c < info->input_columns + info->target_columns; c++) {
        bp_model_column column;
        bool hidden = c >= SHOWN_MAX && c < info->input_columns;
        if (hidden || bp_model_get_column(model, c, &column, NULL) != BP_OK)
            continue;
        text_table_add(table, "%s", name_role(column.role));
        text_table_add(table, "%s", column.name);
        text_table_add(table, "%s", name_kind(column.kind));
        text_table_add(table, "%zu", column.neurons);
        add_meaning(table, &column, has_fill(info, &column));
    }
}

static void print_text_fact(const char *name, const char *text)
{
    if (text)
        printf("%-15s %s\n", name, text);
}

/* What was said about the files of training, and holds for others. */
static void print_reading(const bp_model *model, const bp_model_info *info)
{
    const bp_read_options reading = bp_model_read_options(model);
    const char separator[] = {reading.separator, '\0'}, decimal[] = {reading.decimal, '\0'};
    if (info->missing != BP_MISSING_ERROR)
        print_text_fact("missing cells", bp_choice_name(BP_CHOICE_MISSING, (int)info->missing));
    print_text_fact("missing values", reading.missing_values);
    print_text_fact("weight column", info->weight);
    print_text_fact("id column", reading.id);
    print_text_fact("ignored", reading.ignore);
    print_text_fact("categorical", reading.categorical);
    if (reading.separator)
        print_text_fact("separator", reading.separator == '\t' ? "tab" : separator);
    if (reading.decimal)
        print_text_fact("decimal sign", decimal);
}

static void print_facts(const bp_model *model, const bp_model_info *info)
{
    char parameters[NUMBER_TEXT_SIZE];
    printf("parameters      %s\n", number_group((double)info->parameters, parameters));
    printf("loss            %s\n", bp_choice_name(BP_CHOICE_LOSS, (int)info->loss));
    printf("hidden delta    %s\n", bp_choice_name(BP_CHOICE_HIDDEN_DELTA, (int)info->hidden_delta));
    printf("task            %s\n", bp_choice_name(BP_CHOICE_TASK, (int)info->task));
    printf("input scaling   %s\n", bp_choice_name(BP_CHOICE_SCALE, (int)info->scale));
    print_reading(model, info);
    printf("seed            %" PRIu64 "\n", info->seed);
    printf("numerics        version %u\n", info->numerics);
    printf("weights digest  %s\n\n", info->weights_digest);
}

static int print_text(const bp_model *model, const bp_model_info *info)
{
    struct text_table *layers = text_table_create("rrrl");
    struct text_table *columns = text_table_create("lllrl");
    bool done = layers && columns;
    if (done) {
        add_layers(layers, info);
        add_columns(columns, model, info);
        print_facts(model, info);
        done = text_table_print(layers);
        putchar('\n');
        done = done && text_table_print(columns);
    }
    if (done && info->input_columns > SHOWN_MAX)
        printf("... and %zu more input columns (--json shows all)\n",
               info->input_columns - SHOWN_MAX);
    text_table_free(layers);
    text_table_free(columns);
    return done ? EXIT_DONE : message_no_memory();
}

int command_info(int argc, char **argv)
{
    bool as_json = false;
    struct option table[] = {
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &as_json,
         .help = "print everything as one JSON object"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Showing:", table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    bp_model *model = NULL;
    bp_error error;
    if (bp_model_load(&model, arguments_operand(arguments, 0), &error) == BP_OK) {
        bp_model_info info = bp_model_get_info(model);
        code = as_json ? print_json(model, &info) : print_text(model, &info);
    } else {
        code = message_error(&error);
    }
    bp_model_free(model);
    arguments_free(arguments);
    return code;
}
