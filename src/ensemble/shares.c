/* Equal weights, those that members had before, or room for those that the rows left out say. */
#include "ensemble/shares.h"

/* Where the rows left out cannot say what members count. */
static bp_member_weights get_plain_weights(const struct bp_ensemble *ensemble)
{
    return ensemble->from ? BP_MEMBER_WEIGHTS_KEPT : BP_MEMBER_WEIGHTS_EQUAL;
}

/* A model that training goes on from may have no members of a kind. */
static bool is_whole(const bp_ensemble_kind *kind)
{
    return kind->members > 0 && kind->finished == kind->members;
}

static bp_member_weights choose_weights(const struct bp_ensemble *ensemble)
{
    const bp_member_weights asked = ensemble->options.member_weights;
    size_t whole = 0;
    for (size_t k = 0; k < ensemble->info.kinds; k++)
        whole += is_whole(&ensemble->kind_result[k]);
    if (asked == BP_MEMBER_WEIGHTS_OUT_OF_FOLD && whole > 0)
        return BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    return asked == BP_MEMBER_WEIGHTS_EQUAL ? asked : get_plain_weights(ensemble);
}

/* By the number of members that ended: all count the same. */
static void share_equally(struct bp_shares *shares, const struct bp_ensemble *ensemble)
{
    double finished = 0;
    for (size_t k = 0; k < shares->kinds; k++)
        finished += (double)ensemble->kind_result[shares->kind[k]].finished;
    for (size_t k = 0; k < shares->kinds; k++)
        shares->share[k] = (double)ensemble->kind_result[shares->kind[k]].finished / finished;
}

/* What a member that ended counted before, among those that ended; all of them: to the bit. */
static double get_kept_weight(const struct bp_ensemble *ensemble, size_t m)
{
    double sum = 0;
    for (size_t k = 0; k < ensemble->info.members; k++)
        sum += bp_member_has_ended(ensemble, k) ? ensemble->kept_weight[k] : 0;
    return ensemble->info.finished < ensemble->info.members ? ensemble->kept_weight[m] / sum
                                                            : ensemble->kept_weight[m];
}

static void share_kept(struct bp_shares *shares, const struct bp_ensemble *ensemble)
{
    for (size_t k = 0; k < shares->kinds; k++) {
        shares->share[k] = 0;
        for (size_t m = 0; m < ensemble->info.members; m++) {
            if (ensemble->member[m].kind == shares->kind[k] && bp_member_has_ended(ensemble, m))
                shares->share[k] += get_kept_weight(ensemble, m);
        }
    }
}

/* Without a look at the rows left out. */
static void share_plainly(struct bp_shares *shares, const struct bp_ensemble *ensemble)
{
    if (ensemble->info.weights == BP_MEMBER_WEIGHTS_KEPT)
        share_kept(shares, ensemble);
    else
        share_equally(shares, ensemble);
}

/* Whole ones, where kinds are to be weighted; else those with a member. */
void bp_shares_choose(struct bp_shares *shares, struct bp_ensemble *ensemble)
{
    ensemble->info.weights = choose_weights(ensemble);
    shares->kinds = 0;
    for (size_t k = 0; k < ensemble->info.kinds; k++) {
        const bp_ensemble_kind *kind = &ensemble->kind_result[k];
        const bool takes_part = ensemble->info.weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD
                                    ? is_whole(kind)
                                    : kind->finished > 0;
        if (takes_part)
            shares->kind[shares->kinds++] = k;
    }
    share_plainly(shares, ensemble);
}

void bp_shares_fall_back(struct bp_shares *shares, struct bp_ensemble *ensemble)
{
    if (ensemble->info.weights != BP_MEMBER_WEIGHTS_OUT_OF_FOLD)
        return;
    ensemble->info.weights = get_plain_weights(ensemble);
    share_plainly(shares, ensemble);
}

void bp_shares_give(const struct bp_shares *shares, struct bp_ensemble *ensemble)
{
    for (size_t k = 0; k < shares->kinds; k++) {
        bp_ensemble_kind *kind = &ensemble->kind_result[shares->kind[k]];
        kind->weight = shares->share[k];
        for (size_t m = 0; m < ensemble->info.members; m++) {
            if (ensemble->member[m].kind != shares->kind[k] || !bp_member_has_ended(ensemble, m))
                continue;
            ensemble->member[m].weight = ensemble->info.weights == BP_MEMBER_WEIGHTS_KEPT
                                             ? get_kept_weight(ensemble, m)
                                             : shares->share[k] / (double)kind->finished;
        }
    }
}
