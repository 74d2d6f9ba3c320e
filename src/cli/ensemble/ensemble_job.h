/* What an ensemble is trained on. */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_JOB_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_JOB_H

#include "cli/run/target_fields.h"
#include "cli/train/train_options.h"

/* All is borrowed. */
struct ensemble_job {
    const struct train_options *options;
    const struct target_facts *target; /* its model is one network, of the first kind or the first
                                          of `from`, and its dataset that of the training */
    const bp_model *from;              /* training goes on from its networks; NULL: they are new */
    const bp_dataset *valid;           /* or NULL */
    size_t members;                    /* that are to be trained */
};

#endif
