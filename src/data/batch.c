/* Gathering is elementwise, so that any compiler may vectorize it and no order of sums is at stake.
 */
#include "data/batch.h"

#include <assert.h>
#include <string.h>

static void scale_floats(float *restrict out, const float *restrict cell,
                         const float *restrict shift, const float *restrict scale, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (cell[i] - shift[i]) * scale[i];
}

static void scale_bytes(float *restrict out, const uint8_t *restrict cell,
                        const float *restrict shift, const float *restrict scale, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = ((float)cell[i] - shift[i]) * scale[i];
}

/* Cells to their neurons; a category is the number of the one neuron that is 1. */
static void spread_cells(float *out, const float *cell, const struct bp_samples *samples)
{
    memset(out, 0, samples->inputs * sizeof *out);
    for (size_t c = 0; c < samples->cells; c++) {
        uint32_t i = samples->neuron[c];
        if (i == BP_ONE_HOT)
            out[(size_t)cell[c]] = 1.0f;
        else
            out[i] = (cell[c] - samples->shift[i]) * samples->scale[i];
    }
}

void bp_batch_gather(const struct bp_samples *samples, const uint32_t *order, size_t count,
                     float *out, size_t stride)
{
    assert(stride >= samples->inputs);
    for (size_t r = 0; r < count; r++) {
        size_t row = samples->rows ? samples->rows[order[r]] : order[r];
        size_t at = row * samples->stride;
        float *to = out + r * stride;
        if (samples->neuron)
            spread_cells(to, samples->values + at, samples);
        else if (samples->values)
            scale_floats(to, samples->values + at, samples->shift, samples->scale, samples->inputs);
        else
            scale_bytes(to, samples->bytes + at, samples->shift, samples->scale, samples->inputs);
        memset(to + samples->inputs, 0, (stride - samples->inputs) * sizeof *to);
    }
}

void bp_batch_number(uint32_t *order, size_t count)
{
    for (size_t x = 0; x < count; x++)
        order[x] = (uint32_t)x;
}
