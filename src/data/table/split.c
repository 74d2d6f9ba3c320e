/* Splitting off rows: two views of one table, each with the numbers of its rows in their order. */
#include "data/table/split.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

bp_dataset *bp_dataset_show(const bp_dataset *dataset, uint32_t *rows, size_t count)
{
    bp_dataset *view = calloc(1, sizeof *view);
    if (!view)
        return NULL;
    /* Relaxed: the caller holds the table, which keeps it alive. */
    atomic_fetch_add_explicit(&dataset->table->holders, 1, memory_order_relaxed);
    view->table = dataset->table;
    view->rows = rows;
    view->count = count;
    view->knows_all = dataset->knows_all;
    return view;
}

bp_status bp_split_rows(const bp_dataset *dataset, const unsigned char *chosen, size_t count,
                        bp_dataset **train, bp_dataset **held_out, bp_error *error)
{
    *train = *held_out = NULL;
    size_t total = dataset->count;
    uint32_t *rows[2] = {bp_array_alloc(total - count, sizeof **rows),
                         bp_array_alloc(count, sizeof **rows)};
    if (!rows[0] || !rows[1])
        goto fail;
    size_t filled[2] = {0, 0};
    for (size_t x = 0; x < total; x++) {
        size_t side = chosen[x];
        rows[side][filled[side]++] = (uint32_t)bp_dataset_row(dataset, x);
    }
    *train = bp_dataset_show(dataset, rows[0], total - count);
    if (!*train)
        goto fail;
    rows[0] = NULL;
    *held_out = bp_dataset_show(dataset, rows[1], count);
    if (!*held_out)
        goto fail;
    return BP_OK;
fail:
    bp_dataset_free(*train);
    *train = NULL;
    free(rows[0]);
    free(rows[1]);
    return bp_fail_memory(error, "the rows of the two parts");
}

/* chosen[x] is 1 for `count` samples, the first of a random order. */
static bool choose_samples(size_t total, size_t count, uint64_t seed, unsigned char *chosen)
{
    uint32_t *order = bp_array_alloc(total, sizeof *order);
    if (!order)
        return false;
    bp_random_permutation(seed, bp_stream(BP_STREAM_SPLIT, BP_SPLIT_FRACTION), order,
                          (uint32_t)total);
    for (size_t k = 0; k < count; k++)
        chosen[order[k]] = 1;
    free(order);
    return true;
}

size_t bp_split_count(const bp_dataset *dataset, double fraction)
{
    return (size_t)floor(fraction * (double)dataset->count);
}

bp_status bp_split_check_fraction(const bp_dataset *dataset, double fraction, bp_error *error)
{
    if (!(fraction > 0 && fraction < 1))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "a fraction of %g of the rows cannot be split off: it must lie between 0 "
                       "and 1",
                       fraction);
    /* It cannot be all of them: even the largest fraction below 1 times a count of rows rounds to
     * a double below that count. */
    if (bp_split_count(dataset, fraction) < 1)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: a fraction of %g of %zu rows is not one row",
                       dataset->table->path, fraction, dataset->count);
    return BP_OK;
}

bp_status bp_dataset_split(const bp_dataset *dataset, double fraction, uint64_t seed,
                           bp_dataset **train, bp_dataset **held_out, bp_error *error)
{
    BP_REQUIRE(train, error);
    BP_REQUIRE(held_out, error);
    *train = *held_out = NULL;
    BP_REQUIRE(dataset, error);
    bp_status status = bp_split_check_fraction(dataset, fraction, error);
    if (status)
        return status;
    size_t count = bp_split_count(dataset, fraction);
    unsigned char *chosen = calloc(dataset->count, 1);
    if (chosen && choose_samples(dataset->count, count, seed, chosen))
        status = bp_split_rows(dataset, chosen, count, train, held_out, error);
    else
        status = bp_fail_memory(error, "the rows of the two parts");
    free(chosen);
    return status;
}
