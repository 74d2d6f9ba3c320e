/* How a model was made and trained, as options. */
#ifndef BP_CLI_INSPECT_RECIPE_REPORT_H
#define BP_CLI_INSPECT_RECIPE_REPORT_H

#include "cli/fields/fields.h"

/* Adds the recipe: a command line for people, an object that --config takes for programs. Of a
 * model without one nothing, or null. */
void recipe_report_put(struct fields *out, const bp_model *model);

#endif
