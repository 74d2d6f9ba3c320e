/* Defaults and presets: the texts of the rows. */
#include <assert.h>
#include <string.h>

#include "base/sized.h"
#include "options/value.h"

#define KIND_TEXT_SIZE 64 /* of the table */

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

void bp_ensemble_options_init(bp_ensemble_options *options, size_t size)
{
    bp_ensemble_options defaults = {.seed = 1};
    bp_options_fill(BP_OPTION_OF_ENSEMBLE, &defaults);
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

/* ---- presets ---- */

/* What a preset has, for all kinds; NULL: it leaves the option alone. */
static const char *find_text(const bp_option_info *row, bp_preset preset)
{
    if (preset == BP_PRESET_ENSEMBLE && row->ensemble)
        return row->ensemble;
    if (preset == BP_PRESET_QUICK && row->quick)
        return row->quick;
    if (!row->modern)
        return NULL;
    return preset == BP_PRESET_CLASSIC ? row->classic : row->modern;
}

/* The optimizer that a preset chooses. */
static bp_optimizer find_optimizer(bp_preset preset)
{
    const bp_option_info *row = bp_option_find(BP_OPTION_OF_TRAINING, "optimizer");
    bp_train_options options = {0};
    store(row, &options, find_text(row, preset));
    return options.optimizer;
}

/* Few epochs suffice Adam and AdamW: beside others the preset quick is as modern. */
static bool suits(const bp_option_info *row, bp_preset preset, bp_optimizer optimizer)
{
    return preset != BP_PRESET_QUICK || !row->quick || optimizer == BP_OPTIMIZER_ADAM ||
           optimizer == BP_OPTIMIZER_ADAMW;
}

const char *bp_preset_text(bp_preset preset, bp_optimizer optimizer, bp_option_owner owner,
                           const char *name)
{
    const bp_option_info *row = name ? bp_option_find(owner, name) : NULL;
    if (!row || !bp_choice_name(BP_CHOICE_OPTIMIZER, (int)optimizer))
        return NULL;
    const char *text = find_text(row, preset);
    const bool is_read =
        row->reader != BP_CHOICE_OPTIMIZER || !row->readers || row->readers & BP_BIT(optimizer);
    return text && !(is_read && suits(row, preset, optimizer)) ? row->classic : text;
}

static size_t count_kinds(const char *text)
{
    size_t count = 1;
    for (; (text = strchr(text, ';')); text++)
        count++;
    return count;
}

size_t bp_preset_kinds(bp_preset preset)
{
    if (!bp_choice_name(BP_CHOICE_PRESET, (int)preset))
        return 0;
    const bp_option_info *hidden = bp_option_find(BP_OPTION_OF_MODEL, "hidden");
    const char *text = find_text(hidden, preset);
    return text ? count_kinds(text) : 1;
}

/* Stores the text of kind `kind`, or the one that all kinds have. */
static void store_kind(const bp_option_info *row, void *full, const char *text, size_t kind)
{
    char part[KIND_TEXT_SIZE];
    for (size_t k = 0; k < kind && strchr(text, ';'); k++)
        text = strchr(text, ';') + 1;
    const size_t length = strcspn(text, ";");
    assert(length < sizeof part);
    memcpy(part, text, length);
    part[length] = '\0';
    store(row, full, part);
}

/* `full` is a full struct of the owner. */
static void apply(bp_option_owner owner, bp_preset preset, size_t kind, void *full)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    const bp_optimizer optimizer = find_optimizer(preset);
    for (size_t k = 0; k < count; k++) {
        const char *text = bp_preset_text(preset, optimizer, owner, rows[k].name);
        if (text)
            store_kind(&rows[k], full, text, kind);
    }
}

static bp_status check_preset(bp_preset preset, size_t kind, bp_error *error)
{
    const size_t kinds = bp_preset_kinds(preset);
    if (kinds == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "preset %d does not exist", (int)preset);
    if (kind >= kinds)
        return bp_fail(error, BP_ERROR_ARGUMENT, "preset %s has no kind %zu of %zu, from 0",
                       bp_choice_name(BP_CHOICE_PRESET, (int)preset), kind, kinds);
    return BP_OK;
}

bp_status bp_preset_apply_kind(bp_preset preset, size_t kind, bp_model_options *model,
                               bp_train_options *train, bp_error *error)
{
    bp_model_options full_model = bp_model_options_default();
    bp_train_options full_train = bp_train_options_default();
    bp_status status = check_preset(preset, kind, error);
    if (!status)
        status = bp_sized_copy(&full_model, sizeof full_model, model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&full_train, sizeof full_train, train, "bp_train_options", error);
    if (status)
        return status;
    apply(BP_OPTION_OF_MODEL, preset, kind, &full_model);
    apply(BP_OPTION_OF_TRAINING, preset, kind, &full_train);
    if (model)
        bp_sized_store(model, &full_model, sizeof full_model);
    if (train)
        bp_sized_store(train, &full_train, sizeof full_train);
    return BP_OK;
}

bp_status bp_preset_apply(bp_preset preset, bp_model_options *model, bp_train_options *train,
                          bp_error *error)
{
    return bp_preset_apply_kind(preset, 0, model, train, error);
}

bp_status bp_preset_apply_ensemble(bp_preset preset, bp_ensemble_options *options, bp_error *error)
{
    bp_ensemble_options full = bp_ensemble_options_default();
    bp_status status = check_preset(preset, 0, error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_ensemble_options", error);
    if (status || !options)
        return status;
    apply(BP_OPTION_OF_ENSEMBLE, preset, 0, &full);
    bp_sized_store(options, &full, sizeof full);
    return BP_OK;
}
