/* An ensemble inside: kinds, members, and what members say of the rows that they left out. */
#ifndef BP_ENSEMBLE_ENSEMBLE_H
#define BP_ENSEMBLE_ENSEMBLE_H

#include "data/table/table.h"
#include "model/model.h"

/* What a member says of the rows that it left out. */
struct bp_left_out {
    bp_dataset *rows; /* NULL: it left out none, or has not ended */
    float *outputs;   /* rows->count x outputs, values of the neurons */
};

struct bp_kind {
    bp_model_options model; /* texts are the caller's */
    bp_train_options train;
    double cost; /* a member's, beside those of other kinds */
};

/* What calibration is measured from: of each row left out, by numbers of their own. */
struct bp_calibration {
    size_t rows;
    size_t targets;    /* 1 for classes */
    double *predicted; /* rows x targets: the probability of the class predicted; the deviation */
    double *missed;    /* rows x targets: 1 if the class is another one; target less prediction */
    double *weight;    /* of each row */
};

struct bp_ensemble {
    bp_ensemble_options options; /* `members` is what auto stands for */
    size_t asked_members;        /* `members` as given */
    double valid_fraction;       /* as in a recipe */
    struct bp_kind kind[BP_KINDS_MAX];
    bp_ensemble_info info;
    bp_ensemble_member member[BP_MEMBERS_MAX];
    bp_ensemble_kind kind_result[BP_KINDS_MAX];
    bp_model *network[BP_MEMBERS_MAX]; /* of each member, as a model of its own */
    struct bp_left_out left[BP_MEMBERS_MAX];
    bp_model *model;    /* of those that ended well; NULL: it was taken, or there is none */
    const char *target; /* by whose classes the folds are divided; NULL: the last column */
    struct bp_schema *schema;
    const struct bp_model *from;        /* training goes on from its members; NULL: they are new */
    double kept_weight[BP_MEMBERS_MAX]; /* of each of them there */
    char rows[BP_DIGEST_SIZE];          /* of all rows, where members have left out some that they
                                           never saw; else "" */
    bp_quality quality; /* of the rows left out, as cross_fitted; its texts are the schema's */
    bp_metrics cross_fitted;
    struct bp_calibration calibration;
    double *factor;   /* of each class in the model; NULL: all 1 */
    size_t all_rows;  /* of the dataset */
    double *left_out; /* all_rows x outputs, in the user's units; NULL: none were left out */
};

#endif
