#include "train/rank_signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_write.h"
#include "model/model.h"
#include "ranks/agree.h"

bool bp_rank_sign_text(struct bp_digest *digest, char *text)
{
    if (text)
        bp_digest_update(digest, text, strlen(text) + 1);
    free(text);
    return text != NULL;
}

bool bp_rank_sign_json(struct bp_digest *digest, json_t *json)
{
    char *text = bp_json_write(json, JSON_COMPACT | JSON_SORT_KEYS, NULL);
    json_decref(json);
    return bp_rank_sign_text(digest, text);
}

/* What goes from rank 0 to all. Other numerics are other bits. */
struct word {
    char version[32];
    int numerics;
    struct bp_rank_signature signature;
};

static bp_status compare(const struct word *own, const struct word *first,
                         const struct bp_rank_signed *what, bp_error *error)
{
    if (strcmp(own->version, first->version) != 0 || own->numerics != first->numerics)
        return bp_fail(error, BP_ERROR_RANKS,
                       "version is %s with numerics %d here, and %s with %d on rank 0",
                       own->version, own->numerics, first->version, first->numerics);
    if (own->signature.count != first->signature.count)
        return bp_fail(error, BP_ERROR_RANKS, "there are %zu %s here, and %zu on rank 0",
                       own->signature.count, what->noun, first->signature.count);
    for (size_t k = 0; k < BP_SIGNED_MAX; k++) {
        if (strcmp(own->signature.digest[k], first->signature.digest[k]) != 0)
            return bp_fail(error, BP_ERROR_RANKS, "%s not those of rank 0", what->differs[k]);
    }
    return BP_OK;
}

bp_status bp_rank_signature_match(const struct bp_rank_signature *own,
                                  const struct bp_rank_signed *what, struct bp_ranks *ranks,
                                  bp_status status, bp_error *error)
{
    struct word here = {.numerics = BP_NUMERICS_VERSION, .signature = *own};
    snprintf(here.version, sizeof here.version, "%s", bp_version());
    status = bp_ranks_agree(ranks, status, error);
    if (status)
        return status;
    struct word first = here;
    bp_ranks_broadcast(ranks, &first, sizeof first);
    return bp_ranks_agree(ranks, compare(&here, &first, what, error), error);
}
