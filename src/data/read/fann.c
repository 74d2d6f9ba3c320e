/*
 * Training data of FANN: counts of samples, inputs and outputs, then the numbers of each sample.
 * FANN reads them with fscanf, so that ends of lines mean no more than blanks.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sizes.h"
#include "data/read/fann_columns.h"
#include "data/read/readers.h"
#include "data/table/grow.h"
#include "data/text/number.h"
#include "data/text/text.h"
#include "data/text/tokens.h"

#define COUNT_DIGITS 10

/* A count from 1 to 2^32 - 1, or 0 for any other text. */
static size_t parse_count(const char *text, size_t length)
{
    uint64_t value = 0;
    for (size_t k = 0; k < length; k++) {
        if (text[k] < '0' || text[k] > '9' || k == COUNT_DIGITS)
            return 0;
        value = 10 * value + (uint64_t)(text[k] - '0');
    }
    return value <= UINT32_MAX ? (size_t)value : 0;
}

static bool has_fann_name(const char *path)
{
    static const char *const endings[] = {".data", ".train", ".test"};
    size_t length = strlen(path);
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0)
        length -= 3;
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        size_t ending = strlen(endings[k]);
        if (length > ending && strncmp(path + length - ending, endings[k], ending) == 0)
            return true;
    }
    return false;
}

/* Whether the first line is three counts and nothing else. */
bool bp_fann_recognizes(const char *path, const unsigned char *head, size_t size)
{
    size_t counts = 0;
    for (size_t k = 0; k < size && head[k] != '\n' && head[k] != '\r';) {
        if (head[k] == ' ' || head[k] == '\t') {
            k++;
            continue;
        }
        size_t length = 0;
        while (k + length < size && head[k + length] > ' ')
            length++;
        if (parse_count((const char *)head + k, length) == 0)
            return false;
        k += length;
        counts++;
    }
    return counts == 3 && has_fann_name(path);
}

static bp_status read_count(struct bp_tokens *tokens, const char *what, size_t *count,
                            bp_error *error)
{
    bp_status status = bp_tokens_next(tokens, error);
    if (status != BP_OK)
        return status;
    *count = parse_count(tokens->text, tokens->length);
    char quoted[BP_EXCERPT_SIZE];
    if (*count == 0)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s:%zu:%zu: %s is not a number of %s; a FANN file begins with the numbers of "
            "samples, inputs and outputs",
            bp_source_path(tokens->source), tokens->line, tokens->field,
            bp_text_excerpt(quoted, tokens->text, tokens->length), what);
    return BP_OK;
}

static bp_status read_number(struct bp_tokens *tokens, const struct bp_table *table, size_t done,
                             float *value, bp_error *error)
{
    bp_status status = bp_tokens_next(tokens, error);
    if (status != BP_OK)
        return status;
    if (tokens->length == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the file ends within sample %zu; its first line counts %zu samples of "
                       "%zu numbers",
                       table->path, done / table->cells + 1, table->rows, table->cells);
    char quoted[BP_EXCERPT_SIZE];
    enum bp_number result = bp_number_parse(tokens->text, tokens->length, value);
    if (result != BP_NUMBER_OK)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s %s", table->path, tokens->line,
                       tokens->field, bp_text_excerpt(quoted, tokens->text, tokens->length),
                       bp_number_complaint(result));
    return BP_OK;
}

/* Reads rows x cells numbers; memory follows what was read, not what the first line claims. */
static bp_status read_numbers(struct bp_tokens *tokens, struct bp_table *table, bp_error *error)
{
    size_t total = table->rows * table->cells, capacity = 0, line_capacity = 0;
    for (size_t done = 0; done < total; done++) {
        float *grown = bp_array_grow(table->values, &capacity, done + 1, sizeof *grown);
        if (!grown)
            return bp_fail_memory(error, table->path);
        table->values = grown;
        bp_status status = read_number(tokens, table, done, &grown[done], error);
        if (status != BP_OK)
            return status;
        if (done % table->cells == 0 &&
            !bp_table_add_line(table, &line_capacity, done / table->cells, tokens->line))
            return bp_fail_memory(error, table->path);
    }
    table->values = bp_array_trim(table->values, total, sizeof *table->values);
    table->lines = bp_array_trim(table->lines, table->rows, sizeof *table->lines);
    bp_status status = bp_tokens_next(tokens, error);
    if (status == BP_OK && tokens->length > 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: more follows the last of the %zu samples that the first line "
                       "counts",
                       table->path, tokens->line, tokens->field, table->rows);
    return status;
}

static bp_status read_table(struct bp_table **out, struct bp_tokens *tokens, bp_error *error)
{
    const char *path = bp_source_path(tokens->source);
    size_t rows, inputs, outputs, cells, bytes;
    bp_status status;
    if ((status = read_count(tokens, "samples", &rows, error)) != BP_OK ||
        (status = read_count(tokens, "inputs", &inputs, error)) != BP_OK ||
        (status = read_count(tokens, "outputs", &outputs, error)) != BP_OK)
        return status;
    if (!bp_size_add(inputs, outputs, &cells) || !bp_size_mul(rows, cells, &bytes) ||
        !bp_size_mul(bytes, sizeof(float), &bytes))
        return bp_fail(error, BP_ERROR_INPUT, "%s:1: the counts are too large", path);
    struct bp_table *table = bp_table_create(path, BP_FORMAT_FANN, 0);
    if (!table)
        return bp_fail_memory(error, path);
    table->rows = rows;
    table->cells = cells;
    status = read_numbers(tokens, table, error);
    if (status == BP_OK)
        status = bp_fann_set_columns(table, inputs, outputs, error);
    if (status == BP_OK)
        *out = table;
    else
        bp_table_free(table);
    return status;
}

bp_status bp_fann_read(struct bp_table **out, struct bp_source *source, bp_error *error)
{
    *out = NULL;
    struct bp_tokens tokens;
    bp_status status = bp_tokens_begin(&tokens, source, error);
    if (status == BP_OK)
        status = read_table(out, &tokens, error);
    bp_tokens_release(&tokens);
    return status;
}
