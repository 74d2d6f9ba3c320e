/* The tables of popt for groups of options, with the texts of --help in them. */
#ifndef BP_CLI_OPTIONS_OPTION_TABLE_H
#define BP_CLI_OPTIONS_OPTION_TABLE_H

#include <popt.h>

#include "cli/options/option.h"

struct option_table {
    struct option **options; /* of all groups; popt's val of options[k] is k + 1 */
    size_t count;
    struct poptOption *rows; /* all groups one after another, each with an empty row after it */
    struct poptOption *root; /* for poptGetContext(); includes the groups */
    char **texts;            /* texts[k] describes options[k] */
};

/* popt's val of --help, which every table has. */
#define OPTION_TABLE_HELP 100000

/* Fills a zeroed table; false if there is no memory. Free it in either case. */
bool option_table_init(struct option_table *table, const struct option_group *groups);
void option_table_free(struct option_table *table);

#endif
