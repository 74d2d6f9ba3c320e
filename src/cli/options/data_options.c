/* --labels, --format, --separator, --categorical and their kin. */
#include "cli/options/data_options.h"

#include <string.h>

#include "cli/terminal/messages.h"

void data_options_init(struct data_options *data, const char *command)
{
    data->command = command;
    data->read = bp_read_options_default();
    data->format = (int)data->read.format;
    data->header = (int)data->read.header;
    data->separator = NULL;
    data->decimal_comma = data->decimal_point = false;
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "labels",
         .value = &data->read.labels,
         .argument = "FILE",
         .help = "IDX or NPY file of the labels or targets of DATA, where DATA is an IDX or NPY "
                 "file"},
        {.kind = OPTION_CHOICE,
         .name = "format",
         .value = &data->format,
         .argument = "NAME",
         .choice = BP_CHOICE_FORMAT,
         .help = "format of the data files; auto looks at their content"},
        {.kind = OPTION_CHOICE,
         .name = "header",
         .value = &data->header,
         .argument = "NAME",
         .choice = BP_CHOICE_HEADER,
         .help = "CSV: whether the first line holds the names of the columns"},
        {.kind = OPTION_TEXT,
         .name = "separator",
         .value = &data->separator,
         .argument = "SIGN",
         .help = "CSV: what parts the fields: a sign such as ; or tab (default: the one of , ; tab "
                 "and | that cuts the first rows into equally many fields)"},
        {.kind = OPTION_FLAG,
         .name = "decimal-comma",
         .value = &data->decimal_comma,
         .help = "CSV: numbers are written with a decimal comma"},
        {.kind = OPTION_FLAG,
         .name = "decimal-point",
         .value = &data->decimal_point,
         .help =
             "CSV: numbers are written with a decimal point, whatever the model was trained on"},
        {.kind = OPTION_TEXT,
         .name = "missing-values",
         .value = &data->read.missing_values,
         .argument = "TEXTS",
         .help = "CSV: texts, parted by commas, that stand for a missing value as an empty field "
                 "does, such as NA,?"},
        {.kind = OPTION_TEXT,
         .name = "ignore",
         .value = &data->read.ignore,
         .argument = "COLUMNS",
         .help = "CSV: columns, by name or number from 1 and parted by commas, that are not read"},
        {.kind = OPTION_TEXT,
         .name = "id",
         .value = &data->read.id,
         .argument = "COLUMN",
         .help = "CSV: the column that tells rows apart: no input, and kept by predict"},
        {.kind = OPTION_TEXT,
         .name = "categorical",
         .value = &data->read.categorical,
         .argument = "COLUMNS",
         .help = "CSV: columns, by name or number from 1 and parted by commas, that hold "
                 "categories even where they look like numbers"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        data->table[i] = table[i];
}

/* "tab", a sign, or "auto" for 0. */
static int parse_separator(const char *command, const char *text, char *separator)
{
    *separator = '\0';
    if (!text || strcmp(text, "auto") == 0)
        return EXIT_DONE;
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        *separator = '\t';
    else if (strlen(text) == 1)
        *separator = text[0];
    else
        return message_usage(
            command, "--separator: \"%s\" is not one sign such as ; nor tab nor auto", text);
    return EXIT_DONE;
}

static int get_options(const struct data_options *data, bp_read_options *options)
{
    *options = data->read;
    options->format = (bp_format)data->format;
    options->header = (bp_header)data->header;
    options->decimal = data->decimal_comma ? ',' : data->decimal_point ? '.' : '\0';
    if (data->decimal_comma && data->decimal_point)
        return message_usage(data->command,
                             "--decimal-comma and --decimal-point exclude each other");
    return parse_separator(data->command, data->separator, &options->separator);
}

int data_options_read(const struct data_options *data, const bp_model *model,
                      const char *const *paths, size_t count, bp_dataset **out)
{
    bp_read_options options, of_model;
    bp_error error;
    const int code = get_options(data, &options);
    if (code != EXIT_DONE)
        return code;
    if (model) {
        of_model = bp_model_read_options(model);
        options.of_model = &of_model;
    }
    if (bp_dataset_read_files(out, paths, count, &options, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}
