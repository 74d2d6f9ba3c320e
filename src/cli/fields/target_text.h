/* What a model takes its targets for, and why: as words for people. */
#ifndef BP_CLI_FIELDS_TARGET_TEXT_H
#define BP_CLI_FIELDS_TARGET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "batchprop/batchprop.h"

#define TARGET_TEXT_SIZE 160

/* "3 classes", "numbers, 27 distinct integers; --task classify for classes". `data` are the rows
 * that the model was made for; `asked`: the user chose the task, so that there is no hint. False:
 * there is no memory. */
bool target_text_write(char text[TARGET_TEXT_SIZE], const bp_model *model, const bp_dataset *data,
                       bool asked);

/* A note on stderr for each target that is the same in all rows of `data`. */
void target_text_warn(const bp_model *model, const bp_dataset *data);

#endif
