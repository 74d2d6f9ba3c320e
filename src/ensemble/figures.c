/* The same rows are measured again and again: of each kind, of the whole, and of the whole where
 * what is chosen by the rows is chosen without those that are measured. */
#include "ensemble/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ensemble/factors.h"
#include "model/metrics.h"
#include "step/passes/loss.h"
#include "train/quality.h"

/* What the rows left out have chosen. */
struct chosen {
    double share[BP_KINDS_MAX]; /* of each kind that takes part */
    double *factor;             /* of each class; NULL: all 1 */
};

struct measuring {
    struct bp_ensemble *ensemble;
    const struct bp_figures_work *work;
    size_t outputs;
    struct bp_metric_accumulator rows; /* left out */
    struct bp_metric_accumulator all;
    struct chosen whole;
    struct chosen part[BP_SELECTION_PARTS]; /* without it */
};

/* `without` as in bp_selection_run(); the shares are there. */
static bp_status fit_factors(const struct measuring *measuring, size_t without,
                             struct chosen *chosen, bp_error *error)
{
    const bp_ensemble_options *options = &measuring->ensemble->options;
    const double *support = measuring->all.support;
    const struct bp_factors_fit fit = {
        .selection = measuring->work->selection,
        .share = chosen->share,
        .without = without,
        .seed = options->seed,
    };
    if (options->decide == BP_DECISION_GREATEST)
        return BP_OK;
    chosen->factor = bp_array_alloc(measuring->outputs, sizeof *chosen->factor);
    if (!chosen->factor)
        return bp_fail_memory(error, "the factors of classes");
    if (options->decide == BP_DECISION_F1)
        return bp_factors_fit_f1(&fit, support, chosen->factor, error);
    bp_factors_balance(support, measuring->outputs, chosen->factor);
    return BP_OK;
}

static bp_status choose_all(struct measuring *measuring, bp_error *error)
{
    const struct bp_selection *selection = measuring->work->selection;
    const bool weighted = measuring->ensemble->info.weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    const size_t size = selection->kinds * sizeof *measuring->work->share;
    memcpy(measuring->whole.share, measuring->work->share, size);
    bp_status status = fit_factors(measuring, BP_SELECTION_PARTS, &measuring->whole, error);
    for (size_t p = 0; !status && p < BP_SELECTION_PARTS; p++) {
        struct chosen *part = &measuring->part[p];
        if (weighted)
            status = bp_selection_run(selection, p, part->share, error);
        else
            memcpy(part->share, measuring->work->share, size);
        if (!status)
            status = fit_factors(measuring, p, part, error);
    }
    return status;
}

/* Sums over the rows left out, of number x by chosen[x % count]. */
static bp_status measure(struct measuring *measuring, const struct chosen *chosen, size_t count,
                         bp_error *error)
{
    const struct bp_selection *selection = measuring->work->selection;
    struct bp_metric_accumulator *rows = &measuring->rows;
    float *outputs = bp_array_alloc(measuring->outputs, sizeof *outputs);
    if (!outputs)
        return bp_fail_memory(error, "the outputs of a row");
    bp_metric_accumulator_clear(rows);
    for (size_t x = 0; x < selection->samples->count; x++) {
        bp_selection_mix(selection, chosen[x % count].share, x, outputs);
        const double loss = bp_loss_of_outputs(selection->network, outputs, selection->samples, x);
        rows->factor = chosen[x % count].factor;
        bp_metric_accumulator_add(rows, x, x + 1, outputs, &loss);
    }
    free(outputs);
    return BP_OK;
}

static bp_status measure_all(struct measuring *measuring, bp_error *error)
{
    struct bp_ensemble *ensemble = measuring->ensemble;
    bp_status status = choose_all(measuring, error);
    for (size_t k = 0; !status && k < measuring->work->selection->kinds; k++) {
        struct chosen alone = {.factor = measuring->whole.factor};
        alone.share[k] = 1.0;
        status = measure(measuring, &alone, 1, error);
        if (!status)
            ensemble->kind_result[measuring->work->kind[k]].metrics =
                bp_metric_accumulator_metrics(&measuring->rows);
    }
    if (!status)
        status = measure(measuring, measuring->part, BP_SELECTION_PARTS, error);
    if (!status) {
        ensemble->cross_fitted = bp_metric_accumulator_metrics(&measuring->rows);
        status = measure(measuring, &measuring->whole, 1, error);
    }
    if (!status)
        status = bp_quality_fill(&ensemble->quality, &measuring->all, &measuring->rows, error);
    if (status)
        return status;
    ensemble->info.decision = ensemble->options.decide;
    ensemble->factor = measuring->whole.factor;
    measuring->whole.factor = NULL;
    return BP_OK;
}

bp_status bp_ensemble_measure(struct bp_ensemble *ensemble, const struct bp_figures_work *work,
                              bp_error *error)
{
    const struct bp_model *model = ensemble->network[0];
    struct measuring measuring = {
        .ensemble = ensemble, .work = work, .outputs = work->selection->samples->outputs};
    bp_status status =
        bp_metric_accumulator_make(&measuring.rows, model, work->selection->samples, error);
    if (!status)
        status = bp_metric_accumulator_make(&measuring.all, model, work->all, error);
    if (!status)
        status = measure_all(&measuring, error);
    bp_metric_accumulator_release(&measuring.rows);
    bp_metric_accumulator_release(&measuring.all);
    free(measuring.whole.factor);
    for (size_t p = 0; p < BP_SELECTION_PARTS; p++)
        free(measuring.part[p].factor);
    return status;
}
