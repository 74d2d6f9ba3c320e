/* Blocks of samples; of each block every thread works through an even run. */
#include "model/infer.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "step/loss.h"
#include "step/passes.h"
#include "team/range.h"

struct bp_infer {
    const struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_engine *engine;
    size_t threads;
    size_t capacity;
    struct bp_activations *activations; /* one a thread */
    uint32_t *order;                    /* 0 ... samples - 1 */
    size_t block;                       /* samples in one parallel region */
    float *outputs;                     /* block x outputs */
    double *losses;                     /* block; NULL: there are no targets */
    size_t begin, end;                  /* of the block in work */
};

/* Outputs held at the same time: 4 MiB, many rounds of all threads for all but the widest networks.
 */
#define BLOCK_FLOATS ((size_t)1 << 20)

/* The activations of each thread, made on that thread, so that they lie near it. */
struct making {
    struct bp_infer *infer;
    bp_status *status; /* one a thread */
};

static void make_activations(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct making *making = arg;
    struct bp_infer *infer = making->infer;
    making->status[t] =
        bp_activations_make(&infer->activations[t], infer->network, infer->capacity, false, NULL);
}

/* Whether all could be made. */
static bool make_all_activations(struct bp_infer *infer)
{
    infer->activations = bp_aligned_alloc(infer->threads, sizeof *infer->activations);
    bp_status *status = bp_array_alloc(infer->threads, sizeof *status);
    bool made = infer->activations && status;
    if (made)
        bp_team_run_pinned(infer->engine->team, make_activations, &(struct making){infer, status});
    for (size_t t = 0; t < infer->threads && made; t++)
        made = status[t] == BP_OK;
    free(status);
    return made;
}

bp_status bp_infer_create(struct bp_infer **out, const struct bp_network *network,
                          const struct bp_samples *samples, const struct bp_engine *engine,
                          bp_error *error)
{
    *out = NULL;
    struct bp_infer *infer = calloc(1, sizeof *infer);
    if (!infer)
        return bp_fail_memory(error, "a forward pass");
    infer->network = network;
    infer->samples = samples;
    infer->engine = engine;
    infer->threads = bp_team_threads(engine->team);
    infer->capacity =
        bp_size_min(bp_activations_capacity(network), bp_size_round_up(samples->count, BP_LANES));
    infer->order = bp_array_alloc(samples->count, sizeof *infer->order);
    infer->block = bp_size_min(samples->count, bp_size_max(1, BLOCK_FLOATS / samples->outputs));
    infer->outputs = bp_array_alloc(infer->block * samples->outputs, sizeof *infer->outputs);
    const bool has_targets = samples->labels || samples->targets;
    if (has_targets)
        infer->losses = bp_array_alloc(infer->block, sizeof *infer->losses);
    if (!infer->order || !infer->outputs || (has_targets && !infer->losses) ||
        !make_all_activations(infer)) {
        bp_infer_free(infer);
        return bp_fail_memory(error, "a forward pass");
    }
    bp_batch_number(infer->order, samples->count);
    *out = infer;
    return BP_OK;
}

void bp_infer_free(struct bp_infer *infer)
{
    if (!infer)
        return;
    for (size_t t = 0; infer->activations && t < infer->threads; t++)
        bp_activations_release(&infer->activations[t]);
    bp_aligned_free(infer->activations);
    free(infer->order);
    free(infer->outputs);
    free(infer->losses);
    free(infer);
}

/* Of samples x ... x + rows - 1 of the block, which went forward. */
static void compute_losses(const struct bp_infer *infer, struct bp_activations *activations,
                           size_t x, size_t rows)
{
    bp_batch_gather_targets(infer->samples, infer->order + infer->begin + x, rows,
                            activations->target, activations->stride);
    bp_loss_of_rows(infer->network, activations, rows, infer->losses + x);
}

static void infer_block(void *arg, size_t t, size_t threads)
{
    const struct bp_infer *infer = arg;
    const size_t outputs = infer->samples->outputs;
    struct bp_activations *activations = &infer->activations[t];
    const struct bp_range run = bp_range_of(infer->end - infer->begin, threads, t);
    for (size_t x = run.begin; x < run.end;) {
        const size_t rows = bp_size_min(run.end - x, infer->capacity);
        bp_batch_gather(infer->samples, infer->order + infer->begin + x, rows,
                        activations->value[0], activations->stride);
        bp_forward(infer->network, infer->engine->kernels, activations, rows);
        bp_activations_outputs(activations, infer->network, rows, infer->outputs + x * outputs);
        if (infer->losses)
            compute_losses(infer, activations, x, rows);
        x += rows;
    }
}

void bp_infer_run(struct bp_infer *infer, bp_visit_fn *visit, void *arg)
{
    const size_t count = infer->samples->count;
    for (infer->begin = 0; infer->begin < count; infer->begin = infer->end) {
        infer->end = bp_size_min(count, infer->begin + infer->block);
        bp_team_run(infer->engine->team, infer_block, infer);
        visit(arg, infer->begin, infer->end, infer->outputs, infer->losses);
    }
}

/* Rows that are worth a share of their own. */
#define SHARE_ROWS 16

bp_status bp_infer_once(const struct bp_network *network, const struct bp_samples *samples,
                        const bp_run_options *options, bp_visit_fn *visit, void *arg,
                        bp_error *error)
{
    struct bp_engine engine;
    struct bp_infer *infer = NULL;
    const struct bp_engine_options choice = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .shares = samples->count / SHARE_ROWS + 1,
        .operations = 2.0 * (double)network->parameters * (double)samples->count,
    };
    bp_status status = bp_engine_make(&engine, &choice, error);
    if (!status)
        status = bp_infer_create(&infer, network, samples, &engine, error);
    if (!status)
        bp_infer_run(infer, visit, arg);
    bp_infer_free(infer);
    bp_engine_release(&engine);
    return status;
}
