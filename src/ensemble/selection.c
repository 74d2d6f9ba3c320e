/* All sums in binary64, over kinds and rows in their order. */
#include "ensemble/selection.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "step/passes/loss.h"

/* What was chosen so far. */
struct chosen {
    const struct bp_selection *selection;
    size_t without;
    double *sum; /* of the outputs, each kind as often as it was chosen */
    size_t count;
    float *mean; /* of one row */
};

/* The loss of the mean if `kind` were chosen, too. */
static double try_kind(const struct chosen *chosen, size_t kind)
{
    const struct bp_selection *selection = chosen->selection;
    const struct bp_samples *samples = selection->samples;
    const size_t outputs = samples->outputs;
    const double *added = selection->outputs[kind];
    double loss = 0.0;
    for (size_t x = 0; x < samples->count; x++) {
        if (x % BP_SELECTION_PARTS == chosen->without)
            continue;
        for (size_t j = 0; j < outputs; j++)
            chosen->mean[j] = (float)((chosen->sum[x * outputs + j] + added[x * outputs + j]) /
                                      (double)(chosen->count + 1));
        const double weight = bp_samples_weight(samples, x);
        loss += weight * bp_loss_of_outputs(selection->network, chosen->mean, samples, x);
    }
    return loss;
}

/* The kind, and the loss with it. */
static size_t choose_kind(const struct chosen *chosen, double *least)
{
    size_t best = 0;
    *least = (double)INFINITY;
    for (size_t k = 0; k < chosen->selection->kinds; k++) {
        const double loss = try_kind(chosen, k);
        if (loss < *least) {
            *least = loss;
            best = k;
        }
    }
    return best;
}

static void add_kind(struct chosen *chosen, size_t kind)
{
    const struct bp_samples *samples = chosen->selection->samples;
    const double *added = chosen->selection->outputs[kind];
    for (size_t i = 0; i < samples->count * samples->outputs; i++)
        chosen->sum[i] += added[i];
    chosen->count++;
}

/* From how often kinds were chosen. */
static void find_shares(const size_t *times, size_t kinds, double *share)
{
    size_t all = 0, kept = 0;
    for (size_t k = 0; k < kinds; k++)
        all += times[k];
    for (size_t k = 0; k < kinds; k++)
        kept += (double)times[k] < BP_SELECTION_SHARE * (double)all ? 0 : times[k];
    for (size_t k = 0; k < kinds; k++)
        share[k] = (double)times[k] < BP_SELECTION_SHARE * (double)all
                       ? 0.0
                       : (double)times[k] / (double)kept;
}

bp_status bp_selection_run(const struct bp_selection *selection, size_t without, double *share,
                           bp_error *error)
{
    const struct bp_samples *samples = selection->samples;
    struct chosen chosen = {
        .selection = selection,
        .without = without,
        .sum = calloc(samples->count * samples->outputs, sizeof *chosen.sum),
        .mean = bp_array_alloc(samples->outputs, sizeof *chosen.mean),
    };
    size_t times[BP_KINDS_MAX] = {0};
    double least = (double)INFINITY;
    for (size_t k = 0; k < selection->kinds; k++)
        share[k] = 1.0 / (double)selection->kinds; /* where no loss is finite */
    while (chosen.sum && chosen.mean && chosen.count < BP_SELECTIONS) {
        double loss;
        const size_t kind = choose_kind(&chosen, &loss);
        add_kind(&chosen, kind);
        times[kind]++;
        if (loss < least) {
            least = loss;
            find_shares(times, selection->kinds, share);
        }
    }
    const bool made = chosen.sum && chosen.mean;
    free(chosen.sum);
    free(chosen.mean);
    return made ? BP_OK : bp_fail_memory(error, "the choice of kinds");
}

void bp_selection_mix(const struct bp_selection *selection, const double *share, size_t x,
                      float *outputs)
{
    const size_t count = selection->samples->outputs;
    for (size_t j = 0; j < count; j++) {
        double sum = 0.0;
        for (size_t k = 0; k < selection->kinds; k++)
            sum += share[k] * selection->outputs[k][x * count + j];
        outputs[j] = (float)sum;
    }
}
