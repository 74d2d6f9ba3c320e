/* The options of a model, found in what came of them. */
#ifndef BP_MODEL_MODEL_OPTIONS_H
#define BP_MODEL_MODEL_OPTIONS_H

#include "model/model.h"

/* Whether network, columns and seed of a model hold what the option of `row` said. Of the others
 * they hold what "auto" stood for, the names of columns, or nothing. False for other owners. */
bool bp_model_tells(const bp_option_info *row);

/* Puts what they hold into a full struct, which has the defaults. */
void bp_model_describe(const struct bp_model *model, bp_model_options *options);

/* What "auto" stands for beside the task, and beside the activation of the outputs. */
bp_activation bp_model_resolve_output(bp_activation output, bp_task task);
bp_loss bp_model_resolve_loss(bp_loss loss, bp_activation output);

/* The bend of the Huber loss, where it is 0: a standard deviation of targets that are standardized,
 * and otherwise an eighth of their range, which is about as much. */
float bp_model_resolve_bend(float bend, bp_activation output, bp_task task);

#endif
