/* Room is made on every rank, and all agree that it is there, before the large blocks travel. */
#include "ensemble/member_transfer.h"

#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/json/json_write.h"
#include "ensemble/member_rows.h"
#include "ensemble/predict_left.h"
#include "model/recipe.h"
#include "ranks/agree.h"

/* The recipe as text, in `size` bytes. */
struct text {
    char *bytes;
    size_t size; /* 0: there is none, or no memory for it */
};

static void write_recipe(const struct bp_model *network, struct text *text)
{
    text->bytes = bp_json_write(network->recipe, JSON_COMPACT, NULL);
    text->size = text->bytes ? strlen(text->bytes) + 1 : 0;
}

/* The rank that has trained the member has all. */
static bp_status make_room(struct bp_ensemble *ensemble, const bp_dataset *train,
                           const struct bp_row_weights *counted, size_t m, struct text *text,
                           bp_error *error)
{
    bp_dataset *rows;
    bp_status status = bp_ensemble_cut(ensemble, train, counted, m, &rows, error);
    bp_dataset_free(rows);
    if (!status && ensemble->left[m].rows)
        status = bp_ensemble_make_outputs(ensemble, m, error);
    text->bytes = malloc(text->size);
    if (!status && !text->bytes)
        status = bp_fail_memory(error, "the recipe of a network");
    return status;
}

static bp_status take_recipe(struct bp_model *network, const struct text *text, bp_error *error)
{
    static const struct bp_json_limits limits = {.what = "the recipe of a network"};
    json_t *recipe;
    const bp_status status =
        bp_json_read(&recipe, text->bytes, strlen(text->bytes), &limits, error);
    if (status)
        return status;
    bp_recipe_set(network, recipe);
    json_decref(recipe);
    return BP_OK;
}

/* With room on every rank. */
static bp_status send_all(struct bp_ensemble *ensemble, size_t m, size_t root,
                          const struct text *text, bp_error *error)
{
    struct bp_ranks *ranks = ensemble->options.ranks;
    struct bp_model *model = ensemble->network[m];
    struct bp_network *network = model->network;
    const struct bp_left_out *left = &ensemble->left[m];
    bp_ranks_send_all(ranks, text->bytes, text->size, root);
    bp_ranks_send_all(ranks, network->values, network->floats * sizeof *network->values, root);
    if (left->rows)
        bp_ranks_send_all(ranks, left->outputs,
                          left->rows->count * ensemble->schema->outputs * sizeof *left->outputs,
                          root);
    if (bp_ranks_rank(ranks) == root)
        return BP_OK;
    bp_network_transpose(network);
    model->numerics = BP_NUMERICS_VERSION;
    return take_recipe(model, text, error);
}

bp_status bp_member_send(struct bp_ensemble *ensemble, const bp_dataset *train,
                         const struct bp_row_weights *counted, size_t m, size_t root,
                         bp_error *error)
{
    struct bp_ranks *ranks = ensemble->options.ranks;
    const bool is_root = bp_ranks_rank(ranks) == root;
    struct text text = {.bytes = NULL};
    bp_status status = BP_OK;
    bp_ranks_send_all(ranks, &ensemble->member[m], sizeof ensemble->member[m], root);
    if (ensemble->member[m].error.status != BP_OK)
        return BP_OK;
    if (is_root)
        write_recipe(ensemble->network[m], &text);
    bp_ranks_send_all(ranks, &text.size, sizeof text.size, root);
    if (is_root && text.size == 0)
        status = bp_fail_memory(error, "the recipe of a network");
    else if (!is_root && text.size > 0)
        status = make_room(ensemble, train, counted, m, &text, error);
    status = bp_ranks_agree(ranks, status, error);
    if (!status)
        status = bp_ranks_agree(ranks, send_all(ensemble, m, root, &text, error), error);
    free(text.bytes);
    return status;
}
