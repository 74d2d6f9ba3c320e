/* The digest of a network is that of the bytes in its model file. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "support/nets.h"

/* The same by another way: whole layers, row-major. Holds on little-endian machines. */
static void digest_plainly(const struct bp_network *network, char text[BP_DIGEST_SIZE])
{
    struct bp_digest digest;
    bp_digest_begin(&digest);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        size_t weights = layer->in * layer->out;
        size_t count = weights + (network->reduced ? 0 : layer->out);
        float *values = malloc((weights + layer->out) * sizeof *values);
        cr_assert_not_null(values);
        bp_layer_unpack(layer, network->values, values, values + weights);
        bp_digest_update(&digest, values, count * sizeof *values);
        free(values);
    }
    bp_digest_finish(&digest, text);
}

static bool is_little_endian(void)
{
    const float one = 1.0f;
    unsigned char bytes[4];
    memcpy(bytes, &one, sizeof bytes);
    return bytes[3] == 0x3F;
}

Test(net_digest, it_does_not_depend_on_the_layout)
{
    if (!is_little_endian())
        cr_skip_test("the plain way needs a little-endian machine");
    static const size_t widths[][4] = {
        {1, 1, 1, 1}, {15, 16, 17, 33}, {33, 2, 15, 1}, {1023, 3, 1024, 1025}, {2049, 17, 3, 2}};
    for (size_t k = 0; k < sizeof widths / sizeof widths[0]; k++) {
        struct bp_network *network = net_create(3, widths[k], 5);
        for (int reduced = 0; reduced < 2; reduced++) {
            char plain[BP_DIGEST_SIZE], digest[BP_DIGEST_SIZE];
            network->reduced = reduced;
            digest_plainly(network, plain);
            bp_network_digest(network, digest);
            cr_assert_str_eq(digest, plain);
        }
        bp_network_free(network);
    }
}

Test(net_digest, it_sees_every_parameter)
{
    const size_t widths[] = {3, 17, 2};
    struct bp_network *network = net_create(2, widths, 5);
    char before[BP_DIGEST_SIZE], after[BP_DIGEST_SIZE];
    bp_network_digest(network, before);
    for (size_t i = 0; i < network->floats; i++) {
        float value = network->values[i];
        network->values[i] = value + 1;
        bp_network_digest(network, after);
        network->values[i] = value;
        /* Lanes of neurons that do not exist hold 0 and do not count. */
        if (value != 0)
            cr_assert_str_neq(before, after, "value %zu", i);
    }
    bp_network_free(network);
}

/* The digest was found by a program of its own, written from the definitions of Philox and of the
 * initial weights, which took the root and each product in binary64 and rounded them once. */
Test(net_digest, the_initial_weights_of_a_seed_are_pinned)
{
    const size_t widths[] = {784, 128, 10};
    const struct bp_network_spec spec = net_spec(2, widths);
    struct bp_network *network;
    char digest[BP_DIGEST_SIZE];
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    cr_assert_eq(bp_network_initialize(network, &(struct bp_initializer){.seed = 1}, NULL), BP_OK);
    bp_network_digest(network, digest);
    cr_assert_str_eq(digest, "65b0cbbd5e6cc9cafb607da06a64b729");
    bp_network_free(network);
}

Test(net_digest, another_seed_is_another_network)
{
    const size_t widths[] = {4, 3, 2};
    char digests[2][BP_DIGEST_SIZE];
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct bp_network *network = net_create(2, widths, seed);
        bp_network_digest(network, digests[seed]);
        bp_network_free(network);
    }
    cr_assert_str_neq(digests[0], digests[1]);
}
