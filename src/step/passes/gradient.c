/* sum_x o_i(x) delta_j(x) and sum_x delta_j(x): sections 1.6 and 2.2 of the text. */
#include "step/passes/passes.h"

#include <assert.h>

#define MERGES_MAX  64
#define FETCHES_MAX 4

void bp_gradient_tile(const struct bp_kernels *kernels, const struct bp_activations *activations,
                      const struct bp_gradient_block *block, struct bp_tile tile, float *gradient,
                      size_t stride)
{
    assert(block->merges <= MERGES_MAX && block->fetches <= FETCHES_MAX &&
           block->rows <= (size_t)1 << BP_TREE_LEVELS);
    const struct bp_layer *layer = tile.layer;
    const size_t begin = tile.first == 0 ? 0 : 1 + tile.first;
    const size_t at = bp_layer_panel(layer, tile.panel) + begin * BP_LANES;
    const float *merge[MERGES_MAX];
    for (size_t m = 0; m < block->merges; m++)
        merge[m] = block->merge[m] + at;
    const float *fetch[FETCHES_MAX];
    for (size_t k = 0; k < block->fetches; k++)
        fetch[k] = block->fetch[k] + at;
    kernels->gradient(&(struct bp_gradient_args){
        .rows = block->rows,
        .shard_rows = block->shard_rows,
        .begin = begin,
        .end = 1 + tile.first + tile.inputs,
        .panels = tile.panels,
        .input = activations->value[tile.l],
        .input_stride = activations->stride,
        .delta = activations->slope[tile.l] + tile.panel * activations->stride,
        .delta_stride = activations->stride,
        .partial = block->partial ? block->partial + at : NULL,
        .merge = merge,
        .merges = block->merges,
        .fetch = fetch,
        .fetches = block->fetches,
        .partial_stride = (layer->in + 1) * BP_LANES,
        .gradient = gradient,
        .gradient_stride = stride,
    });
}

void bp_gradient_layers(const struct bp_network *network, const struct bp_kernels *kernels,
                        const struct bp_activations *activations,
                        const struct bp_gradient_block *block)
{
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        const struct bp_tile whole = {
            .layer = layer, .l = l, .panels = layer->panels, .inputs = layer->in};
        bp_gradient_tile(kernels, activations, block, whole, block->gradient + layer->offset,
                         (layer->in + 1) * BP_LANES);
    }
}
