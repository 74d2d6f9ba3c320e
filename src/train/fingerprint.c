/* Samples as one sequence of bytes: cells by sample, then labels, targets and weights. */
#include "train/fingerprint.h"

#include "base/digest.h"

static void digest_cells(struct bp_digest *digest, const struct bp_samples *samples)
{
    const size_t size = samples->bytes ? sizeof *samples->bytes : sizeof *samples->values;
    const unsigned char *cells =
        samples->bytes ? samples->bytes : (const unsigned char *)samples->values;
    if (!samples->rows && samples->stride == samples->cells) {
        bp_digest_update(digest, cells, samples->count * samples->cells * size);
        return;
    }
    for (size_t x = 0; x < samples->count; x++) {
        const size_t row = samples->rows ? samples->rows[x] : x;
        bp_digest_update(digest, cells + row * samples->stride * size, samples->cells * size);
    }
}

void bp_samples_digest(const struct bp_samples *samples, char digest[BP_DIGEST_SIZE])
{
    struct bp_digest stream;
    bp_digest_begin(&stream);
    digest_cells(&stream, samples);
    const size_t count = samples->count;
    if (samples->labels)
        bp_digest_update(&stream, samples->labels, count * sizeof *samples->labels);
    if (samples->targets)
        bp_digest_update(&stream, samples->targets,
                         count * samples->outputs * sizeof *samples->targets);
    if (samples->weight)
        bp_digest_update(&stream, samples->weight, count * sizeof *samples->weight);
    bp_digest_finish(&stream, digest);
}
