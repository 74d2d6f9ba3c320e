/* Defaults and presets: the texts of the rows. */
#include <assert.h>

#include "base/sized.h"
#include "options/value.h"

/* Stores a text of the table itself, which is right: the tests go through all of them. */
static void store(const bp_option_info *row, void *options, const char *text)
{
    const bp_status status = bp_option_store(row, options, text, NULL);
    assert(!status);
    (void)status;
}

void bp_options_fill(bp_option_owner owner, void *options)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    for (size_t k = 0; k < count; k++)
        store(&rows[k], options, NULL);
}

void bp_model_options_init(bp_model_options *options, size_t size)
{
    bp_model_options defaults = {0};
    bp_options_fill(BP_OPTION_OF_MODEL, &defaults);
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

void bp_train_options_init(bp_train_options *options, size_t size)
{
    bp_train_options defaults = {0};
    bp_options_fill(BP_OPTION_OF_TRAINING, &defaults);
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

void bp_read_options_init(bp_read_options *options, size_t size)
{
    bp_read_options defaults = {0};
    bp_options_fill(BP_OPTION_OF_READING, &defaults);
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

void bp_run_options_init(bp_run_options *options, size_t size)
{
    bp_run_options defaults = {0};
    bp_options_fill(BP_OPTION_OF_RUNNING, &defaults);
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

/* The option by which the optimizer is chosen, and what a preset chooses by it. */
static bp_optimizer find_optimizer(bp_preset preset)
{
    const bp_option_info *row = bp_option_find(BP_OPTION_OF_TRAINING, "optimizer");
    bp_train_options options = {0};
    store(row, &options, preset == BP_PRESET_MODERN ? row->modern : row->classic);
    return options.optimizer;
}

const char *bp_preset_text(bp_preset preset, bp_optimizer optimizer, bp_option_owner owner,
                           const char *name)
{
    const bp_option_info *row = name ? bp_option_find(owner, name) : NULL;
    if (!row || !row->modern || !bp_choice_name(BP_CHOICE_OPTIMIZER, (int)optimizer))
        return NULL;
    const bool is_read =
        row->reader != BP_CHOICE_OPTIMIZER || !row->readers || row->readers & BP_BIT(optimizer);
    return preset == BP_PRESET_MODERN && is_read ? row->modern : row->classic;
}

/* `full` is a full struct of the owner. */
static void apply(bp_option_owner owner, bp_preset preset, void *full)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    const bp_optimizer optimizer = find_optimizer(preset);
    for (size_t k = 0; k < count; k++) {
        const char *text = bp_preset_text(preset, optimizer, owner, rows[k].name);
        if (text)
            store(&rows[k], full, text);
    }
}

bp_status bp_preset_apply(bp_preset preset, bp_model_options *model, bp_train_options *train,
                          bp_error *error)
{
    bp_model_options full_model = bp_model_options_default();
    bp_train_options full_train = bp_train_options_default();
    if (!bp_choice_name(BP_CHOICE_PRESET, (int)preset))
        return bp_fail(error, BP_ERROR_ARGUMENT, "preset %d does not exist", (int)preset);
    bp_status status =
        bp_sized_copy(&full_model, sizeof full_model, model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&full_train, sizeof full_train, train, "bp_train_options", error);
    if (status)
        return status;
    apply(BP_OPTION_OF_MODEL, preset, &full_model);
    apply(BP_OPTION_OF_TRAINING, preset, &full_train);
    if (model)
        bp_sized_store(model, &full_model, sizeof full_model);
    if (train)
        bp_sized_store(train, &full_train, sizeof full_train);
    return BP_OK;
}
