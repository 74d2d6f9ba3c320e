/*
 * Saving a run and taking it up again. A checkpoint is a model file with more in it: arrays laid
 * out like the parameters, the position, and a digest over all of it. Reading proves everything
 * before it changes the first number of the trainer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "model/model_file.h"
#include "model/tensors.h"
#include "ranks/agree.h"
#include "step/optimizer.h"
#include "train/checkpoint.h"
#include "train/checkpoint_json.h"
#include "train/fingerprint.h"
#include "train/trainer.h"

#define DIGEST_KEY   "checkpoint_digest"
#define EPOCH_PREFIX "epoch."
#define PREFIX_SIZE  32
#define BLOCKS_MAX   (BP_OPTIMIZER_STATES + 4)

/* An array that a checkpoint holds. */
struct block {
    char prefix[PREFIX_SIZE];
    float *values; /* as network->values */
    bool finite;   /* must be: the state of an optimizer may overflow and training go on */
};

struct blocks {
    size_t count;
    struct block block[BLOCKS_MAX];
};

static void add_block(struct blocks *blocks, const char *prefix, float *values, bool finite)
{
    struct block *block = &blocks->block[blocks->count++];
    snprintf(block->prefix, sizeof block->prefix, "%s", prefix);
    block->values = values;
    block->finite = finite;
}

/* The arrays that matter at a position, in the order of the file. `with_epoch`: the weights from
 * the begin of the epoch are others than those of now. */
static struct blocks list_blocks(const struct bp_trainer *trainer,
                                 const struct bp_whole_state *whole,
                                 const struct bp_position *position, bool with_epoch)
{
    const struct bp_optimizer_state *state = bp_step_optimizer(trainer->setup.step);
    struct blocks blocks = {0};
    add_block(&blocks, BP_NO_PREFIX, trainer->model->network->values, true);
    for (size_t s = 0; s < state->states; s++) {
        char prefix[PREFIX_SIZE];
        snprintf(prefix, sizeof prefix, "optimizer.%s.",
                 bp_optimizer_state_name(state->options.optimizer, s));
        add_block(&blocks, prefix, whole->state[s], false);
    }
    if (trainer->best_weights && position->best_epoch > 0)
        add_block(&blocks, "best.", trainer->best_weights, true);
    if (trainer->options.refit && !position->refitting)
        add_block(&blocks, "start.", trainer->refit.start_weights, true);
    if (with_epoch)
        add_block(&blocks, EPOCH_PREFIX, trainer->epoch_weights, true);
    return blocks;
}

/* Within an epoch, and at the end of a run, whose model has the best weights. */
static bool differs_from_epoch(const struct bp_trainer *trainer)
{
    const struct bp_network *network = trainer->model->network;
    return memcmp(network->values, trainer->epoch_weights,
                  network->floats * sizeof *network->values) != 0;
}

static bool holds_epoch(const struct bp_safetensors *file)
{
    return bp_safetensors_find(file, EPOCH_PREFIX "layers.0.weight") != NULL;
}

/* What a checkpoint is written with. */
struct writer {
    const struct bp_network *network;
    struct blocks blocks;
    char *model; /* the texts of the metadata */
    char *position;
    char digest[BP_DIGEST_SIZE];
    struct bp_tensor *tensors;
    float *room; /* for the largest layer */
};

/* Begins a digest with the texts of the metadata, NULs included. */
static void begin_digest(struct bp_digest *digest, const char *model, const char *position)
{
    bp_digest_begin(digest);
    bp_digest_update(digest, model, strlen(model) + 1);
    bp_digest_update(digest, position, strlen(position) + 1);
}

static bp_status prepare(struct writer *writer, const struct bp_trainer *trainer, bp_error *error)
{
    const struct bp_network *network = writer->network;
    const uint64_t steps = bp_step_optimizer(trainer->setup.step)->steps;
    writer->model = bp_model_format(trainer->model);
    writer->position = bp_checkpoint_format(trainer, steps);
    writer->tensors =
        calloc(writer->blocks.count * bp_tensors_count(network), sizeof *writer->tensors);
    writer->room = bp_array_alloc(bp_tensors_room(network), sizeof *writer->room);
    if (!writer->model || !writer->position || !writer->tensors || !writer->room)
        return bp_fail_memory(error, "what a checkpoint is written with");
    struct bp_digest digest;
    begin_digest(&digest, writer->model, writer->position);
    for (size_t k = 0; k < writer->blocks.count; k++) {
        const struct block *block = &writer->blocks.block[k];
        bp_tensors_describe(network, block->prefix,
                            writer->tensors + k * bp_tensors_count(network));
        bp_tensors_digest(network, block->prefix, block->values, writer->room, &digest);
    }
    bp_digest_finish(&digest, writer->digest);
    return BP_OK;
}

static bp_status write_out(const struct writer *writer, struct bp_output *output, bp_error *error)
{
    const struct bp_network *network = writer->network;
    const struct bp_metadata metadata[] = {{BP_MODEL_KEY, writer->model},
                                           {BP_CHECKPOINT_KEY, writer->position},
                                           {DIGEST_KEY, writer->digest},
                                           {NULL, NULL}};
    const size_t count = writer->blocks.count * bp_tensors_count(network);
    bp_status status = bp_safetensors_begin(output, writer->tensors, count, metadata, error);
    if (status)
        return status;
    for (size_t k = 0; k < writer->blocks.count && !status; k++)
        status =
            bp_tensors_append(network, writer->blocks.block[k].values, writer->room, output, error);
    if (!status)
        return bp_output_commit(output, error);
    bp_output_abandon(output);
    return status;
}

static bp_status save_here(bp_trainer *trainer, const struct bp_whole_state *whole,
                           struct bp_output *output, bp_error *error)
{
    struct writer writer = {
        .network = trainer->model->network,
        .blocks = list_blocks(trainer, whole, &trainer->position, differs_from_epoch(trainer))};
    bp_status status = bp_model_check_finite(trainer->model, bp_output_name(output), error);
    bp_trainer_note_recipe(trainer);
    bp_trainer_digest_samples(trainer);
    if (!status)
        status = prepare(&writer, trainer, error);
    if (!status)
        status = write_out(&writer, output, error);
    free(writer.room);
    free(writer.tensors);
    free(writer.position);
    free(writer.model);
    return status;
}

/* Only that of rank 0 counts. */
static bp_status check_given(const struct bp_ranks *ranks, const void *given, const char *name,
                             bp_error *error)
{
    return bp_ranks_rank(ranks) == 0 && !given ? bp_fail_null(error, name) : BP_OK;
}

/* Collective; `output` is that of rank 0, and `status` what each found before. */
static bp_status save(bp_trainer *trainer, struct bp_output *output, bp_status status,
                      bp_error *error)
{
    struct bp_ranks *ranks = trainer->options.ranks;
    struct bp_whole_state whole;
    status = bp_whole_state_make(&whole, trainer, status, error);
    if (status)
        return status;
    bp_trainer_take_updates(trainer);
    bp_whole_state_collect(&whole, trainer);
    if (bp_ranks_rank(ranks) == 0)
        status = save_here(trainer, &whole, output, error);
    bp_whole_state_release(&whole);
    return bp_ranks_agree(ranks, status, error);
}

bp_status bp_trainer_save(bp_trainer *trainer, const char *path, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    const bp_status status = check_given(trainer->options.ranks, path, "path", error);
    return save(trainer, &(struct bp_output){.path = path}, status, error);
}

bp_status bp_trainer_save_memory(bp_trainer *trainer, void **bytes, size_t *size, bp_error *error)
{
    BP_REQUIRE(bytes, error);
    *bytes = NULL;
    BP_REQUIRE(size, error);
    *size = 0;
    BP_REQUIRE(trainer, error);
    struct bp_output output = {.path = NULL};
    const bp_status status = save(trainer, &output, BP_OK, error);
    if (status) /* of another rank */
        bp_output_abandon(&output);
    else if (bp_ranks_rank(trainer->options.ranks) == 0)
        *bytes = bp_output_take(&output, size);
    return status;
}

static bp_status check_digest(const struct bp_safetensors *file, const char *path, bp_error *error)
{
    const char *model = bp_safetensors_text(file, BP_MODEL_KEY);
    const char *position = bp_safetensors_text(file, BP_CHECKPOINT_KEY);
    const char *stored = bp_safetensors_text(file, DIGEST_KEY);
    if (!model || !position || !stored)
        return bp_fail(error, BP_ERROR_INPUT, "%s: is %s, not a checkpoint", path,
                       model ? "a model without the state of a run" : "no file of batchprop");
    struct bp_digest digest;
    begin_digest(&digest, model, position);
    bp_tensors_digest_file(file, &digest);
    char found[BP_DIGEST_SIZE];
    bp_digest_finish(&digest, found);
    if (strcmp(found, stored) == 0)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: the content has digest %s, not %.32s as the file says: it is damaged", path,
                   found, stored);
}

bp_status bp_checkpoint_check(const char *path, bp_error *error)
{
    struct bp_safetensors *file;
    struct bp_model *model = NULL;
    bp_status status = bp_safetensors_read(&file, &(struct bp_input){.path = path}, error);
    if (!status)
        status = check_digest(file, path, error);
    if (!status)
        status = bp_model_parse(&model, file, path, error);
    bp_model_free(model);
    bp_safetensors_free(file);
    return status;
}

/* Everything that can be wrong with a file; fills what of it is no array. */
static bp_status check_file(const struct bp_trainer *trainer, const struct bp_safetensors *file,
                            const char *path, struct bp_position *position, uint64_t *steps,
                            bp_error *error)
{
    const struct bp_whole_state none = {.made = false};
    bp_status status = check_digest(file, path, error);
    struct bp_model *written = NULL;
    if (!status)
        status = bp_model_parse(&written, file, path, error);
    if (!status)
        status = bp_checkpoint_parse(trainer, written, bp_safetensors_text(file, BP_CHECKPOINT_KEY),
                                     path, position, steps, error);
    bp_model_free(written);
    if (status)
        return status;
    const struct blocks blocks = list_blocks(trainer, &none, position, holds_epoch(file));
    const size_t expected = blocks.count * bp_tensors_count(trainer->model->network);
    if (file->count != expected)
        return bp_fail(error, BP_ERROR_INPUT, "%s: %zu tensors where %zu belong to this run", path,
                       file->count, expected);
    for (size_t k = 0; k < blocks.count && !status; k++)
        status = bp_tensors_check(trainer->model->network, blocks.block[k].prefix,
                                  blocks.block[k].finite, file, path, error);
    return status;
}

/* Takes over a file that was checked. Where a run ended with the best weights, it goes on from the
 * last ones. */
static void take(struct bp_trainer *trainer, const struct bp_whole_state *whole,
                 const struct bp_safetensors *file, const struct bp_position *position,
                 uint64_t steps)
{
    struct bp_network *network = trainer->model->network;
    const struct blocks blocks = list_blocks(trainer, whole, position, holds_epoch(file));
    for (size_t k = 0; k < blocks.count; k++)
        bp_tensors_load(network, blocks.block[k].prefix, file, blocks.block[k].values);
    bp_step_optimizer(trainer->setup.step)->steps = steps;
    trainer->position = *position;
    trainer->holds_best = false;
    const size_t size = network->floats * sizeof *network->values;
    if (!holds_epoch(file))
        memcpy(trainer->epoch_weights, network->values, size);
    else if (position->samples == 0)
        memcpy(network->values, trainer->epoch_weights, size);
    bp_network_transpose(network);
    bp_trainer_order(trainer);
}

bp_status bp_trainer_restore_here(struct bp_trainer *trainer, const struct bp_input *input,
                                  const struct bp_whole_state *whole, bp_error *error)
{
    struct bp_safetensors *file;
    bp_status status = bp_trainer_check_idle(trainer, error);
    if (status)
        return status;
    bp_trainer_digest_samples(trainer);
    status = bp_safetensors_read(&file, input, error);
    struct bp_position position = {0};
    uint64_t steps = 0;
    if (!status)
        status = check_file(trainer, file, bp_input_name(input), &position, &steps, error);
    if (!status)
        take(trainer, whole, file, &position, steps);
    bp_safetensors_free(file);
    return status;
}

/* The same for `input`. */
static bp_status restore(bp_trainer *trainer, const struct bp_input *input, bp_status status,
                         bp_error *error)
{
    struct bp_ranks *ranks = trainer->options.ranks;
    struct bp_whole_state whole;
    status = bp_whole_state_make(&whole, trainer, status, error);
    if (status)
        return status;
    if (bp_ranks_rank(ranks) == 0)
        status = bp_trainer_restore_here(trainer, input, &whole, error);
    return bp_whole_state_adopt(&whole, trainer, status, error);
}

bp_status bp_trainer_restore(bp_trainer *trainer, const char *path, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    const bp_status status = check_given(trainer->options.ranks, path, "path", error);
    return restore(trainer, &(struct bp_input){.path = path}, status, error);
}

bp_status bp_trainer_restore_memory(bp_trainer *trainer, const void *bytes, size_t size,
                                    bp_error *error)
{
    BP_REQUIRE(trainer, error);
    const bp_status status = check_given(trainer->options.ranks, bytes, "bytes", error);
    return restore(trainer, &(struct bp_input){.bytes = bytes, .size = size}, status, error);
}
