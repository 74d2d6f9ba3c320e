/* Several networks in one model, from inside. */
#ifndef BP_MODEL_MEMBERS_H
#define BP_MODEL_MEMBERS_H

#include "model/model.h"

/* As bp_model_combine(), with weights above 0 that add up to 1, and for one model too. */
bp_status bp_members_join(bp_model **out, struct bp_model *const *models, const double *weights,
                          size_t count, bp_error *error);

/* A model of one network with the columns of `first`; `options` say the rest of it, and have the
 * outputs and the loss of `first`. Errors: as bp_model_create(). */
bp_status bp_model_create_sharing(bp_model **out, const struct bp_model *first,
                                  const bp_model_options *options, bp_error *error);

/* The digest of all parameters: of one network that of bp_network_digest(); of several XXH3-128
 * over those of each in turn and its weight (binary64, little-endian). */
void bp_model_digest(const struct bp_model *model, char digest[BP_DIGEST_SIZE]);

#endif
