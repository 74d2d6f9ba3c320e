/* What stands in the metadata of a model file, and how its tensors are called. */
#ifndef BP_MODEL_MODEL_KEYS_H
#define BP_MODEL_MODEL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* A reader of version 1 alone says of a file of several networks, or with factors of classes, that
 * it cannot read that. */
#define BP_FORMAT_PLAIN    1
#define BP_FORMAT_EXTENDED 2

#define BP_KEY_COLUMNS "columns"
#define BP_KEY_DIGEST  "weights_digest"
#define BP_KEY_FACTORS "factors"
#define BP_KEY_MEMBERS "members"
#define BP_KEY_RECIPE  "recipe"
#define BP_KEY_WEIGHT  "weight"

#define BP_PREFIX_SIZE 32 /* of "members.63." */

/* What the names of the tensors of network m begin with, of several or of one. */
void bp_model_prefix(bool has_members, size_t m, char prefix[BP_PREFIX_SIZE]);

#endif
