/* The factors of classes in a model: which class is predicted is decided by factor x output. */
#ifndef BP_CLI_INSPECT_FACTOR_FIELDS_H
#define BP_CLI_INSPECT_FACTOR_FIELDS_H

#include "cli/fields/fields.h"

/* A table, "factors"; nothing where all are 1. */
void factor_fields_put(struct fields *fields, const bp_model *model);

/* Goes on in the last line of people: ": setosa 0.9, versicolor 1.2, ...". */
void factor_fields_more(struct fields *fields, const bp_model *model);

#endif
