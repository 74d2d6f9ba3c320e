/* The passes of a block, numbered: gather; forward of each layer; output; delta of each hidden
 * layer, from the last. */
#include "step/spread.h"

#include "base/sizes.h"

/* So few samples already fill the registers of a product; with fewer it would wait for its sums,
 * and for the weights. */
#define MIN_ROWS 4

/* Groups of samples are not made smaller than by this factor for equal shares. */
#define MAX_FINER 4

/* A join costs as much as so many bytes that one thread reads of what another has written. */
#define JOIN_BYTES ((size_t)32768)

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

/* By samples every thread reads all weights, of which others have updated most; by panels it reads
 * all samples of the layer before. */
static bool splits_panels(const struct bp_spread *spread, struct pass pass)
{
    const struct bp_network *network = spread->run->network;
    const struct bp_layer *layer = &network->layer[pass.l];
    if (spread->threads == 1 || pass.kind == GATHER || pass.kind == OUTPUT)
        return false;
    if (spread->rows < MIN_ROWS * spread->threads)
        return true;
    const size_t inputs = pass.kind == FORWARD ? layer->in : network->layer[pass.l + 1].out;
    return layer->panels >= 2 * spread->threads && layer->out > spread->rows &&
           (layer->out - spread->rows) * inputs * sizeof(float) > JOIN_BYTES;
}

bool bp_spread_next(struct bp_spread *spread)
{
    const struct bp_network *network = spread->run->network;
    const size_t count = count_passes(network), begin = spread->passes.end;
    if (begin == count)
        return false;
    size_t end = begin + 1;
    if (!splits_panels(spread, find_pass(network, begin)))
        while (end < count && !splits_panels(spread, find_pass(network, end)))
            end++;
    spread->passes = (struct bp_range){begin, end};
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

static void run_part(const struct bp_spread *spread, struct bp_worker *worker, struct pass pass,
                     struct part part)
{
    const struct bp_run *run = spread->run;
    const size_t begin = spread->begin + part.row;
    struct bp_activations *activations = &worker->activations;
    bp_activations_look_at(activations, &spread->store->activations, run->network, part.row,
                           part.own);
    switch (pass.kind) {
    case GATHER:
        bp_rows_gather(run, worker, begin, begin + part.rows);
        return;
    case FORWARD:
        run_forward(run, activations, pass.l, part, run->number + spread->begin);
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

/* How the samples and the panels of a layer are cut into parts that threads get runs of. */
struct grid {
    size_t groups;  /* of samples */
    size_t columns; /* of panels */
    size_t width;   /* panels of a column */
};

/* Samples times columns of the thread that has the most. */
static size_t find_most(struct grid grid, size_t rows, size_t threads)
{
    return bp_size_divide_up(grid.groups * grid.columns, threads) *
           bp_size_divide_up(rows, grid.groups);
}

/* As few groups as give all threads a part, since each reads the weights again, or more of them if
 * shares are then much more even. */
static struct grid cut_grid(size_t rows, size_t panels, size_t threads)
{
    struct grid grid = {.width = 2, .columns = bp_size_divide_up(panels, 2)};
    if (rows < MIN_ROWS * bp_size_divide_up(threads, grid.columns))
        grid = (struct grid){.width = 1, .columns = panels};
    grid.groups = bp_size_min(rows, bp_size_divide_up(threads, grid.columns));
    const size_t first = grid.groups;
    for (struct grid other = grid; other.groups <= MAX_FINER * first; other.groups++) {
        const size_t most = find_most(other, rows, threads);
        if (other.groups * MIN_ROWS <= rows && most + most / 8 < find_most(grid, rows, threads))
            grid = other;
    }
    return grid;
}

/* The parts of a pass by panels that thread t has, column by column, since it updates the same
 * ones. If samples are one group, its columns are one part. */
static void run_panels(const struct bp_spread *spread, size_t t, struct pass pass)
{
    const size_t panels = spread->run->network->layer[pass.l].panels;
    const struct grid grid = cut_grid(spread->rows, panels, spread->threads);
    const struct bp_range range = bp_range_of(grid.groups * grid.columns, spread->threads, t);
    for (size_t k = range.begin, end; k < range.end; k = end) {
        end = grid.groups == 1 ? range.end : k + 1;
        const struct bp_range rows = bp_range_of(spread->rows, grid.groups, k % grid.groups);
        const struct part part = {
            .row = rows.begin,
            .rows = rows.end - rows.begin,
            .panels = {k / grid.groups * grid.width,
                       bp_size_min(panels, ((end - 1) / grid.groups + 1) * grid.width)}};
        run_part(spread, spread->workers[t], pass, part);
    }
}

/* All passes of the region for some samples after the other, as many as stay in the caches. */
static void run_rows(const struct bp_spread *spread, struct bp_worker *worker, struct bp_range rows)
{
    const struct bp_network *network = spread->run->network;
    struct part part = {.row = rows.begin};
    for (; part.row < rows.end; part.row += part.rows) {
        part.rows = bp_size_min(spread->store->piece, rows.end - part.row);
        part.own = part.row - rows.begin;
        for (size_t k = spread->passes.begin; k < spread->passes.end; k++) {
            const struct pass pass = find_pass(network, k);
            part.panels.end = network->layer[pass.l].panels;
            run_part(spread, worker, pass, part);
        }
    }
}

void bp_spread_run(void *arg, size_t t, size_t threads)
{
    const struct bp_spread *spread = arg;
    const struct bp_network *network = spread->run->network;
    const struct bp_range rows = bp_store_rows(spread->rows, threads, t);
    const struct pass pass = find_pass(network, spread->passes.begin);
    bp_stopwatch_start(&spread->workers[t]->stopwatch);
    if (splits_panels(spread, pass))
        run_panels(spread, t, pass);
    else
        run_rows(spread, spread->workers[t], rows);
}

void bp_spread_add_losses(const struct bp_spread *spread, double *shard_loss)
{
    const size_t size = spread->run->plan->shards.size;
    size_t shard = spread->begin / size, left = size - spread->begin % size;
    for (size_t t = 0; t < spread->threads; t++) {
        const struct bp_range rows = bp_store_rows(spread->rows, spread->threads, t);
        for (size_t r = 0; r < rows.end - rows.begin; r++, left--) {
            if (left == 0) {
                shard++;
                left = size;
            }
            shard_loss[shard] += spread->workers[t]->sample_loss[r];
        }
    }
}
