/* One pass over the parameters a batch; two where the norm of the whole gradient comes between. */
#include "step/parameters.h"

#include <math.h>
#include <string.h>

#include "step/reduce.h"
#include "team/range.h"

/* The gradient of thresholds that are not trained: they stay 0, whatever the optimizer. */
static void clear_thresholds(const struct bp_network *network, struct bp_unit unit, float *sum)
{
    if (network->reduced && unit.first == 0)
        memset(sum, 0, BP_LANES * sizeof *sum);
}

/* Each component is cut at +-limit; both comparisons leave a NaN. */
static void clip_values(float *gradient, size_t count, float limit)
{
    for (size_t k = 0; k < count; k++) {
        const float g = gradient[k];
        gradient[k] = g > limit ? limit : g < -limit ? -limit : g;
    }
}

/* The gradient of a unit up to this chunk; `sum` is that of the chunk. */
static float *add_chunk(const struct bp_parameters *parameters, struct bp_unit unit, float *sum)
{
    if (parameters->first && parameters->last && !parameters->squares)
        return sum;
    float *total = parameters->total + unit.offset;
    if (parameters->first)
        memcpy(total, sum, unit.count * sizeof *sum);
    else
        parameters->kernels->add(total, total, sum, unit.count);
    return total;
}

static void update_unit(const struct bp_parameters *parameters, struct bp_unit unit,
                        const float *gradient)
{
    bp_optimizer_update(parameters->optimizer, parameters->kernels, &parameters->update,
                        parameters->network, unit, gradient);
    bp_unit_transpose(parameters->network, parameters->kernels, unit);
}

void bp_parameters_reduce(void *arg, size_t t, size_t threads)
{
    const struct bp_parameters *parameters = arg;
    const struct bp_range range = bp_range_of(parameters->units, threads, t);
    struct bp_worker *worker = parameters->workers[t];
    bp_stopwatch_start(&worker->stopwatch);
    if (range.begin == range.end)
        return;
    struct bp_unit unit = bp_unit_at(parameters->network, range.begin);
    for (size_t u = range.begin; u < range.end; u++) {
        float *sum = bp_reduce(parameters->plan, parameters->workers, parameters->kernels,
                               unit.offset, unit.count, worker->scratch);
        clear_thresholds(parameters->network, unit, sum);
        sum = add_chunk(parameters, unit, sum);
        if (parameters->last && !parameters->gradient &&
            parameters->optimizer->options.clip_value > 0.0f)
            clip_values(sum, unit.count, parameters->optimizer->options.clip_value);
        if (parameters->last && parameters->squares)
            parameters->squares[u] = parameters->kernels->squares(sum, unit.count);
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_REDUCE);
        if (parameters->last && parameters->gradient)
            memcpy(parameters->gradient + unit.offset, sum, unit.count * sizeof *sum);
        else if (parameters->last && !parameters->squares)
            update_unit(parameters, unit, sum);
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_UPDATE);
        unit = bp_unit_next(parameters->network, unit);
    }
}

void bp_parameters_update(void *arg, size_t t, size_t threads)
{
    const struct bp_parameters *parameters = arg;
    const struct bp_range range = bp_range_of(parameters->units, threads, t);
    struct bp_stopwatch *stopwatch = &parameters->workers[t]->stopwatch;
    bp_stopwatch_start(stopwatch);
    if (range.begin == range.end)
        return;
    struct bp_unit unit = bp_unit_at(parameters->network, range.begin);
    for (size_t u = range.begin; u < range.end; u++) {
        update_unit(parameters, unit, parameters->total + unit.offset);
        unit = bp_unit_next(parameters->network, unit);
    }
    bp_stopwatch_mark(stopwatch, BP_PHASE_UPDATE);
}

double bp_parameters_norm(const struct bp_parameters *parameters)
{
    double sum = 0.0;
    for (size_t u = 0; u < parameters->units; u++)
        sum += parameters->squares[u];
    return sqrt(sum);
}
