/*
 * A figure that is not defined wins nothing: it would be the best epoch for ever, or anew in each.
 *
 * A share of few rows is a coarse figure: by accident an early epoch may reach one that the next
 * twenty do not, while the network still learns. So a lower loss is a gain, too.
 */
#include "train/score.h"

#include <math.h>

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
    return (struct bp_record){.best = *score, .lowest_loss = score->loss};
}

bool bp_record_add(struct bp_record *record, const struct bp_score *score,
                   const struct bp_score_rule *rule, bool *best)
{
    const bool is_best = bp_score_is_better(score, &record->best, rule);
    const bool is_lowest = is_better(score->loss, record->lowest_loss, true, rule->delta);
    if (is_best)
        record->best = *score;
    if (is_lowest)
        record->lowest_loss = score->loss;
    if (best)
        *best = is_best;
    return is_best || is_lowest;
}
