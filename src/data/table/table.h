/*
 * What a dataset is inside: a table read once and never changed, and the rows of it that a dataset
 * shows. Categories are stored as codes, in order of first appearance.
 */
#ifndef BP_DATA_TABLE_TABLE_H
#define BP_DATA_TABLE_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/table/reader.h"
#include "data/table/reading.h"
#include "data/text/integer.h"

/* Classes that a target may have: each needs a neuron, and a few samples. */
#define BP_CLASSES_MAX 65536

struct bp_column {
    char *name;
    bool numbered; /* the name is in bp_table.numbered_names */
    bool unnamed;  /* the header, or the caller, has no name for it, and no option of the reading
                     names it */
    bp_column_kind kind;
    bp_column_role role;
    size_t offset;       /* its first cell in a row, of `targets` if it is there */
    size_t width;        /* cells: 1, or all the pixels of an image (IDX) */
    double origin;       /* numbers: a cell is the number less this; 0 in most columns (origin.h) */
    size_t missing;      /* cells over all rows: NaN; of a category column the category "" */
    size_t categories;   /* distinct texts; 0 for numbers, and for roles IGNORED and ID */
    char **category;     /* their names */
    bool all_categories; /* they count also where no row has them */
    int64_t
        *integers; /* rows: the numbers, if all are integers and floats do not hold some; or NULL.
                          A missing cell has 0 */
    enum bp_inexact inexact; /* why numbers beyond floats are no integers that are told apart */
    size_t inexact_row;      /* of the first one */
};

/* A run of rows that come from one file, where several were read as one. */
struct bp_table_file {
    char *path;
    size_t first;  /* row of the table */
    size_t *field; /* of each column of the table: its index in the file, from 0 */
};

struct bp_table {
    char *path;
    const struct bp_reader *reader; /* what its format is like */
    bool has_header;
    size_t rows; /* at most 2^32 - 1 */
    size_t columns;
    struct bp_column *column;
    char *numbered_names;      /* of columns in memory that have none, all in one array; or NULL */
    struct bp_reading reading; /* CSV: how it was read, columns by name */
    size_t cells;              /* in a row, of `values` or `bytes` (a separate column has none) */
    size_t stride;             /* cells between rows, if the arrays are kept; else 0 */
    float *values;             /* rows x cells: numbers, and codes of categories; or NULL */
    uint8_t *bytes;            /* rows x cells; or NULL */
    uint32_t *labels;          /* codes of the last column, stored separately; or NULL */
    float *targets; /* rows x target_cells: the numbers of weights in memory and of all targets,
                       stored separately; or NULL */
    size_t target_cells;
    uint32_t *lines; /* line of each row, where bp_table_line() cannot compute it; or NULL */
    char *id_text;   /* what the ID column holds, each text ended by NUL; or NULL */
    size_t *id;      /* where that of each row begins */
    struct bp_table_file *file; /* where several were read: each, and all rows have `lines` */
    size_t files;
    size_t memory; /* bytes held by the arrays */
    void *mapping; /* of a file, `mapped` bytes: `values` or `bytes` point into it; or NULL */
    size_t mapped;
    bool kept;             /* `values` or `bytes` are the caller's */
    atomic_size_t holders; /* datasets that show it; the last one frees it */
};

struct bp_dataset {
    struct bp_table *table;
    size_t count;    /* rows shown */
    uint32_t *rows;  /* which ones (by malloc); NULL: all of them, in order */
    bool knows_all;  /* categories and classes are those of all rows of the table */
    double held_out; /* the share by which hold_out() made it and its sibling; 0: not so made */
};

/* A dataset that shows all rows; takes `table` also when it fails. */
bp_status bp_dataset_wrap(bp_dataset **out, struct bp_table *table, bp_error *error);

/* An empty table with room for `columns` columns; NULL if there is no memory. */
struct bp_table *bp_table_create(const char *path, const struct bp_reader *reader, size_t columns);
/* Adds zeroed columns after the others. False: no memory. */
bool bp_table_add_columns(struct bp_table *table, size_t count);
/* Frees the arrays too: all of them come from malloc, or from the mapping, which is released. */
void bp_table_free(struct bp_table *table);

/* Cells between rows of `values` or `bytes`. */
static inline size_t bp_table_stride(const struct bp_table *table)
{
    return table->kept ? table->stride : table->cells;
}

/* The line of a storage row in its text file (from 1), or 0 if the table is not from a text file.
 */
size_t bp_table_line(const struct bp_table *table, size_t row);
/* Notes the line of the next row, `row`. `lines` is filled from the first row on that is not where
 * bp_table_line() would look for it; *capacity is its room, 0 at first. False: no memory. */
bool bp_table_add_line(struct bp_table *table, size_t *capacity, size_t row, size_t line);

/* The rows that define what categories and classes there are; borrows the dataset. */
static inline bp_dataset bp_dataset_vocabulary(const bp_dataset *dataset)
{
    if (!dataset->knows_all)
        return *dataset;
    return (bp_dataset){.table = dataset->table, .count = dataset->table->rows};
}

/* The storage row of row x of a dataset. */
static inline size_t bp_dataset_row(const bp_dataset *dataset, size_t x)
{
    return dataset->rows ? dataset->rows[x] : x;
}

#endif
