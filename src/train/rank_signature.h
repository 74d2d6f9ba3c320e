/* Whether all ranks are about to do the same, by digests: that something differs, and which, not
 * where. */
#ifndef BP_TRAIN_RANK_SIGNATURE_H
#define BP_TRAIN_RANK_SIGNATURE_H

#include <jansson.h>

#include "base/digest.h"
#include "base/status.h"

#define BP_SIGNED_MAX 4

/* What a rank is about to do. To be sent as bytes: starts as zeros. */
struct bp_rank_signature {
    size_t count;                               /* of networks or trials */
    char digest[BP_SIGNED_MAX][BP_DIGEST_SIZE]; /* "": of nothing */
};

/* The words for it. */
struct bp_rank_signed {
    const char *noun;                   /* what is counted: "networks" */
    const char *differs[BP_SIGNED_MAX]; /* of each digest: "its rows are" */
};

/* Frees `text` or `json`; false: it is NULL, or there is no memory. */
bool bp_rank_sign_text(struct bp_digest *digest, char *text);
bool bp_rank_sign_json(struct bp_digest *digest, json_t *json);

/* Collective over `ranks`: agrees on `status`, which says how this rank came to its signature, and
 * compares that, and the versions of the library, with those of rank 0. Fails on every rank or on
 * none. Errors: `status` of any rank; RANKS, a sentence that names rank, host and what differs. */
bp_status bp_rank_signature_match(const struct bp_rank_signature *own,
                                  const struct bp_rank_signed *what, struct bp_ranks *ranks,
                                  bp_status status, bp_error *error);

#endif
