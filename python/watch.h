/*
 * Trainings that Python watches: what happens in each epoch is noted without it, and the end that
 * Ctrl-C asks for is noticed without its lock.
 */
#ifndef BATCHPROP_PYTHON_WATCH_H
#define BATCHPROP_PYTHON_WATCH_H

#include <batchprop/batchprop.h>

typedef struct bpy_watch {
    double *train_loss; /* of each epoch */
    double *valid_loss; /* the same; NaN without validation rows */
    double *score;      /* the same: accuracy of classes, R2 of numbers */
    size_t epochs;      /* noted, those of a refit left out */
    size_t room;        /* for epochs, in each of the three */
    void *tells;        /* of bpy_tell() and bpy_tell_member(); NULL: nobody listens */
    bool interruptible; /* this is the main thread of Python: SIGINT stops the run */
    bool installed;     /* its handler of SIGINT stands before that of Python */
    bool stopped;       /* the listener asked for the end */
    bool no_memory;     /* for further epochs */
} bpy_watch;

/* bp_trainer_run(), bp_ensemble_train() and bp_ensemble_continue(), which also return BP_STOPPED
 * after SIGINT. */
bp_status bpy_trainer_run(bp_trainer *trainer, bpy_watch *watch, bp_train_result *result,
                          bp_error *error);
bp_status bpy_ensemble_train(bp_ensemble **out, const bp_dataset *train, const bp_dataset *valid,
                             const bp_member_kind *kinds, size_t kind_count,
                             bp_ensemble_options *options, bpy_watch *watch, bp_error *error);
bp_status bpy_ensemble_continue(bp_ensemble **out, const bp_model *from, const bp_dataset *train,
                                const bp_dataset *valid, const bp_train_options *kinds,
                                bp_ensemble_options *options, bpy_watch *watch, bp_error *error);

void bpy_watch_release(bpy_watch *watch);

#endif
