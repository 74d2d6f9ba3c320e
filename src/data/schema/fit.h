/* The parts of bp_schema_fit(): which columns are what, and one column at a time. */
#ifndef BP_DATA_SCHEMA_FIT_H
#define BP_DATA_SCHEMA_FIT_H

#include "data/schema/schema.h"
#include "data/table/column_statistics.h"

/* Columns that the user names; as in struct bp_schema_options. */
struct bp_role_names {
    const char *target;
    const char *weight;
};

/* Marks each column of a table (calloc'ed by the caller): INPUT, TARGET, or UNKNOWN if it is
 * neither, as the weights are. Errors: ARGUMENT, INPUT. */
bp_status bp_roles_choose(const struct bp_table *table, const struct bp_role_names *names,
                          bp_column_role *role, bp_error *error);

/* The column of a name, or of a number from 1; `what` is the option that gives it, `names` those of
 * all columns. Error: ARGUMENT,
 * with the nearest name; also for one that is ignored or the id. */
struct bp_name_index;
bp_status bp_table_find_by(const struct bp_table *table, const struct bp_name_index *names,
                           const char *what, const char *name, size_t *column, bp_error *error);

/* The same where the names have no index yet. */
bp_status bp_table_find(const struct bp_table *table, const char *what, const char *name,
                        size_t *column, bp_error *error);

/* Whether a column of a format that says its roles can be the target. Error: ARGUMENT. */
bp_status bp_target_check(const struct bp_table *table, size_t column, bp_error *error);

/* The columns of a list, or the one whose name is the whole text; *columns is freed with free().
 * Errors: as above, ARGUMENT for a column named twice, MEMORY. */
bp_status bp_table_find_list(const struct bp_table *table, const char *list, size_t **columns,
                             size_t *count, bp_error *error);

/* What fitting a column reads. */
struct bp_fit {
    const bp_dataset *dataset;              /* the rows that count */
    const float *weight;                    /* of each of them; NULL: all 1 */
    size_t column;                          /* of the table */
    struct bp_column_statistics statistics; /* of a number column */
};

/* Each fills neurons, shift, scale and categories of `out` from the rows shown; name, role and
 * position are there already. Errors: INPUT, MEMORY. */
bp_status bp_fit_categories(const struct bp_fit *fit, struct bp_schema_column *out,
                            bp_error *error);
/* Which of its categories, which are there, is the most frequent. Error: MEMORY. */
bp_status bp_fit_most_frequent(const struct bp_fit *fit, struct bp_schema_column *out,
                               bp_error *error);
bp_status bp_fit_integers(const struct bp_fit *fit, struct bp_schema_column *out, bp_error *error);
/* What a missing cell of an input counts as; `missing` is not ERROR. Error: INPUT, also if all
 * cells are missing. */
bp_status bp_fit_fill(const struct bp_fit *fit, bp_missing missing, struct bp_schema_column *out,
                      bp_error *error);
/* As the user gives it (given_scaling.h). */
struct bp_given_scaling;
bp_status bp_fit_given(const struct bp_fit *fit, const struct bp_given_scaling *given,
                       struct bp_schema_column *out, bp_error *error);
bp_status bp_fit_scaling(const struct bp_fit *fit, bp_scale scale, struct bp_schema_column *out,
                         bp_error *error);
/* A target that is the same in all rows: its neuron is to be `neuron`, and one that is off by 1
 * gives a number off by at most 2^-14 of the target. */
bp_status bp_fit_constant(const struct bp_fit *fit, double neuron, struct bp_schema_column *out,
                          bp_error *error);
bp_status bp_fit_range(const struct bp_fit *fit, float low, float high,
                       struct bp_schema_column *out, bp_error *error);

#endif
