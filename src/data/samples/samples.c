/* The memory of samples. */
#include "data/samples/samples.h"

#include <stdlib.h>

#include "base/memory.h"

void bp_samples_release(struct bp_samples *samples)
{
    bp_aligned_free(samples->shift);
    bp_aligned_free(samples->scale);
    free(samples->neuron);
    free(samples->labels);
    free(samples->targets);
    free(samples->weight);
    free(samples->owned_values);
    *samples = (struct bp_samples){0};
}
