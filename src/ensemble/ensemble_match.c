/* Digests, one of which says that something differs, and which: not where. */
#include "ensemble/ensemble_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "data/table/table_digest.h"
#include "ensemble/description.h"
#include "model/model_file.h"
#include "ranks/agree.h"
#include "train/rank_version.h"

/* What must be the same on all ranks. */
struct signature {
    struct bp_rank_version version;
    size_t members;
    char train[BP_DIGEST_SIZE];
    char valid[BP_DIGEST_SIZE];    /* "": there are no validation rows */
    char options[BP_DIGEST_SIZE];  /* of the ensemble and of all kinds */
    char networks[BP_DIGEST_SIZE]; /* of all members, before they are trained */
};

/* Takes `text`; false: it is NULL. */
static bool add_text(struct bp_digest *digest, char *text)
{
    if (text)
        bp_digest_update(digest, text, strlen(text) + 1);
    free(text);
    return text != NULL;
}

static bool add_options(struct bp_digest *digest, const struct bp_ensemble *ensemble)
{
    json_t *recipe = bp_ensemble_describe(ensemble);
    char *text = recipe ? json_dumps(recipe, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(recipe);
    return add_text(digest, text);
}

/* Layers and columns of a member are those of its kind. */
static bool add_networks(struct bp_digest *digest, const struct bp_ensemble *ensemble)
{
    bool formatted[BP_KINDS_MAX] = {false};
    bool complete = true;
    for (size_t m = 0; complete && m < ensemble->info.members; m++) {
        bool *known = &formatted[ensemble->member[m].kind];
        if (!*known)
            complete = add_text(digest, bp_model_format(ensemble->network[m]));
        *known = true;
        bp_network_digest_add(ensemble->network[m]->network, digest);
    }
    return complete;
}

static bp_status sign_with(bool (*add)(struct bp_digest *, const struct bp_ensemble *),
                           const struct bp_ensemble *ensemble, char text[BP_DIGEST_SIZE],
                           bp_error *error)
{
    struct bp_digest *digest = bp_digest_create();
    const bool complete = digest && add(digest, ensemble);
    if (digest)
        bp_digest_finish(digest, text);
    return complete ? BP_OK : bp_fail_memory(error, "what ranks compare");
}

static bp_status sign(struct signature *signature, const struct bp_ensemble *ensemble,
                      const bp_dataset *train, const bp_dataset *valid, bp_error *error)
{
    signature->version = bp_rank_version_get();
    signature->members = ensemble->info.members;
    bp_status status = bp_dataset_digest(train, signature->train, error);
    if (!status && valid)
        status = bp_dataset_digest(valid, signature->valid, error);
    if (!status)
        status = sign_with(add_options, ensemble, signature->options, error);
    return status ? status : sign_with(add_networks, ensemble, signature->networks, error);
}

static bp_status compare(const struct signature *own, const struct signature *first,
                         bp_error *error)
{
    const bp_status status = bp_rank_version_compare(&own->version, &first->version, error);
    if (status)
        return status;
    if (own->members != first->members)
        return bp_fail(error, BP_ERROR_RANKS, "there are %zu networks here, and %zu on rank 0",
                       own->members, first->members);
    if (strcmp(own->train, first->train) != 0)
        return bp_fail(error, BP_ERROR_RANKS, "its rows are not those of rank 0");
    if (strcmp(own->valid, first->valid) != 0)
        return bp_fail(error, BP_ERROR_RANKS, "its validation rows are not those of rank 0");
    if (strcmp(own->options, first->options) != 0)
        return bp_fail(error, BP_ERROR_RANKS,
                       "the options of its networks are not those of rank 0");
    if (strcmp(own->networks, first->networks) != 0)
        return bp_fail(error, BP_ERROR_RANKS,
                       "its networks, or columns, scaling or classes, are not those of rank 0");
    return BP_OK;
}

bp_status bp_ensemble_match(const struct bp_ensemble *ensemble, const bp_dataset *train,
                            const bp_dataset *valid, bp_status status, bp_error *error)
{
    struct bp_ranks *ranks = ensemble->options.ranks;
    if (!bp_ranks_several(ranks))
        return status;
    struct signature own = {.members = 0}, first;
    if (!status)
        status = sign(&own, ensemble, train, valid, error);
    status = bp_ranks_agree(ranks, status, error);
    if (status)
        return status;
    first = own;
    bp_ranks_broadcast(ranks, &first, sizeof first);
    return bp_ranks_agree(ranks, compare(&own, &first, error), error);
}
