/* Datasets share a table and count its holders, so that a split costs one array of row numbers. */
#include <stdlib.h>
#include <string.h>

#include "data/table/table.h"

static size_t count_memory(const struct bp_table *table)
{
    size_t cells = table->rows * table->cells;
    size_t memory = sizeof *table + table->columns * sizeof *table->column;
    if (!table->mapping && !table->kept)
        memory += cells * (table->values ? sizeof *table->values : sizeof *table->bytes);
    memory += table->rows * table->target_cells * sizeof *table->targets;
    memory += table->labels ? table->rows * sizeof *table->labels : 0;
    memory += table->lines ? table->rows * sizeof *table->lines : 0;
    memory += table->id ? table->rows * sizeof *table->id : 0;
    for (size_t x = 0; table->id && x < table->rows; x++)
        memory += strlen(table->id_text + table->id[x]) + 1;
    for (size_t c = 0; c < table->columns; c++) {
        const struct bp_column *column = &table->column[c];
        memory += strlen(column->name) + 1;
        memory += column->integers ? table->rows * sizeof *column->integers : 0;
        for (size_t k = 0; k < column->categories; k++)
            memory += sizeof *column->category + strlen(column->category[k]) + 1;
    }
    return memory;
}

bp_status bp_dataset_wrap(bp_dataset **out, struct bp_table *table, bp_error *error)
{
    *out = calloc(1, sizeof **out);
    if (!*out) {
        bp_status status = bp_fail_memory(error, table->path);
        bp_table_free(table);
        return status;
    }
    table->memory = count_memory(table);
    atomic_init(&table->holders, 1);
    (*out)->table = table;
    (*out)->count = table->rows;
    return BP_OK;
}

void bp_dataset_free(bp_dataset *dataset)
{
    if (!dataset)
        return;
    /* Release: this holder's reads are over before the last one frees; acquire: the last one sees
     * that they are. */
    if (atomic_fetch_sub_explicit(&dataset->table->holders, 1, memory_order_acq_rel) == 1)
        bp_table_free(dataset->table);
    free(dataset->rows);
    free(dataset);
}

const char *bp_dataset_get_id(const bp_dataset *dataset, size_t row)
{
    const struct bp_table *table = dataset ? dataset->table : NULL;
    return table && table->id && row < dataset->count
               ? table->id_text + table->id[bp_dataset_row(dataset, row)]
               : NULL;
}

bp_dataset_info bp_dataset_get_info(const bp_dataset *dataset)
{
    if (!dataset)
        return (bp_dataset_info){0};
    const struct bp_table *table = dataset->table;
    return (bp_dataset_info){
        .path = table->path,
        .format = table->reader->format,
        .rows = dataset->count,
        .columns = table->columns,
        .has_header = table->has_header,
        .has_bytes = table->bytes != NULL,
        .mapped = table->mapped,
        .kept = table->kept ? table->rows * table->cells *
                                  (table->values ? sizeof *table->values : sizeof *table->bytes)
                            : 0,
        .takes_labels = table->reader->takes_labels,
        .has_roles = table->reader->has_roles,
        .may_have_header = table->reader->may_have_header,
        .memory = table->memory + (dataset->rows ? dataset->count * sizeof *dataset->rows : 0),
    };
}
