/*
 * Holding rows out: folds and fractions, stratified by class. Rows are put in a random order,
 * sorted by class, and assigned to the folds in turn: so the folds, and the number of rows of each
 * class in them, differ by at most one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sized.h"
#include "data/schema/fit.h"
#include "data/schema/holdout.h"
#include "data/schema/row_weights.h"
#include "data/table/cells.h"
#include "data/table/classes.h"
#include "data/table/split.h"

/* Beside BP_SPLIT_FRACTION. */
#define SPLIT_FOLDS 1

void bp_holdout_init(bp_holdout *holdout, size_t size)
{
    static const bp_holdout defaults = {.seed = 1, .stratify = true, .task = BP_TASK_AUTO};
    bp_sized_init(holdout, size, &defaults, sizeof defaults);
}

bp_status bp_folds_check(const bp_dataset *dataset, size_t folds, bp_error *error)
{
    if (folds < 2)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu fold%s: give at least 2", folds,
                       folds == 1 ? "" : "s");
    if (folds > dataset->count)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: %zu rows cannot be divided into %zu folds: give at most as many folds "
                       "as there are rows",
                       dataset->table->path, dataset->count, folds);
    return BP_OK;
}

static bp_status check_folds(const bp_dataset *dataset, const bp_holdout *holdout, bp_error *error)
{
    const bp_status status = bp_folds_check(dataset, holdout->folds, error);
    if (status)
        return status;
    if (holdout->fold >= holdout->folds)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no fold %zu of %zu, from 0",
                       holdout->fold, holdout->folds);
    return BP_OK;
}

/* The rows to assign, and what is wanted of them. */
struct work {
    const bp_dataset *dataset;
    const bp_holdout *holdout;
    size_t weight;              /* column, or BP_NO_WEIGHTS */
    struct bp_row_weights rows; /* that count */
};

/* The column that holds classes, if one does. */
static bp_status find_classes(const struct work *work, size_t *column, bool *found, bp_error *error)
{
    const bp_holdout *holdout = work->holdout;
    const struct bp_table *table = work->dataset->table;
    bp_column_role *role = calloc(table->columns, sizeof *role);
    if (!role)
        return bp_fail_memory(error, "the columns of a table");
    const struct bp_role_names names = {holdout->target, holdout->weight};
    bp_status status = bp_roles_choose(table, &names, role, error);
    size_t targets = 0;
    for (size_t k = 0; !status && k < table->columns; k++) {
        if (role[k] != BP_ROLE_TARGET)
            continue;
        *column = k;
        targets++;
    }
    free(role);
    *found = !status && targets == 1 && holdout->task != BP_TASK_REGRESS;
    if (!*found || holdout->task == BP_TASK_CLASSIFY)
        return status;
    const bp_dataset all = bp_dataset_vocabulary(work->dataset);
    struct bp_row_weights rows;
    status = bp_row_weights_read(&rows, &all, work->weight, error);
    *found = !status && bp_column_is_classes(&rows.view, *column);
    bp_row_weights_release(&rows);
    return status;
}

/* Codes of categories become those of a table without the rows of weight 0: numbers in the order of
 * first appearance. */
static bp_status renumber(const struct work *work, size_t column, uint32_t *code, size_t codes,
                          bp_error *error)
{
    const struct bp_table *table = work->dataset->table;
    const bp_dataset all = bp_dataset_vocabulary(work->dataset);
    struct bp_row_weights rows;
    uint32_t *rank = calloc(codes, sizeof *rank), ranks = 0;
    bp_status status = bp_row_weights_read(&rows, &all, work->weight, error);
    if (!status && !rank)
        status = bp_fail_memory(error, "the classes of the rows");
    for (size_t x = 0; !status && x < rows.view.count; x++) {
        uint32_t *first = &rank[bp_cell_code(table, bp_dataset_row(&rows.view, x), column)];
        *first = *first ? *first : ++ranks;
    }
    for (size_t x = 0; !status && x < work->rows.view.count; x++)
        code[x] = rank[code[x]] - 1;
    bp_row_weights_release(&rows);
    free(rank);
    return status;
}

static bp_status get_codes(const struct work *work, size_t column, uint32_t *code, size_t *codes,
                           bp_error *error)
{
    const bp_status status = bp_column_class_codes(&work->rows.view, column, code, codes, error);
    const bool categories = work->dataset->table->column[column].kind == BP_COLUMN_CATEGORY;
    if (status || !categories || work->weight == BP_NO_WEIGHTS)
        return status;
    return renumber(work, column, code, *codes, error);
}

/* Sorts the rows in `order` by code and keeps the order within a code. False: no memory. */
static bool sort_by_code(uint32_t *order, size_t count, const uint32_t *code, size_t codes)
{
    size_t *place = calloc(codes + 1, sizeof *place);
    uint32_t *sorted = bp_array_alloc(count, sizeof *sorted);
    if (place && sorted) {
        for (size_t x = 0; x < count; x++)
            place[code[x] + 1]++;
        for (size_t c = 0; c < codes; c++)
            place[c + 1] += place[c];
        for (size_t k = 0; k < count; k++)
            sorted[place[code[order[k]]]++] = order[k];
        memcpy(order, sorted, count * sizeof *order);
    }
    const bool done = place && sorted;
    free(sorted);
    free(place);
    return done;
}

/* Brings the rows of a class together; `order` stays as it is where there are no classes. */
static bp_status sort_by_class(const struct work *work, uint32_t *order, bool *sorted,
                               bp_error *error)
{
    const size_t count = work->rows.view.count;
    size_t column = 0, classes;
    bp_status status = find_classes(work, &column, sorted, error);
    if (status || !*sorted)
        return status;
    uint32_t *code = bp_array_alloc(count, sizeof *code);
    if (!code)
        return bp_fail_memory(error, "the classes of the rows");
    status = get_codes(work, column, code, &classes, error);
    if (!status && !sort_by_code(order, count, code, classes))
        status = bp_fail_memory(error, "the classes of the rows");
    free(code);
    return status;
}

/* The rows in the order in which they are assigned. */
struct choice {
    const uint32_t *order;
    size_t rows;
    size_t count; /* of the rows held out */
    bool sorted;  /* by class */
};

/* One row for each fold in turn. */
static size_t choose_fold(const struct choice *choice, const bp_holdout *holdout,
                          unsigned char *chosen)
{
    size_t count = 0;
    for (size_t k = holdout->fold; k < choice->rows; k += holdout->folds, count++)
        chosen[choice->order[k]] = 1;
    return count;
}

/* The first `count` of a random order; of a sorted one, `count` at even distances. */
static size_t choose_share(const struct choice *choice, unsigned char *chosen)
{
    for (uint64_t k = 0; k < choice->rows; k++) {
        const uint64_t before = k * choice->count / choice->rows;
        const uint64_t after = (k + 1) * choice->count / choice->rows;
        chosen[choice->order[k]] = choice->sorted ? after > before : k < choice->count;
    }
    return choice->count;
}

static bp_status choose_rows(const struct work *work, uint32_t *order, unsigned char *chosen,
                             size_t *count, bp_error *error)
{
    const bp_holdout *holdout = work->holdout;
    const uint32_t use = holdout->folds ? SPLIT_FOLDS : BP_SPLIT_FRACTION;
    struct choice choice = {.order = order, .rows = work->rows.view.count};
    bp_random_permutation(holdout->seed, bp_stream(BP_STREAM_SPLIT, use), order,
                          (uint32_t)choice.rows);
    bp_status status = BP_OK;
    if (holdout->stratify)
        status = sort_by_class(work, order, &choice.sorted, error);
    if (status)
        return status;
    choice.count = holdout->folds ? 0 : bp_split_count(&work->rows.view, holdout->fraction);
    *count = holdout->folds ? choose_fold(&choice, holdout, chosen) : choose_share(&choice, chosen);
    return BP_OK;
}

static bp_status find_rows(struct work *work, bp_error *error)
{
    const bp_holdout *holdout = work->holdout;
    bp_status status =
        bp_row_weights_find(work->dataset->table, holdout->weight, &work->weight, error);
    if (!status)
        status = bp_row_weights_read(&work->rows, work->dataset, work->weight, error);
    if (!status)
        status = holdout->folds
                     ? check_folds(&work->rows.view, holdout, error)
                     : bp_split_check_fraction(&work->rows.view, holdout->fraction, error);
    return status;
}

bp_status bp_dataset_hold_out(const bp_dataset *dataset, const bp_holdout *holdout,
                              bp_dataset **train, bp_dataset **held_out, bp_error *error)
{
    BP_REQUIRE(train, error);
    BP_REQUIRE(held_out, error);
    *train = *held_out = NULL;
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(holdout, error);
    bp_holdout full = bp_holdout_default();
    struct work work = {.dataset = dataset, .holdout = &full};
    bp_status status = bp_sized_copy(&full, sizeof full, holdout, "bp_holdout", error);
    if (!status)
        status = find_rows(&work, error);
    const size_t rows = work.rows.view.count;
    uint32_t *order = status ? NULL : bp_array_alloc(rows, sizeof *order);
    unsigned char *chosen = status ? NULL : calloc(rows, 1);
    size_t count = 0;
    if (order && chosen)
        status = choose_rows(&work, order, chosen, &count, error);
    else if (!status)
        status = bp_fail_memory(error, "the rows that are held out");
    if (!status)
        status = bp_split_rows(&work.rows.view, chosen, count, train, held_out, error);
    if (!status)
        (*train)->knows_all = (*held_out)->knows_all = true;
    if (!status && full.folds == 0)
        (*train)->held_out = (*held_out)->held_out = full.fraction;
    bp_row_weights_release(&work.rows);
    free(chosen);
    free(order);
    return status;
}
