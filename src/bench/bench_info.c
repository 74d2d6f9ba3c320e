/* What a bench is made of, and what it weighs. */
#include <string.h>

#include "base/sizes.h"
#include "bench/bench.h"
#include "bench/memory_limit.h"
#include "data/samples/samples.h"
#include "step/passes/shards.h"

/* Weights of all layers, or of all but the first, through which no deltas go. */
static double count_weights(const struct bp_network *network, size_t first)
{
    double weights = 0.0;
    for (size_t l = first; l < network->layers; l++)
        weights += (double)network->layer[l].in * (double)network->layer[l].out;
    return weights;
}

/* Of forward and gradient 2 a weight, of the deltas 2 a weight but in the first layer. */
static double count_operations(const struct bp_network *network)
{
    return 4.0 * count_weights(network, 0) + 2.0 * count_weights(network, 1);
}

/* What the dataset holds, what is laid out beside it for the network, and the order. */
static size_t count_data(const struct bp_bench *bench)
{
    const struct bp_samples *samples = &bench->samples;
    size_t bytes = bp_dataset_get_info(bench->dataset).memory +
                   samples->count * sizeof *bench->order +
                   2 * bp_size_round_up(samples->inputs, 16) * sizeof *samples->shift;
    if (samples->labels)
        bytes += samples->count * sizeof *samples->labels;
    if (samples->targets)
        bytes += samples->count * samples->outputs * sizeof *samples->targets;
    if (samples->owned_values)
        bytes += samples->count * samples->stride * sizeof *samples->owned_values;
    return bytes;
}

bp_bench_info bp_bench_get_info(const bp_bench *bench)
{
    if (!bench)
        return (bp_bench_info){0};
    const struct bp_network *network = bench->model->network;
    const bp_bench_options *options = &bench->options;
    bp_bench_info info = {
        .samples = options->samples,
        .batch_size = options->batch_size,
        .shards = bp_shards_of_batch(options->batch_size, options->shard_size),
        .parameters = network->parameters,
        .operations = count_operations(network),
        .threads = bp_team_threads(bench->setup.engine.team),
        .backend = bp_team_backend(bench->setup.engine.team),
        .isa = bench->setup.engine.kernels->isa,
        .data_bytes = count_data(bench),
        .parameter_bytes = (network->floats + network->transposed_floats) * sizeof(float),
        .gradient_bytes = bp_step_gradient_bytes(bench->setup.step),
        .workspace_bytes = bp_step_workspace_bytes(bench->setup.step),
    };
    const struct bp_network_spec spec = bp_network_get_spec(network);
    info.optimizer = bench->train.optimizer;
    info.loss = spec.loss;
    info.output_activation = spec.activations[spec.layers - 1];
    info.dropout = bench->train.dropout;
    info.weight_decay = bench->train.weight_decay;
    info.clip_norm = bench->train.clip_norm;
    info.plan = bench->setup.plan;
    memcpy(info.threads_reason, bench->setup.reason, sizeof info.threads_reason);
    info.memory_limit = bp_memory_limit(info.data_bytes, info.parameters, info.threads);
    return info;
}

/* Of a sample: its cells and what they become, its target and that in panels. */
static double count_sample(const struct bp_samples *samples)
{
    const size_t cell = samples->bytes ? sizeof *samples->bytes : sizeof *samples->values;
    const size_t target =
        samples->labels ? sizeof *samples->labels : samples->outputs * sizeof *samples->targets;
    const size_t floats =
        bp_size_round_up(samples->inputs, BP_LANES) + bp_size_round_up(samples->outputs, BP_LANES);
    return (double)(samples->cells * cell + target + floats * sizeof(float));
}

/* The numbers a parameter for which a pass goes to memory. */
static double count_reduce(const struct bp_bench *bench)
{
    const size_t rows = bench->options.batch_size;
    const size_t chunks = bp_chunks_cut(rows, bench->options.shard_size).count;
    const bool clips = bench->train.clip_norm > 0.0f;
    const double sums = (double)bp_step_partial_sums(bench->setup.step);
    /* The total is written, then read and written by each chunk that follows. */
    return sums + (chunks > 1 || clips ? 2.0 * (double)chunks - 1.0 : 0.0);
}

static double count_update(const struct bp_bench *bench)
{
    const struct bp_network *network = bench->model->network;
    const double transposed = (double)network->transposed_floats / (double)network->floats;
    const double states = (double)bench->setup.optimizer->states;
    return 2.0 + transposed + 2.0 * states + (bench->train.clip_norm > 0.0f);
}

bp_bench_work bp_bench_get_work(const bp_bench *bench)
{
    if (!bench)
        return (bp_bench_work){0};
    const struct bp_network *network = bench->model->network;
    const double rows = (double)bench->options.batch_size;
    const double bytes = (double)network->floats * sizeof(float);
    return (bp_bench_work){
        .forward_operations = 2.0 * rows * count_weights(network, 0),
        .delta_operations = 2.0 * rows * count_weights(network, 1),
        .gradient_operations = 2.0 * rows * count_weights(network, 0),
        .gather_bytes = rows * count_sample(&bench->samples),
        .reduce_bytes = bytes * count_reduce(bench),
        .update_bytes = bytes * count_update(bench),
    };
}
