/* Digests, one of which says that something differs, and which: not where. */
#include "trials/trials_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "data/table/table_digest.h"
#include "ranks/agree.h"
#include "train/rank_version.h"
#include "trials/trial_description.h"

/* What must be the same on all ranks. */
struct signature {
    struct bp_rank_version version;
    size_t count;
    char data[BP_DIGEST_SIZE];
    char options[BP_DIGEST_SIZE]; /* of all trials */
};

static bp_status add_trial(struct bp_digest *digest, const bp_trials *trials, size_t number,
                           bp_error *error)
{
    struct bp_trial_settings settings;
    if (bp_trial_settings_read(&settings, trials, number, NULL) != BP_OK)
        return BP_OK; /* the trial fails: not the others */
    json_t *json = bp_trial_describe(&settings);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(json);
    if (!text)
        return bp_fail_memory(error, "what ranks compare");
    bp_digest_update(digest, text, strlen(text) + 1);
    free(text);
    return BP_OK;
}

static bp_status digest_options(const bp_trials *trials, char text[BP_DIGEST_SIZE], bp_error *error)
{
    struct bp_digest *digest = bp_digest_create();
    bp_status status = digest ? BP_OK : bp_fail_memory(error, "the state of a digest");
    for (size_t k = 0; !status && k < trials->count; k++)
        status = add_trial(digest, trials, k, error);
    if (digest)
        bp_digest_finish(digest, text);
    return status;
}

static bp_status sign(struct signature *signature, const bp_trials *trials, bp_error *error)
{
    signature->version = bp_rank_version_get();
    signature->count = trials->count;
    if (trials->count == 0)
        return BP_OK;
    const bp_status status = bp_dataset_digest(trials->dataset, signature->data, error);
    return status ? status : digest_options(trials, signature->options, error);
}

static bp_status compare(const struct signature *own, const struct signature *first,
                         bp_error *error)
{
    const bp_status status = bp_rank_version_compare(&own->version, &first->version, error);
    if (status)
        return status;
    if (own->count != first->count)
        return bp_fail(error, BP_ERROR_RANKS, "there are %zu trials here, and %zu on rank 0",
                       own->count, first->count);
    if (strcmp(own->data, first->data) != 0)
        return bp_fail(error, BP_ERROR_RANKS, "its rows are not those of rank 0");
    if (strcmp(own->options, first->options) != 0)
        return bp_fail(error, BP_ERROR_RANKS, "the options of its trials are not those of rank 0");
    return BP_OK;
}

bp_status bp_trials_match(const bp_trials *trials, bp_status status, bp_error *error)
{
    struct bp_ranks *ranks = trials->ranks;
    if (!bp_ranks_several(ranks))
        return status;
    struct signature own = {.count = 0}, first;
    if (!status)
        status = sign(&own, trials, error);
    status = bp_ranks_agree(ranks, status, error);
    if (status)
        return status;
    first = own;
    bp_ranks_broadcast(ranks, &first, sizeof first);
    return bp_ranks_agree(ranks, compare(&own, &first, error), error);
}
