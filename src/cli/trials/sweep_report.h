/* What `batchprop sweep` has to say: combinations, the best first. */
#ifndef BP_CLI_TRIALS_SWEEP_REPORT_H
#define BP_CLI_TRIALS_SWEEP_REPORT_H

#include "cli/trials/sweep_grid.h"
#include "cli/trials/trials_run.h"
#include "cli/trials/trials_spread.h"

/* A combination and the trials that belong to it. */
struct sweep_entry {
    size_t number; /* of the combination */
    const bp_trial_result *results;
    size_t failed;               /* trials */
    const char *message;         /* why the first of them failed; NULL: none did */
    struct trials_spread spread; /* of the metric */
    double rank;                 /* what the entries are sorted by */
};

struct sweep {
    struct sweep_grid *grid;
    const struct trials_set *set;
    const bp_dataset *dataset;
    size_t each; /* trials of a combination */
    bp_task task;
    bp_metric metric;
    struct sweep_entry *entry; /* one a combination, the best first */
};

/* Fills in the entries from the results. Returns an exit code. */
int sweep_sort(struct sweep *sweep);

/* The command line that trains a net with the options of combination `number` on all rows; it can be
 * pasted into a shell. Freed with free(); NULL if there is no memory. */
char *sweep_command(const struct sweep *sweep, size_t number);

/* Each prints the table to stdout. Returns an exit code. */
int sweep_report_print(const struct sweep *sweep);
int sweep_report_print_json(const struct sweep *sweep);

/* Writes the table, all metrics, to a CSV file. Returns an exit code. */
int sweep_report_write_csv(const struct sweep *sweep, const char *path);

#endif
