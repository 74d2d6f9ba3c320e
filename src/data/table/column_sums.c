/* Sums in one chain for each column, in the order of rows, so that their bits depend on the data
 * alone; all columns in the same two passes, because the cells of a row are together in memory. */
#include "data/table/column_sums.h"

#include <math.h>

#include "base/sizes.h"
#include "data/table/cells.h"

/* Plain columns are summed side by side, so many at a time: their sums stay in the cache. */
#define LANES 64

/* Rows that are summed before the next columns: their cells stay in the cache. */
#define BLOCK_CELLS ((size_t)1 << 15)

/* From here on every float is an integer. */
#define INTEGRAL 0x1p23f

/* A pass over the rows of a dataset. */
struct pass {
    const bp_dataset *dataset;
    const float *weight;
    bool squares;      /* the second one */
    size_t begin, end; /* rows of the block */
};

static double weight_of(const struct pass *pass, size_t x)
{
    return pass->weight ? (double)pass->weight[x] : 1.0;
}

/* `count` cells of a row, at most LANES if they are bytes, which go to `room`. */
static const float *get_row(const struct bp_cells *cells, size_t row, size_t count, float *room)
{
    if (cells->values)
        return cells->values + row * cells->stride;
    for (size_t k = 0; k < count; k++)
        room[k] = (float)cells->bytes[row * cells->stride + k];
    return room;
}

static bool is_integral(float cell, double origin)
{
    if (origin != 0.0)
        return origin + (double)cell == floor(origin + (double)cell);
    return fabsf(cell) >= INTEGRAL || cell == (float)(int32_t)cell;
}

static void add_cells(struct bp_column_statistics *statistics, const float *cell, size_t count,
                      double weight)
{
    struct bp_column_statistics sum = *statistics;
    for (size_t k = 0; k < count; k++) {
        if (isnan(cell[k]))
            continue;
        sum.cells++;
        sum.min = cell[k] < sum.min ? cell[k] : sum.min;
        sum.max = cell[k] > sum.max ? cell[k] : sum.max;
        sum.mean += weight * (double)cell[k];
        sum.weight += weight;
        if (sum.integral)
            sum.integral = is_integral(cell[k], sum.origin);
    }
    *statistics = sum;
}

static void add_squares(struct bp_column_statistics *statistics, const float *cell, size_t count,
                        double weight)
{
    double sum = statistics->std;
    for (size_t k = 0; k < count; k++) {
        if (isnan(cell[k]))
            continue;
        double difference = cell[k] - statistics->mean;
        sum += weight * (difference * difference);
    }
    statistics->std = sum;
}

/* Any column of floats, or one of bytes of one cell. */
static void add_column(const struct pass *pass, const struct bp_column *column,
                       struct bp_column_statistics *statistics)
{
    const struct bp_cells cells = bp_column_cells(pass->dataset->table, column);
    float room[LANES];
    for (size_t x = pass->begin; x < pass->end; x++) {
        const float *cell = get_row(&cells, bp_dataset_row(pass->dataset, x), column->width, room);
        (pass->squares ? add_squares : add_cells)(statistics, cell, column->width,
                                                  weight_of(pass, x));
    }
}

/* Sums of columns side by side, no cell missing, in loops that compilers turn into vectors. */
struct lanes {
    double sum[LANES];
    float min[LANES], max[LANES];
    uint32_t fraction[LANES]; /* not 0: some cell is no integer */
};

static void add_row(struct lanes *to, const float *cell, size_t lanes, double weight)
{
    for (size_t k = 0; k < lanes; k++)
        to->sum[k] += weight * (double)cell[k];
    for (size_t k = 0; k < lanes; k++)
        to->min[k] = cell[k] < to->min[k] ? cell[k] : to->min[k];
    for (size_t k = 0; k < lanes; k++)
        to->max[k] = cell[k] > to->max[k] ? cell[k] : to->max[k];
    /* Adding INTEGRAL rounds what is below it to an integer. */
    for (size_t k = 0; k < lanes; k++) {
        const float size = fabsf(cell[k]), part = size < INTEGRAL ? size : 0.0f;
        to->fraction[k] |= (part + INTEGRAL) - INTEGRAL == part ? 0 : 1;
    }
}

static void add_lanes(const struct pass *pass, const struct bp_cells *cells, size_t lanes,
                      struct bp_column_statistics *statistics)
{
    struct lanes to;
    float room[LANES];
    double total = statistics[0].weight; /* the same in all of them */
    for (size_t k = 0; k < lanes; k++) {
        to.sum[k] = statistics[k].mean;
        to.min[k] = (float)statistics[k].min;
        to.max[k] = (float)statistics[k].max;
        to.fraction[k] = 0;
    }
    for (size_t x = pass->begin; x < pass->end; x++) {
        const double weight = weight_of(pass, x);
        add_row(&to, get_row(cells, bp_dataset_row(pass->dataset, x), lanes, room), lanes, weight);
        total += weight;
    }
    for (size_t k = 0; k < lanes; k++) {
        statistics[k].mean = to.sum[k];
        statistics[k].weight = total;
        statistics[k].min = (double)to.min[k];
        statistics[k].max = (double)to.max[k];
        statistics[k].cells += pass->end - pass->begin;
        statistics[k].integral &= !to.fraction[k];
    }
}

static void add_lanes_squares(const struct pass *pass, const struct bp_cells *cells, size_t lanes,
                              struct bp_column_statistics *statistics)
{
    double sum[LANES], mean[LANES];
    float room[LANES];
    for (size_t k = 0; k < lanes; k++) {
        sum[k] = statistics[k].std;
        mean[k] = statistics[k].mean;
    }
    for (size_t x = pass->begin; x < pass->end; x++) {
        const float *cell = get_row(cells, bp_dataset_row(pass->dataset, x), lanes, room);
        const double weight = weight_of(pass, x);
        for (size_t k = 0; k < lanes; k++) {
            const double difference = (double)cell[k] - mean[k];
            sum[k] += weight * (difference * difference);
        }
    }
    for (size_t k = 0; k < lanes; k++)
        statistics[k].std = sum[k];
}

/* Whether cells lie k columns after the first ones. */
static bool lie_after(const struct bp_cells *first, size_t k, const struct bp_cells *cells)
{
    return first->values ? cells->values == first->values + k : cells->bytes == first->bytes + k;
}

/* How many columns from the first one on are side by side: numbers of one cell, none of them
 * missing, without an origin. */
static size_t count_plain(const struct bp_table *table, const struct bp_column *column,
                          size_t count)
{
    const struct bp_cells first = bp_column_cells(table, column);
    size_t k = 0;
    for (; k < count && k < LANES; k++) {
        const struct bp_cells cells = bp_column_cells(table, &column[k]);
        if (column[k].kind != BP_COLUMN_NUMBER || column[k].width != 1 || column[k].missing > 0 ||
            column[k].origin != 0.0 || !lie_after(&first, k, &cells))
            break;
    }
    return k;
}

/* Categories are left out. */
static void add_rows(struct pass *pass, const struct bp_column *column, size_t count,
                     struct bp_column_statistics *statistics)
{
    const struct bp_table *table = pass->dataset->table;
    const size_t rows = BLOCK_CELLS / (table->cells + 1) + 1;
    for (pass->begin = 0; pass->begin < pass->dataset->count; pass->begin = pass->end) {
        pass->end = bp_size_min(pass->begin + rows, pass->dataset->count);
        for (size_t k = 0, plain; k < count; k += plain ? plain : 1) {
            plain = count_plain(table, &column[k], count - k);
            const struct bp_cells cells = bp_column_cells(table, &column[k]);
            if (plain > 0)
                (pass->squares ? add_lanes_squares : add_lanes)(pass, &cells, plain,
                                                                &statistics[k]);
            else if (column[k].kind == BP_COLUMN_NUMBER)
                add_column(pass, &column[k], &statistics[k]);
        }
    }
}

void bp_columns_sum_floats(const bp_dataset *dataset, const float *weight,
                           const struct bp_column *column, size_t count,
                           struct bp_column_statistics *statistics)
{
    add_rows(&(struct pass){.dataset = dataset, .weight = weight}, column, count, statistics);
    for (size_t k = 0; k < count; k++)
        statistics[k].mean /= statistics[k].cells > 0 ? statistics[k].weight : 1.0;
    add_rows(&(struct pass){.dataset = dataset, .weight = weight, .squares = true}, column, count,
             statistics);
    for (size_t k = 0; k < count; k++) {
        statistics[k].std = sqrt(statistics[k].std / statistics[k].weight);
        if (statistics[k].cells == 0)
            statistics[k] = (struct bp_column_statistics){0};
    }
}
