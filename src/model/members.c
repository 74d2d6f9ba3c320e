/* Several networks in one model: what they have in common, and looking at one of them. */
#include "model/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/digest.h"
#include "base/memory.h"
#include "model/decision.h"
#include "model/recipe.h"

/* Weights in a file add up to 1 but for rounding. */
#define SUM_TOLERANCE 1e-9

bp_status bp_model_check_single(const struct bp_model *model, const char *what, bp_error *error)
{
    if (!model->member)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "the model has %zu networks, and %s takes one: give it a member", model->members,
                   what);
}

/* Whether model m has the columns of the first. */
static bp_status check_columns(struct bp_model *const *models, size_t m, bp_error *error)
{
    if (models[0]->schema == models[m]->schema)
        return BP_OK;
    json_t *first = bp_schema_to_json(models[0]->schema);
    json_t *other = bp_schema_to_json(models[m]->schema);
    bp_status status = BP_OK;
    if (!first || !other)
        status = bp_fail_memory(error, "the columns of a model");
    else if (!json_equal(first, other))
        status = bp_fail(error, BP_ERROR_ARGUMENT,
                         "model %zu has other columns, scaling or classes than model 0", m);
    json_decref(first);
    json_decref(other);
    return status;
}

/* Whether the outputs of b can be averaged with those of a, and have the same loss. */
static bool have_equal_outputs(const struct bp_network *a, const struct bp_network *b)
{
    return a->layer[a->layers - 1].activation == b->layer[b->layers - 1].activation &&
           a->loss == b->loss && a->loss_parameter == b->loss_parameter;
}

static bp_status check_models(struct bp_model *const *models, size_t count, bp_error *error)
{
    for (size_t m = 0; m < count; m++) {
        if (models[m]->member)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "model %zu has several networks: give its members", m);
        for (size_t k = 0; k < m; k++) {
            if (models[k] == models[m])
                return bp_fail(error, BP_ERROR_ARGUMENT, "models %zu and %zu are the same object",
                               k, m);
        }
        const bp_status status = check_columns(models, m, error);
        if (status)
            return status;
        if (!have_equal_outputs(models[0]->network, models[m]->network))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "model %zu has another output activation or loss than model 0: their "
                           "outputs cannot be averaged",
                           m);
    }
    return BP_OK;
}

static bp_status check_sum(const double *weights, size_t count, bp_error *error)
{
    double sum = 0.0;
    for (size_t m = 0; m < count; m++)
        sum += weights[m];
    if (fabs(sum - 1.0) <= SUM_TOLERANCE)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "the weights of the members add up to %g, not 1", sum);
}

/* The other models of an array leave their columns for those of the first. */
static void share_columns(struct bp_model *const *models, size_t count)
{
    for (size_t m = 1; m < count; m++) {
        if (models[m]->schema == models[0]->schema)
            continue;
        bp_schema_free(models[m]->schema);
        models[m]->schema = bp_schema_share(models[0]->schema);
    }
}

bp_status bp_members_join(bp_model **out, struct bp_model *const *models, const double *weights,
                          size_t count, bp_error *error)
{
    bp_status status = check_models(models, count, error);
    if (!status)
        status = check_sum(weights, count, error);
    if (status)
        return status;
    struct bp_model *model = calloc(1, sizeof *model);
    if (model)
        model->member = calloc(count, sizeof *model->member);
    if (!model || !model->member) {
        free(model);
        return bp_fail_memory(error, "a model of several networks");
    }
    share_columns(models, count);
    model->schema = bp_schema_share(models[0]->schema);
    model->seed = models[0]->seed;
    model->numerics = models[0]->numerics;
    model->members = count;
    for (size_t m = 0; m < count; m++) {
        bp_factors_clear(models[m]);
        model->member[m] = (struct bp_member){models[m], weights[m]};
    }
    *out = model;
    return BP_OK;
}

/* Weights that are given, or all the same: those of all, in binary64 and in this order, divided by
 * their sum. */
static bp_status find_weights(const double *given, size_t count, double weights[BP_MEMBERS_MAX],
                              bp_error *error)
{
    double sum = 0.0;
    for (size_t m = 0; m < count; m++) {
        weights[m] = given ? given[m] : 1.0;
        if (!(weights[m] >= 0 && isfinite(weights[m])))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "weight %zu of a member is %g: give a finite number from 0 on", m,
                           weights[m]);
        sum += weights[m];
    }
    if (!(sum > 0 && isfinite(sum)))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "the weights of the members add up to %g: give at least one above 0", sum);
    for (size_t m = 0; m < count; m++)
        weights[m] /= sum;
    return BP_OK;
}

/* Those of weight 0 are at the end then; returns how many are not. */
static size_t sort_out(struct bp_model *models[BP_MEMBERS_MAX], double weights[BP_MEMBERS_MAX],
                       size_t count)
{
    struct bp_model *out[BP_MEMBERS_MAX];
    size_t left = 0, outs = 0;
    for (size_t m = 0; m < count; m++) {
        if (!(weights[m] > 0)) {
            out[outs++] = models[m];
            continue;
        }
        models[left] = models[m];
        weights[left++] = weights[m];
    }
    memcpy(models + left, out, outs * sizeof *out);
    return left;
}

bp_status bp_model_combine(bp_model **out, bp_model *const *models, const double *weights,
                           size_t count, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(models, error);
    if (count < 1 || count > BP_MEMBERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu models: give from 1 to %d", count,
                       BP_MEMBERS_MAX);
    struct bp_model *taken[BP_MEMBERS_MAX];
    double shares[BP_MEMBERS_MAX];
    for (size_t m = 0; m < count; m++) {
        if (!models[m])
            return bp_fail(error, BP_ERROR_ARGUMENT, "model %zu is NULL", m);
        taken[m] = models[m];
    }
    bp_status status = check_models(taken, count, error);
    if (!status)
        status = find_weights(weights, count, shares, error);
    if (status)
        return status;
    const size_t left = sort_out(taken, shares, count);
    if (left == 1)
        *out = taken[0];
    else
        status = bp_members_join(out, taken, shares, left, error);
    for (size_t m = left; !status && m < count; m++)
        bp_model_free(taken[m]);
    return status;
}

size_t bp_model_members(const bp_model *model)
{
    return model ? bp_model_networks(model) : 0;
}

const bp_model *bp_model_get_member(const bp_model *model, size_t index)
{
    return index < bp_model_members(model) ? bp_model_at(model, index) : NULL;
}

double bp_model_member_weight(const bp_model *model, size_t index)
{
    if (index >= bp_model_members(model))
        return 0.0;
    return model->member ? model->member[index].weight : 1.0;
}

static bp_status copy_single(bp_model **out, const bp_model *model, bp_error *error)
{
    bp_status status = BP_OK;
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    struct bp_model *copy = calloc(1, sizeof *copy);
    if (!copy)
        return bp_fail_memory(error, "a model");
    copy->seed = model->seed;
    copy->numerics = model->numerics;
    copy->schema = bp_schema_share(model->schema);
    copy->recipe = json_deep_copy(model->recipe);
    if (model->recipe && !copy->recipe)
        status = bp_fail_memory(error, "the options of a model");
    if (!status)
        status = bp_network_create(&copy->network, &spec, error);
    if (!status)
        bp_network_set_values(copy->network, model->network->values);
    if (!status)
        status = bp_model_set_factors(copy, model->factor, error);
    if (status) {
        bp_model_free(copy);
        return status;
    }
    *out = copy;
    return BP_OK;
}

/* Weights are taken as they are: dividing them by their sum again could change a bit. */
static bp_status copy_members(bp_model **out, const bp_model *model, bp_error *error)
{
    struct bp_model *copy[BP_MEMBERS_MAX] = {NULL};
    double weights[BP_MEMBERS_MAX];
    bp_status status = BP_OK;
    for (size_t m = 0; m < model->members && !status; m++) {
        weights[m] = model->member[m].weight;
        status = copy_single(&copy[m], model->member[m].model, error);
    }
    json_t *recipe = json_deep_copy(model->recipe);
    if (!status && model->recipe && !recipe)
        status = bp_fail_memory(error, "the options of a model");
    if (!status)
        status = bp_members_join(out, copy, weights, model->members, error);
    for (size_t m = 0; m < model->members && status; m++)
        bp_model_free(copy[m]);
    if (!status) {
        bp_recipe_set(*out, recipe);
        status = bp_model_set_factors(*out, model->factor, error);
    }
    json_decref(recipe);
    return status;
}

bp_status bp_model_copy(bp_model **out, const bp_model *model, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(model, error);
    if (!model->member)
        return copy_single(out, model, error);
    const bp_status status = copy_members(out, model, error);
    if (status) {
        bp_model_free(*out);
        *out = NULL;
    }
    return status;
}

void bp_model_digest(const struct bp_model *model, char digest[BP_DIGEST_SIZE])
{
    if (!model->member) {
        bp_network_digest(model->network, digest);
        return;
    }
    struct bp_digest stream;
    bp_digest_begin(&stream);
    for (size_t m = 0; m < model->members; m++) {
        unsigned char bytes[8];
        uint64_t bits;
        memcpy(&bits, &model->member[m].weight, sizeof bits);
        bp_store_little(bytes, bits, sizeof bytes);
        bp_network_digest_add(model->member[m].model->network, &stream);
        bp_digest_update(&stream, bytes, sizeof bytes);
    }
    bp_digest_finish(&stream, digest);
}
