/* What the inputs and outputs of a network of another program mean. */
#ifndef BP_IMPORT_COLUMNS_H
#define BP_IMPORT_COLUMNS_H

#include "data/text/list.h"
#include "import/foreign.h"

/* Columns without data: a row of zeros that has them. */
struct bp_import_columns {
    const char *inputs;  /* list of names, or NULL: "x1", "x2", ... */
    const char *targets; /* list of names, or NULL: "y1", ... or "class" */
    const char *classes; /* list of names, or NULL: "0", "1", ... */
    bool classify;
};

/* Errors: ARGUMENT (a list of another length than there are neurons, a name twice), MEMORY. */
bp_status bp_import_columns_create(bp_dataset **out, const struct bp_import_columns *columns,
                                   const struct bp_foreign *foreign, bp_error *error);

/* How many classes the outputs are for: one output is for two. */
size_t bp_import_classes(const struct bp_foreign *foreign);

/* Fills *place: output neuron j of `model`, which predicts classes, is that of class place[j] of
 * the list `classes`; freed with free(). Error: ARGUMENT (the list has other classes), MEMORY. */
bp_status bp_import_place_classes(size_t **place, const bp_model *model, const char *classes,
                                  bp_error *error);

/* A text as bp_model_options.scaling of the scaling that `foreign` has, for the columns of `model`;
 * freed with free(). Errors: INPUT (a column is a category, or has neurons of several scalings),
 * MEMORY. */
bp_status bp_import_write_scaling(char **text, const bp_model *model,
                                  const struct bp_foreign *foreign, bp_error *error);

#endif
