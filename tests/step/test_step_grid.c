/* How a layer is cut for threads: every neuron of every sample once, and what is chosen. */
#include <criterion/criterion.h>

#include "base/memory.h"
#include "step/passes/grid.h"

/* How often each panel of each sample is in a part of some thread. */
static void expect_each_once(const struct bp_grid_pass *pass)
{
    const struct bp_grid grid = bp_grid_choose(pass);
    unsigned char *times = bp_aligned_alloc(pass->rows, pass->panels);
    cr_assert_not_null(times);
    for (size_t t = 0; t < pass->threads; t++) {
        const struct bp_range range = bp_range_of(grid.groups * grid.columns, pass->threads, t);
        for (size_t k = range.begin; k < range.end;) {
            const struct bp_grid_part part = bp_grid_next(&grid, pass, &k, range.end);
            for (size_t r = part.rows.begin; r < part.rows.end; r++)
                for (size_t p = part.panels.begin; p < part.panels.end; p++)
                    times[r * pass->panels + p]++;
        }
    }
    for (size_t at = 0; at < pass->rows * pass->panels; at++)
        cr_assert_eq(times[at], 1, "%zu samples, %zu panels, %zu threads: %d times", pass->rows,
                     pass->panels, pass->threads, times[at]);
    bp_aligned_free(times);
}

Test(step_grid, every_panel_of_every_sample_is_computed_once)
{
    static const size_t panels[] = {1, 2, 3, 8, 13, 64};
    static const size_t rows[] = {1, 2, 7, 16, 64, 100};
    for (size_t p = 0; p < sizeof panels / sizeof panels[0]; p++)
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
            for (size_t threads = 1; threads <= 130; threads += threads < 20 ? 1 : 11)
                expect_each_once(&(struct bp_grid_pass){.rows = rows[r],
                                                        .inputs = 500,
                                                        .panels = panels[p],
                                                        .threads = threads,
                                                        .owned = true});
}

Test(step_grid, one_thread_and_narrow_layers_are_split_by_samples)
{
    cr_assert(bp_grid_choose(&(struct bp_grid_pass){64, 784, 32, 1, true}).by_samples);
    cr_assert(bp_grid_choose(&(struct bp_grid_pass){64, 20, 1, 2, true}).by_samples);
    cr_assert(bp_grid_choose(&(struct bp_grid_pass){1024, 512, 32, 2, true}).by_samples);
}

/* Weights then stay with the thread that updates them. */
Test(step_grid, wide_layers_of_few_samples_are_split_by_panels)
{
    const struct bp_grid grid = bp_grid_choose(&(struct bp_grid_pass){64, 784, 32, 2, true});
    cr_assert_not(grid.by_samples);
    cr_assert_eq(grid.groups, 1);
}

/* Each of 64 threads reads an eighth of the weights and an eighth of the samples. */
Test(step_grid, many_threads_get_squares)
{
    const struct bp_grid grid = bp_grid_choose(&(struct bp_grid_pass){1024, 1024, 64, 64, true});
    cr_assert_not(grid.by_samples);
    cr_assert(grid.groups >= 4 && grid.groups <= 16, "%zu groups", grid.groups);
    cr_assert(grid.columns >= 4 && grid.columns <= 16, "%zu columns", grid.columns);
}
