/* Comparisons in which a figure that is not defined wins nothing: it would be the best epoch for
 * ever, or anew in each. */
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
