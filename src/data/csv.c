/*
 * Reads a CSV file block by block through libcsv, which finds the cells; lines are counted here.
 * With CSV_REPALL_NL every end of line outside of quotes is reported, and those inside are part of
 * a cell, so that none goes uncounted.
 */
#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_rows.h"
#include "data/readers.h"
#include "data/text.h"

#define BLOCK_SIZE ((size_t)256 << 10)

/* A longer cell is a quote that was forgotten. */
#define CELL_MAX ((size_t)64 << 10)

/* libcsv's buffer for a cell grows by this much. */
#define CELL_STEP ((size_t)4 << 10)

struct csv_reader {
    struct csv_parser parser;
    struct bp_csv_rows rows;
    const char *path;
    bp_error *error;
    bp_status status;  /* the first failure; what libcsv still reports is ignored */
    size_t line;       /* where the next cell begins */
    size_t cells;      /* of the current row so far */
    size_t blank_line; /* the first blank line of those just met; 0: none */
    bool after_return; /* a line feed now belongs to the carriage return before it */
};

/* Ends of lines in a quoted cell: CR, LF or both together. */
static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 0;
    for (size_t k = 0; k < length; k++)
        lines += text[k] == '\n' || (text[k] == '\r' && (k + 1 == length || text[k + 1] != '\n'));
    return lines;
}

static bp_status take_cell(struct csv_reader *reader, const char *text, size_t length)
{
    if (reader->blank_line > 0)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu: the line is blank; blank lines may stand only at the end of the "
                       "file",
                       reader->path, reader->blank_line);
    if (length > CELL_MAX)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the cell is longer than %zu bytes; is a quote missing?",
                       reader->path, reader->line, reader->cells + 1, CELL_MAX);
    const struct bp_csv_cell cell = {.text = text, .length = length, .line = reader->line};
    return bp_csv_rows_cell(&reader->rows, &cell, reader->error);
}

static void on_cell(void *text, size_t length, void *user)
{
    struct csv_reader *reader = user;
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
    struct csv_reader *reader = user;
    if (reader->status != BP_OK)
        return;
    bool second_half = end == '\n' && reader->after_return && reader->cells == 0;
    reader->after_return = end == '\r';
    if (second_half)
        return;
    if (reader->cells > 0)
        reader->status = bp_csv_rows_end_row(&reader->rows, reader->error);
    else if (reader->blank_line == 0)
        reader->blank_line = reader->line;
    reader->cells = 0;
    reader->line++;
}

static bp_status fail_parse(struct csv_reader *reader)
{
    if (csv_error(&reader->parser) != CSV_EPARSE)
        return bp_fail_memory(reader->error, reader->path);
    return bp_fail(reader->error, BP_ERROR_INPUT,
                   "%s:%zu:%zu: a quote stands where none may be; a field with quotes is quoted as "
                   "a whole, and the quotes in it are doubled",
                   reader->path, reader->line, reader->cells + 1);
}

/* Passes bytes without NUL to libcsv. */
static bp_status parse_bytes(struct csv_reader *reader, const char *bytes, size_t size)
{
    size_t done = csv_parse(&reader->parser, bytes, size, on_cell, on_row, reader);
    if (reader->status != BP_OK)
        return reader->status;
    if (done < size)
        return fail_parse(reader);
    /* The buffer never shrinks, but a cell that ended would have failed if it was this long. */
    if (csv_get_buffer_size(&reader->parser) > CELL_MAX + CELL_STEP)
        return take_cell(reader, NULL, CELL_MAX + 1);
    return BP_OK;
}

static bp_status parse_block(struct csv_reader *reader, const char *block, size_t size)
{
    const char *nul = memchr(block, '\0', size);
    bp_status status = parse_bytes(reader, block, nul ? (size_t)(nul - block) : size);
    if (status == BP_OK && nul)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: a byte is 0; this is not a text file", reader->path,
                       reader->line, reader->cells + 1);
    return status;
}

static bp_status parse_end(struct csv_reader *reader)
{
    int code = csv_fini(&reader->parser, on_cell, on_row, reader);
    if (reader->status == BP_OK && code != 0)
        return bp_fail(reader->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the quoted field that begins here does not end", reader->path,
                       reader->line, reader->cells + 1);
    return reader->status;
}

/* Bytes of a UTF-8 byte order mark to skip; one of UTF-16 is an error. */
static bp_status check_mark(struct bp_source *source, size_t *skip, bp_error *error)
{
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    *skip = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (size >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file is UTF-16 text; save it as UTF-8",
                       bp_source_path(source));
    return BP_OK;
}

static bp_status read_blocks(struct csv_reader *reader, struct bp_source *source)
{
    size_t skip;
    bp_status status = check_mark(source, &skip, reader->error);
    char *block = malloc(BLOCK_SIZE);
    if (status == BP_OK && !block)
        status = bp_fail_memory(reader->error, reader->path);
    for (size_t got = BLOCK_SIZE; status == BP_OK && got == BLOCK_SIZE;) {
        status = bp_source_read(source, block, BLOCK_SIZE, &got, reader->error);
        if (status == BP_OK)
            status = parse_block(reader, block + skip, got - skip);
        skip = 0;
    }
    free(block);
    return status == BP_OK ? parse_end(reader) : status;
}

bp_status bp_csv_read(struct bp_table **out, struct bp_source *source,
                      const bp_read_options *options, bp_error *error)
{
    *out = NULL;
    struct csv_reader reader = {.path = bp_source_path(source), .error = error, .line = 1};
    if (csv_init(&reader.parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        return bp_fail(error, BP_ERROR_INTERNAL, "libcsv cannot be started");
    csv_set_blk_size(&reader.parser, CELL_STEP);
    bp_csv_rows_begin(&reader.rows, reader.path, options);
    bp_status status = read_blocks(&reader, source);
    if (status == BP_OK)
        status = bp_csv_rows_finish(&reader.rows, out, error);
    bp_csv_rows_release(&reader.rows);
    csv_free(&reader.parser);
    return status;
}
