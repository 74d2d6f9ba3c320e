/* Whether a batch has to look for inputs that are too small to be stored: once for all samples, as
 * a comparison in every batch costs a small network some per cent of its time. */
#include "data/samples/ordinary.h"

#include <math.h>

#include "base/flush.h"
#include "base/lanes.h"
#include "base/sizes.h"

/* A cell c that is not the shift s is at least 2^-25 |s| away from it. */
#define ENOUGH 0x1p-36f

/* Rows whose panels are looked at one after the other: their cells stay in the nearest caches. */
#define BLOCK_ROWS ((size_t)64)

/* Whether that says it of inputs first ... first + count - 1, whatever the cells are. */
static bool shifts_are_large(const struct bp_samples *samples, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
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

/* Of inputs first ... first + count - 1, at most a panel, of some samples. */
static bool panel_is_ordinary(const struct bp_samples *samples, size_t first, size_t count,
                              size_t begin, size_t end)
{
    const float *restrict shift = samples->shift + first, *restrict scale = samples->scale + first;
    unsigned small = 0;
    for (size_t x = begin; x < end; x++) {
        const float *restrict cell =
            samples->values + (samples->rows ? samples->rows[x] : x) * samples->stride + first;
        for (size_t i = 0; i < count; i++)
            small |= is_small(cell[i], shift[i], scale[i]);
    }
    return !small;
}

/* Of samples begin ... end - 1; the last panel may begin in the one before, so that it is full. */
static bool rows_are_ordinary(const struct bp_samples *samples, size_t begin, size_t end)
{
    const size_t inputs = samples->inputs, count = bp_size_min(inputs, BP_LANES);
    for (size_t i = 0; i < inputs; i += BP_LANES) {
        const size_t first = bp_size_min(i, inputs - count);
        if (!shifts_are_large(samples, first, count) &&
            !panel_is_ordinary(samples, first, count, begin, end))
            return false;
    }
    return true;
}

static bool floats_are_ordinary(const struct bp_samples *samples)
{
    for (size_t x = 0; x < samples->count; x += BLOCK_ROWS)
        if (!rows_are_ordinary(samples, x, bp_size_min(samples->count, x + BLOCK_ROWS)))
            return false;
    return true;
}

bool bp_samples_are_ordinary(const struct bp_samples *samples, bool once)
{
    if (samples->neuron) /* cells move one by one: comparisons do not count beside that */
        return false;
    if (shifts_are_large(samples, 0, samples->inputs))
        return true;
    if (!samples->values)
        return bytes_are_ordinary(samples);
    return !once && floats_are_ordinary(samples);
}
