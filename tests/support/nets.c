/* Small networks for tests. */
#include "support/nets.h"

#include <stdlib.h>

#include <criterion/criterion.h>

struct bp_network_spec net_spec(size_t layers, const size_t *widths)
{
    struct bp_network_spec spec = {.layers = layers};
    for (size_t l = 0; l <= layers; l++)
        spec.widths[l] = widths[l];
    spec.activations[layers - 1] = BP_ACTIVATION_IDENTITY;
    return spec;
}

struct bp_network *net_create(size_t layers, const size_t *widths, uint64_t seed)
{
    const struct bp_network_spec spec = net_spec(layers, widths);
    struct bp_network *network;
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    cr_assert_eq(bp_network_initialize(network, &(struct bp_initializer){.seed = seed}, NULL),
                 BP_OK);
    for (size_t l = 0; l < layers; l++) {
        float *bias = malloc(widths[l + 1] * sizeof *bias);
        cr_assert_not_null(bias);
        for (size_t j = 0; j < widths[l + 1]; j++)
            bias[j] = 0.125f * (float)(j % 7 + l) - 0.375f;
        bp_layer_pack(&network->layer[l], network->values, NULL, bias);
        free(bias);
    }
    return network;
}
