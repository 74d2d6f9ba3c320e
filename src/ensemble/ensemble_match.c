#include "ensemble/ensemble_match.h"

#include "data/table/table_digest.h"
#include "ensemble/description.h"
#include "model/model_file.h"
#include "ranks/ranks.h"
#include "train/rank_signature.h"

/* What must be the same on all ranks. */
enum { TRAIN, VALID, OPTIONS, NETWORKS };

static const struct bp_rank_signed what = {
    .noun = "networks",
    .differs = {[TRAIN] = "its rows are",
                [VALID] = "its validation rows are",
                [OPTIONS] = "the options of its networks are",
                [NETWORKS] = "its networks, or columns, scaling or classes, are"},
};

/* Of the ensemble and of all kinds. */
static bool add_options(struct bp_digest *digest, const struct bp_ensemble *ensemble)
{
    return bp_rank_sign_json(digest, bp_ensemble_describe(ensemble));
}

/* Of all members, before they are trained: layers and columns are those of their kinds. */
static bool add_networks(struct bp_digest *digest, const struct bp_ensemble *ensemble)
{
    bool formatted[BP_KINDS_MAX] = {false};
    bool complete = true;
    for (size_t m = 0; complete && m < ensemble->info.members; m++) {
        bool *known = &formatted[ensemble->member[m].kind];
        if (!*known)
            complete = bp_rank_sign_text(digest, bp_model_format(ensemble->network[m]));
        *known = true;
        bp_network_digest_add(ensemble->network[m]->network, digest);
    }
    return complete;
}

static bp_status sign_with(bool (*add)(struct bp_digest *, const struct bp_ensemble *),
                           const struct bp_ensemble *ensemble, char text[BP_DIGEST_SIZE],
                           bp_error *error)
{
    struct bp_digest digest;
    bp_digest_begin(&digest);
    const bool complete = add(&digest, ensemble);
    bp_digest_finish(&digest, text);
    return complete ? BP_OK : bp_fail_memory(error, "what ranks compare");
}

static bp_status sign(struct bp_rank_signature *signature, const struct bp_ensemble *ensemble,
                      const bp_dataset *train, const bp_dataset *valid, bp_error *error)
{
    signature->count = ensemble->info.members;
    bp_dataset_digest(train, signature->digest[TRAIN]);
    if (valid)
        bp_dataset_digest(valid, signature->digest[VALID]);
    const bp_status status = sign_with(add_options, ensemble, signature->digest[OPTIONS], error);
    return status ? status : sign_with(add_networks, ensemble, signature->digest[NETWORKS], error);
}

bp_status bp_ensemble_match(const struct bp_ensemble *ensemble, const bp_dataset *train,
                            const bp_dataset *valid, bp_status status, bp_error *error)
{
    struct bp_rank_signature own = {.count = 0};
    if (!bp_ranks_several(ensemble->options.ranks))
        return status;
    if (!status)
        status = sign(&own, ensemble, train, valid, error);
    return bp_rank_signature_match(&own, &what, ensemble->options.ranks, status, error);
}
