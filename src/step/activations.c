/* One block of memory for a block of samples. */
#include "step/activations.h"

#include "base/memory.h"
#include "base/sizes.h"

/* A second-level cache and its share of the last level. */
#define CACHE_FLOATS ((size_t)1 << 18)

#define LEAST_ROWS 48
#define MOST_ROWS  192

/* Rows are an odd number of cache lines apart, so that a column does not fall into one cache set.
 */
static size_t choose_stride(size_t width)
{
    return bp_size_round_up(width, BP_LANES) | BP_LANES;
}

static size_t count_floats(const struct bp_network *network, bool slopes)
{
    size_t floats = choose_stride(network->layer[0].in);
    for (size_t l = 0; l < network->layers; l++)
        floats += (slopes ? 2 : 1) * choose_stride(network->layer[l].out);
    return floats;
}

size_t bp_activations_capacity(const struct bp_network *network)
{
    const size_t rows = CACHE_FLOATS / count_floats(network, true);
    return bp_size_max(LEAST_ROWS, bp_size_min(rows / LEAST_ROWS * LEAST_ROWS, MOST_ROWS));
}

bp_status bp_activations_make(struct bp_activations *activations, const struct bp_network *network,
                              size_t capacity, bool slopes, bp_error *error)
{
    *activations = (struct bp_activations){.capacity = capacity};
    if (bp_size_mul(capacity, count_floats(network, slopes), &activations->floats))
        activations->memory = bp_aligned_alloc(activations->floats, sizeof(float));
    if (!activations->memory)
        return bp_fail_memory(error, "the activations of a block of samples");
    float *next = activations->memory;
    for (size_t l = 0; l <= network->layers; l++) {
        const size_t width = l ? network->layer[l - 1].out : network->layer[0].in;
        activations->stride[l] = choose_stride(width);
        activations->value[l] = next;
        next += capacity * activations->stride[l];
        if (l && slopes) {
            activations->slope[l - 1] = next;
            next += capacity * activations->stride[l];
        }
    }
    return BP_OK;
}

void bp_activations_release(struct bp_activations *activations)
{
    bp_aligned_free(activations->memory);
    *activations = (struct bp_activations){0};
}
