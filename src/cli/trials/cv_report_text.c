/* Cross-validation for people: a line a net, then the lines that matter. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"
#include "cli/trials/cv_report.h"
#include "cli/trials/trials_spread.h"

#define COLUMNS_MAX 32

/* The metrics that the nets have, the one asked for first. */
struct shown {
    bp_metric metric[COLUMNS_MAX];
    size_t count;
};

static struct shown choose_metrics(const struct trials_options *options,
                                   const struct trials_set *set)
{
    struct shown shown = {.count = 0};
    const bp_metric first = trials_options_metric(options, trials_task(set->result, set->count));
    for (int metric = -1; metric < COLUMNS_MAX - 8; metric++) {
        const bp_metric next = metric < 0 ? first : (bp_metric)metric;
        if (!bp_choice_name(BP_CHOICE_METRIC, (int)next) || (metric >= 0 && next == first))
            continue;
        if (trials_spread_of(set->result, set->count, next).count > 0)
            shown.metric[shown.count++] = next;
    }
    return shown;
}

static void add_number(struct text_table *table, bp_metric metric, double value)
{
    char text[TRIALS_NUMBER_SIZE];
    text_table_add(table, "%s", trials_number(metric, value, text));
}

static void add_heading(struct text_table *table, const struct shown *shown)
{
    static const char *const fixed[] = {"", "repeat", "seed", "fold", "rows", "epochs"};
    for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++)
        text_table_add(table, "%s", fixed[k]);
    for (size_t k = 0; k < shown->count; k++)
        text_table_add(table, "%s", bp_choice_name(BP_CHOICE_METRIC, (int)shown->metric[k]));
}

static void add_net(struct text_table *table, const struct shown *shown,
                    const struct trial_place *place, const bp_trial_result *result)
{
    const bool failed = result->error.status != BP_OK;
    text_table_add(table, failed ? "failed" : "net");
    text_table_add(table, "%zu", place->repeat + 1);
    text_table_add(table, "%llu", (unsigned long long)place->seed);
    text_table_add(table, "%zu", place->fold + 1);
    text_table_add(table, "%zu", result->metrics.samples);
    text_table_add(table, "%zu", result->train.epochs);
    for (size_t k = 0; k < shown->count; k++)
        add_number(table, shown->metric[k],
                   failed ? (double)NAN : bp_metrics_get(&result->metrics, shown->metric[k]));
}

static void add_spreads(struct text_table *table, const struct shown *shown,
                        const struct trials_set *set)
{
    for (size_t row = 0; row < 2; row++) {
        text_table_add(table, row == 0 ? "mean" : "deviation");
        for (size_t k = 0; k < 5; k++)
            text_table_add(table, "%s", "");
        for (size_t k = 0; k < shown->count; k++) {
            const struct trials_spread spread =
                trials_spread_of(set->result, set->count, shown->metric[k]);
            add_number(table, shown->metric[k], row == 0 ? spread.mean : spread.deviation);
        }
    }
}

static void print_head(const struct trials_options *options, const struct trials_set *set,
                       const bp_dataset *dataset)
{
    char text[NUMBER_TEXT_SIZE];
    const bp_dataset_info info = bp_dataset_get_info(dataset);
    printf("data     %s, %s rows\n", info.path, number_group((double)info.rows, text));
    if (options->holdout > 0)
        printf("held out %g of the rows", options->holdout);
    else
        printf("folds    %zu", options->folds);
    printf(", %zu repeat%s, %zu seed%s\n", options->repeats, options->repeats == 1 ? "" : "s",
           options->seeds, options->seeds == 1 ? "" : "s");
    printf("nets     %zu, %zu at once, %s\n\n", set->count, set->threads,
           number_duration(set->seconds, text));
}

int cv_report_print(const struct trials_options *options, const struct trials_set *set,
                    const bp_dataset *dataset)
{
    const struct shown shown = choose_metrics(options, set);
    char alignment[COLUMNS_MAX + 8] = "lrrrrr";
    memset(alignment + strlen(alignment), 'r', shown.count);
    struct text_table *table = text_table_create(alignment);
    if (!table)
        return message_no_memory();
    add_heading(table, &shown);
    for (size_t k = 0; k < set->count; k++) {
        const struct trial_place place = trials_options_place(options, k);
        add_net(table, &shown, &place, &set->result[k]);
    }
    add_spreads(table, &shown, set);
    print_head(options, set, dataset);
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}
