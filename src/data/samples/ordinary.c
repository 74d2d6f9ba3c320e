/* Whether a batch has to look for inputs that are too small to be stored: once for all samples, as
 * a comparison in every batch costs a small network some per cent of its time. */
#include "data/samples/ordinary.h"

#include <math.h>

#include "base/flush.h"

/* A cell c that is not the shift s is at least 2^-25 |s| away from it. */
#define ENOUGH 0x1p-36f

static bool shifts_are_large(const struct bp_samples *samples)
{
    for (size_t i = 0; i < samples->inputs; i++)
        if (!(fabsf(samples->shift[i] * samples->scale[i]) >= ENOUGH))
            return false;
    return true;
}

static bool is_small(float cell, float shift, float scale)
{
    const float input = (cell - shift) * scale;
    return input != 0.0f && fabsf(input) < BP_FLUSH_BELOW;
}

/* All 256 bytes, whether they are there or not. */
static bool bytes_are_ordinary(const struct bp_samples *samples)
{
    for (size_t i = 0; i < samples->inputs; i++)
        for (unsigned byte = 0; byte < 256; byte++)
            if (is_small((float)byte, samples->shift[i], samples->scale[i]))
                return false;
    return true;
}

static bool floats_are_ordinary(const struct bp_samples *samples)
{
    const float *restrict shift = samples->shift, *restrict scale = samples->scale;
    for (size_t x = 0; x < samples->count; x++) {
        const float *restrict cell =
            samples->values + (samples->rows ? samples->rows[x] : x) * samples->stride;
        unsigned small = 0;
        for (size_t i = 0; i < samples->inputs; i++)
            small |= is_small(cell[i], shift[i], scale[i]);
        if (small)
            return false;
    }
    return true;
}

bool bp_samples_are_ordinary(const struct bp_samples *samples)
{
    if (samples->neuron) /* cells are spread one by one: comparisons do not count beside that */
        return false;
    if (shifts_are_large(samples))
        return true;
    return samples->values ? floats_are_ordinary(samples) : bytes_are_ordinary(samples);
}
