/*
 * What the inputs and outputs of a network mean: columns with names, scaling, categories. Fitted to
 * a training set once, kept in the model, and bound to every dataset that the model is used on.
 */
#ifndef BP_DATA_SCHEMA_SCHEMA_H
#define BP_DATA_SCHEMA_SCHEMA_H

#include <jansson.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "data/table/reading.h"
#include "data/table/table.h"

/* In a model that is older than the count. */
#define BP_NOT_COUNTED SIZE_MAX

struct bp_schema_column {
    char *name;
    bp_column_role role;
    bp_column_kind kind;
    size_t position; /* its column in the training file, from 0 */
    size_t first;    /* its first input or output neuron */
    size_t neurons;  /* number: the cells of the column, and one with `indicator`; category: one
                           a category */
    double origin;   /* number: a cell is the number less this, in binary64 (data/table/origin.h) */
    float shift, scale;   /* number: neuron = (cell - shift) * scale; category: 0 and 1 */
    float fill;           /* number inputs: what a missing cell counts as, less the origin */
    bool indicator;       /* number inputs: the last neuron is 1 for a missing cell, 0 otherwise */
    char **category;      /* `neurons` names in the order of data/text/names.h, or NULL */
    size_t most_frequent; /* of the categories of an input, by the weights of the rows; or
                             BP_NOT_COUNTED */
};

/* Cells of a row of a table that a schema column takes. */
static inline size_t bp_schema_column_cells(const struct bp_schema_column *column)
{
    return column->kind == BP_COLUMN_CATEGORY ? 1 : column->neurons - column->indicator;
}

struct bp_schema {
    bp_task task; /* CLASSIFY or REGRESS */
    bp_scale scale;
    bp_missing missing;
    bool has_names;      /* names come from a file: columns are matched by them */
    size_t file_columns; /* of the training file, those that are neither input nor target too */
    char *weight;        /* the name of its column of weights (bp_model_options.weight), or NULL: a
                            column of that name holds the weights of other files, too */
    struct bp_reading reading; /* how it was read */
    size_t input_columns;
    size_t target_columns; /* 1 for classes */
    size_t inputs;         /* neurons */
    size_t outputs;
    struct bp_schema_column *column; /* inputs, then targets */
    bp_column_origin *origins;       /* of the columns that have one; names are theirs */
    size_t origin_count;
    atomic_size_t sharers; /* who holds it besides the first */
};

struct bp_schema_options {
    const char *target; /* as in bp_model_options */
    const char *weight; /* likewise */
    bp_missing missing;
    bp_task task;
    bp_scale scale;
    bool counts;  /* number targets are rates or counts, from 0, and stay as they are; AUTO takes
                     them for numbers however few they are */
    bool bounded; /* output neurons are bounded: number targets are fitted from their minimum
                     and maximum to [low, high]; otherwise standardized */
    float low, high;
    bool shares;         /* number targets that all lie from 0 to 1 stay as they are */
    bool raw;            /* all number targets do */
    const char *scaling; /* of columns whose scaling is given, as in bp_model_options; or NULL */
};

/* Errors: ARGUMENT (no such column, with the nearest name), INPUT (no targets, ...), MEMORY. */
bp_status bp_schema_fit(struct bp_schema **out, const bp_dataset *dataset,
                        const struct bp_schema_options *options, bp_error *error);

/* The same schema for one holder more, on any thread: nobody changes it from now on. */
struct bp_schema *bp_schema_share(struct bp_schema *schema);

/* The last holder frees it. */
void bp_schema_free(struct bp_schema *schema);

/* A schema of `inputs` + `targets` zeroed columns that are to be filled in (names and categories by
 * malloc); NULL if there is no memory. */
struct bp_schema *bp_schema_create(size_t inputs, size_t targets);
/* Counts the neurons of the columns into `first`, `inputs` and `outputs`, and lists the origins.
 * Errors: INPUT, a sentence that begins with `path`, for more than BP_WIDTH_MAX neurons; MEMORY. */
bp_status bp_schema_number(struct bp_schema *schema, const char *path, bp_error *error);

/* Whether a list, as bp_model_options.target, names the targets in any order: by name, or by number
 * in the training file. Without memory: no. */
bool bp_schema_has_targets(const struct bp_schema *schema, const char *text);

/* The schema as JSON for a model file: {"task":..., "scale":..., "has_names":..., "columns":
 * [{"name":..., "role": "input"|"target", "kind": "number"|"category", "position":...,
 * "neurons":..., "shift":..., "scale":..., "categories": [...]}]}; numbers have no "categories",
 * categories no "shift" and "scale". Floats survive the round trip bit for bit. NULL if there is no
 * memory. The caller owns the reference. */
json_t *bp_schema_to_json(const struct bp_schema *schema);
/* The opposite; every key must be there, be of its type and in its range. Error: INPUT, a sentence
 * that begins with `path`; MEMORY. */
bp_status bp_schema_from_json(struct bp_schema **out, const json_t *json, const char *path,
                              bp_error *error);

#endif
