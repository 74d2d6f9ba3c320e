/*
 * A figure that is not defined wins nothing: it would be the best epoch for ever, or anew in each.
 *
 * A share of few rows is a coarse figure: by accident an early epoch may reach one that the next
 * twenty do not, while the network still learns. So a lower loss is a gain, too, and among shares
 * that luck alone makes different the loss says which epoch is the best.
 */
#include "train/score.h"

#include <math.h>

/* Rows that accuracies are apart, less than which is one row, however it is rounded. */
#define ONE_ROW 1.5

/* Of a standard error. More keeps epochs that are worse, less those that were lucky
 * (docs/metrics.md). */
#define HALF 0.5

static bool is_better(double value, double best, bool lower, double delta)
{
    if (isnan(value) || isnan(best))
        return isnan(best) && !isnan(value);
    return lower ? value < best - delta : value > best + delta;
}

static bool is_same(double value, double best)
{
    return value == best || (isnan(value) && isnan(best));
}

bool bp_score_is_better(const struct bp_score *score, const struct bp_score *best,
                        const struct bp_score_rule *rule)
{
    if (is_better(score->metric, best->metric, rule->lower, rule->delta))
        return true;
    return is_same(score->metric, best->metric) &&
           is_better(score->loss, best->loss, true, rule->delta);
}

struct bp_record bp_record_begin(const struct bp_score *score)
{
    return (struct bp_record){.top = *score, .lowest_loss = score->loss};
}

bool bp_record_add(struct bp_record *record, const struct bp_score *score,
                   const struct bp_score_rule *rule)
{
    const bool is_top = bp_score_is_better(score, &record->top, rule);
    const bool is_lowest = is_better(score->loss, record->lowest_loss, true, rule->delta);
    if (is_top)
        record->top = *score;
    if (is_lowest)
        record->lowest_loss = score->loss;
    return is_top || is_lowest;
}

/* Whether a metric counts as that of the top. */
static bool is_near(double metric, double top, const struct bp_score_rule *rule)
{
    if (rule->counted == 0 || isnan(metric) || isnan(top))
        return is_same(metric, top);
    const double rows = (double)rule->counted;
    const double error = sqrt(rows * fmax(top * (1.0 - top), 0.0)); /* in rows */
    return fabs(metric - top) * rows < fmax(ONE_ROW, HALF * error);
}

bool bp_record_replaces(const struct bp_record *record, const struct bp_score *score,
                        const struct bp_score *best, const struct bp_score_rule *rule)
{
    if (!is_near(score->metric, record->top.metric, rule))
        return false;
    return !is_near(best->metric, record->top.metric, rule) ||
           is_better(score->loss, best->loss, true, rule->delta);
}
