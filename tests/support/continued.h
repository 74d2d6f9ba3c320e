/* Training that goes on from an ensemble: data, a first training, and its members alone. */
#ifndef BP_TESTS_CONTINUED_H
#define BP_TESTS_CONTINUED_H

#include "batchprop/batchprop.h"
#include "support/member_kinds.h"

#define CONTINUED_ROWS    150 /* of iris */
#define CONTINUED_CLASSES 3
#define CONTINUED_SEED    7
#define CONTINUED_FOLDS   3
#define CONTINUED_MEMBERS (MEMBER_KINDS * CONTINUED_FOLDS)

/* Of the test that runs. */
extern struct continued {
    bp_dataset *iris; /* all rows, in their order */
    bp_dataset *some; /* four fifths of them */
    bp_dataset *rest;
    char *path; /* of the model of the first training */
    char *alone;
} continued;

void continued_set_up(void);
void continued_tear_down(void);

void continued_kinds(struct member_kinds *kinds);
/* Members that leave out folds, drawn by CONTINUED_SEED. */
bp_ensemble_options continued_folds(size_t folds);

/* A first training, read from its file again. `options` may be NULL; or with CONTINUED_FOLDS. */
bp_model *continued_start(const bp_dataset *dataset, const bp_ensemble_options *options);
bp_model *continued_start_folds(const bp_dataset *dataset);

/* The next training; it is expected to succeed. */
bp_ensemble *continued_go_on(const bp_model *from, const bp_dataset *dataset,
                             const bp_ensemble_options *options);
/* The model of an ensemble, which is freed. */
bp_model *continued_take(bp_ensemble *ensemble);
bp_ensemble_member continued_member(const bp_ensemble *ensemble, size_t m);

/* Those that the model says; and the same for other rows of the members. */
bp_ensemble_options continued_options(const bp_model *from);
bp_ensemble_options continued_options_with(const bp_model *from, bp_member_rows rows);

/* The rows of iris that a member is trained on and those that it leaves out, as bp_ensemble_train()
 * says. */
void continued_cut(const bp_ensemble_options *options, size_t round, bp_dataset **rows,
                   bp_dataset **left);
/* Member m alone, from a file of its own. */
bp_model *continued_alone(const bp_model *from, const bp_ensemble_member *member, size_t m,
                          const bp_dataset *rows);

#endif
