/* Blocks of samples; of each block every thread works through an even run. */
#include "model/infer.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "model/mixture.h"
#include "step/passes/loss.h"
#include "team/range.h"

struct bp_infer {
    const struct bp_model *model;
    const struct bp_samples *samples;
    const struct bp_engine *engine;
    size_t threads;
    size_t capacity;
    struct bp_mixture *mixture; /* one a thread */
    uint32_t *order;            /* 0 ... samples - 1 */
    size_t block;               /* samples in one parallel region */
    float *outputs;             /* block x outputs */
    double *losses;             /* block; NULL: there are no targets */
    float *spread;              /* of all samples; NULL: not asked for */
    const struct bp_visitor *visitor;
    size_t begin, end;            /* of the block in work */
    struct bp_ranks *ranks;       /* NULL, or they share each block */
    struct bp_exchange *exchange; /* of outputs and losses */
};

/* Outputs held at the same time: 4 MiB, many rounds of all threads for all but the widest networks.
 */
#define BLOCK_FLOATS ((size_t)1 << 20)

/* The scratch memory of each thread, made on that thread, so that it lies near it. */
struct making {
    struct bp_infer *infer;
    bp_status *status; /* one a thread */
};

static void make_mixture(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct making *making = arg;
    struct bp_infer *infer = making->infer;
    making->status[t] = bp_mixture_make(&infer->mixture[t], infer->model, infer->capacity, NULL);
}

/* Whether all could be made. */
static bool make_all_mixtures(struct bp_infer *infer)
{
    infer->mixture = bp_aligned_alloc(infer->threads, sizeof *infer->mixture);
    bp_status *status = bp_array_alloc(infer->threads, sizeof *status);
    bool made = infer->mixture && status;
    if (made)
        bp_team_run_pinned(infer->engine->team, make_mixture, &(struct making){infer, status});
    for (size_t t = 0; t < infer->threads && made; t++)
        made = status[t] == BP_OK;
    free(status);
    return made;
}

bp_status bp_infer_create(struct bp_infer **out, const struct bp_model *model,
                          const struct bp_samples *samples, const struct bp_engine *engine,
                          bp_error *error)
{
    *out = NULL;
    struct bp_infer *infer = calloc(1, sizeof *infer);
    if (!infer)
        return bp_fail_memory(error, "a forward pass");
    infer->model = model;
    infer->samples = samples;
    infer->engine = engine;
    infer->threads = bp_team_threads(engine->team);
    infer->capacity =
        bp_size_min(bp_mixture_capacity(model), bp_size_round_up(samples->count, BP_LANES));
    infer->order = bp_array_alloc(samples->count, sizeof *infer->order);
    infer->block = bp_size_min(samples->count, bp_size_max(1, BLOCK_FLOATS / samples->outputs));
    infer->outputs = bp_array_alloc(infer->block * samples->outputs, sizeof *infer->outputs);
    const bool has_targets = samples->labels || samples->targets;
    if (has_targets)
        infer->losses = bp_array_alloc(infer->block, sizeof *infer->losses);
    if (!infer->order || !infer->outputs || (has_targets && !infer->losses) ||
        !make_all_mixtures(infer)) {
        bp_infer_free(infer);
        return bp_fail_memory(error, "a forward pass");
    }
    bp_batch_number(infer->order, samples->count);
    *out = infer;
    return BP_OK;
}

/* Of all networks. */
static double count_parameters(const struct bp_model *model)
{
    double parameters = 0.0;
    for (size_t m = 0; m < bp_model_networks(model); m++)
        parameters += (double)bp_model_at(model, m)->network->parameters;
    return parameters;
}

/* Of fewer products than this all go forward sooner than a message arrives. */
#define MIN_SHARED_PRODUCTS 1e6

bp_status bp_infer_share(struct bp_infer *infer, struct bp_ranks *ranks, bp_error *error)
{
    if (!bp_ranks_several(ranks) ||
        count_parameters(infer->model) * (double)infer->samples->count < MIN_SHARED_PRODUCTS)
        return BP_OK;
    const bp_status status =
        bp_exchange_create(&infer->exchange, ranks, 4 * (ranks->count - 1), error);
    if (!status)
        infer->ranks = ranks;
    return status;
}

void bp_infer_free(struct bp_infer *infer)
{
    if (!infer)
        return;
    bp_exchange_free(infer->exchange);
    for (size_t t = 0; infer->mixture && t < infer->threads; t++)
        bp_mixture_release(&infer->mixture[t]);
    bp_aligned_free(infer->mixture);
    free(infer->order);
    free(infer->outputs);
    free(infer->losses);
    free(infer);
}

/* Of samples x ... x + rows - 1 of the block, which went forward through one network; of several
 * only the outputs have a loss. */
static void compute_losses(const struct bp_infer *infer, struct bp_activations *activations,
                           size_t x, size_t rows)
{
    const struct bp_network *network = bp_model_first(infer->model);
    const struct bp_samples *samples = infer->samples;
    if (bp_model_networks(infer->model) > 1) {
        for (size_t r = x; r < x + rows; r++)
            infer->losses[r] = bp_loss_of_outputs(network, infer->outputs + r * samples->outputs,
                                                  samples, infer->begin + r);
        return;
    }
    bp_batch_gather_targets(samples, infer->order + infer->begin + x, rows, activations->target,
                            activations->stride);
    bp_loss_of_rows(network, activations, rows, infer->losses + x);
}

/* The samples of the block, from 0, that rank r goes through. */
static struct bp_range find_part(const struct bp_infer *infer, size_t r)
{
    return bp_range_of(infer->end - infer->begin, bp_ranks_count(infer->ranks), r);
}

/* Of these the samples of thread t. */
static struct bp_range find_run(const struct bp_infer *infer, size_t r, size_t threads, size_t t)
{
    const struct bp_range part = find_part(infer, r);
    const struct bp_range run = bp_range_of(part.end - part.begin, threads, t);
    return (struct bp_range){part.begin + run.begin, part.begin + run.end};
}

static void infer_block(void *arg, size_t t, size_t threads)
{
    const struct bp_infer *infer = arg;
    const size_t outputs = infer->samples->outputs;
    const struct bp_mixture *mixture = &infer->mixture[t];
    struct bp_activations *activations = &mixture->activations[0];
    const struct bp_range run = find_run(infer, bp_ranks_rank(infer->ranks), threads, t);
    for (size_t x = run.begin; x < run.end;) {
        const size_t rows = bp_size_min(run.end - x, infer->capacity);
        bp_batch_gather(infer->samples, infer->order + infer->begin + x, rows,
                        activations->value[0], activations->stride);
        bp_mixture_forward(mixture, infer->engine->kernels, rows, infer->outputs + x * outputs,
                           infer->spread ? infer->spread + (infer->begin + x) * outputs : NULL);
        if (infer->losses)
            compute_losses(infer, activations, x, rows);
        if (infer->visitor->measure)
            infer->visitor->measure(infer->visitor->arg, infer->begin + x, infer->begin + x + rows,
                                    infer->outputs + x * outputs);
        x += rows;
    }
}

enum { TAG_OUTPUTS, TAG_LOSSES };

static void exchange_with(const struct bp_infer *infer, size_t r)
{
    const size_t outputs = infer->samples->outputs;
    const struct bp_range own = find_part(infer, infer->ranks->rank), other = find_part(infer, r);
    const size_t rows = own.end - own.begin, other_rows = other.end - other.begin;
    bp_exchange_receive(infer->exchange, infer->outputs + other.begin * outputs,
                        other_rows * outputs * sizeof(float), r, TAG_OUTPUTS);
    bp_exchange_send(infer->exchange, infer->outputs + own.begin * outputs,
                     rows * outputs * sizeof(float), r, TAG_OUTPUTS);
    if (!infer->losses)
        return;
    bp_exchange_receive(infer->exchange, infer->losses + other.begin, other_rows * sizeof(double),
                        r, TAG_LOSSES);
    bp_exchange_send(infer->exchange, infer->losses + own.begin, rows * sizeof(double), r,
                     TAG_LOSSES);
}

/* What other ranks went through is measured here too. */
static void measure_others(void *arg, size_t t, size_t threads)
{
    const struct bp_infer *infer = arg;
    for (size_t r = 0; r < infer->ranks->count; r++) {
        const struct bp_range run = find_run(infer, r, threads, t);
        if (r != infer->ranks->rank && run.begin < run.end)
            infer->visitor->measure(infer->visitor->arg, infer->begin + run.begin,
                                    infer->begin + run.end,
                                    infer->outputs + run.begin * infer->samples->outputs);
    }
}

static void exchange_block(struct bp_infer *infer)
{
    for (size_t r = 0; r < infer->ranks->count; r++) {
        if (r != infer->ranks->rank)
            exchange_with(infer, r);
    }
    bp_exchange_finish(infer->exchange);
    if (infer->visitor->measure)
        bp_team_run(infer->engine->team, measure_others, infer);
}

void bp_infer_spread(struct bp_infer *infer, float *spread)
{
    infer->spread = spread;
}

void bp_infer_run(struct bp_infer *infer, const struct bp_visitor *visitor)
{
    const size_t count = infer->samples->count;
    infer->visitor = visitor;
    for (infer->begin = 0; infer->begin < count; infer->begin = infer->end) {
        infer->end = bp_size_min(count, infer->begin + infer->block);
        bp_team_run(infer->engine->team, infer_block, infer);
        if (infer->ranks)
            exchange_block(infer);
        if (visitor->take)
            visitor->take(visitor->arg, infer->begin, infer->end, infer->outputs, infer->losses);
    }
}

/* Rows that are worth a share of their own. */
#define SHARE_ROWS 16

bp_status bp_infer_begin(struct bp_infer **out, struct bp_engine *engine,
                         const struct bp_model *model, const struct bp_samples *samples,
                         const bp_run_options *options, bp_error *error)
{
    const struct bp_engine_options choice = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .shares = samples->count / SHARE_ROWS + 1,
        .operations = 2.0 * count_parameters(model) * (double)samples->count,
    };
    *out = NULL;
    const bp_status status = bp_engine_make(engine, &choice, error);
    return status ? status : bp_infer_create(out, model, samples, engine, error);
}

bp_status bp_infer_once(const struct bp_model *model, const struct bp_samples *samples,
                        const bp_run_options *options, float *spread,
                        const struct bp_visitor *visitor, bp_error *error)
{
    struct bp_engine engine;
    struct bp_infer *infer;
    const bp_status status = bp_infer_begin(&infer, &engine, model, samples, options, error);
    if (!status && spread)
        bp_infer_spread(infer, spread);
    if (!status)
        bp_infer_run(infer, visitor);
    bp_infer_free(infer);
    bp_engine_release(&engine);
    return status;
}
