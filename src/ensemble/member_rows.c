/* Folds by the rules of bp_dataset_hold_out(); bootstrap samples, whose rows may come twice. */
#include "ensemble/member_rows.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/schema/fit.h"
#include "data/schema/holdout.h"
#include "data/table/split.h"

bp_status bp_ensemble_count_rows(struct bp_row_weights *counted, const struct bp_ensemble *ensemble,
                                 const bp_dataset *train, bp_error *error)
{
    const char *name = ensemble->kind[0].model.weight;
    size_t column;
    *counted = (struct bp_row_weights){.weight = NULL};
    bp_status status = bp_row_weights_find(train->table, name, &column, error);
    if (!status)
        status = bp_row_weights_read(counted, train, column, error);
    if (!status && ensemble->options.member_rows == BP_MEMBER_ROWS_FOLDS)
        status = bp_folds_check(&counted->view, ensemble->options.member_folds, error);
    return status;
}

static bp_status cut_fold(const struct bp_ensemble *ensemble, const bp_dataset *train, size_t m,
                          bp_dataset **rows, bp_dataset **left, bp_error *error)
{
    const bp_model_options *model = &ensemble->kind[0].model;
    const size_t folds = ensemble->options.member_folds, round = ensemble->member[m].round;
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = folds;
    holdout.fold = round % folds;
    holdout.seed = ensemble->options.seed + round / folds;
    holdout.target = ensemble->target;
    holdout.weight = model->weight;
    holdout.task = model->task;
    return bp_dataset_hold_out(train, &holdout, rows, left, error);
}

/* Rows that were drawn count times each, in their order, and those that were not. */
static bp_status show_drawn(const bp_dataset *counted, const uint32_t *times, size_t missed,
                            bp_dataset **rows, bp_dataset **left, bp_error *error)
{
    const size_t count = counted->count;
    uint32_t *in = bp_array_alloc(count, sizeof *in);
    uint32_t *out = bp_array_alloc(missed + 1, sizeof *out);
    size_t ins = 0, outs = 0;
    for (size_t x = 0; in && out && x < count; x++) {
        const uint32_t row = (uint32_t)bp_dataset_row(counted, x);
        for (uint32_t k = 0; k < times[x]; k++)
            in[ins++] = row;
        if (times[x] == 0)
            out[outs++] = row;
    }
    *rows = in && out ? bp_dataset_show(counted, in, count) : NULL;
    if (*rows && missed > 0)
        *left = bp_dataset_show(counted, out, missed);
    if (!*rows || (missed > 0 && !*left)) {
        if (!*rows)
            free(in);
        free(out);
        bp_dataset_free(*rows);
        *rows = NULL;
        return bp_fail_memory(error, "the rows of a member");
    }
    if (missed == 0)
        free(out);
    return BP_OK;
}

static bp_status draw_rows(const struct bp_ensemble *ensemble, const bp_dataset *counted, size_t m,
                           bp_dataset **rows, bp_dataset **left, bp_error *error)
{
    const uint64_t stream = bp_stream(BP_STREAM_BOOTSTRAP, (uint32_t)ensemble->member[m].round);
    size_t missed = counted->count;
    uint32_t *times = calloc(counted->count, sizeof *times);
    if (!times)
        return bp_fail_memory(error, "the rows of a member");
    for (size_t k = 0; k < counted->count; k++) {
        uint32_t *drawn =
            &times[bp_random_below(ensemble->options.seed, stream, k, counted->count)];
        missed -= *drawn == 0;
        ++*drawn;
    }
    const bp_status status = show_drawn(counted, times, missed, rows, left, error);
    free(times);
    return status;
}

bp_status bp_ensemble_cut(struct bp_ensemble *ensemble, const bp_dataset *train,
                          const struct bp_row_weights *counted, size_t m, bp_dataset **rows,
                          bp_error *error)
{
    bp_dataset *left = NULL, view = counted->view;
    bp_status status = BP_OK;
    *rows = NULL;
    view.knows_all = true;
    if (ensemble->options.member_rows == BP_MEMBER_ROWS_FOLDS)
        status = cut_fold(ensemble, train, m, rows, &left, error);
    else if (ensemble->options.member_rows == BP_MEMBER_ROWS_BOOTSTRAP)
        status = draw_rows(ensemble, &view, m, rows, &left, error);
    if (ensemble->info.left_reason) {
        bp_dataset_free(left);
        left = NULL;
    }
    ensemble->left[m].rows = left;
    return status;
}

static int compare_rows(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

bp_status bp_ensemble_join_rows(const bp_dataset *train, const bp_dataset *valid, bp_dataset **all,
                                bp_error *error)
{
    const size_t count = train->count + valid->count;
    uint32_t *rows = bp_array_alloc(count, sizeof *rows);
    for (size_t x = 0; rows && x < count; x++)
        rows[x] = (uint32_t)(x < train->count ? bp_dataset_row(train, x)
                                              : bp_dataset_row(valid, x - train->count));
    if (rows)
        qsort(rows, count, sizeof *rows, compare_rows);
    *all = rows ? bp_dataset_show(train, rows, count) : NULL;
    if (*all)
        return BP_OK;
    free(rows);
    return bp_fail_memory(error, "the rows of a refit");
}
