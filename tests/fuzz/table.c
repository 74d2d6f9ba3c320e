/* A table is read, and all of it is looked at: what a reader forgot to fill shows then. */
#include "fuzz/table.h"

#include <stdlib.h>
#include <string.h>

static void look_at_column(const bp_dataset *dataset, size_t column)
{
    bp_column_info info;
    bp_column_hint hint;
    bp_value_count counts[4];
    const char *name;
    FUZZ_REQUIRE(bp_dataset_describe(dataset, column, &info, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_dataset_get_hint(dataset, column, &hint, &name, NULL) == BP_OK);
    bp_dataset_value_counts(dataset, column, counts, sizeof counts / sizeof *counts);
}

static void look_at_dataset(bp_dataset *dataset)
{
    const bp_dataset_info info = bp_dataset_get_info(dataset);
    FUZZ_REQUIRE(info.rows > 0 && info.columns > 0);
    for (size_t c = 0; c < info.columns && c < 64; c++)
        look_at_column(dataset, c);
    bp_dataset_get_id(dataset, info.rows - 1);
    bp_dataset_free(dataset);
}

void fuzz_look_at_table(bp_status status, struct bp_table *table)
{
    bp_dataset *dataset;
    if (status != BP_OK) {
        bp_table_free(table);
        return;
    }
    FUZZ_REQUIRE(bp_dataset_wrap(&dataset, table, NULL) == BP_OK);
    look_at_dataset(dataset);
}

static bp_status read_labels(const struct bp_reader *reader, struct bp_table *table,
                             const struct fuzz_input *labels, bp_error *error)
{
    struct bp_source *source;
    bp_status status = bp_source_open_bytes(&source, "labels", labels->data, labels->size, error);
    if (status != BP_OK)
        return status;
    status = reader->read_labels(table, source, error);
    bp_source_close(source);
    return status;
}

void fuzz_read_table(const struct bp_reader *reader, const char *path,
                     const struct fuzz_input *file, const struct fuzz_input *labels)
{
    const bp_read_options options = bp_read_options_default();
    struct bp_source *source;
    bp_error error = {BP_OK, ""};
    if (bp_source_open_bytes(&source, path, file->data, file->size, &error) != BP_OK)
        return;
    struct bp_table *table = bp_table_create(path, reader, 0);
    bp_status status = reader->read(table, source, &options, &error);
    bp_source_close(source);
    if (status == BP_OK && labels)
        status = read_labels(reader, table, labels, &error);
    FUZZ_REQUIRE((status == BP_OK) == (error.message[0] == '\0'));
    fuzz_look_at_table(status, table);
}

void fuzz_read_path(const char *path, bp_format format)
{
    bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    options.format = format;
    options.threads = 1;
    if (bp_dataset_read(&dataset, path, &options, NULL) == BP_OK)
        look_at_dataset(dataset);
}

static void expect_same_column(const struct bp_table *a, const struct bp_table *b, size_t c)
{
    const struct bp_column *x = &a->column[c], *y = &b->column[c];
    FUZZ_REQUIRE(x->kind == y->kind && x->role == y->role && x->missing == y->missing);
    FUZZ_REQUIRE(strcmp(x->name, y->name) == 0);
    FUZZ_REQUIRE(memcmp(&x->origin, &y->origin, sizeof x->origin) == 0);
    FUZZ_REQUIRE(x->inexact == y->inexact && (x->integers == NULL) == (y->integers == NULL));
    if (x->integers)
        FUZZ_REQUIRE(memcmp(x->integers, y->integers, a->rows * sizeof *x->integers) == 0);
    FUZZ_REQUIRE(x->categories == y->categories);
    for (size_t k = 0; k < x->categories; k++)
        FUZZ_REQUIRE(strcmp(x->category[k], y->category[k]) == 0);
}

void fuzz_expect_same_table(const struct bp_table *a, const struct bp_table *b)
{
    FUZZ_REQUIRE(a->rows == b->rows && a->columns == b->columns && a->cells == b->cells);
    FUZZ_REQUIRE(a->has_header == b->has_header);
    FUZZ_REQUIRE(memcmp(a->values, b->values, a->rows * a->cells * sizeof *a->values) == 0);
    for (size_t r = 0; r < a->rows; r++)
        FUZZ_REQUIRE(bp_table_line(a, r) == bp_table_line(b, r));
    for (size_t c = 0; c < a->columns; c++)
        expect_same_column(a, b, c);
    FUZZ_REQUIRE((a->id == NULL) == (b->id == NULL));
    for (size_t r = 0; a->id && r < a->rows; r++)
        FUZZ_REQUIRE(strcmp(a->id_text + a->id[r], b->id_text + b->id[r]) == 0);
}
