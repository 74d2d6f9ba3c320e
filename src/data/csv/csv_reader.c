/*
 * libcsv finds the cells; lines are counted here. With CSV_REPALL_NL every end of line outside of
 * quotes is reported, and those inside are part of a cell, so that all are counted. Nothing may
 * depend on where one text ends and the next begins.
 */
#include "data/csv/csv_reader.h"

#include <string.h>

/* libcsv's buffer for a cell grows by this much. */
#define CELL_STEP ((size_t)4 << 10)

/* Ends of lines in a quoted cell: CR, LF or both together. */
static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 0;
    for (size_t k = 0; k < length; k++)
        lines += text[k] == '\n' || (text[k] == '\r' && (k + 1 == length || text[k + 1] != '\n'));
    return lines;
}

/* Whether libcsv's buffer, which never shrinks, was widened for a cell that is too long with the
 * blanks after it. */
static bool has_outgrown(struct bp_csv_reader *reader)
{
    return csv_get_buffer_size(&reader->parser) > BP_CSV_CELL_MAX + CELL_STEP;
}

static bp_status take_cell(struct bp_csv_reader *reader, const char *text, size_t length)
{
    if (reader->blank_line > 0)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu: the line is blank; blank lines may stand only at the end of the "
                       "file",
                       reader->path, reader->blank_line);
    if (length > BP_CSV_CELL_MAX || has_outgrown(reader))
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the cell is longer than %d bytes; is a quote missing?",
                       reader->path, reader->line, reader->cells + 1, BP_CSV_CELL_MAX);
    const struct bp_csv_cell cell = {.text = text, .length = length, .line = reader->line};
    return bp_csv_rows_cell(&reader->rows, &cell, reader->error);
}

static void on_cell(void *text, size_t length, void *user)
{
    struct bp_csv_reader *reader = user;
    if (reader->status != BP_OK)
        return;
    reader->status = take_cell(reader, text, length);
    reader->line += count_lines(text, length);
    reader->cells++;
    reader->after_return = false;
}

/* `end` is the byte that ended the line, or -1 at the end of the file. */
static void on_row(int end, void *user)
{
    struct bp_csv_reader *reader = user;
    if (reader->status != BP_OK)
        return;
    bool second_half = end == '\n' && reader->after_return && reader->cells == 0;
    reader->after_return = end == '\r';
    reader->row_ended = end == '\n';
    if (second_half)
        return;
    if (reader->cells > 0)
        reader->status = bp_csv_rows_end_row(&reader->rows, reader->error);
    else if (reader->blank_line == 0)
        reader->blank_line = reader->line;
    reader->cells = 0;
    reader->line++;
}

static bp_status fail_parse(struct bp_csv_reader *reader)
{
    if (csv_error(&reader->parser) != CSV_EPARSE)
        return bp_fail_memory(reader->error, reader->path);
    return bp_fail(reader->error, BP_ERROR_INPUT,
                   "%s:%zu:%zu: a quote stands where none may be; a field with quotes is quoted as "
                   "a whole, and the quotes in it are doubled",
                   reader->path, reader->line, reader->cells + 1);
}

/* A text with at most one LF, as its last byte, and without NUL. */
static bp_status parse_line(struct bp_csv_reader *reader, const char *text, size_t size)
{
    reader->row_ended = false;
    size_t done = csv_parse(&reader->parser, text, size, on_cell, on_row, reader);
    if (reader->status != BP_OK)
        return reader->status;
    /* Before a misplaced quote, because a text that ended before that would have shown it too. */
    if (has_outgrown(reader))
        return take_cell(reader, NULL, BP_CSV_CELL_MAX + 1);
    return done < size ? fail_parse(reader) : BP_OK;
}

static bp_status parse_lines(struct bp_csv_reader *reader, const char *text, const char *end)
{
    bp_status status = BP_OK;
    while (status == BP_OK && text < end) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *next = lf ? lf + 1 : end;
        status = parse_line(reader, text, (size_t)(next - text));
        text = next;
    }
    return status;
}

bp_status bp_csv_reader_feed(struct bp_csv_reader *reader, const char *text, const char *end)
{
    const char *nul = memchr(text, '\0', (size_t)(end - text));
    bp_status status = parse_lines(reader, text, nul ? nul : end);
    if (status == BP_OK && nul)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: a byte is 0; this is not a text file", reader->path,
                       reader->line, reader->cells + 1);
    return status;
}

bool bp_csv_reader_takes_rows(const struct bp_csv_reader *reader)
{
    return reader->row_ended && reader->blank_line == 0 && reader->rows.table->rows > 0 &&
           !reader->rows.has_id;
}

bp_status bp_csv_reader_add(struct bp_csv_reader *reader, size_t count, float **values)
{
    bp_status status = bp_csv_rows_add(&reader->rows, count, reader->line, values, reader->error);
    reader->line += count;
    return status;
}

bp_status bp_csv_reader_finish(struct bp_csv_reader *reader)
{
    int code = csv_fini(&reader->parser, on_cell, on_row, reader);
    if (reader->status == BP_OK && code != 0)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the quoted field that begins here does not end", reader->path,
                       reader->line, reader->cells + 1);
    if (reader->status != BP_OK)
        return reader->status;
    return bp_csv_rows_finish(&reader->rows, reader->error);
}

bp_status bp_csv_reader_begin(struct bp_csv_reader *reader, struct bp_table *table,
                              const bp_read_options *options, const struct bp_csv_dialect *dialect,
                              bp_error *error)
{
    *reader = (struct bp_csv_reader){.path = table->path, .error = error, .line = 1};
    if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        return bp_fail(error, BP_ERROR_INTERNAL, "libcsv cannot be started");
    csv_set_blk_size(&reader->parser, CELL_STEP);
    csv_set_delim(&reader->parser, (unsigned char)dialect->separator);
    bp_csv_rows_begin(&reader->rows, table, options, dialect);
    return BP_OK;
}

void bp_csv_reader_release(struct bp_csv_reader *reader)
{
    bp_csv_rows_release(&reader->rows);
    csv_free(&reader->parser);
}
