/* What is not plain is tried once more before libcsv gets it: its words may be known by then. */
#include "data/csv/csv_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/csv/csv_cut.h"

bool bp_csv_parts_create(struct bp_csv_parts *parts, size_t count)
{
    *parts = (struct bp_csv_parts){.count = count};
    parts->cut = bp_array_alloc(count + 1, sizeof *parts->cut);
    parts->part = calloc(count, sizeof *parts->part);
    return parts->cut && parts->part;
}

void bp_csv_parts_release(struct bp_csv_parts *parts)
{
    for (size_t k = 0; parts->part && k < parts->count; k++)
        bp_csv_plain_release(&parts->part[k].plain);
    free(parts->part);
    free(parts->cut);
    *parts = (struct bp_csv_parts){0};
}

void bp_csv_parts_cut(struct bp_csv_parts *parts, const char *text, const char *end)
{
    bp_csv_cut(text, end, parts->cut, parts->count);
}

void bp_csv_parts_read(struct bp_csv_parts *parts, size_t k, const struct bp_csv_rows *rows)
{
    struct bp_csv_part *part = &parts->part[k];
    const struct bp_csv_shape shape = bp_csv_rows_shape(rows);
    part->done = bp_csv_plain_read(&part->plain, &shape, parts->cut[k], parts->cut[k + 1]);
}

bp_status bp_csv_parts_place(struct bp_csv_parts *parts, struct bp_csv_reader *reader, bool *placed)
{
    size_t rows = 0;
    *placed = true;
    for (size_t k = 0; k < parts->count; k++) {
        *placed = *placed && parts->part[k].done && parts->part[k].plain.irregulars == 0;
        rows += parts->part[k].plain.rows;
        reader->rows.has_missing |= parts->part[k].plain.has_missing;
    }
    if (!*placed)
        return BP_OK;
    float *target;
    bp_status status = bp_csv_reader_add(reader, rows, &target);
    for (size_t k = 0; status == BP_OK && k < parts->count; k++) {
        parts->part[k].target = target;
        target += parts->part[k].plain.rows * reader->rows.table->cells;
    }
    return status;
}

void bp_csv_parts_copy(const struct bp_csv_parts *parts, size_t k, size_t cells)
{
    const struct bp_csv_part *part = &parts->part[k];
    if (part->plain.rows > 0)
        memcpy(part->target, part->plain.values, part->plain.rows * cells * sizeof *part->target);
}

static bp_status add_rows(struct bp_csv_reader *reader, const float *values, size_t count)
{
    float *target;
    bp_status status = bp_csv_reader_add(reader, count, &target);
    if (status == BP_OK)
        memcpy(target, values, count * reader->rows.table->cells * sizeof *values);
    return status;
}

/* Rows `from` to `to` of a part; one that has none may have no room for any. */
static bp_status add_run(struct bp_csv_reader *reader, const struct bp_csv_plain *plain,
                         size_t from, size_t to)
{
    if (from == to)
        return BP_OK;
    return add_rows(reader, plain->values + from * reader->rows.table->cells, to - from);
}

/* `values`: room for a row. */
static bp_status add_irregular(const struct bp_csv_irregular *irregular,
                               struct bp_csv_reader *reader, float *values, const char **at)
{
    bp_status status = BP_OK;
    *at = irregular->text;
    while (status == BP_OK && *at < irregular->end && bp_csv_reader_takes_rows(reader)) {
        const struct bp_csv_shape shape = bp_csv_rows_shape(&reader->rows);
        const char *next =
            bp_csv_plain_row(&shape, *at, irregular->end, values, &reader->rows.has_missing);
        if (next) {
            status = add_rows(reader, values, 1);
        } else {
            next = bp_csv_row_end(*at, irregular->end);
            status = bp_csv_reader_feed(reader, *at, next);
        }
        *at = next;
    }
    return status;
}

static bp_status add_part(const struct bp_csv_part *part, struct bp_csv_reader *reader,
                          const char *end, const char **at)
{
    const struct bp_csv_plain *plain = &part->plain;
    const size_t cells = reader->rows.table->cells;
    size_t done = 0;
    if (!part->done)
        return bp_fail_memory(reader->error, reader->path);
    for (size_t k = 0; k < plain->irregulars; k++) {
        const struct bp_csv_irregular *irregular = &plain->irregular[k];
        bp_status status = add_run(reader, plain, done, irregular->rows);
        if (status == BP_OK)
            status = add_irregular(irregular, reader, plain->values + plain->rows * cells, at);
        if (status != BP_OK || !bp_csv_reader_takes_rows(reader))
            return status;
        done = irregular->rows;
    }
    *at = end;
    return add_run(reader, plain, done, plain->rows);
}

bp_status bp_csv_parts_add(const struct bp_csv_parts *parts, struct bp_csv_reader *reader,
                           const char **at)
{
    bp_status status = BP_OK;
    for (size_t k = 0; k < parts->count && status == BP_OK && bp_csv_reader_takes_rows(reader); k++)
        status = add_part(&parts->part[k], reader, parts->cut[k + 1], at);
    return status;
}
