/*
 * Checkpoints of one training, which seeds.py runs by the command: a file is refused and has
 * changed nothing, or the run goes on from it to its end.
 */
#include <string.h>

#include "batchprop/batchprop.h"
#include "fuzz/checkpoint.h"
#include "fuzz/fuzz.h"

#define EPOCHS 3

static bp_dataset *dataset;

static bp_trainer *create_trainer(bp_model **model)
{
    bp_model_options shape = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    bp_trainer *trainer;
    shape.hidden_count = 1;
    shape.hidden[0] = 2;
    train.optimizer = BP_OPTIMIZER_ADAM;
    train.epochs = EPOCHS;
    train.threads = 1;
    train.backend = BP_BACKEND_SERIAL;
    if (!dataset)
        FUZZ_REQUIRE(bp_dataset_read(&dataset, DATASETS "/xor.csv", NULL, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_model_create(model, dataset, &shape, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_trainer_create(&trainer, *model, dataset, NULL, &train, NULL) == BP_OK);
    return trainer;
}

/* One trainer is used as long as files are refused. */
static bp_model *model;
static bp_trainer *trainer;
static char digest[BP_DIGEST_SIZE]; /* of its first weights */

static bp_status restore(const uint8_t *data, size_t size, bp_error *error)
{
    if (!trainer) {
        trainer = create_trainer(&model);
        memcpy(digest, bp_model_get_info(model).weights_digest, sizeof digest);
    }
    *error = (bp_error){BP_OK, ""};
    const bp_status status = bp_trainer_restore_memory(trainer, data, size, error);
    FUZZ_REQUIRE(status == error->status && (error->message[0] != '\0') == (status != BP_OK));
    FUZZ_REQUIRE(status == BP_OK || strcmp(digest, bp_model_get_info(model).weights_digest) == 0);
    return status;
}

static void drop_trainer(void)
{
    bp_trainer_free(trainer);
    bp_model_free(model);
    trainer = NULL;
}

void fuzz_checkpoint_load(const uint8_t *data, size_t size, char *message)
{
    bp_error error;
    if (restore(data, size, &error) == BP_OK)
        drop_trainer();
    memcpy(message, error.message, sizeof error.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bp_train_result result;
    bp_error error;
    if (restore(data, size, &error) != BP_OK)
        return 0;
    const bp_status run = bp_trainer_run(trainer, NULL, NULL, &result, &error);
    FUZZ_REQUIRE(run == BP_OK || run == BP_ERROR_NOT_FINITE);
    FUZZ_REQUIRE(run != BP_OK || result.epochs == EPOCHS);
    drop_trainer();
    return 0;
}
