/* One pass over the parameters a batch; two where the norm of the whole gradient comes between. */
#include "step/parameters.h"

#include <math.h>
#include <string.h>

#include "base/sizes.h"
#include "data/samples/batch.h"

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
    if (!parameters->repacks_later)
        bp_unit_transpose(parameters->network, parameters->kernels, unit);
}

/* The number of a unit in the network: where its squares go. */
static size_t find_number(const struct bp_network *network, struct bp_unit unit)
{
    size_t number = 0;
    for (const struct bp_layer *layer = network->layer; layer < unit.layer; layer++)
        number += layer->panels * bp_units_in_panel(layer);
    return number + unit.panel * bp_units_in_panel(unit.layer) + unit.first / BP_UNIT_INPUTS;
}

/* A unit whose gradient up to the end of this chunk is complete; `sum` is that of the chunk. */
static void finish_unit(const struct bp_parameters *parameters, struct bp_unit unit,
                        struct bp_stopwatch *stopwatch, float *sum)
{
    clear_thresholds(parameters->network, unit, sum);
    sum = add_chunk(parameters, unit, sum);
    const float limit = parameters->optimizer->options.clip_value;
    if (parameters->last && !parameters->gradient && limit > 0.0f)
        clip_values(sum, unit.count, limit);
    if (parameters->last && parameters->squares)
        parameters->squares[find_number(parameters->network, unit)] =
            parameters->kernels->squares(sum, unit.count);
    bp_stopwatch_mark(stopwatch, BP_PHASE_REDUCE);
    if (parameters->last && parameters->gradient)
        memcpy(parameters->gradient + unit.offset, sum, unit.count * sizeof *sum);
    else if (parameters->last && !parameters->squares)
        update_unit(parameters, unit, sum);
    bp_stopwatch_mark(stopwatch, BP_PHASE_UPDATE);
}

static void reduce_tile(const struct bp_parameters *parameters, struct bp_tile tile,
                        struct bp_worker *worker)
{
    for (size_t p = 0; p < tile.panels; p++) {
        const struct bp_unit unit = bp_tile_unit(tile, p);
        float *roots[BP_NODES_MAX];
        bp_reduce(&parameters->reduction, &parameters->sums, parameters->kernels, unit,
                  worker->scratch, roots);
        finish_unit(parameters, unit, &worker->stopwatch, roots[0]);
    }
}

/* The gradient of a tile stays in the first-level cache until it is used. */
static void multiply_tile(const struct bp_parameters *parameters, struct bp_tile tile,
                          struct bp_worker *worker)
{
    const struct bp_optimizer_state *optimizer = parameters->optimizer;
    const float *updated[1 + BP_OPTIMIZER_STATES] = {parameters->network->values};
    struct bp_gradient_block block = *parameters->block;
    float *gradient = worker->scratch;
    size_t stride = BP_SCRATCH_FLOATS;
    if (block.gradient) {
        gradient = block.gradient + bp_tile_unit(tile, 0).offset;
        stride = (tile.layer->in + 1) * BP_LANES;
    } else if (parameters->last && !parameters->squares && !parameters->gradient) {
        for (size_t s = 0; s < optimizer->states; s++)
            updated[1 + s] = optimizer->state[s];
        block.fetch = updated;
        block.fetches = 1 + optimizer->states;
    }
    bp_gradient_tile(parameters->kernels, parameters->activations, &block, tile, gradient, stride);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_GRADIENT);
    for (size_t p = 0; !block.gradient && p < tile.panels; p++)
        finish_unit(parameters, bp_tile_unit(tile, p), &worker->stopwatch, gradient + p * stride);
}

/* Lines of a cache that are fetched for the samples that come next: half of a second-level cache of
 * 512 KiB. */
#define NEXT_LINES 4096

/* What thread t fetches while it goes through its tiles, some lines with each. */
struct fetch {
    const uint32_t *order;
    size_t lines;
    size_t part, parts;
};

/* By samples a thread gathers those of its shards. */
static struct bp_range find_next(const struct bp_parameters *parameters, size_t t, size_t threads)
{
    if (parameters->activations)
        return bp_range_of(parameters->next_count, threads, t);
    const struct bp_range run = bp_shard_plan_run(parameters->plan, t);
    const size_t size = parameters->plan->shards.size;
    return (struct bp_range){bp_size_min(run.begin * size, parameters->next_count),
                             bp_size_min(run.end * size, parameters->next_count)};
}

static struct fetch begin_fetch(const struct bp_parameters *parameters, size_t t, size_t threads)
{
    struct fetch fetch = {.lines = 0};
    const size_t each = bp_batch_lines(parameters->samples);
    if (parameters->next_count == 0 ||
        parameters->samples->count * each <= NEXT_LINES) /* all samples stay there */
        return fetch;
    const struct bp_range rows = find_next(parameters, t, threads);
    fetch.order = parameters->next + rows.begin;
    fetch.lines = bp_size_min(NEXT_LINES, (rows.end - rows.begin) * each);
    for (size_t l = 0; fetch.lines > 0 && l < parameters->network->layers; l++) {
        const struct bp_range range = bp_tiles_of(parameters->tiles, l, t);
        fetch.parts += range.end - range.begin;
    }
    return fetch;
}

static void fetch_next(const struct bp_parameters *parameters, struct fetch *fetch)
{
    if (fetch->lines == 0)
        return;
    const struct bp_range lines = bp_range_of(fetch->lines, fetch->parts, fetch->part++);
    bp_batch_prefetch_lines(parameters->samples, fetch->order, lines.begin, lines.end);
}

void bp_parameters_gradient(void *arg, size_t t, size_t threads)
{
    const struct bp_parameters *parameters = arg;
    struct bp_worker *worker = parameters->workers[t];
    struct fetch fetch = begin_fetch(parameters, t, threads);
    bp_stopwatch_start(&worker->stopwatch);
    for (size_t l = parameters->layers.begin; l < parameters->layers.end; l++) {
        const struct bp_range range = bp_tiles_of(parameters->tiles, l, t);
        for (size_t k = range.begin; k < range.end; k++) {
            const struct bp_tile tile = bp_tile_at(parameters->tiles, l, k);
            fetch_next(parameters, &fetch);
            if (parameters->activations)
                multiply_tile(parameters, tile, worker);
            else
                reduce_tile(parameters, tile, worker);
            if (t == 0 && parameters->progress)
                bp_exchange_progress(parameters->progress);
        }
    }
}

/* Calls `pass` for the units of thread t. */
static void go_through_units(const struct bp_parameters *parameters, size_t t,
                             void (*pass)(const struct bp_parameters *parameters,
                                          struct bp_unit unit))
{
    struct bp_stopwatch *stopwatch = &parameters->workers[t]->stopwatch;
    bp_stopwatch_start(stopwatch);
    for (size_t l = parameters->layers.begin; l < parameters->layers.end; l++) {
        const struct bp_range range = bp_tiles_of(parameters->tiles, l, t);
        for (size_t k = range.begin; k < range.end; k++) {
            const struct bp_tile tile = bp_tile_at(parameters->tiles, l, k);
            for (size_t p = 0; p < tile.panels; p++)
                pass(parameters, bp_tile_unit(tile, p));
        }
    }
    bp_stopwatch_mark(stopwatch, BP_PHASE_UPDATE);
}

static void update_by_total(const struct bp_parameters *parameters, struct bp_unit unit)
{
    update_unit(parameters, unit, parameters->total + unit.offset);
}

void bp_parameters_update(void *arg, size_t t, size_t threads)
{
    (void)threads;
    go_through_units(arg, t, update_by_total);
}

static void repack_unit(const struct bp_parameters *parameters, struct bp_unit unit)
{
    bp_unit_transpose(parameters->network, parameters->kernels, unit);
}

void bp_parameters_repack(void *arg, size_t t, size_t threads)
{
    (void)threads;
    go_through_units(arg, t, repack_unit);
}

double bp_parameters_norm(const struct bp_parameters *parameters, size_t units)
{
    double sum = 0.0;
    for (size_t u = 0; u < units; u++)
        sum += parameters->squares[u];
    return sqrt(sum);
}
