/* The reports of `batchprop sweep`: combinations, the best first. */
#ifndef BP_CLI_TRIALS_SWEEP_REPORT_H
#define BP_CLI_TRIALS_SWEEP_REPORT_H

#include "cli/trials/sweep_grid.h"

/* A combination and what came of it. */
struct sweep_entry {
    size_t number; /* of the combination */
    const bp_cross_validation *validation;
    bp_cross_validation_info info;
    bp_cross_validation_model failed; /* the first model that did, if one did */
    size_t unknown; /* held-out rows of all models with categories that no row trained on has */
    double rank;    /* what the entries are sorted by */
};

struct sweep {
    struct sweep_grid *grid;
    const bp_dataset *dataset;
    bp_cross_validation **validation; /* one for each combination */
    bp_task task;
    bp_metric metric;
    struct sweep_entry *entry; /* one for each combination, the best first */
};

/* Fills in the entries from the cross-validations. Returns an exit code. */
int sweep_sort(struct sweep *sweep);

/* The command line that trains a model with the options of combination `number` on all rows; it can
 * be pasted into a shell. Freed with free(); NULL if there is no memory. */
char *sweep_command(const struct sweep *sweep, size_t number);

/* Prints the table to stdout. Returns an exit code. */
int sweep_report_print(const struct sweep *sweep);

/* Writes the table, all metrics, to a CSV file. Returns an exit code. */
int sweep_csv_write(const struct sweep *sweep, const char *path);

#endif
