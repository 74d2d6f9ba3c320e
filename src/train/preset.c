/* Defaults that go together. */
#include "base/sized.h"

static void apply_classic(bp_model_options *model, bp_train_options *train)
{
    const bp_model_options classic = bp_model_options_default();
    const bp_train_options plain = bp_train_options_default();
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        model->activations[l] = classic.activations[l];
    model->output_activation = classic.output_activation;
    model->loss = classic.loss;
    model->init = classic.init;
    train->optimizer = plain.optimizer;
    train->learning_rate = plain.learning_rate;
    train->batch_size = plain.batch_size;
    train->schedule = plain.schedule;
}

/* Adam's rate falls to 0 along a cosine (Loshchilov and Hutter 2017): at a constant one the last epochs
 * wander about the minimum (MNIST, 512 and 512 hidden neurons, 20 epochs: 97.6 against 98.6 %). It begins
 * at twice Adam's own, so that on the whole it is the same: small tables have few steps to learn in. */
static void apply_modern(bp_model_options *model, bp_train_options *train)
{
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        model->activations[l] = BP_ACTIVATION_RELU;
    model->output_activation = BP_ACTIVATION_AUTO;
    model->loss = BP_LOSS_AUTO;
    model->init = BP_INIT_AUTO;
    train->optimizer = BP_OPTIMIZER_ADAM;
    train->learning_rate = 0.002f;
    train->batch_size = 64;
    train->schedule = BP_SCHEDULE_COSINE;
}

bp_status bp_preset_apply(bp_preset preset, bp_model_options *model, bp_train_options *train,
                          bp_error *error)
{
    bp_model_options full_model = bp_model_options_default();
    bp_train_options full_train = bp_train_options_default();
    bp_status status =
        bp_sized_copy(&full_model, sizeof full_model, model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&full_train, sizeof full_train, train, "bp_train_options", error);
    if (status)
        return status;
    switch (preset) {
    case BP_PRESET_CLASSIC:
        apply_classic(&full_model, &full_train);
        break;
    case BP_PRESET_MODERN:
        apply_modern(&full_model, &full_train);
        break;
    default:
        return bp_fail(error, BP_ERROR_ARGUMENT, "preset %d does not exist", (int)preset);
    }
    if (model)
        bp_sized_store(model, &full_model, sizeof full_model);
    if (train)
        bp_sized_store(train, &full_train, sizeof full_train);
    return BP_OK;
}
