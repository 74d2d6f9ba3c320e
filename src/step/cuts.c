/* Two sizes of batches, each with two sizes of chunks. */
#include "step/cuts.h"

#include <assert.h>

#include "base/sizes.h"

/* Of batches of `rows` samples; nothing for 0. */
static bp_status make_cut(struct bp_cuts *cuts, struct bp_cut *cut, size_t rows,
                          const struct bp_cuts_options *options, bp_error *error)
{
    if (rows == 0)
        return BP_OK;
    cut->chunks = bp_chunks_cut(rows, options->shard_size);
    const size_t sizes[2] = {bp_size_min(rows, cut->chunks.size), rows % cut->chunks.size};
    for (size_t k = 0; k < 2 && sizes[k] && (k == 0 || sizes[k] != rows); k++) {
        struct bp_shard_plan *plan = &cuts->plan[cuts->plans];
        const bp_status status = bp_shard_plan_make(plan, sizes[k], options->shard_size,
                                                    options->threads, options->capacity, error);
        if (status)
            return status;
        cut->plan[k] = plan;
        cuts->plans++;
    }
    return BP_OK;
}

bp_status bp_cuts_make(struct bp_cuts *cuts, const struct bp_cuts_options *options, bp_error *error)
{
    const size_t sizes[2] = {options->batch_size, options->samples % options->batch_size};
    bp_status status = BP_OK;
    for (size_t k = 0; k < 2 && !status; k++)
        status = make_cut(cuts, &cuts->cut[k], sizes[k], options, error);
    return status;
}

void bp_cuts_release(struct bp_cuts *cuts)
{
    for (size_t k = 0; k < cuts->plans; k++)
        bp_shard_plan_release(&cuts->plan[k]);
    cuts->plans = 0;
}

const struct bp_cut *bp_cuts_find(const struct bp_cuts *cuts, size_t rows)
{
    const struct bp_cut *cut = &cuts->cut[rows != cuts->cut[0].chunks.rows];
    assert(cut->chunks.rows == rows);
    return cut;
}
