/* What a training takes its data for: target and task, rows that do not count, and hints at
 * columns. */
#ifndef BP_CLI_RUN_TARGET_FIELDS_H
#define BP_CLI_RUN_TARGET_FIELDS_H

#include "cli/fields/fields.h"

/* All is borrowed. */
struct target_facts {
    const bp_model *model;
    const bp_dataset *train;
    bool task_given; /* --task */
    bool continues;  /* the model was there before: --from */
    size_t left_out; /* rows of weight 0 */
};

void target_fields_put(struct fields *fields, const struct target_facts *facts);

#endif
