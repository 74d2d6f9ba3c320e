/* Gathering is elementwise: any compiler may vectorize it, since there is no sum. */
#include "data/samples/batch.h"

#include <assert.h>
#include <string.h>

#include "base/flush.h"
#include "data/samples/block_rows.h"

/* Numbers first ... first + count - 1 of a row, at most a panel. */
static void scale_floats(float *restrict out, const float *restrict cell,
                         const struct bp_samples *samples, size_t first, size_t count)
{
    const float *restrict shift = samples->shift + first, *restrict scale = samples->scale + first;
    for (size_t i = 0; i < count; i++)
        out[i] = (cell[first + i] - shift[i]) * scale[i];
}

static void scale_bytes(float *restrict out, const uint8_t *restrict cell,
                        const struct bp_samples *samples, size_t first, size_t count)
{
    const float *restrict shift = samples->shift + first, *restrict scale = samples->scale + first;
    for (size_t i = 0; i < count; i++)
        out[i] = ((float)cell[first + i] - shift[i]) * scale[i];
}

static inline void flush_panel(float *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = bp_flush(out[i]);
}

/* Inputs of a row that are too small to be stored become 0. */
static void flush_row(const struct bp_samples *samples, float *out, size_t stride)
{
    size_t first = 0;
    for (; first + BP_LANES <= samples->inputs; first += BP_LANES, out += stride)
        flush_panel(out, BP_LANES);
    flush_panel(out, samples->inputs - first);
}

/* Cells to their neurons; a category is the number of the one neuron that is 1, if any. */
static void spread_cells(float *out, size_t stride, const float *cell,
                         const struct bp_samples *samples)
{
    for (size_t first = 0; first < samples->inputs; first += BP_LANES)
        memset(out + first / BP_LANES * stride, 0, BP_LANES * sizeof *out);
    for (size_t c = 0; c < samples->cells; c++) {
        const uint32_t i = samples->neuron[c];
        if (i == BP_ONE_HOT && cell[c] < 0.0f)
            continue;
        const size_t to = i == BP_ONE_HOT ? (size_t)cell[c] : i;
        out[to / BP_LANES * stride + to % BP_LANES] =
            i == BP_ONE_HOT ? 1.0f : (cell[c] - samples->shift[i]) * samples->scale[i];
    }
}

static void gather_floats(const struct bp_samples *samples, const float *cell, float *out,
                          size_t stride)
{
    size_t first = 0;
    for (; first + BP_LANES <= samples->inputs; first += BP_LANES, out += stride)
        scale_floats(out, cell, samples, first, BP_LANES);
    scale_floats(out, cell, samples, first, samples->inputs - first);
}

static void gather_bytes(const struct bp_samples *samples, const uint8_t *cell, float *out,
                         size_t stride)
{
    size_t first = 0;
    for (; first + BP_LANES <= samples->inputs; first += BP_LANES, out += stride)
        scale_bytes(out, cell, samples, first, BP_LANES);
    scale_bytes(out, cell, samples, first, samples->inputs - first);
}

static void gather_row(const struct bp_samples *samples, size_t at, float *out, size_t stride)
{
    if (samples->neuron)
        spread_cells(out, stride, samples->values + at, samples);
    else if (samples->values)
        gather_floats(samples, samples->values + at, out, stride);
    else
        gather_bytes(samples, samples->bytes + at, out, stride);
    if (!samples->ordinary)
        flush_row(samples, out, stride);
}

static size_t find_row(const struct bp_samples *samples, uint32_t sample)
{
    return (samples->rows ? samples->rows[sample] : sample) * samples->stride;
}

#define LINE 64 /* bytes that one prefetch brings */

/* To the second-level cache, or the first. */
#if defined(__GNUC__)
#define PREFETCH_FAR(address)  __builtin_prefetch((address), 0, 2)
#define PREFETCH_NEAR(address) __builtin_prefetch((address), 0, 3)
#else
#define PREFETCH_FAR(address)  ((void)(address))
#define PREFETCH_NEAR(address) ((void)(address))
#endif

static size_t cell_bytes(const struct bp_samples *samples)
{
    return samples->values ? sizeof *samples->values : sizeof *samples->bytes;
}

static const char *find_cells(const struct bp_samples *samples, uint32_t sample)
{
    const char *cells =
        samples->values ? (const char *)samples->values : (const char *)samples->bytes;
    return cells + find_row(samples, sample) * cell_bytes(samples);
}

/* Begins to load a row into the cache. */
static void prefetch_row(const struct bp_samples *samples, uint32_t sample)
{
    const char *row = find_cells(samples, sample);
    for (size_t byte = 0; byte < samples->cells * cell_bytes(samples); byte += LINE)
        PREFETCH_NEAR(row + byte);
}

/* Rows are anywhere in memory, so that the processor cannot guess the next ones: so many bytes, and
 * at most so many rows, are asked for before they are read. */
#define BYTES_AHEAD ((size_t)8192)
#define ROWS_AHEAD  ((size_t)16)

static size_t count_ahead(const struct bp_samples *samples)
{
    const size_t bytes = samples->cells * cell_bytes(samples);
    const size_t rows = BYTES_AHEAD / bytes + 1;
    return rows < ROWS_AHEAD ? rows : ROWS_AHEAD;
}

void bp_batch_gather(const struct bp_samples *samples, const uint32_t *order, size_t count,
                     float *out, size_t stride)
{
    assert(stride >= count * BP_LANES);
    if (samples->blocks) {
        bp_block_rows_gather(samples->blocks, order, count, out, stride);
        return;
    }
    const size_t ahead = count_ahead(samples);
    for (size_t r = 0; r < count; r++) {
        if (r + ahead < count)
            prefetch_row(samples, order[r + ahead]);
        gather_row(samples, find_row(samples, order[r]), out + r * BP_LANES, stride);
    }
}

void bp_batch_gather_targets(const struct bp_samples *samples, const uint32_t *order, size_t count,
                             float *out, size_t stride)
{
    const size_t outputs = samples->outputs;
    for (size_t first = 0; first < outputs; first += BP_LANES)
        memset(out + first / BP_LANES * stride, 0, count * BP_LANES * sizeof *out);
    for (size_t r = 0; r < count; r++) {
        float *row = out + r * BP_LANES;
        if (samples->labels) {
            const size_t class = samples->labels[order[r]];
            row[class / BP_LANES * stride + class % BP_LANES] = 1.0f;
            continue;
        }
        const float *target = samples->targets + order[r] * outputs;
        for (size_t j = 0; j < outputs; j++)
            row[j / BP_LANES * stride + j % BP_LANES] = target[j];
    }
}

void bp_batch_prefetch(const struct bp_samples *samples, const uint32_t *order, size_t count)
{
    const size_t ahead = count_ahead(samples);
    for (size_t r = 0; r < count && r < ahead; r++)
        prefetch_row(samples, order[r]);
}

size_t bp_batch_lines(const struct bp_samples *samples)
{
    return (samples->cells * cell_bytes(samples) + LINE - 1) / LINE;
}

void bp_batch_prefetch_lines(const struct bp_samples *samples, const uint32_t *order, size_t begin,
                             size_t end)
{
    const size_t each = bp_batch_lines(samples);
    size_t row = begin / each, line = begin % each;
    for (size_t left = end - begin; left > 0; row++, line = 0) {
        const char *cells = find_cells(samples, order[row]);
        const size_t stop = left < each - line ? line + left : each;
        left -= stop - line;
        for (; line < stop; line++)
            PREFETCH_FAR(cells + line * LINE);
    }
}

void bp_batch_number(uint32_t *order, size_t count)
{
    for (size_t x = 0; x < count; x++)
        order[x] = (uint32_t)x;
}
