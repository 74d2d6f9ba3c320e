/* Which cells of a table are the inputs of a schema, and which columns its targets. */
#ifndef BP_DATA_SAMPLES_MATCH_H
#define BP_DATA_SAMPLES_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "data/samples/samples.h"

struct bp_match {
    size_t cells;   /* cells of a sample: one a category, one a neuron for numbers; for an indicator
                       the cell before it once more */
    size_t *cell;   /* of each: its index in a row of the table */
    size_t *column; /* and in which column of the table */
    size_t *target; /* column of the table for each target of the schema; or NULL */
};

/* Arguments and errors as of bp_samples_bind(). On failure `match` is zeroed. */
bp_status bp_match_create(struct bp_match *match, const struct bp_schema *schema,
                          const struct bp_table *table, const char *target,
                          enum bp_need_targets targets, bp_error *error);
void bp_match_release(struct bp_match *match);

/* What the two ways of matching read; they fill the arrays of `match`. */
struct bp_match_task {
    struct bp_match *match;
    const struct bp_schema *schema;
    const struct bp_table *table;
    size_t *chosen; /* the columns of the targets that the caller named; or NULL */
    bool
        *is_chosen; /* of each column of the table: whether it is one of them; NULL with `chosen` */
    size_t *usable; /* columns of a CSV that may be inputs or targets, `columns` of them */
    size_t columns;
};

/* Whether the caller named a column of the table as a target. */
static inline bool bp_match_is_chosen(const struct bp_match_task *task, size_t column)
{
    return task->is_chosen && task->is_chosen[column];
}

/* Matching without names. Error: INPUT. */
bp_status bp_match_by_order(const struct bp_match_task *task, bp_error *error);

static inline const struct bp_schema_column *bp_schema_targets(const struct bp_schema *schema)
{
    return &schema->column[schema->input_columns];
}

#endif
