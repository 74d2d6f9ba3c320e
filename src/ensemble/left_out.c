/* Rows by their number among those that count; the outputs of a kind are the mean over the members
 * that left a row out, in their order. */
#include "ensemble/left_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/split.h"
#include "ensemble/calibration.h"
#include "ensemble/figures.h"
#include "ensemble/selection.h"
#include "ensemble/shares.h"
#include "model/members.h"
#include "train/fingerprint.h"

#define NOWHERE UINT32_MAX

/* The rows of which every kind that takes part says something. */
struct work {
    struct bp_ensemble *ensemble;
    const bp_dataset *train;
    const bp_dataset *counted;
    size_t outputs;
    struct bp_shares shares;    /* of the kinds that take part */
    double *mean[BP_KINDS_MAX]; /* of these: covered x outputs; before that, of all rows that
                                         count */
    uint32_t *place;            /* of each row of the table: among those that count, or NOWHERE */
    uint32_t *covered;          /* rows of the table */
    uint32_t *covered_place;    /* the same among those that count */
    size_t covered_count;
    bp_dataset *view;          /* these rows */
    struct bp_samples samples; /* of the view */
    struct bp_samples all;     /* of all rows */
};

static bp_status number_rows(struct work *work, bp_error *error)
{
    const size_t rows = work->train->table->rows;
    work->place = bp_array_alloc(rows, sizeof *work->place);
    if (!work->place)
        return bp_fail_memory(error, "the rows left out");
    for (size_t row = 0; row < rows; row++)
        work->place[row] = NOWHERE;
    for (size_t x = 0; x < work->counted->count; x++)
        work->place[bp_dataset_row(work->counted, x)] = (uint32_t)x;
    return BP_OK;
}

/* Adds what a member says; `times`: how many said something of a row. */
static void add_member(struct work *work, size_t m, double *sum, uint32_t *times)
{
    const struct bp_left_out *left = &work->ensemble->left[m];
    for (size_t x = 0; left->rows && x < left->rows->count; x++) {
        const size_t place = work->place[bp_dataset_row(left->rows, x)];
        for (size_t j = 0; j < work->outputs; j++)
            sum[place * work->outputs + j] += (double)left->outputs[x * work->outputs + j];
        times[place]++;
    }
}

/* The mean of kind number k of those that take part for each row; `kinds_of`: counts the kinds that
 * say something. */
static bp_status average_kind(struct work *work, size_t k, uint32_t *kinds_of, bp_error *error)
{
    const size_t rows = work->counted->count;
    double *sum = calloc(rows * work->outputs, sizeof *sum);
    uint32_t *times = calloc(rows, sizeof *times);
    work->mean[k] = sum;
    if (!sum || !times) {
        free(times);
        return bp_fail_memory(error, "the predictions for the rows left out");
    }
    for (size_t m = 0; m < work->ensemble->info.members; m++) {
        if (work->ensemble->member[m].kind == work->shares.kind[k] &&
            bp_member_has_ended(work->ensemble, m))
            add_member(work, m, sum, times);
    }
    for (size_t x = 0; x < rows; x++) {
        for (size_t j = 0; times[x] > 0 && j < work->outputs; j++)
            sum[x * work->outputs + j] /= (double)times[x];
        kinds_of[x] += times[x] > 0;
    }
    free(times);
    return BP_OK;
}

/* Leaves the means of the covered rows alone. */
static void keep_covered(struct work *work)
{
    for (size_t k = 0; k < work->shares.kinds; k++) {
        for (size_t c = 0; c < work->covered_count; c++)
            memmove(work->mean[k] + c * work->outputs,
                    work->mean[k] + work->covered_place[c] * work->outputs,
                    work->outputs * sizeof(double));
    }
}

static bp_status average_kinds(struct work *work, bp_error *error)
{
    const size_t rows = work->counted->count;
    uint32_t *kinds_of = calloc(rows, sizeof *kinds_of);
    work->covered = bp_array_alloc(rows, sizeof *work->covered);
    work->covered_place = bp_array_alloc(rows, sizeof *work->covered_place);
    bp_status status = kinds_of && work->covered && work->covered_place
                           ? number_rows(work, error)
                           : bp_fail_memory(error, "the rows left out");
    for (size_t k = 0; !status && k < work->shares.kinds; k++)
        status = average_kind(work, k, kinds_of, error);
    for (size_t x = 0; !status && x < rows; x++) {
        if (work->shares.kinds == 0 || kinds_of[x] < work->shares.kinds)
            continue;
        work->covered_place[work->covered_count] = (uint32_t)x;
        work->covered[work->covered_count++] = (uint32_t)bp_dataset_row(work->counted, x);
    }
    free(kinds_of);
    if (!status)
        keep_covered(work);
    return status;
}

static bp_status bind(struct bp_samples *samples, const struct work *work, const bp_dataset *rows,
                      bp_error *error)
{
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED};
    return bp_samples_bind(samples, work->ensemble->schema, rows, &binding, error);
}

/* The predictions for all rows of the caller's dataset, in the user's units. */
static bp_status keep_outputs(struct work *work, const struct bp_selection *selection,
                              bp_error *error)
{
    struct bp_ensemble *ensemble = work->ensemble;
    const size_t outputs = work->outputs, rows = work->train->count;
    const bool numbers = ensemble->schema->task == BP_TASK_REGRESS;
    float *row = bp_array_alloc(outputs, sizeof *row);
    uint32_t *index = bp_array_alloc(work->counted->count, sizeof *index);
    ensemble->left_out = bp_array_alloc(rows * outputs, sizeof *ensemble->left_out);
    if (!row || !index || !ensemble->left_out) {
        free(row);
        free(index);
        return bp_fail_memory(error, "the predictions for the rows left out");
    }
    for (size_t x = 0; x < work->counted->count; x++)
        index[x] = NOWHERE;
    for (size_t c = 0; c < work->covered_count; c++)
        index[work->covered_place[c]] = (uint32_t)c;
    for (size_t x = 0; x < rows; x++) {
        const uint32_t place = work->place[bp_dataset_row(work->train, x)];
        const uint32_t c = place == NOWHERE ? NOWHERE : index[place];
        if (c != NOWHERE)
            bp_selection_mix(selection, work->shares.share, c, row);
        for (size_t j = 0; j < outputs; j++)
            ensemble->left_out[x * outputs + j] =
                c == NOWHERE ? (double)NAN
                : numbers    ? bp_model_output(ensemble->network[0], j, row[j])
                             : (double)row[j];
    }
    free(row);
    free(index);
    return BP_OK;
}

/* With rows that were left out. */
static bp_status measure_rows(struct work *work, bp_error *error)
{
    struct bp_ensemble *ensemble = work->ensemble;
    uint32_t *rows = bp_array_alloc(work->covered_count, sizeof *rows);
    if (rows) {
        memcpy(rows, work->covered, work->covered_count * sizeof *rows);
        work->view = bp_dataset_show(work->counted, rows, work->covered_count);
    }
    if (!work->view) {
        free(rows);
        return bp_fail_memory(error, "the rows left out");
    }
    work->view->knows_all = true;
    bp_status status = bind(&work->samples, work, work->view, error);
    if (!status)
        status = bind(&work->all, work, work->train, error);
    const struct bp_selection selection = {
        .network = ensemble->network[0]->network,
        .samples = &work->samples,
        .kinds = work->shares.kinds,
        .outputs = (const double *const *)work->mean,
    };
    if (!status && ensemble->info.weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD)
        status = bp_selection_run(&selection, BP_SELECTION_PARTS, work->shares.share, error);
    const struct bp_figures_work figures = {&selection, work->shares.kind, work->shares.share,
                                            &work->all};
    if (!status)
        status = bp_ensemble_measure(ensemble, &figures, error);
    if (!status)
        status = keep_outputs(work, &selection, error);
    bp_samples_digest(&work->all, ensemble->rows);
    if (!status)
        status = bp_calibration_note(ensemble, &selection, work->shares.share, error);
    ensemble->info.left_rows = work->covered_count;
    return status;
}

bp_status bp_ensemble_weigh(struct bp_ensemble *ensemble, const bp_dataset *train,
                            const struct bp_row_weights *counted, bp_error *error)
{
    struct work work = {
        .ensemble = ensemble,
        .train = train,
        .counted = &counted->view,
        .outputs = ensemble->schema->outputs,
    };
    bp_shares_choose(&work.shares, ensemble);
    if (work.shares.kinds == 0)
        return BP_OK;
    bp_status status = BP_OK;
    if (ensemble->options.member_rows != BP_MEMBER_ROWS_ALL)
        status = average_kinds(&work, error);
    if (!status && work.covered_count > 0)
        status = measure_rows(&work, error);
    else
        bp_shares_fall_back(&work.shares, ensemble);
    if (!status)
        bp_shares_give(&work.shares, ensemble);
    for (size_t k = 0; k < work.shares.kinds; k++)
        free(work.mean[k]);
    bp_samples_release(&work.samples);
    bp_samples_release(&work.all);
    bp_dataset_free(work.view);
    free(work.place);
    free(work.covered);
    free(work.covered_place);
    return status;
}
