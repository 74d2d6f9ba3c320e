/* What rank 0 has goes to all as a text, each compares, and all agree. */
#include "train/rank_match.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/json/json_value.h"
#include "base/json/json_write.h"
#include "model/model_file.h"
#include "ranks/agree.h"
#include "train/checkpoint_match.h"

/* Those that bits depend on, and those that the course of a run depends on. */
static json_t *describe_options(const struct bp_trainer *trainer)
{
    json_t *options = bp_match_options(trainer);
    const json_int_t epochs = (json_int_t)trainer->options.epochs;
    if (options && json_object_set_new(options, "epochs", json_integer(epochs))) {
        json_decref(options);
        return NULL;
    }
    return options;
}

/* NULL if there is no memory. */
static json_t *describe(const struct bp_trainer *trainer)
{
    char digest[BP_DIGEST_SIZE];
    bp_network_digest(trainer->model->network, digest);
    json_t *options = describe_options(trainer), *data = bp_match_data(trainer);
    char *model = bp_model_format(trainer->model);
    json_t *all = options && data && model
                      ? json_pack("{s:s, s:i, s:O, s:s, s:s, s:O}", "version", bp_version(),
                                  "numerics", BP_NUMERICS_VERSION, "data", data, "model", model,
                                  "weights", digest, "options", options)
                      : NULL;
    json_decref(options);
    json_decref(data);
    free(model);
    return all;
}

#define VALUE_SIZE 100

static bp_status fail(bp_error *error, const char *key, const json_t *here, const json_t *there)
{
    char own[VALUE_SIZE], other[VALUE_SIZE];
    const size_t length = strcspn(key, "_");
    if (strcmp(key + length, "_digest") == 0)
        return bp_fail(error, BP_ERROR_RANKS,
                       "its %.*s rows, or their weights, are not those of rank 0", (int)length,
                       key);
    bp_json_show(here, own, VALUE_SIZE);
    bp_json_show(there, other, VALUE_SIZE);
    return bp_fail(error, BP_ERROR_RANKS, "%s is %s here, and %s on rank 0", key, own, other);
}

/* The first value of `here` that `there` has otherwise. */
static bp_status compare(json_t *here, const json_t *there, bp_error *error)
{
    const char *key;
    json_t *value;
    json_object_foreach(here, key, value)
    {
        const json_t *other = json_object_get(there, key);
        if (!json_equal(value, other))
            return fail(error, key, value, other);
    }
    return BP_OK;
}

static bp_status compare_all(const json_t *here, const json_t *there, bp_error *error)
{
    static const char *const single[] = {"version", "numerics"};
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++) {
        const json_t *own = json_object_get(here, single[k]);
        const json_t *other = json_object_get(there, single[k]);
        if (!json_equal(own, other))
            return fail(error, single[k], own, other);
    }
    bp_status status =
        compare(json_object_get(here, "data"), json_object_get(there, "data"), error);
    if (!status)
        status =
            compare(json_object_get(here, "options"), json_object_get(there, "options"), error);
    if (status)
        return status;
    if (!json_equal(json_object_get(here, "model"), json_object_get(there, "model")))
        return bp_fail(error, BP_ERROR_RANKS,
                       "its layers, columns, scaling or classes are not those of rank 0");
    if (!json_equal(json_object_get(here, "weights"), json_object_get(there, "weights")))
        return bp_fail(error, BP_ERROR_RANKS, "its first weights are not those of rank 0");
    return BP_OK;
}

/* The text of rank 0, on every rank, freed with free(); NULL, and *status says why. */
static char *spread(struct bp_ranks *ranks, const json_t *own, bp_status *status, bp_error *error)
{
    char *text = ranks->rank == 0 ? bp_json_write(own, JSON_COMPACT, NULL) : NULL;
    size_t size = text ? strlen(text) + 1 : 0;
    bp_ranks_broadcast(ranks, &size, sizeof size);
    if (ranks->rank > 0 && size > 0)
        text = malloc(size);
    *status = bp_ranks_agree(
        ranks, text && own ? BP_OK : bp_fail_memory(error, "what ranks compare"), error);
    if (!*status) {
        bp_ranks_broadcast(ranks, text, size);
        return text;
    }
    free(text);
    return NULL;
}

bp_status bp_rank_match(const struct bp_trainer *trainer, bp_error *error)
{
    struct bp_ranks *ranks = trainer->options.ranks;
    if (!bp_ranks_several(ranks))
        return BP_OK;
    json_t *own = describe(trainer);
    bp_status status;
    char *text = spread(ranks, own, &status, error);
    if (status) {
        json_decref(own);
        return status;
    }
    static const struct bp_json_limits limits = {.what = "what ranks compare"};
    json_t *first;
    status = bp_json_read(&first, text, strlen(text), &limits, error);
    if (!status)
        status = compare_all(own, first, error);
    json_decref(first);
    json_decref(own);
    free(text);
    return bp_ranks_agree(ranks, status, error);
}
