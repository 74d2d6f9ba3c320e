/* Two datasets as one set of samples. Rows of one table stay in it; those of two are copied. */
#include <stdlib.h>
#include <string.h>

#include "base/lanes.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/samples.h"
#include "data/table/table.h"

#define MEMORY_OF "the samples of both sets"

/* The rows that either shows, each once, in the order of their table. NULL: no memory. */
static uint32_t *unite_rows(const bp_dataset *first, const bp_dataset *second, size_t *count)
{
    const size_t rows = first->table->rows;
    unsigned char *shown = calloc(rows, 1);
    uint32_t *united = bp_array_alloc(rows, sizeof *united);
    *count = 0;
    if (shown && united) {
        for (size_t x = 0; x < first->count; x++)
            shown[bp_dataset_row(first, x)] = 1;
        for (size_t x = 0; x < second->count; x++)
            shown[bp_dataset_row(second, x)] = 1;
        for (size_t row = 0; row < rows; row++) {
            if (shown[row])
                united[(*count)++] = (uint32_t)row;
        }
        free(shown);
        return united;
    }
    free(shown);
    free(united);
    return NULL;
}

static bp_status bind_one_table(struct bp_samples *samples, const struct bp_schema *schema,
                                const bp_dataset *first, const bp_dataset *second,
                                bp_unknown unknown, bp_error *error)
{
    bp_dataset all = {.table = first->table};
    *samples = (struct bp_samples){0};
    all.rows = unite_rows(first, second, &all.count);
    if (!all.rows)
        return bp_fail_memory(error, MEMORY_OF);
    const struct bp_bind_options options = {.need = BP_TARGETS_AND_WEIGHTS, .unknown = unknown};
    const bp_status status = bp_samples_bind(samples, schema, &all, &options, error);
    if (status || samples->owned_rows)
        free(all.rows);
    else
        samples->owned_rows = all.rows;
    return status;
}

static const struct bp_samples *part_of(const struct bp_samples *part, size_t x, size_t *row)
{
    const size_t own = x < part[0].count ? x : x - part[0].count;
    part += x >= part[0].count;
    *row = part->rows ? part->rows[own] : own;
    return part;
}

static void copy_values(struct bp_samples *samples, const struct bp_samples *part)
{
    for (size_t x = 0; x < samples->count; x++) {
        size_t row;
        const struct bp_samples *from = part_of(part, x, &row);
        float *to = samples->owned_values + x * samples->cells;
        if (from->values)
            memcpy(to, from->values + row * from->stride, samples->cells * sizeof *to);
        for (size_t c = 0; from->bytes && c < samples->cells; c++)
            to[c] = (float)from->bytes[row * from->stride + c];
    }
    samples->values = samples->owned_values;
}

static void copy_bytes(struct bp_samples *samples, const struct bp_samples *part)
{
    for (size_t x = 0; x < samples->count; x++) {
        size_t row;
        const struct bp_samples *from = part_of(part, x, &row);
        memcpy(samples->owned_bytes + x * samples->cells, from->bytes + row * from->stride,
               samples->cells);
    }
    samples->bytes = samples->owned_bytes;
}

/* Bytes stay bytes if those of both are. */
static bool copy_cells(struct bp_samples *samples, const struct bp_samples *part)
{
    size_t total;
    samples->stride = samples->cells = part[0].cells;
    if (!bp_size_mul(samples->count, samples->cells, &total))
        return false;
    if (part[0].bytes && part[1].bytes) {
        samples->owned_bytes = bp_array_alloc(total, 1);
        if (samples->owned_bytes)
            copy_bytes(samples, part);
        return samples->owned_bytes;
    }
    samples->owned_values = bp_array_alloc(total, sizeof *samples->owned_values);
    if (samples->owned_values)
        copy_values(samples, part);
    return samples->owned_values;
}

/* `first` values and `second` values of `size` bytes, one after the other; NULL: no memory. */
static void *append(const void *first, size_t count, const void *second, size_t more, size_t size)
{
    char *both = bp_array_alloc(count + more, size);
    if (!both)
        return NULL;
    memcpy(both, first, count * size);
    memcpy(both + count * size, second, more * size);
    return both;
}

static bool copy_targets(struct bp_samples *samples, const struct bp_samples *part)
{
    const size_t outputs = samples->outputs, count = part[0].count, more = part[1].count;
    if (part[0].labels)
        samples->labels =
            append(part[0].labels, count, part[1].labels, more, sizeof *samples->labels);
    else
        samples->targets = append(part[0].targets, count * outputs, part[1].targets, more * outputs,
                                  sizeof *samples->targets);
    if (part[0].weight)
        samples->weight =
            append(part[0].weight, count, part[1].weight, more, sizeof *samples->weight);
    return (samples->labels || samples->targets) && (samples->weight || !part[0].weight);
}

/* Where one part has no map of cells to neurons, both are cell i to neuron i. */
static bool copy_scaling(struct bp_samples *samples, const struct bp_samples *part)
{
    const size_t padded = bp_size_round_up(samples->inputs, BP_LANES);
    const uint32_t *neuron = part[0].neuron && part[1].neuron ? part[0].neuron : NULL;
    samples->shift = bp_aligned_alloc(padded, sizeof *samples->shift);
    samples->scale = bp_aligned_alloc(padded, sizeof *samples->scale);
    if (!samples->shift || !samples->scale)
        return false;
    memcpy(samples->shift, part[0].shift, padded * sizeof *samples->shift);
    memcpy(samples->scale, part[0].scale, padded * sizeof *samples->scale);
    if (neuron)
        samples->neuron = append(neuron, samples->cells, neuron, 0, sizeof *neuron);
    return samples->neuron || !neuron;
}

static bp_status bind_two_tables(struct bp_samples *samples, const struct bp_schema *schema,
                                 const bp_dataset *const *dataset, bp_unknown unknown,
                                 bp_error *error)
{
    struct bp_samples part[2] = {{0}, {0}};
    const struct bp_bind_options options = {.need = BP_TARGETS_AND_WEIGHTS, .unknown = unknown};
    bp_status status = BP_OK;
    *samples = (struct bp_samples){0};
    for (size_t k = 0; k < 2 && !status; k++)
        status = bp_samples_bind(&part[k], schema, dataset[k], &options, error);
    if (!status) {
        samples->count = part[0].count + part[1].count;
        samples->inputs = part[0].inputs;
        samples->outputs = part[0].outputs;
        samples->ordinary = part[0].ordinary && part[1].ordinary;
        if (samples->count > UINT32_MAX)
            status = bp_fail(error, BP_ERROR_INPUT,
                             "%zu rows in both sets: at most %u can be trained on", samples->count,
                             UINT32_MAX);
        else if (!copy_cells(samples, part) || !copy_targets(samples, part) ||
                 !copy_scaling(samples, part))
            status = bp_fail_memory(error, MEMORY_OF);
    }
    bp_samples_release(&part[0]);
    bp_samples_release(&part[1]);
    if (status)
        bp_samples_release(samples);
    return status;
}

bp_status bp_samples_bind_both(struct bp_samples *samples, const struct bp_schema *schema,
                               const bp_dataset *first, const bp_dataset *second,
                               bp_unknown unknown, bp_error *error)
{
    const bp_dataset *const both[] = {first, second};
    if (first->table == second->table)
        return bind_one_table(samples, schema, first, second, unknown, error);
    return bind_two_tables(samples, schema, both, unknown, error);
}
