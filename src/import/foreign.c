/* Parameters in rows, as other programs have them. */
#include "import/foreign.h"

#include <stdlib.h>

#include "base/sizes.h"

bp_status bp_foreign_layer_create(struct bp_foreign_layer *layer, bool has_bias, bp_error *error)
{
    size_t count;
    if (bp_size_mul(layer->in, layer->out, &count))
        layer->weights = calloc(count, sizeof *layer->weights);
    if (has_bias)
        layer->bias = calloc(layer->out, sizeof *layer->bias);
    if (!layer->weights || (has_bias && !layer->bias))
        return bp_fail_memory(error, "the parameters of a layer");
    return BP_OK;
}

float bp_foreign_round(struct bp_foreign *foreign, double number)
{
    const float rounded = (float)number;
    foreign->rounded += (double)rounded != number;
    return rounded;
}

void bp_foreign_release(struct bp_foreign *foreign)
{
    for (size_t l = 0; l < BP_LAYERS_MAX; l++) {
        free(foreign->layer[l].weights);
        free(foreign->layer[l].bias);
    }
    free(foreign->inputs);
    free(foreign->outputs);
    *foreign = (struct bp_foreign){0};
}
