/* Made by Philox, so that every run and every number of threads gets the same samples. */
#include "bench/synthetic.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sizes.h"

#define SEED 1

#define CLASSES_MAX 65536 /* of a dataset */

#define ROOT_OF_3 1.7320508f /* a uniform number from -a to a has the std a / sqrt(3) */

enum part { PART_INPUTS, PART_TARGETS };

/* values[k] uniform from `low` to `high`: four numbers of every block of Philox. */
static void fill(float *values, size_t count, enum part part, float low, float high)
{
    const uint64_t stream = bp_stream(BP_STREAM_BENCH, (uint32_t)part);
    for (size_t k = 0; k < count; k += 4) {
        uint32_t words[4];
        bp_random_block(SEED, stream, k / 4, words);
        const size_t end = bp_size_min(4, count - k);
        for (size_t i = 0; i < end; i++)
            values[k + i] = low + (high - low) * ((float)(words[i] >> 8) * 0x1p-24f);
    }
}

bp_status bp_synthetic_create(bp_dataset **out, const struct bp_synthetic_shape *shape,
                              bp_error *error)
{
    *out = NULL;
    const size_t count = shape->count, inputs = shape->inputs, outputs = shape->outputs;
    const bool classes = !shape->numbers && outputs >= 2 && outputs <= CLASSES_MAX;
    size_t cells = 0, targets = 0;
    if (!bp_size_mul(count, inputs, &cells) || !bp_size_mul(count, outputs, &targets))
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu samples of %zu inputs do not fit into memory",
                       count, inputs);
    float *input = bp_array_alloc(cells, sizeof *input);
    float *target = classes ? NULL : bp_array_alloc(targets, sizeof *target);
    uint32_t *label = classes ? bp_array_alloc(count, sizeof *label) : NULL;
    bp_status status = BP_OK;
    if (!input || (classes ? !label : !target)) {
        status = bp_fail_memory(error, "the samples");
        goto done;
    }
    fill(input, cells, PART_INPUTS, -ROOT_OF_3, ROOT_OF_3);
    if (target)
        fill(target, targets, PART_TARGETS, 0.1f, 0.9f);
    for (size_t x = 0; classes && x < count; x++)
        label[x] = (uint32_t)(x % outputs);
    const bp_arrays arrays = {
        .size = sizeof arrays,
        .count = count,
        .inputs = inputs,
        .outputs = classes ? 0 : outputs,
        .input = input,
        .targets = target,
        .labels = label,
        .classes = classes ? outputs : 0,
    };
    status = bp_dataset_from_arrays(out, &arrays, error);
done:
    free(input);
    free(target);
    free(label);
    return status;
}
