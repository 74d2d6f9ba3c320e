/* One column of a schema: the categories that the rows show, or the scaling that suits them. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/schema/fit.h"
#include "data/schema/given_scaling.h"
#include "data/table/cells.h"
#include "data/table/keys.h"
#include "data/text/names.h"

/* Room for `count` categories. False: no memory. */
static bool begin_categories(struct bp_schema_column *out, size_t count)
{
    out->kind = BP_COLUMN_CATEGORY;
    out->scale = 1;
    out->category = calloc(count + 1, sizeof *out->category);
    return out->category != NULL;
}

static bool add_category(struct bp_schema_column *out, const char *name)
{
    char *copy = bp_text_copy(name, strlen(name));
    if (copy)
        out->category[out->neurons++] = copy;
    return copy != NULL;
}

/* Numbers past 18 digits are sorted as text, too: the order must be the one that finds them. */
static bp_status finish_categories(struct bp_schema_column *out, bool whole, bp_error *error)
{
    if (!whole)
        return bp_fail_memory(error, "the categories of a column");
    bp_names_sort(out->category, out->neurons);
    return BP_OK;
}

/* Marks the codes that the rows show, and counts them; or all, where the caller has said that all
 * count, seen or not. */
static size_t mark_codes(const struct bp_fit *fit, unsigned char *seen)
{
    const struct bp_table *table = fit->dataset->table;
    size_t categories = table->column[fit->column].categories;
    if (table->column[fit->column].all_categories) {
        memset(seen, 1, categories);
        return categories;
    }
    size_t count = 0;
    for (size_t x = 0; x < fit->dataset->count; x++) {
        uint32_t code = bp_cell_code(table, bp_dataset_row(fit->dataset, x), fit->column);
        count += !seen[code];
        seen[code] = 1;
    }
    return count;
}

bp_status bp_fit_categories(const struct bp_fit *fit, struct bp_schema_column *out, bp_error *error)
{
    const struct bp_column *column = &fit->dataset->table->column[fit->column];
    unsigned char *seen = calloc(column->categories + 1, 1);
    bool whole = seen && begin_categories(out, mark_codes(fit, seen));
    for (size_t code = 0; whole && code < column->categories; code++)
        whole = !seen[code] || add_category(out, column->category[code]);
    free(seen);
    return finish_categories(out, whole, error);
}

bp_status bp_fit_most_frequent(const struct bp_fit *fit, struct bp_schema_column *out,
                               bp_error *error)
{
    const struct bp_table *table = fit->dataset->table;
    const struct bp_column *column = &table->column[fit->column];
    double *sum = calloc(column->categories + 1, sizeof *sum), most = -1;
    if (!sum)
        return bp_fail_memory(error, "the categories of a column");
    for (size_t x = 0; x < fit->dataset->count; x++) {
        const size_t row = bp_dataset_row(fit->dataset, x);
        sum[bp_cell_code(table, row, fit->column)] += fit->weight ? (double)fit->weight[x] : 1.0;
    }
    for (size_t code = 0; code < column->categories; code++) {
        const size_t place = bp_names_find(out->category, out->neurons, column->category[code]);
        const bool first = sum[code] == most && place < out->most_frequent;
        if (place == out->neurons || (sum[code] <= most && !first))
            continue;
        most = sum[code];
        out->most_frequent = place;
    }
    free(sum);
    return BP_OK;
}

/* The first number shown that is no integer; there is one. */
static bp_status fail_fraction(const struct bp_fit *fit, bp_error *error)
{
    const struct bp_table *table = fit->dataset->table;
    for (size_t x = 0;; x++) {
        const size_t row = bp_dataset_row(fit->dataset, x);
        const float number = bp_column_number(table, row, fit->column);
        if (number != truncf(number))
            return bp_cell_fail(table, row, fit->column, error,
                                "%g is not an integer, so that column \"%s\" cannot be classes",
                                (double)number, table->column[fit->column].name);
    }
}

/* Numbers beyond floats of which some may have become one. */
static bp_status fail_inexact(const struct bp_fit *fit, bp_error *error)
{
    const struct bp_table *table = fit->dataset->table;
    const struct bp_column *column = &table->column[fit->column];
    static const char *const what[] = {[BP_INEXACT_FRACTION] = "it has a fraction",
                                       [BP_INEXACT_SIZE] = "it is beyond 64 bits",
                                       [BP_INEXACT_MANY] = "too many integers from 2^24 on differ"};
    return bp_cell_fail(table, column->inexact_row, fit->column, error,
                        "%s, so that the numbers of column \"%s\" cannot be classes%s",
                        what[column->inexact], column->name,
                        column->inexact != BP_INEXACT_FRACTION && table->reader->may_have_header
                            ? ": list it with --categorical"
                            : "");
}

bp_status bp_fit_integers(const struct bp_fit *fit, struct bp_schema_column *out, bp_error *error)
{
    const struct bp_column *column = &fit->dataset->table->column[fit->column];
    if (column->inexact)
        return fail_inexact(fit, error);
    if (!fit->statistics.integral)
        return fail_fraction(fit, error);
    int64_t *keys;
    size_t count;
    bp_status status = bp_column_distinct(fit->dataset, fit->column, &keys, &count, error);
    if (status)
        return status;
    bool whole = begin_categories(out, count);
    for (size_t k = 0; whole && k < count; k++) {
        char text[BP_KEY_TEXT_SIZE];
        bp_key_write(column, keys[k], text);
        whole = add_category(out, text);
    }
    free(keys);
    return finish_categories(out, whole, error);
}

/* Whether (number - shift) * scale is finite at both ends of the range. */
static bool reaches(const struct bp_column_statistics *statistics, float shift, float scale)
{
    return isfinite(((float)statistics->min - shift) * scale) &&
           isfinite(((float)statistics->max - shift) * scale);
}

static bp_status fail_reach(const struct bp_fit *fit, bp_error *error)
{
    const struct bp_table *table = fit->dataset->table;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: column \"%s\" reaches from %g to %g, too far to be scaled in single "
                   "precision: use a smaller unit",
                   table->path, table->column[fit->column].name,
                   fit->statistics.origin + fit->statistics.min,
                   fit->statistics.origin + fit->statistics.max);
}

/* Whether numbers are all the same in single precision once they are divided: 1 / divisor is not a
 * finite factor. */
static bool is_constant(const struct bp_column_statistics *statistics, double divisor)
{
    return statistics->min == statistics->max || !(1 / divisor <= (double)FLT_MAX);
}

/* The numbers themselves, for a column that is not scaled or does not vary. */
static struct bp_column_statistics without_origin(struct bp_column_statistics statistics)
{
    statistics.min += statistics.origin;
    statistics.max += statistics.origin;
    statistics.mean += statistics.origin;
    statistics.origin = 0;
    return statistics;
}

bp_status bp_fit_scaling(const struct bp_fit *fit, bp_scale scale, struct bp_schema_column *out,
                         bp_error *error)
{
    const bool kept = scale != BP_SCALE_NONE && fit->statistics.min != fit->statistics.max;
    const struct bp_column_statistics whole = without_origin(fit->statistics);
    const struct bp_column_statistics *statistics = kept ? &fit->statistics : &whole;
    out->origin = statistics->origin;
    out->kind = BP_COLUMN_NUMBER;
    out->neurons = fit->dataset->table->column[fit->column].width;
    out->shift = 0;
    out->scale = 1;
    if (scale == BP_SCALE_NONE)
        return BP_OK;
    bool minmax = scale == BP_SCALE_MINMAX;
    double divisor = minmax ? statistics->max - statistics->min : statistics->std;
    bool constant = is_constant(statistics, divisor);
    out->shift = (float)(minmax ? statistics->min : statistics->mean);
    if (!constant)
        out->scale = (float)(1 / divisor);
    if (!reaches(statistics, out->shift, out->scale))
        return fail_reach(fit, error);
    return BP_OK;
}

bp_status bp_fit_given(const struct bp_fit *fit, const struct bp_given_scaling *given,
                       struct bp_schema_column *out, bp_error *error)
{
    out->kind = BP_COLUMN_NUMBER;
    out->neurons = fit->dataset->table->column[fit->column].width;
    out->origin = fit->statistics.origin;
    out->shift = (float)(given->shift - out->origin);
    out->scale = (float)given->scale;
    return reaches(&fit->statistics, out->shift, out->scale) ? BP_OK : fail_reach(fit, error);
}

/* The unit of a neuron is a power of 2, so that its inverse is exact; 0 has the unit of 1. */
bp_status bp_fit_constant(const struct bp_fit *fit, double neuron, struct bp_schema_column *out,
                          bp_error *error)
{
    const struct bp_column_statistics statistics = without_origin(fit->statistics);
    const double target = statistics.min;
    int exponent = 1;
    if (target != 0)
        frexp(target, &exponent);
    const double unit = ldexp(1.0, (exponent > -100 ? exponent : -100) - 15);
    out->kind = BP_COLUMN_NUMBER;
    out->neurons = 1;
    out->shift = (float)(target - neuron * unit);
    out->scale = (float)(1 / unit);
    return reaches(&statistics, out->shift, out->scale) ? BP_OK : fail_reach(fit, error);
}

bp_status bp_fit_range(const struct bp_fit *fit, float low, float high,
                       struct bp_schema_column *out, bp_error *error)
{
    const struct bp_column_statistics *statistics = &fit->statistics;
    double divisor = (statistics->max - statistics->min) / ((double)high - (double)low);
    out->kind = BP_COLUMN_NUMBER;
    out->neurons = 1;
    out->origin = statistics->origin;
    if (is_constant(statistics, divisor)) {
        /* Numbers that hardly differ: the neuron learns to stay in the middle. */
        out->shift = (float)(statistics->min - ((double)low + (double)high) / 2);
        out->scale = 1;
    } else {
        out->shift = (float)(statistics->min - (double)low * divisor);
        out->scale = (float)(1 / divisor);
    }
    if (!reaches(statistics, out->shift, out->scale))
        return fail_reach(fit, error);
    return BP_OK;
}

bp_status bp_fit_fill(const struct bp_fit *fit, bp_missing missing, struct bp_schema_column *out,
                      bp_error *error)
{
    const struct bp_table *table = fit->dataset->table;
    const size_t cells = fit->dataset->count * table->column[fit->column].width;
    double fill = fit->statistics.mean;
    const double moved = fit->statistics.origin - out->origin;
    if (fit->statistics.cells == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" is empty in all rows to learn from: leave it out with "
                       "--ignore",
                       table->path, table->column[fit->column].name);
    if (missing == BP_MISSING_MEDIAN && table->column[fit->column].width == 1) {
        bp_status status = bp_column_median(fit->dataset, fit->weight, fit->column, &fill, error);
        if (status)
            return status;
    }
    out->fill = (float)(moved + fill);
    out->indicator = missing == BP_MISSING_INDICATOR && fit->statistics.cells < cells;
    out->neurons += out->indicator;
    return BP_OK;
}
