/* The options of a combination as a command line. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/config_value.h"
#include "cli/options/option_json.h"
#include "cli/terminal/shell_word.h"
#include "cli/trials/sweep_report.h"

#define VALUE_SIZE 128 /* of a field */

/* Writes " --name value"; false: no memory. */
static bool put_option(FILE *out, const struct option *option)
{
    fprintf(out, " --%s", option->name);
    if (option_form(option) == OPTION_FLAG)
        return true;
    const bool is_field = option->kind == OPTION_FIELD && !option->alternatives;
    char *text = is_field ? malloc(VALUE_SIZE) : NULL;
    if (text)
        option_field_get(option, text, VALUE_SIZE);
    json_t *value = text ? NULL : option_to_json(option);
    if (value)
        text = config_value_text(value);
    json_decref(value);
    if (!text)
        return false;
    fputc(strncmp(text, "-", 1) == 0 ? '=' : ' ', out);
    shell_word_put(out, text);
    free(text);
    return true;
}

/* Whether `train` takes an option, given, for what it means here. */
static bool belongs(const struct trials_options *options, const struct option *option)
{
    const bool validates = options->validation.valid_fraction > 0;
    return option->given && (validates || strcmp(option->name, "metric") != 0);
}

static bool put_options(FILE *out, const struct trials_options *options)
{
    const struct option *const tables[] = {options->network.table, options->training.table,
                                           options->ensemble.table, options->validation.table,
                                           options->data.table};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (const struct option *option = tables[t]; option->kind != OPTION_END; option++) {
            if (belongs(options, option) && !put_option(out, option))
                return false;
        }
    }
    return true;
}

char *sweep_command(const struct sweep *sweep, size_t number)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    sweep_grid_apply(sweep->grid, number, "sweep");
    const struct trials_options *options = sweep->grid->options;
    fputs("batchprop train", out);
    for (size_t k = 0; k < options->data_count; k++) {
        fputc(' ', out);
        shell_path_put(out, options->data_paths[k]);
    }
    bool done = put_options(out, options);
    fputs(" --out model.safetensors", out);
    *sweep->grid->options = sweep->grid->given;
    if (fclose(out) == 0 && done)
        return text;
    free(text);
    return NULL;
}
