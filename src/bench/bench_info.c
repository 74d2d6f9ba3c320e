/* What a bench is made of, and what it weighs. */
#include <string.h>

#include "base/sizes.h"
#include "bench/bench.h"
#include "bench/memory_limit.h"
#include "step/shards.h"

/* Of forward and gradient 2 a weight, of the deltas 2 a weight but in the first layer. */
static double count_operations(const struct bp_network *network)
{
    double operations = 0.0;
    for (size_t l = 0; l < network->layers; l++)
        operations +=
            (l ? 6.0 : 4.0) * (double)network->layer[l].in * (double)network->layer[l].out;
    return operations;
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
    memcpy(info.threads_reason, bench->setup.reason, sizeof info.threads_reason);
    info.memory_limit = bp_memory_limit(info.data_bytes, info.parameters, info.threads);
    return info;
}
