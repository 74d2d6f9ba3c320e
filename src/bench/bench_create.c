/* What a bench has is made as a trainer makes it. */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "bench/synthetic.h"
#include "data/samples/batch.h"
#include "options/auto_rule.h"
#include "ranks/agree.h"
#include "train/train_options.h"

#define SAMPLES 4096 /* by default */

/* Small enough that no network diverges or saturates while it is measured. */
#define LEARNING_RATE 1e-4f

void bp_bench_options_init(bp_bench_options *options, size_t size)
{
    static const bp_bench_options defaults = {
        .layers = 2,
        .widths = {784, 128, 10},
        .activation = BP_ACTIVATION_LOGISTIC,
        .output_activation = BP_ACTIVATION_LOGISTIC,
        .batch_size = 64,
    };
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

static bp_status check_options(const bp_bench_options *options, bp_error *error)
{
    if (options->layers < 1 || options->layers > BP_LAYERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu layers of weights: give 1 to %d",
                       options->layers, BP_LAYERS_MAX);
    for (size_t l = 0; l <= options->layers; l++) {
        if (options->widths[l] < 1 || options->widths[l] > BP_WIDTH_MAX)
            return bp_fail(error, BP_ERROR_ARGUMENT, "width %zu: a layer has 1 to %d neurons",
                           options->widths[l], BP_WIDTH_MAX);
    }
    if (options->batch_size < 1 || options->batch_size > UINT32_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "batch size %zu: give a number from 1 to %u",
                       options->batch_size, (unsigned)UINT32_MAX);
    if (options->samples && options->samples < options->batch_size)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu samples are fewer than a batch of %zu",
                       options->samples, options->batch_size);
    return BP_OK;
}

/* Copies the options of network and training, without what a bench does not read. */
static bp_status copy_options(struct bp_bench *bench, bp_error *error)
{
    bp_bench_options *options = &bench->options;
    bp_model_options *network = &bench->network;
    bp_train_options *train = &bench->train;
    *network = bp_model_options_default();
    *train = bp_train_options_default();
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        network->activations[l] = options->activation;
    network->output_activation = options->output_activation;
    bp_status status =
        bp_sized_copy(network, sizeof *network, options->model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(train, sizeof *train, options->train, "bp_train_options", error);
    network->hidden_count = options->layers - 1;
    for (size_t l = 0; l < network->hidden_count; l++)
        network->hidden[l] = options->widths[l + 1];
    network->scale = BP_SCALE_NONE;
    network->missing = BP_MISSING_ERROR;
    network->target = network->weight = NULL;
    train->class_weight = NULL;
    train->batch_size = train->shard_size = train->threads = train->epochs = 0;
    options->model = NULL;
    options->train = NULL;
    return status ? status : bp_options_check(network, train, false, NULL, 0, error);
}

static bp_status make_model(struct bp_bench *bench, bp_error *error)
{
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED};
    const bp_bench_options *options = &bench->options;
    const struct bp_synthetic_shape shape = {
        .count = options->samples,
        .inputs = options->widths[0],
        .outputs = options->widths[options->layers],
        .numbers = bench->network.task == BP_TASK_REGRESS,
    };
    bp_status status = bp_synthetic_create(&bench->dataset, &shape, error);
    if (!status)
        status = bp_model_create(&bench->model, bench->dataset, &bench->network, error);
    if (!status)
        status =
            bp_samples_bind(&bench->samples, bench->model->schema, bench->dataset, &binding, error);
    return status;
}

/* Puts in what auto stands for. */
static void choose_values(struct bp_bench *bench)
{
    if (bench->train.learning_rate == 0.0f)
        bench->train.learning_rate = LEARNING_RATE;
    bp_train_options_settle(&bench->train, bench->model->network, bench->samples.count);
}

static bp_status make_order(struct bp_bench *bench, bp_error *error)
{
    const size_t count = bench->options.samples;
    bench->order = bp_array_alloc(count, sizeof *bench->order);
    if (!bench->order)
        return bp_fail_memory(error, "the order of the samples");
    if (bench->train.shuffle)
        bp_random_permutation(bench->train.seed, bp_stream(BP_STREAM_SHUFFLE, 0), bench->order,
                              (uint32_t)count);
    else
        bp_batch_number(bench->order, count);
    return BP_OK;
}

static bp_status make_setup(struct bp_bench *bench, bp_error *error)
{
    const bp_bench_options *options = &bench->options;
    choose_values(bench);
    const struct bp_training_setup_options setup = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .batch_size = options->batch_size,
        .shard_size = bp_size_min(options->shard_size, options->batch_size),
        .ranks = bench->train.ranks,
        .train = &bench->train,
    };
    const bp_status status = make_order(bench, error);
    return status ? status
                  : bp_training_setup_make(&bench->setup, bench->model->network, &bench->samples,
                                           &setup, error);
}

/* Some optimizers take all samples in one batch. */
static bp_status check_batch(struct bp_bench *bench, bp_error *error)
{
    const bp_bench_options *options = &bench->options;
    bench->train.batch_size = options->batch_size;
    if (bp_auto_batch(options->samples, &bench->train) == options->batch_size)
        return BP_OK;
    return bp_fail(
        error, BP_ERROR_ARGUMENT,
        "batch size %zu: %s takes all samples in one batch, and there are %zu", options->batch_size,
        bp_choice_name(BP_CHOICE_OPTIMIZER, (int)bench->train.optimizer), options->samples);
}

/* Fills a bench that is zeroed but for its options. */
static bp_status build(struct bp_bench *bench, bp_error *error)
{
    bp_bench_options *options = &bench->options;
    if (!options->samples)
        options->samples = options->batch_size * bp_size_max(1, SAMPLES / options->batch_size);
    bp_status status = copy_options(bench, error);
    if (!status)
        status = check_batch(bench, error);
    if (!status)
        status = make_model(bench, error);
    return status ? status : make_setup(bench, error);
}

/* What the messages of a step follow from. */
struct course {
    size_t samples, batch_size, shard_size;
    bp_optimizer optimizer;
    bool clips;
    char weights[BP_DIGEST_SIZE]; /* of the network, layers included */
};

static bool is_same(const struct course *a, const struct course *b)
{
    return a->samples == b->samples && a->batch_size == b->batch_size &&
           a->shard_size == b->shard_size && a->optimizer == b->optimizer && a->clips == b->clips &&
           strcmp(a->weights, b->weights) == 0;
}

/* Whether all ranks are about to do the same. Collective. */
static bp_status match_ranks(const struct bp_bench *bench, bp_error *error)
{
    struct bp_ranks *ranks = bench->train.ranks;
    if (!bp_ranks_several(ranks))
        return BP_OK;
    struct course own = {.samples = bench->options.samples,
                         .batch_size = bench->options.batch_size,
                         .shard_size = bench->options.shard_size,
                         .optimizer = bench->train.optimizer,
                         .clips = bench->train.clip_norm > 0.0f};
    bp_network_digest(bench->model->network, own.weights);
    struct course first = own;
    bp_ranks_broadcast(ranks, &first, sizeof first);
    bp_status status = BP_OK;
    if (!is_same(&own, &first))
        status = bp_fail(error, BP_ERROR_RANKS,
                         "its network, samples, batches or optimizer are not those of rank 0");
    return bp_ranks_agree(ranks, status, error);
}

/* The group that the options name, also if they cannot be read as a whole. */
static bp_ranks *find_ranks(const bp_bench_options *options)
{
    bp_train_options train = bp_train_options_default();
    bp_sized_copy(&train, sizeof train, options->train, "bp_train_options", NULL);
    return train.ranks;
}

bp_status bp_bench_create(bp_bench **out, const bp_bench_options *options, bp_error *error)
{
    bp_bench_options full = bp_bench_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_bench_options", error);
    struct bp_bench *bench = NULL;
    bp_ranks *ranks = find_ranks(&full);
    if (out)
        *out = NULL;
    else if (!status)
        status = bp_fail_null(error, "out");
    if (!status)
        status = check_options(&full, error);
    if (!status && !(bench = calloc(1, sizeof *bench)))
        status = bp_fail_memory(error, "a bench");
    if (bench) {
        bench->options = full;
        status = build(bench, error);
    }
    status = bp_ranks_agree(ranks, status, error);
    if (!status)
        status = match_ranks(bench, error);
    if (status) {
        bp_bench_free(bench);
        return status;
    }
    *out = bench;
    return BP_OK;
}

void bp_bench_free(bp_bench *bench)
{
    if (!bench)
        return;
    bp_training_setup_release(&bench->setup);
    bp_samples_release(&bench->samples);
    bp_model_free(bench->model);
    bp_dataset_free(bench->dataset);
    free(bench->order);
    free(bench);
}
