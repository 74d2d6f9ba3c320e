/* One block of memory for a block of samples. */
#include "step/passes/activations.h"

#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "net/loss_table.h"

/* Weights are read once a block, and partial gradients written: the more samples share that, the
 * less it costs. 256 terms of the sums of 256 samples take half of a second-level cache of 512
 * KiB. */
#define MAX_ROWS 256

/* Of all threads together, each of which takes some at a time: a whole chunk, unless shards are
 * large or layers so wide that it would take more than 256 MiB. */
#define MAX_SHARED_ROWS   1024
#define MAX_SHARED_FLOATS ((size_t)1 << 26)

/* The widest networks get fewer: a block stays below 64 MiB, unless these few take more. */
#define MIN_ROWS   32
#define MAX_FLOATS ((size_t)1 << 24)

static size_t widest_hidden(const struct bp_network *network)
{
    size_t panels = 0;
    for (size_t l = 0; l + 1 < network->layers; l++)
        panels = bp_size_max(panels, network->layer[l].panels);
    return panels;
}

static const struct bp_layer *last_layer(const struct bp_network *network)
{
    return &network->layer[network->layers - 1];
}

static size_t count_all_panels(const struct bp_network *network, bool slopes)
{
    size_t panels = bp_size_divide_up(network->layer[0].in, BP_LANES);
    for (size_t l = 0; l < network->layers; l++)
        panels += (slopes ? 2 : 1) * network->layer[l].panels;
    panels += last_layer(network)->panels; /* targets */
    if (slopes)
        panels += widest_hidden(network);
    else if (bp_loss_is_linked(network->loss))
        panels += last_layer(network)->panels; /* scores */
    return panels;
}

/* Numbers that a sample has one of, in whole lines. */
static size_t round_up_rows(size_t capacity)
{
    return bp_size_round_up(capacity, BP_LANES);
}

static size_t choose_capacity(const struct bp_network *network, size_t rows, size_t most)
{
    const size_t floats = count_all_panels(network, true) * BP_LANES;
    while (rows > MIN_ROWS && rows > most / floats)
        rows /= 2;
    return rows;
}

size_t bp_activations_capacity(const struct bp_network *network)
{
    return choose_capacity(network, MAX_ROWS, MAX_FLOATS);
}

size_t bp_activations_shared_capacity(const struct bp_network *network)
{
    return choose_capacity(network, MAX_SHARED_ROWS, MAX_SHARED_FLOATS);
}

/* Floats between panels. */
static size_t count_stride(size_t capacity)
{
    return (capacity | 1) * BP_LANES;
}

/* What the last layer has besides, and the sums of hidden ones, from `next` on. */
static void place_output(struct bp_activations *activations, const struct bp_network *network,
                         bool slopes, float *next)
{
    const size_t size = last_layer(network)->panels * activations->stride;
    activations->target = next;
    next += size;
    if (bp_loss_is_linked(network->loss)) {
        activations->score = slopes ? activations->slope[network->layers - 1] : next;
        next += slopes ? 0 : size;
    }
    if (slopes) {
        activations->partial = next;
        next += widest_hidden(network) * activations->stride;
    }
    activations->sum = next;
    activations->factor = next + round_up_rows(activations->capacity);
}

size_t bp_activations_floats(const struct bp_network *network, size_t capacity, bool slopes)
{
    size_t floats;
    if (bp_size_mul(count_all_panels(network, slopes), count_stride(capacity), &floats) &&
        bp_size_add(floats, 2 * round_up_rows(capacity), &floats))
        return floats;
    return 0;
}

void bp_activations_place(struct bp_activations *activations, const struct bp_network *network,
                          size_t capacity, bool slopes, float *memory)
{
    *activations = (struct bp_activations){.capacity = capacity, .stride = count_stride(capacity)};
    const size_t stride = activations->stride;
    float *next = memory;
    activations->value[0] = next;
    next += bp_size_divide_up(network->layer[0].in, BP_LANES) * stride;
    for (size_t l = 0; l < network->layers; l++) {
        activations->value[l + 1] = next;
        next += network->layer[l].panels * stride;
        if (slopes) {
            activations->slope[l] = next;
            next += network->layer[l].panels * stride;
        }
    }
    place_output(activations, network, slopes, next);
}

bp_status bp_activations_make(struct bp_activations *activations, const struct bp_network *network,
                              size_t capacity, bool slopes, bp_error *error)
{
    const size_t floats = bp_activations_floats(network, capacity, slopes);
    float *memory = floats ? bp_aligned_alloc(floats, sizeof *memory) : NULL;
    if (!memory) {
        *activations = (struct bp_activations){0};
        return bp_fail_memory(error, "the activations of a block of samples");
    }
    bp_activations_place(activations, network, capacity, slopes, memory);
    activations->floats = floats;
    activations->memory = memory;
    return BP_OK;
}

bp_status bp_activations_make_shared(struct bp_activations *activations,
                                     const struct bp_network *network, size_t capacity,
                                     bp_error *error)
{
    size_t floats = 0;
    float *memory = NULL;
    *activations = (struct bp_activations){0};
    if (bp_size_mul(count_all_panels(network, true), count_stride(capacity), &floats))
        memory = bp_aligned_reserve(floats, sizeof *memory);
    if (!memory)
        return bp_fail_memory(error, "the activations of a block of samples");
    bp_activations_place(activations, network, capacity, true, memory);
    activations->sum = activations->factor = NULL;
    activations->floats = floats;
    activations->memory = memory;
    return BP_OK;
}

void bp_activations_clear(const struct bp_activations *activations,
                          const struct bp_network *network, size_t begin, size_t end)
{
    const size_t panels = count_all_panels(network, true);
    for (size_t p = 0; p < panels; p++)
        memset(activations->memory + p * activations->stride + begin * BP_LANES, 0,
               (end - begin) * BP_LANES * sizeof(float));
}

bp_status bp_activations_make_view(struct bp_activations *view, size_t capacity, bp_error *error)
{
    const size_t rows = round_up_rows(capacity);
    float *memory = bp_aligned_alloc(2 * rows, sizeof *memory);
    *view = (struct bp_activations){.capacity = capacity, .floats = 2 * rows, .memory = memory};
    return memory ? BP_OK : bp_fail_memory(error, "the activations of a block of samples");
}

void bp_activations_set_view(struct bp_activations *view, const struct bp_activations *shared,
                             const struct bp_network *network, size_t begin, size_t own)
{
    const size_t at = begin * BP_LANES;
    view->stride = shared->stride;
    view->value[0] = shared->value[0] + at;
    for (size_t l = 0; l < network->layers; l++) {
        view->value[l + 1] = shared->value[l + 1] + at;
        view->slope[l] = shared->slope[l] + at;
    }
    view->target = shared->target + at;
    view->score = shared->score ? shared->score + at : NULL;
    view->partial = shared->partial + at;
    view->sum = view->memory + own;
    view->factor = view->memory + round_up_rows(view->capacity) + own;
}

void bp_activations_release(struct bp_activations *activations)
{
    bp_aligned_free(activations->memory);
    *activations = (struct bp_activations){0};
}

void bp_activations_outputs(const struct bp_activations *activations,
                            const struct bp_network *network, size_t rows, float *outputs)
{
    const struct bp_layer *last = last_layer(network);
    const float *value = activations->value[network->layers];
    for (size_t r = 0; r < rows; r++) {
        for (size_t p = 0; p < last->panels; p++) {
            const size_t first = p * BP_LANES;
            memcpy(outputs + r * last->out + first,
                   value + bp_panels_at(activations->stride, r, first),
                   bp_size_min(last->out - first, BP_LANES) * sizeof *outputs);
        }
    }
}
