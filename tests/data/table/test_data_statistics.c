/* Statistics of columns are the chains of docs/numerics.md, whichever are summed together. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/cells.h"
#include "data/table/column_statistics.h"
#include "support/reading.h"

#define COLUMNS 150
#define ROWS    700

/* What a cell holds: columns of categories and with missing cells are among those of numbers; some
 * are integers, some of them beyond 2^23, and some lie far from 0. */
static void print_cell(FILE *text, size_t row, size_t column)
{
    const double number = sin((double)(row * 131 + column * 17)) * 1000;
    if (column % 41 == 40)
        fputs(row % 3 ? "x" : "y", text);
    else if (column % 37 == 36 && row % 5 == 1)
        return;
    else if (column % 7 == 3)
        fprintf(text, "%.0f", number);
    else if (column % 7 == 4)
        fprintf(text, "%.0f", number * 1e5);
    else if (column % 29 == 28)
        fprintf(text, "%.3f", 1.6e9 + number);
    else if (column % 7 == 5)
        fprintf(text, "%s", row == ROWS - 1 ? "0.5" : "-0");
    else
        fprintf(text, "%.7g", number);
}

static bp_dataset *make_table(void)
{
    char *bytes;
    size_t size;
    FILE *text = open_memstream(&bytes, &size);
    cr_assert_not_null(text);
    for (size_t c = 0; c < COLUMNS; c++)
        fprintf(text, "%sc%zu", c ? "," : "", c);
    for (size_t x = 0; x < ROWS; x++) {
        for (size_t c = 0; c < COLUMNS; c++) {
            fputc(c ? ',' : '\n', text);
            print_cell(text, x, c);
        }
    }
    fputc('\n', text);
    cr_assert_eq(fclose(text), 0);
    bp_dataset *dataset = expect_dataset(read_text("t.csv", bytes, NULL));
    free(bytes);
    return dataset;
}

/* One column, cell by cell. */
static struct bp_column_statistics define(const bp_dataset *dataset, const float *weight, size_t k)
{
    const struct bp_table *table = dataset->table;
    struct bp_column_statistics sum = {
        .origin = table->column[k].origin, .min = INFINITY, .max = -INFINITY, .integral = true};
    for (size_t x = 0; x < dataset->count; x++) {
        const float cell = bp_column_cell(table, bp_dataset_row(dataset, x), k);
        const double w = weight ? (double)weight[x] : 1, number = sum.origin + (double)cell;
        if (isnan(cell))
            continue;
        sum.cells++;
        sum.weight += w;
        sum.mean += w * (double)cell;
        sum.min = cell < sum.min ? cell : sum.min;
        sum.max = cell > sum.max ? cell : sum.max;
        sum.integral &= number == floor(number);
    }
    sum.mean /= sum.weight;
    for (size_t x = 0; x < dataset->count; x++) {
        const float cell = bp_column_cell(table, bp_dataset_row(dataset, x), k);
        const double w = weight ? (double)weight[x] : 1, difference = cell - sum.mean;
        if (!isnan(cell))
            sum.std += w * (difference * difference);
    }
    sum.std = sqrt(sum.std / sum.weight);
    return sum;
}

static void expect_same(const bp_dataset *dataset, const float *weight)
{
    struct bp_column_statistics found[COLUMNS];
    size_t numbers = 0;
    bp_columns_get_statistics(dataset, weight, 0, COLUMNS, found);
    for (size_t k = 0; k < COLUMNS; k++) {
        if (dataset->table->column[k].kind != BP_COLUMN_NUMBER)
            continue;
        const struct bp_column_statistics wanted = define(dataset, weight, k);
        numbers++;
        cr_assert_eq(found[k].origin, wanted.origin);
        cr_assert_eq(found[k].min, wanted.min, "column %zu", k);
        cr_assert_eq(found[k].max, wanted.max, "column %zu", k);
        cr_assert_eq(found[k].mean, wanted.mean, "column %zu", k);
        cr_assert_eq(found[k].std, wanted.std, "column %zu", k);
        cr_assert_eq(found[k].integral, wanted.integral, "column %zu", k);
        cr_assert_eq(found[k].cells, wanted.cells, "column %zu", k);
        cr_assert_eq(found[k].weight, wanted.weight, "column %zu", k);
    }
    cr_assert_eq(numbers, COLUMNS - COLUMNS / 41);
    cr_assert_neq(dataset->table->column[28].origin, 0.0);
    cr_assert_neq(dataset->table->column[36].missing, 0);
}

Test(data_statistics, of_all_columns_are_those_of_each)
{
    bp_dataset *dataset = make_table();
    expect_same(dataset, NULL);
    bp_dataset_free(dataset);
}

Test(data_statistics, rows_have_their_weights)
{
    bp_dataset *dataset = make_table();
    float weight[ROWS];
    for (size_t x = 0; x < ROWS; x++)
        weight[x] = 0.1f + (float)(x % 13);
    expect_same(dataset, weight);
    bp_dataset_free(dataset);
}

Test(data_statistics, some_rows_are_a_dataset_of_their_own)
{
    bp_dataset *dataset = make_table(), *some, *others;
    cr_assert_eq(bp_dataset_split(dataset, 0.3, 5, &others, &some, NULL), BP_OK);
    expect_same(some, NULL);
    expect_same(others, NULL);
    bp_dataset_free(some);
    bp_dataset_free(others);
    bp_dataset_free(dataset);
}
