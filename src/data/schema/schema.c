/* Making, numbering and freeing a schema. */
#include "data/schema/schema.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

struct bp_schema *bp_schema_create(size_t inputs, size_t targets)
{
    struct bp_schema *schema = calloc(1, sizeof *schema);
    if (!schema)
        return NULL;
    schema->column = calloc(bp_size_max(inputs + targets, 1), sizeof *schema->column);
    if (!schema->column) {
        free(schema);
        return NULL;
    }
    atomic_init(&schema->sharers, 0);
    schema->input_columns = inputs;
    schema->target_columns = targets;
    schema->file_columns = inputs + targets;
    for (size_t k = 0; k < inputs + targets; k++)
        schema->column[k].role = k < inputs ? BP_ROLE_INPUT : BP_ROLE_TARGET;
    return schema;
}

struct bp_schema *bp_schema_share(struct bp_schema *schema)
{
    /* Relaxed: who shares it has it already. */
    atomic_fetch_add_explicit(&schema->sharers, 1, memory_order_relaxed);
    return schema;
}

void bp_schema_free(struct bp_schema *schema)
{
    /* What other holders did with it comes before it is freed. */
    if (!schema || atomic_fetch_sub_explicit(&schema->sharers, 1, memory_order_acq_rel) > 0)
        return;
    for (size_t k = 0; k < schema->input_columns + schema->target_columns; k++) {
        struct bp_schema_column *column = &schema->column[k];
        for (size_t c = 0; column->category && c < column->neurons; c++)
            free(column->category[c]);
        free(column->category);
        free(column->name);
    }
    free(schema->column);
    free(schema->origins);
    free(schema->weight);
    bp_reading_release(&schema->reading);
    free(schema);
}

static bp_status list_origins(struct bp_schema *schema, bp_error *error)
{
    const size_t columns = schema->input_columns + schema->target_columns;
    size_t count = 0;
    for (size_t k = 0; k < columns; k++)
        count += schema->column[k].origin != 0;
    free(schema->origins);
    schema->origin_count = 0;
    schema->origins = bp_array_alloc(count + 1, sizeof *schema->origins);
    if (!schema->origins)
        return bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; k < columns; k++) {
        const struct bp_schema_column *column = &schema->column[k];
        if (column->origin != 0)
            schema->origins[schema->origin_count++] =
                (bp_column_origin){.name = column->name, .origin = column->origin};
    }
    return BP_OK;
}

bp_status bp_schema_number(struct bp_schema *schema, const char *path, bp_error *error)
{
    size_t count[2] = {0, 0};
    for (size_t k = 0; k < schema->input_columns + schema->target_columns; k++) {
        struct bp_schema_column *column = &schema->column[k];
        size_t *total = &count[column->role == BP_ROLE_TARGET];
        column->first = *total;
        if (column->neurons > BP_WIDTH_MAX - *total)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: more than %d %s neurons are needed, from column \"%s\" on (it has "
                           "%zu %s)",
                           path, BP_WIDTH_MAX, column->role == BP_ROLE_TARGET ? "output" : "input",
                           column->name, column->neurons,
                           column->category ? "categories" : "cells");
        *total += column->neurons;
    }
    schema->inputs = count[0];
    schema->outputs = count[1];
    return list_origins(schema, error);
}
