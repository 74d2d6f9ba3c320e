/* --labels, --format, --header, --categorical. */
#include "data_options.h"

#include "report.h"

void data_options_init(struct data_options *data)
{
    data->read = bp_read_options_default();
    data->format = (int)data->read.format;
    data->header = (int)data->read.header;
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

int data_options_read(const struct data_options *data, const char *path, const char *labels,
                      bp_dataset **out)
{
    bp_read_options options = data->read;
    options.format = (bp_format)data->format;
    options.header = (bp_header)data->header;
    options.labels = labels;
    bp_error error;
    if (bp_dataset_read(out, path, &options, &error) != BP_OK)
        return report_error(&error);
    return EXIT_DONE;
}
