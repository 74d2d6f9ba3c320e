/* A sweep for people: a line a combination, the best first, and how to train it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"
#include "cli/trials/sweep_report.h"

static double mean_epochs(const struct sweep *sweep, const struct sweep_entry *entry)
{
    double epochs = 0;
    for (size_t k = 0; k < sweep->each; k++)
        epochs += (double)entry->results[k].train.epochs;
    return epochs / (double)sweep->each;
}

/* "0.9667 ± 0.0351", or "-" where there is nothing. */
static void add_spread(struct text_table *table, bp_metric metric,
                       const struct trials_spread *spread)
{
    char mean[TRIALS_NUMBER_SIZE], deviation[TRIALS_NUMBER_SIZE];
    const bool alone = !isfinite(spread->deviation);
    text_table_add(table, "%s%s%s", trials_number(metric, spread->mean, mean), alone ? "" : " ± ",
                   alone ? "" : trials_number(metric, spread->deviation, deviation));
}

static void add_entry(const struct sweep *sweep, struct text_table *table,
                      const struct sweep_entry *entry)
{
    for (size_t a = 0; a < sweep->grid->count; a++)
        text_table_add(table, "%s", sweep_grid_value(sweep->grid, entry->number, a));
    add_spread(table, sweep->metric, &entry->spread);
    if (sweep->metric != BP_METRIC_LOSS) {
        const struct trials_spread loss =
            trials_spread_of(entry->results, sweep->each, BP_METRIC_LOSS);
        add_spread(table, BP_METRIC_LOSS, &loss);
    }
    text_table_add(table, "%.4g", mean_epochs(sweep, entry));
    if (entry->failed)
        text_table_add(table, "%zu of %zu nets failed: %s", entry->failed, sweep->each,
                       entry->message);
    else
        text_table_add(table, "%s", "");
}

static void add_heading(const struct sweep *sweep, struct text_table *table)
{
    for (size_t a = 0; a < sweep->grid->count; a++)
        text_table_add(table, "%s", sweep->grid->axis[a].option->name);
    text_table_add(table, "%s", bp_choice_name(BP_CHOICE_METRIC, (int)sweep->metric));
    if (sweep->metric != BP_METRIC_LOSS)
        text_table_add(table, "loss");
    text_table_add(table, "epochs");
    text_table_add(table, "%s", "");
}

static int print_best(const struct sweep *sweep)
{
    if (sweep->entry[0].failed)
        return EXIT_DONE;
    char *command = sweep_command(sweep, sweep->entry[0].number);
    if (!command)
        return message_no_memory();
    printf("\nThe best, trained on all rows:\n  %s\n", command);
    free(command);
    return EXIT_DONE;
}

int sweep_report_print(const struct sweep *sweep)
{
    char text[NUMBER_TEXT_SIZE], alignment[SWEEP_AXES_MAX + 5] = "";
    memset(alignment, 'r', sweep->grid->count + 2 + (sweep->metric != BP_METRIC_LOSS));
    strcat(alignment, "l");
    struct text_table *table = text_table_create(alignment);
    if (!table)
        return message_no_memory();
    const bp_dataset_info info = bp_dataset_get_info(sweep->dataset);
    printf("data   %s, %s rows\n", info.path, number_group((double)info.rows, text));
    printf("nets   %zu: %zu combination%s, %zu net%s each; %zu at once, %s\n\n", sweep->set->count,
           sweep->grid->combinations, sweep->grid->combinations == 1 ? "" : "s", sweep->each,
           sweep->each == 1 ? "" : "s", sweep->set->threads,
           number_duration(sweep->set->seconds, text));
    add_heading(sweep, table);
    for (size_t k = 0; k < sweep->grid->combinations; k++)
        add_entry(sweep, table, &sweep->entry[k]);
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? print_best(sweep) : message_no_memory();
}
