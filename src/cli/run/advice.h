/* What to try after a run that is no better than one answer for all rows. */
#ifndef BP_CLI_RUN_ADVICE_H
#define BP_CLI_RUN_ADVICE_H

#include <stdbool.h>

#include "batchprop/batchprop.h"

/* What is known of a run. All is borrowed. */
struct advice_facts {
    const bp_quality *train;
    const bp_quality *valid; /* or NULL */
    const bp_model_info *model;
    const bp_train_options *options; /* those that the trainer works with */
    const bp_train_result *result;
    double first_loss;  /* of the first epoch of the run; NaN: there was none */
    bool decay_is_auto; /* the decay in `options` was chosen for the table */
    bool continues;     /* the model was there before the run: --from */
};

#define ADVICE_SIZE 256

struct advice {
    char problem[ADVICE_SIZE]; /* what is wrong; "": nothing */
    char remedy[ADVICE_SIZE];  /* begins with the option to try */
};

struct advice advice_find(const struct advice_facts *facts);

#endif
