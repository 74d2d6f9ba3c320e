/* sum_x o_i(x) delta_j(x) and sum_x delta_j(x): sections 1.6 and 2.2 of the text. */
#include "step/passes.h"

#include <assert.h>

#define MERGES_MAX 64

void bp_gradient(const struct bp_network *network, const struct bp_kernels *kernels,
                 const struct bp_activations *activations, const struct bp_gradient_block *block)
{
    assert(block->merges <= MERGES_MAX && block->rows <= (size_t)1 << BP_TREE_LEVELS);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        const float *merge[MERGES_MAX];
        for (size_t m = 0; m < block->merges; m++)
            merge[m] = block->merge[m] + layer->offset;
        kernels->gradient(&(struct bp_gradient_args){
            .rows = block->rows,
            .shard_rows = block->shard_rows,
            .end = layer->in + 1,
            .panels = layer->panels,
            .input = activations->value[l],
            .input_stride = activations->stride,
            .delta = activations->slope[l],
            .delta_stride = activations->stride,
            .partial = block->partial ? block->partial + layer->offset : NULL,
            .merge = merge,
            .merges = block->merges,
            .partial_stride = (layer->in + 1) * BP_LANES,
            .gradient = block->gradient + layer->offset,
            .gradient_stride = (layer->in + 1) * BP_LANES,
        });
    }
}
