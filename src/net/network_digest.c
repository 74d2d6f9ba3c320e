/* The digest of a network: parameters go through a small buffer row by row, because the panels hold
 * them in another order than a file. */
#include "base/digest.h"

#include "base/byte_order.h"
#include "base/sizes.h"
#include "net/network.h"

#define CHUNK 1024 /* floats in the buffer */

/* Digests values[0], values[stride], ... values[(count - 1) * stride]. */
static void update_strided(struct bp_digest *digest, const float *values, size_t stride,
                           size_t count)
{
    unsigned char bytes[4 * CHUNK];
    for (size_t begin = 0; begin < count; begin += CHUNK) {
        size_t end = bp_size_min(begin + CHUNK, count);
        for (size_t i = begin; i < end; i++)
            bp_store_float(bytes + 4 * (i - begin), values[i * stride]);
        bp_digest_update(digest, bytes, 4 * (end - begin));
    }
}

static void update_weights(struct bp_digest *digest, const struct bp_layer *layer,
                           const float *values)
{
    for (size_t j = 0; j < layer->out; j++) {
        const float *panel = values + bp_layer_panel(layer, j / BP_LANES);
        update_strided(digest, panel + BP_LANES + j % BP_LANES, BP_LANES, layer->in);
    }
}

static void update_biases(struct bp_digest *digest, const struct bp_layer *layer,
                          const float *values)
{
    for (size_t p = 0; p < layer->panels; p++) {
        size_t lanes = bp_size_min(layer->out - p * BP_LANES, BP_LANES);
        update_strided(digest, values + bp_layer_panel(layer, p), 1, lanes);
    }
}

void bp_network_digest_add(const struct bp_network *network, struct bp_digest *stream)
{
    for (size_t l = 0; l < network->layers; l++) {
        update_weights(stream, &network->layer[l], network->values);
        if (!network->reduced)
            update_biases(stream, &network->layer[l], network->values);
    }
}

void bp_network_digest(const struct bp_network *network, char digest[BP_DIGEST_SIZE])
{
    struct bp_digest stream;
    bp_digest_begin(&stream);
    bp_network_digest_add(network, &stream);
    bp_digest_finish(&stream, digest);
}
