/* Translates groups of options to tables of popt. popt only splits: every value is text to it. */
#include "cli/options/option_table.h"

#include <stdlib.h>

void option_table_free(struct option_table *table)
{
    for (size_t k = 0; table->texts && k < table->count; k++)
        free(table->texts[k]);
    free(table->texts);
    free(table->root);
    free(table->rows);
    free(table->options);
}

/* Appends the options of one group at `row`; returns the row after its empty last row, or NULL. */
static struct poptOption *add_group(struct option_table *table, struct poptOption *row,
                                    struct option *options)
{
    for (size_t i = 0; options[i].kind != OPTION_END; i++) {
        size_t k = table->count++;
        table->options[k] = &options[i];
        table->texts[k] = option_describe(&options[i]);
        if (!table->texts[k])
            return NULL;
        *row++ = (struct poptOption){
            .longName = options[i].name,
            .argInfo = option_form(&options[i]) == OPTION_FLAG ? POPT_ARG_NONE : POPT_ARG_STRING,
            .val = (int)k + 1,
            .descrip = table->texts[k],
            .argDescrip = options[i].argument,
        };
    }
    return row + 1;
}

bool option_table_init(struct option_table *table, const struct option_group *groups)
{
    size_t group_count = 0, options = 0;
    for (; groups[group_count].title; group_count++)
        options += option_count(groups[group_count].options);

    table->options = calloc(options + 1, sizeof *table->options);
    table->texts = calloc(options + 1, sizeof *table->texts);
    table->rows = calloc(options + group_count + 2, sizeof *table->rows);
    table->root = calloc(group_count + 2, sizeof *table->root);
    if (!table->options || !table->texts || !table->rows || !table->root)
        return false;

    struct poptOption *row = table->rows;
    for (size_t g = 0; g < group_count; g++) {
        table->root[g] = (struct poptOption){
            .argInfo = POPT_ARG_INCLUDE_TABLE, .arg = row, .descrip = groups[g].title};
        row = add_group(table, row, groups[g].options);
        if (!row)
            return false;
    }
    table->root[group_count] =
        (struct poptOption){.argInfo = POPT_ARG_INCLUDE_TABLE, .arg = row, .descrip = "Help:"};
    *row = (struct poptOption){.longName = "help",
                               .shortName = 'h',
                               .val = OPTION_TABLE_HELP,
                               .descrip = "show this help and end"};
    return true;
}
