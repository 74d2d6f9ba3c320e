/* The order of the combinations: by the mean of the metric; failures after all that ended. */
#include <math.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"
#include "cli/trials/sweep_report.h"
#include "cli/trials/trials_run.h"

/* What sorts, less first. */
static double measure_rank(const struct sweep *sweep, const struct sweep_entry *entry)
{
    const double mean = bp_cross_validation_summarize(entry->validation, sweep->metric).mean;
    if (entry->info.failed > 0 || !isfinite(mean))
        return (double)INFINITY;
    return bp_metric_lower_is_better(sweep->metric) ? mean : -mean;
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
    const size_t combinations = sweep->grid->combinations;
    sweep->entry = calloc(combinations, sizeof *sweep->entry);
    if (!sweep->entry)
        return message_no_memory();
    for (size_t k = 0; k < combinations; k++) {
        struct sweep_entry *entry = &sweep->entry[k];
        entry->number = k;
        entry->validation = sweep->validation[k];
        entry->info = bp_cross_validation_get_info(entry->validation);
        if (entry->info.failed > 0)
            bp_cross_validation_get_model(entry->validation, entry->info.first_failed,
                                          &entry->failed, NULL);
        entry->unknown = trials_count_unknown(entry->validation, NULL);
        entry->rank = measure_rank(sweep, entry);
    }
    qsort(sweep->entry, combinations, sizeof *sweep->entry, compare);
    return EXIT_DONE;
}
