/* Inside of a bench: what a trainer has, and synthetic samples. */
#ifndef BP_BENCH_BENCH_H
#define BP_BENCH_BENCH_H

#include "model/model.h"
#include "train/setup/training_setup.h"

struct bp_bench {
    bp_bench_options options; /* with the choices made; `model` and `train` are NULL */
    bp_model_options network; /* of the model */
    bp_train_options train;   /* with what auto stands for */
    bp_dataset *dataset;
    bp_model *model;
    struct bp_samples samples;
    struct bp_training_setup setup;
    uint32_t *order;
    size_t next;     /* in `order`, where the next batch begins */
    uint64_t number; /* samples trained on so far */
};

/* One step after the other, with a step of the bench's network and batch. Returns the sum of their
 * losses. */
double bp_bench_steps(struct bp_bench *bench, struct bp_step *step, size_t count);

/* Whether the team can run, and a time is one. Errors: ARGUMENT, THREADS. */
bp_status bp_bench_check_run(const struct bp_bench *bench, double seconds, bp_error *error);

#endif
