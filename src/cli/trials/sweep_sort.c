/* The order of the combinations: by the mean of the metric; failures behind all that ended. */
#include <math.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"
#include "cli/trials/sweep_report.h"

/* What sorts, less first. */
static double measure_rank(const struct sweep_entry *entry, bool falls)
{
    const double mean = entry->spread.mean;
    if (entry->failed > 0 || !isfinite(mean))
        return (double)INFINITY;
    return falls ? mean : -mean;
}

/* Combinations of the same rank stay in the order of their values. */
static int compare(const void *a, const void *b)
{
    const struct sweep_entry *one = a, *other = b;
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

int sweep_sort(struct sweep *sweep)
{
    const struct trials_set *set = sweep->set;
    const bool falls = bp_metric_lower_is_better(sweep->metric);
    sweep->entry = calloc(sweep->grid->combinations, sizeof *sweep->entry);
    if (!sweep->entry)
        return message_no_memory();
    for (size_t k = 0; k < sweep->grid->combinations; k++) {
        const bp_trial_result *results = &set->result[k * sweep->each];
        size_t first = 0;
        const size_t failed = trials_count_failed(results, sweep->each, &first);
        sweep->entry[k] = (struct sweep_entry){
            .number = k,
            .results = results,
            .failed = failed,
            .message = failed ? results[first].error.message : NULL,
            .spread = trials_spread_of(results, sweep->each, sweep->metric),
        };
        sweep->entry[k].rank = measure_rank(&sweep->entry[k], falls);
    }
    qsort(sweep->entry, sweep->grid->combinations, sizeof *sweep->entry, compare);
    return EXIT_DONE;
}
