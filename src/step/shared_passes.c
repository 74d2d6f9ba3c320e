/* The passes of a block, numbered: gather; forward of each layer; output; delta of each hidden
 * layer, from the last. */
#include "step/shared_passes.h"

#include "base/sizes.h"

enum pass_kind { GATHER, FORWARD, OUTPUT, DELTA };

struct pass {
    enum pass_kind kind;
    size_t l; /* the layer whose neurons are computed */
};

static size_t count_passes(const struct bp_network *network)
{
    return 2 * network->layers + 1;
}

static struct pass find_pass(const struct bp_network *network, size_t number)
{
    const size_t layers = network->layers;
    if (number == 0)
        return (struct pass){GATHER, 0};
    if (number <= layers)
        return (struct pass){FORWARD, number - 1};
    return number == layers + 1 ? (struct pass){OUTPUT, layers - 1}
                                : (struct pass){DELTA, 2 * layers - number};
}

/* A grid of the pass; the ends are split by samples. */
static const struct bp_grid *find_grid(const struct bp_shared_passes *passes, struct pass pass)
{
    const struct bp_store *store = passes->store;
    if (pass.kind == GATHER || pass.kind == OUTPUT)
        return NULL;
    return pass.kind == FORWARD ? &store->grid[pass.l].forward : &store->grid[pass.l].delta;
}

static bool splits_panels(const struct bp_shared_passes *passes, struct pass pass)
{
    const struct bp_grid *grid = find_grid(passes, pass);
    return grid && !grid->by_samples;
}

bool bp_shared_passes_next(struct bp_shared_passes *passes)
{
    const struct bp_network *network = passes->run->network;
    const size_t count = count_passes(network), begin = passes->region.end;
    if (begin == count)
        return false;
    size_t end = begin + 1;
    if (!splits_panels(passes, find_pass(network, begin)))
        while (end < count && !splits_panels(passes, find_pass(network, end)))
            end++;
    passes->region = (struct bp_range){begin, end};
    return true;
}

/* A part of a pass for one thread. */
struct part {
    size_t row, rows; /* of the block */
    size_t own;       /* number of the first row among those of the thread */
    struct bp_range panels;
};

static void run_forward(const struct bp_run *run, struct bp_activations *activations, size_t l,
                        struct part part, uint64_t number)
{
    bp_forward_panels(run->network, run->kernels, activations, part.rows, l, part.panels);
    if (!run->dropout.threshold || l + 1 == run->network->layers)
        return;
    const struct bp_dropout_mask mask = {.dropout = &run->dropout,
                                         .number = number + part.row,
                                         .network = run->network,
                                         .l = l,
                                         .panels = part.panels};
    bp_dropout_panels(&mask, run->kernels, activations, part.rows);
}

static void run_part(const struct bp_shared_passes *passes, struct bp_worker *worker,
                     struct pass pass, struct part part)
{
    const struct bp_run *run = passes->run;
    const size_t begin = passes->begin + part.row;
    struct bp_activations *activations = &worker->activations;
    bp_activations_set_view(activations, &passes->store->activations, run->network, part.row,
                            part.own);
    switch (pass.kind) {
    case GATHER:
        bp_rows_gather(run, worker, begin, begin + part.rows);
        return;
    case FORWARD:
        run_forward(run, activations, pass.l, part, run->number + passes->begin);
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_FORWARD);
        return;
    case OUTPUT:
        bp_forward_end(run->network, run->kernels, activations, part.rows);
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_FORWARD);
        bp_delta_output(run->network, run->kernels, activations, part.rows, run->batch,
                        worker->sample_loss + part.own);
        break;
    case DELTA:
        bp_delta_panels(run->network, run->kernels, activations, part.rows, pass.l, part.panels);
        break;
    }
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_DELTA);
}

/* The parts of a pass by panels that thread t has: it updates the same panels, or some of them. */
static void run_panels(const struct bp_shared_passes *passes, size_t t, struct pass pass)
{
    const struct bp_grid *grid = find_grid(passes, pass);
    const struct bp_grid_pass cut = {.rows = passes->rows,
                                     .panels = passes->run->network->layer[pass.l].panels};
    const struct bp_range range = bp_range_of(grid->groups * grid->columns, passes->threads, t);
    for (size_t k = range.begin; k < range.end;) {
        const struct bp_grid_part part = bp_grid_next(grid, &cut, &k, range.end);
        run_part(passes, passes->workers[t], pass,
                 (struct part){.row = part.rows.begin,
                               .rows = part.rows.end - part.rows.begin,
                               .panels = part.panels});
    }
}

/* All passes of the region for some samples after the other, as many as stay in the caches. */
static void run_rows(const struct bp_shared_passes *passes, struct bp_worker *worker,
                     struct bp_range rows)
{
    const struct bp_network *network = passes->run->network;
    struct part part = {.row = rows.begin};
    for (; part.row < rows.end; part.row += part.rows) {
        part.rows = bp_size_min(passes->store->piece, rows.end - part.row);
        part.own = part.row - rows.begin;
        for (size_t k = passes->region.begin; k < passes->region.end; k++) {
            const struct pass pass = find_pass(network, k);
            part.panels.end = network->layer[pass.l].panels;
            run_part(passes, worker, pass, part);
        }
    }
}

void bp_shared_passes_run(void *arg, size_t t, size_t threads)
{
    const struct bp_shared_passes *passes = arg;
    const struct bp_network *network = passes->run->network;
    const struct bp_range rows = bp_store_rows(passes->rows, threads, t);
    const struct pass pass = find_pass(network, passes->region.begin);
    bp_stopwatch_start(&passes->workers[t]->stopwatch);
    if (splits_panels(passes, pass))
        run_panels(passes, t, pass);
    else
        run_rows(passes, passes->workers[t], rows);
}

void bp_shared_passes_add_losses(const struct bp_shared_passes *passes, double *shard_loss)
{
    const size_t size = passes->run->plan->shards.size;
    size_t shard = passes->begin / size, left = size - passes->begin % size;
    for (size_t t = 0; t < passes->threads; t++) {
        const struct bp_range rows = bp_store_rows(passes->rows, passes->threads, t);
        for (size_t r = 0; r < rows.end - rows.begin; r++, left--) {
            if (left == 0) {
                shard++;
                left = size;
            }
            shard_loss[shard] += passes->workers[t]->sample_loss[r];
        }
    }
}
