#include "trials/trials_match.h"

#include "data/table/table_digest.h"
#include "ranks/ranks.h"
#include "train/rank_signature.h"
#include "trials/trial_description.h"

/* What must be the same on all ranks. */
enum { DATA, OPTIONS };

static const struct bp_rank_signed what = {
    .noun = "trials",
    .differs = {[DATA] = "its rows are", [OPTIONS] = "the options of its trials are"},
};

static bp_status add_trial(struct bp_digest *digest, const bp_trials *trials, size_t number,
                           bp_error *error)
{
    struct bp_trial_settings settings;
    if (bp_trial_settings_read(&settings, trials, number, NULL) != BP_OK)
        return BP_OK; /* the trial fails: not the others */
    return bp_rank_sign_json(digest, bp_trial_describe(&settings))
               ? BP_OK
               : bp_fail_memory(error, "what ranks compare");
}

static bp_status digest_options(const bp_trials *trials, char text[BP_DIGEST_SIZE], bp_error *error)
{
    struct bp_digest digest;
    bp_status status = BP_OK;
    bp_digest_begin(&digest);
    for (size_t k = 0; !status && k < trials->count; k++)
        status = add_trial(&digest, trials, k, error);
    bp_digest_finish(&digest, text);
    return status;
}

static bp_status sign(struct bp_rank_signature *signature, const bp_trials *trials, bp_error *error)
{
    signature->count = trials->count;
    if (trials->count == 0)
        return BP_OK;
    bp_dataset_digest(trials->dataset, signature->digest[DATA]);
    return digest_options(trials, signature->digest[OPTIONS], error);
}

bp_status bp_trials_match(const bp_trials *trials, bp_status status, bp_error *error)
{
    struct bp_rank_signature own = {.count = 0};
    if (!bp_ranks_several(trials->ranks))
        return status;
    if (!status)
        status = sign(&own, trials, error);
    return bp_rank_signature_match(&own, &what, trials->ranks, status, error);
}
