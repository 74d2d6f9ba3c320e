/* The first file says what the columns are. */
#include "data/read/append.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/columns.h"

static bp_status fail_memory(const struct bp_joint *joint)
{
    return bp_fail_memory(joint->error, joint->further->path);
}

static bp_status check_frames(const struct bp_joint *joint)
{
    const struct bp_table *table = joint->table, *further = joint->further;
    const char *path = further->path;
    if (table->has_header != further->has_header)
        return bp_fail(joint->error, BP_ERROR_INPUT, "%s: there is %s header, and %s has %s", path,
                       further->has_header ? "a" : "no", table->path,
                       table->has_header ? "one" : "none");
    if (table->columns < further->columns && !table->has_header)
        return bp_fail(joint->error, BP_ERROR_INPUT, "%s: there are %zu columns, and %s has %zu",
                       path, further->columns, table->path, table->columns);
    if (further->rows > UINT32_MAX - table->rows)
        return bp_fail(joint->error, BP_ERROR_INPUT, "%s: a table has at most %zu rows", path,
                       (size_t)UINT32_MAX);
    return BP_OK;
}

/* A column of the table that `further` does not have. */
static bp_status fail_missing(const struct bp_joint *joint, const struct bp_name_index *names,
                              const char *name)
{
    const char *path = joint->further->path, *first = joint->table->path;
    const char *nearest = bp_name_index_nearest(names, name);
    for (size_t c = 0; nearest && c < joint->table->columns; c++)
        if (strcmp(joint->table->column[c].name, nearest) == 0)
            nearest = NULL; /* it has its place already */
    if (nearest)
        return bp_fail(joint->error, BP_ERROR_INPUT,
                       "%s: column \"%s\" of %s is missing: is it called \"%s\"?", path, name,
                       first, nearest);
    return bp_fail(joint->error, BP_ERROR_INPUT, "%s: column \"%s\" of %s is missing", path, name,
                   first);
}

/* `further` has more columns than the table, and names are there once: one is not in the table. */
static bp_status fail_further(const struct bp_joint *joint)
{
    const struct bp_table *table = joint->table, *further = joint->further;
    struct bp_name_index names;
    size_t c = 0;
    if (!bp_table_index_names(table, 0, &names))
        return fail_memory(joint);
    while (bp_name_index_find(&names, further->column[c].name) != SIZE_MAX)
        c++;
    bp_name_index_release(&names);
    return bp_fail(joint->error, BP_ERROR_INPUT,
                   "%s: there is a column \"%s\", and %s has none of that name", further->path,
                   further->column[c].name, table->path);
}

static bp_status find_columns(const struct bp_joint *joint)
{
    const struct bp_table *table = joint->table;
    struct bp_name_index names;
    if (!bp_table_index_names(joint->further, 0, &names))
        return fail_memory(joint);
    bp_status status = BP_OK;
    for (size_t c = 0; c < table->columns && status == BP_OK; c++) {
        joint->field[c] = bp_name_index_find(&names, table->column[c].name);
        if (joint->field[c] == SIZE_MAX)
            status = fail_missing(joint, &names, table->column[c].name);
    }
    if (status == BP_OK && joint->further->columns > table->columns)
        status = fail_further(joint);
    bp_name_index_release(&names);
    return status;
}

static bp_status append_ids(const struct bp_joint *joint)
{
    struct bp_table *table = joint->table;
    const struct bp_table *further = joint->further;
    if (!table->id || !further->id)
        return BP_OK;
    const size_t last = table->id[table->rows - 1];
    const size_t used = last + strlen(table->id_text + last) + 1;
    const size_t end = further->id[further->rows - 1];
    const size_t added = end + strlen(further->id_text + end) + 1;
    size_t *id = realloc(table->id, (table->rows + further->rows) * sizeof *id);
    if (!id)
        return fail_memory(joint);
    table->id = id;
    char *text = realloc(table->id_text, used + added);
    if (!text)
        return fail_memory(joint);
    table->id_text = text;
    memcpy(text + used, further->id_text, added);
    for (size_t x = 0; x < further->rows; x++)
        id[table->rows + x] = used + further->id[x];
    return BP_OK;
}

/* Room for the lines of all rows, those there already among them. */
static bp_status append_lines(const struct bp_joint *joint)
{
    struct bp_table *table = joint->table;
    const struct bp_table *further = joint->further;
    uint32_t *lines = bp_array_alloc(table->rows + further->rows, sizeof *lines);
    if (!lines)
        return fail_memory(joint);
    for (size_t x = 0; x < table->rows; x++)
        lines[x] = (uint32_t)bp_size_min(bp_table_line(table, x), UINT32_MAX);
    for (size_t x = 0; x < further->rows; x++)
        lines[table->rows + x] = (uint32_t)bp_size_min(bp_table_line(further, x), UINT32_MAX);
    free(table->lines);
    table->lines = lines;
    return BP_OK;
}

/* Notes a file of the table; takes `field` in any case. */
static bp_status note_file(const struct bp_joint *joint, const char *path, size_t first,
                           size_t *field)
{
    struct bp_table *table = joint->table;
    struct bp_table_file *file = realloc(table->file, (table->files + 1) * sizeof *file);
    if (file)
        table->file = file;
    char *copy = file && field ? bp_text_copy(path, strlen(path)) : NULL;
    if (!copy) {
        free(field);
        return fail_memory(joint);
    }
    file[table->files++] = (struct bp_table_file){.path = copy, .first = first, .field = field};
    return BP_OK;
}

static bp_status note_files(struct bp_joint *joint)
{
    struct bp_table *table = joint->table;
    bp_status status = BP_OK;
    if (table->files == 0) {
        size_t *field = bp_array_alloc(table->columns, sizeof *field);
        for (size_t c = 0; field && c < table->columns; c++)
            field[c] = c;
        status = note_file(joint, table->path, 0, field);
    }
    if (status != BP_OK)
        return status;
    size_t *field = joint->field; /* the table keeps it */
    joint->field = NULL;
    return note_file(joint, joint->further->path, table->rows, field);
}

static bp_status append_rows(struct bp_joint *joint)
{
    struct bp_table *table = joint->table;
    const size_t rows = table->rows + joint->further->rows;
    size_t cells, bytes;
    float *values = NULL;
    if (bp_size_mul(rows, table->cells, &cells) && bp_size_mul(cells, sizeof *values, &bytes))
        values = realloc(table->values, bytes);
    if (!values)
        return fail_memory(joint);
    table->values = values;
    bp_status status = append_lines(joint);
    if (status == BP_OK)
        status = append_ids(joint);
    for (size_t c = 0; status == BP_OK && c < table->columns; c++)
        status = bp_joint_append_column(joint, c);
    if (status == BP_OK)
        status = note_files(joint);
    table->rows = status == BP_OK ? rows : table->rows;
    return status;
}

bp_status bp_table_append(struct bp_table *table, const struct bp_table *further, bp_error *error)
{
    struct bp_joint joint = {.table = table, .further = further, .error = error};
    bp_status status = check_frames(&joint);
    if (status != BP_OK)
        return status;
    joint.field = bp_array_alloc(table->columns, sizeof *joint.field);
    status = joint.field ? find_columns(&joint) : fail_memory(&joint);
    if (status == BP_OK)
        status = append_rows(&joint);
    free(joint.field);
    return status;
}
