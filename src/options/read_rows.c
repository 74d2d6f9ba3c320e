/* The options of reading data files, and those of using a model on data. */
#include "options/rows.h"

#define READ(member)                                                                               \
    .owner = BP_OPTION_OF_READING, .group = "Reading the data", BP_FIELD(bp_read_options, member), \
    .affects_bits = true

const bp_option_info bp_read_rows[] = {
    {READ(labels), .name = "labels", .kind = BP_OPTION_TEXT, .argument = "FILE",
     .help = "IDX or NPY file of the labels or targets of DATA, where DATA is an IDX or NPY file"},
    {READ(format), .name = "format", .kind = BP_OPTION_CHOICE, .choice = BP_CHOICE_FORMAT,
     .argument = "NAME", .classic = "auto",
     .help = "format of the data files; auto looks at their content"},
    {READ(header), .name = "header", .kind = BP_OPTION_CHOICE, .choice = BP_CHOICE_HEADER,
     .argument = "NAME", .classic = "auto",
     .help = "CSV: whether the first line holds the names of the columns"},
    {READ(separator), .name = "separator", .kind = BP_OPTION_SIGN, .argument = "SIGN",
     .classic = "auto",
     .instead =
         "the one of , ; tab and | that cuts the first rows into equally many fields, or blanks",
     .help = "CSV: what separates the fields: a sign such as ;, tab, or space for runs of blanks"},
    {READ(decimal), .name = "decimal-comma", .sign = ',', .classic = "false",
     .help = "CSV: numbers are written with a decimal comma"},
    {READ(decimal), .name = "decimal-point", .sign = '.', .classic = "false",
     .help = "CSV: numbers are written with a decimal point, whatever the model was trained on"},
    {READ(missing_values), .name = "missing-values", .kind = BP_OPTION_TEXT, .argument = "TEXTS",
     .help = "CSV: texts, separated by commas, that stand for a missing value as an empty field "
             "does, such as NA,?"},
    {READ(ignore), .name = "ignore", .kind = BP_OPTION_TEXT, .argument = "COLUMNS",
     .help = "CSV: columns, by name or number from 1 and separated by commas, that are not read"},
    {READ(id), .name = "id", .kind = BP_OPTION_TEXT, .argument = "COLUMN",
     .help = "CSV: the column that tells rows apart: no input, and kept by predict"},
    {READ(categorical), .name = "categorical", .kind = BP_OPTION_TEXT, .argument = "COLUMNS",
     .help = "CSV: columns, by name or number from 1 and separated by commas, that hold categories "
             "even where they look like numbers"},
    BP_THREADS_ROW(BP_OPTION_OF_READING, bp_read_options),
};

const size_t bp_read_rows_count = sizeof bp_read_rows / sizeof bp_read_rows[0];

#define RUN(member)                                                                                \
    .owner = BP_OPTION_OF_RUNNING, .group = "Evaluating", BP_FIELD(bp_run_options, member),        \
    .kind = BP_OPTION_TEXT

const bp_option_info bp_run_rows[] = {
    {RUN(target), .name = "target", .argument = "COLUMN",
     .help = "CSV: the column of the targets, by name or number from 1, if it is not called as in "
             "training"},
    {RUN(weight), .name = "weight", .argument = "COLUMN",
     .instead = "the one of the training, where DATA has it",
     .help = "CSV: the column of the weights of the rows, by name or number from 1"},
    {RUN(class_weight), .name = "class-weight", .argument = "WEIGHTS", .instead = "1",
     .help = "what the rows of each class count: balanced, for classes that count the same, or "
             "NAME=WEIGHT,..."},
    {.owner = BP_OPTION_OF_RUNNING,
     .group = "Evaluating",
     BP_FIELD(bp_run_options, unknown),
     .kind = BP_OPTION_CHOICE,
     .choice = BP_CHOICE_UNKNOWN,
     .name = "unknown",
     .argument = "NAME",
     .classic = "auto",
     .instead = "error",
     .help = "what a category counts as that was not in the training data: it is an error, or none "
             "(ignore), or the most frequent one of the training data"},
    BP_RUNNING_ROWS(BP_OPTION_OF_RUNNING, bp_run_options),
};

const size_t bp_run_rows_count = sizeof bp_run_rows / sizeof bp_run_rows[0];
