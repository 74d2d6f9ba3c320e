/* An ensemble as fields of a report: its kinds, its members, and how good it is. */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_FIELDS_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_FIELDS_H

#include "cli/fields/fields.h"
#include "cli/train/train_options.h"

/* All is borrowed. */
struct ensemble_facts {
    const struct train_options *options;
    const bp_ensemble *ensemble;
    const bp_model *model;    /* NULL: no member ended well */
    const bp_metrics *train;  /* of the training rows, or NULL */
    const bp_metrics *valid;  /* of the validation rows, or NULL */
    const bp_quality *left;   /* of the rows left out, or NULL */
    const bp_metrics *fitted; /* the same with weights chosen without them, or NULL */
};

/* The table of kinds, with their options that differ; `facts` (or NULL) has what came of them. */
void kinds_fields_put(struct fields *fields, const struct train_options *options,
                      const struct ensemble_facts *facts);

/* Everything but the target. */
void ensemble_fields_put(struct fields *fields, const struct ensemble_facts *facts);

#endif
