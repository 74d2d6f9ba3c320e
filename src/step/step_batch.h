/* What a step is run with. */
#ifndef BP_STEP_STEP_BATCH_H
#define BP_STEP_STEP_BATCH_H

#include <stddef.h>
#include <stdint.h>

struct bp_step_batch {
    const uint32_t *order; /* numbers of the samples */
    size_t count;          /* batch_size, or the rest samples->count % batch_size */
    size_t upcoming;       /* numbers after these, of samples that are likely to come next */
    uint64_t number;       /* samples trained on in all before these: dropout depends on it */
};

#endif
