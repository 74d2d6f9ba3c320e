/* The model file from inside: what a checkpoint has in common with it. */
#ifndef BP_MODEL_MODEL_FILE_H
#define BP_MODEL_MODEL_FILE_H

#include "net/safetensors.h"

/* Keys of the metadata. */
#define BP_MODEL_KEY      "batchprop"
#define BP_CHECKPOINT_KEY "checkpoint"

/* The text under BP_MODEL_KEY (freed with free()), or NULL if there is no memory. */
char *bp_model_format(const struct bp_model *model);

/* Whether all parameters are finite, so that a file may be written. Error: NOT_FINITE. */
bp_status bp_model_check_finite(const struct bp_model *model, const char *path, bp_error *error);

/* The model in a file that was read, a checkpoint too. Errors: INPUT, MEMORY. */
bp_status bp_model_parse(bp_model **out, const struct bp_safetensors *file, const char *path,
                         bp_error *error);

#endif
