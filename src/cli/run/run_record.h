/* What the log of a run (--log, docs/files.md) says, in memory. */
#ifndef BP_CLI_RUN_RUN_RECORD_H
#define BP_CLI_RUN_RUN_RECORD_H

#include <jansson.h>

#include "batchprop/batchprop.h"
#include "cli/fields/phases.h"

/* A figure of an epoch; the figure of a bp_metric is FIGURE_METRICS + metric. */
enum run_figure {
    FIGURE_TRAIN_LOSS = 0,
    FIGURE_VALID_LOSS,
    FIGURE_WATCHED, /* the metric that the run watched */
    FIGURE_LEARNING_RATE,
    FIGURE_SPEED, /* samples a second */
    FIGURE_SECONDS,
    FIGURE_METRICS,
    RUN_FIGURES = FIGURE_METRICS + BP_METRIC_R2 + 1
};

struct run_epoch {
    size_t member;               /* of several networks, from 1; 0: there is one */
    size_t epoch;                /* from 1 */
    size_t line;                 /* of the log, from 1 */
    size_t best;                 /* the best epoch so far, 0 if there is none */
    double figures[RUN_FIGURES]; /* NaN where there is none */
    double phases[PHASES];       /* since the start of the run; 0 where they were not measured */
};

struct run_record {
    const char *path;
    json_t *start;            /* the first line */
    json_t *end;              /* the last line, or NULL: the run goes on, or was killed */
    struct run_epoch *epochs; /* ascending, those of one member after those of the other; of an
                                 epoch that was trained twice the later one */
    size_t count;
    size_t capacity;
    size_t resumes; /* how often the run was resumed */
    bool torn;      /* the file ends within a line */
};

/* Reads a log; `path` is kept. Returns an exit code, after a message that names file and line. Free
 * it in either case. */
int run_record_read(struct run_record *record, const char *path);
void run_record_free(struct run_record *record);

/* A text, an object or a number of the first or the last line, or NULL, NULL and NaN. `object` may
 * be NULL. */
const char *run_record_text(const json_t *object, const char *key);
double run_record_number(const json_t *object, const char *key);

/* The number of networks that are trained to be one model; 0: it is one network. */
size_t run_record_networks(const struct run_record *record);

/* The part of a record of several networks that is about member `member`, from 1: it has the epochs
 * of this one, and lives as long as `record`, which owns everything. */
struct run_record run_record_member(const struct run_record *record, size_t member);

/* The last epoch, NULL if there is none. */
const struct run_epoch *run_record_last(const struct run_record *record);

/* The epoch with the best metric: that of the log, and without one the last one. NULL if there is
 * none. */
const struct run_epoch *run_record_best(const struct run_record *record);

/* The metric that the run watched; the loss if the log names none that epochs can have. */
bp_metric run_record_metric(const struct run_record *record);

#endif
