#include "support/member_kinds.h"

#include <criterion/criterion.h>

void member_kinds_make(struct member_kinds *kinds, const size_t widths[MEMBER_KINDS])
{
    for (size_t k = 0; k < MEMBER_KINDS; k++) {
        kinds->model[k] = bp_model_options_default();
        kinds->train[k] = bp_train_options_default();
        cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &kinds->model[k], &kinds->train[k], NULL),
                     BP_OK);
        kinds->model[k].hidden_count = widths[k] > 0;
        kinds->model[k].hidden[0] = widths[k];
        kinds->train[k].epochs = 4 + k;
        kinds->kind[k] = bp_member_kind_default();
        kinds->kind[k].model = &kinds->model[k];
        kinds->kind[k].train = &kinds->train[k];
    }
}
