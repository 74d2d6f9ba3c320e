/* Each test reads the data and writes files of its own. */
#include "support/continued.h"

#include <criterion/criterion.h>

#include "support/scratch.h"

#define IRIS DATASETS "/iris.csv"

struct continued continued;

static bp_holdout make_holdout(size_t folds, size_t fold, uint64_t seed)
{
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = folds;
    holdout.fold = fold;
    holdout.seed = seed;
    return holdout;
}

void continued_set_up(void)
{
    bp_holdout holdout = make_holdout(5, 0, 99);
    holdout.stratify = false; /* so that classes of the rows differ in number */
    cr_assert_eq(bp_dataset_read(&continued.iris, IRIS, NULL, NULL), BP_OK);
    cr_assert_eq(
        bp_dataset_hold_out(continued.iris, &holdout, &continued.some, &continued.rest, NULL),
        BP_OK);
    continued.path = scratch_file("m.safetensors");
    continued.alone = scratch_file("alone.safetensors");
}

void continued_tear_down(void)
{
    bp_dataset_free(continued.rest);
    bp_dataset_free(continued.some);
    bp_dataset_free(continued.iris);
    scratch_remove();
}

void continued_kinds(struct member_kinds *kinds)
{
    static const size_t widths[MEMBER_KINDS] = {0, 5, 12};
    member_kinds_make(kinds, widths);
}

bp_ensemble_options continued_folds(size_t folds)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_folds = folds;
    options.seed = CONTINUED_SEED;
    return options;
}

bp_model *continued_take(bp_ensemble *ensemble)
{
    bp_model *model;
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    bp_ensemble_free(ensemble);
    return model;
}

bp_model *continued_start(const bp_dataset *dataset, const bp_ensemble_options *options)
{
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    bp_model *model;
    bp_error error;
    continued_kinds(&kinds);
    cr_assert_eq(
        bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, MEMBER_KINDS, options, &error),
        BP_OK, "%s", error.message);
    model = continued_take(ensemble);
    cr_assert_eq(bp_model_save(model, continued.path, NULL), BP_OK);
    bp_model_free(model);
    cr_assert_eq(bp_model_load(&model, continued.path, NULL), BP_OK);
    return model;
}

bp_model *continued_start_folds(const bp_dataset *dataset)
{
    const bp_ensemble_options options = continued_folds(CONTINUED_FOLDS);
    return continued_start(dataset, &options);
}

bp_ensemble *continued_go_on(const bp_model *from, const bp_dataset *dataset,
                             const bp_ensemble_options *options)
{
    bp_ensemble *ensemble;
    bp_error error;
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, dataset, NULL, NULL, options, &error), BP_OK,
                 "%s", error.message);
    return ensemble;
}

bp_ensemble_options continued_options(const bp_model *from)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    cr_assert_eq(bp_ensemble_continue_options(from, &options, &error), BP_OK, "%s", error.message);
    return options;
}

bp_ensemble_options continued_options_with(const bp_model *from, bp_member_rows rows)
{
    bp_ensemble_options options = continued_options(from);
    options.member_rows = rows;
    options.member_folds = bp_ensemble_options_default().member_folds;
    return options;
}

bp_ensemble_member continued_member(const bp_ensemble *ensemble, size_t m)
{
    bp_ensemble_member member;
    cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
    return member;
}

void continued_cut(const bp_ensemble_options *options, size_t round, bp_dataset **rows,
                   bp_dataset **left)
{
    bp_holdout holdout = make_holdout(options->member_folds, round % options->member_folds,
                                      options->seed + round / options->member_folds);
    cr_assert_eq(bp_dataset_hold_out(continued.iris, &holdout, rows, left, NULL), BP_OK);
}

bp_model *continued_alone(const bp_model *from, const bp_ensemble_member *member, size_t m,
                          const bp_dataset *rows)
{
    bp_train_options train = bp_train_options_default();
    bp_model *model;
    bp_trainer *trainer;
    cr_assert_eq(bp_model_save(bp_model_get_member(from, m), continued.alone, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&model, continued.alone, NULL), BP_OK);
    cr_assert_eq(bp_model_get_train_options(model, &train, NULL), BP_OK);
    train.seed = member->seed;
    cr_assert_eq(bp_trainer_create(&trainer, model, rows, NULL, &train, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    bp_trainer_free(trainer);
    return model;
}
