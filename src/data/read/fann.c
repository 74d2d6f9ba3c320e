/*
 * Training data of FANN: counts of samples, inputs and outputs, then the numbers of each sample.
 * FANN reads them with fscanf, so that ends of lines mean no more than blanks. It writes classes as
 * one output each; as a column of classes they train and print as such.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/read/readers.h"
#include "data/table/columns.h"
#include "data/table/exact.h"
#include "data/table/origin.h"
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
static bool recognizes_fann(const char *path, const unsigned char *head, size_t size)
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

/* What a file is read by. */
struct reading {
    struct bp_tokens tokens;
    struct bp_table *table;
    size_t inputs;
    double *numbers; /* rows x cells */
    struct bp_exact outputs;
};

static bp_status read_number(struct reading *reading, size_t done, double *number, bp_error *error)
{
    struct bp_tokens *tokens = &reading->tokens;
    const struct bp_table *table = reading->table;
    const size_t cell = done % table->cells;
    bp_status status = bp_tokens_next(tokens, error);
    if (status != BP_OK)
        return status;
    if (tokens->length == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the file ends within sample %zu; its first line counts %zu samples of "
                       "%zu numbers",
                       table->path, done / table->cells + 1, table->rows, table->cells);
    char quoted[BP_EXCERPT_SIZE];
    float value;
    enum bp_number result = bp_number_parse(tokens->text, tokens->length, &value);
    if (result != BP_NUMBER_OK)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s %s", table->path, tokens->line,
                       tokens->field, bp_text_excerpt(quoted, tokens->text, tokens->length),
                       bp_number_complaint(result));
    if (cell >= reading->inputs &&
        !bp_exact_add_text(&reading->outputs, done / table->cells, cell - reading->inputs,
                           tokens->text, tokens->length, '.', value))
        return bp_fail_memory(error, table->path);
    *number = (double)value +
              (double)bp_number_rest(tokens->text, tokens->text + tokens->length, '.', value);
    return BP_OK;
}

/* Reads rows x cells numbers; memory follows what was read, not what the first line claims. */
static bp_status read_numbers(struct reading *reading, bp_error *error)
{
    struct bp_tokens *tokens = &reading->tokens;
    struct bp_table *table = reading->table;
    size_t total = table->rows * table->cells, capacity = 0, line_capacity = 0;
    for (size_t done = 0; done < total; done++) {
        double *grown = bp_array_grow(reading->numbers, &capacity, done + 1, sizeof *grown);
        if (!grown)
            return bp_fail_memory(error, table->path);
        reading->numbers = grown;
        bp_status status = read_number(reading, done, &grown[done], error);
        if (status != BP_OK)
            return status;
        if (done % table->cells == 0 &&
            !bp_table_add_line(table, &line_capacity, done / table->cells, tokens->line))
            return bp_fail_memory(error, table->path);
    }
    table->lines = bp_array_trim(table->lines, table->rows, sizeof *table->lines);
    bp_status status = bp_tokens_next(tokens, error);
    if (status == BP_OK && tokens->length > 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: more follows the last of the %zu samples that the first line "
                       "counts",
                       table->path, tokens->line, tokens->field, table->rows);
    return status;
}

/* The place of the only 1 among zeros, or `count`. */
static size_t find_one(const float *outputs, size_t count)
{
    size_t found = count;
    for (size_t k = 0; k < count; k++) {
        if (outputs[k] == 0.0F)
            continue;
        if (outputs[k] != 1.0F || found < count)
            return count;
        found = k;
    }
    return found;
}

/* Of a column with an origin the table has other numbers than the file. */
static bool are_classes(const struct bp_table *table, const double *origin, size_t inputs,
                        size_t outputs)
{
    for (size_t k = 0; k < outputs; k++)
        if (origin[inputs + k] != 0.0)
            return false;
    for (size_t r = 0; r < table->rows; r++)
        if (find_one(table->values + r * table->cells + inputs, outputs) == outputs)
            return false;
    return outputs >= 2;
}

/* Moves the classes to table->labels and the inputs of all rows together. */
static bool split_classes(struct bp_table *table, size_t inputs, size_t outputs)
{
    table->labels = bp_array_alloc(table->rows, sizeof *table->labels);
    if (!table->labels)
        return false;
    for (size_t r = 0; r < table->rows; r++) {
        const float *row = table->values + r * table->cells;
        table->labels[r] = (uint32_t)find_one(row + inputs, outputs);
        memmove(table->values + r * inputs, row, inputs * sizeof *row);
    }
    table->cells = inputs;
    table->values = bp_array_trim(table->values, table->rows * inputs, sizeof *table->values);
    return true;
}

static bool set_class_column(struct bp_column *column, size_t outputs)
{
    if (!bp_column_set_classes(column, "class", outputs))
        return false;
    for (size_t k = 0; k < outputs; k++)
        if (!(column->category[k] = bp_numbered_name("y", (int64_t)k + 1)))
            return false;
    return true;
}

/* Rows hold inputs and outputs side by side: columns "x1", "x2", ... and "y1", "y2", ...; but where
 * every sample has two outputs or more, a single 1 and otherwise 0, the outputs become one column
 * "class". */
static bool set_columns(struct bp_table *table, const double *origin, size_t inputs, size_t outputs)
{
    const bool classes = are_classes(table, origin, inputs, outputs);
    if (!bp_table_add_columns(table, inputs + (classes ? 1 : outputs)) ||
        !bp_columns_set_numbers(table, 0, inputs, BP_ROLE_INPUT, "x"))
        return false;
    if (!classes)
        return bp_columns_set_numbers(table, inputs, outputs, BP_ROLE_TARGET, "y");
    return set_class_column(&table->column[inputs], outputs) &&
           split_classes(table, inputs, outputs);
}

/* What become classes here are zeros and ones. */
static bp_status make_columns(struct reading *reading, size_t outputs, bp_error *error)
{
    struct bp_table *table = reading->table;
    const size_t inputs = reading->inputs, cells = table->cells;
    double *origin = bp_array_alloc(cells, sizeof *origin);
    if (!origin)
        return bp_fail_memory(error, table->path);
    table->values = bp_origin_narrow(reading->numbers, table->rows, cells, false, origin);
    reading->numbers = NULL;
    bool done = set_columns(table, origin, inputs, outputs);
    for (size_t c = 0; done && c < table->columns; c++) {
        if (table->column[c].kind == BP_COLUMN_NUMBER)
            table->column[c].origin = origin[c];
    }
    free(origin);
    if (!done || !bp_exact_finish(&reading->outputs, table, inputs))
        return bp_fail_memory(error, table->path);
    return BP_OK;
}

static bp_status read_table(struct reading *reading, bp_error *error)
{
    struct bp_table *table = reading->table;
    struct bp_tokens *tokens = &reading->tokens;
    size_t inputs, outputs, bytes;
    bp_status status;
    if ((status = read_count(tokens, "samples", &table->rows, error)) != BP_OK ||
        (status = read_count(tokens, "inputs", &inputs, error)) != BP_OK ||
        (status = read_count(tokens, "outputs", &outputs, error)) != BP_OK)
        return status;
    if (!bp_size_add(inputs, outputs, &table->cells) ||
        !bp_size_mul(table->rows, table->cells, &bytes) ||
        !bp_size_mul(bytes, sizeof(float), &bytes))
        return bp_fail(error, BP_ERROR_INPUT, "%s:1: the counts are too large", table->path);
    reading->inputs = inputs;
    status = read_numbers(reading, error);
    return status == BP_OK ? make_columns(reading, outputs, error) : status;
}

static bp_status read_fann(struct bp_table *table, struct bp_source *source,
                           const bp_read_options *options, bp_error *error)
{
    (void)options;
    struct reading reading = {.table = table};
    bp_status status = bp_tokens_begin(&reading.tokens, source, error);
    if (status == BP_OK)
        status = read_table(&reading, error);
    bp_tokens_release(&reading.tokens);
    bp_exact_release(&reading.outputs);
    free(reading.numbers);
    return status;
}

/* The counts take a line, then each sample two. */
const struct bp_reader bp_fann_format = {.format = BP_FORMAT_FANN,
                                         .recognizes = recognizes_fann,
                                         .read = read_fann,
                                         .has_roles = true,
                                         .first_line = 2,
                                         .row_lines = 2};
