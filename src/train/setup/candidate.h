/* A candidate for the setup of training: so many threads, by one of the plans. */
#ifndef BP_TRAIN_SETUP_CANDIDATE_H
#define BP_TRAIN_SETUP_CANDIDATE_H

#include "model/engine.h"
#include "step/step.h"

struct bp_training_setup {
    struct bp_engine engine;
    struct bp_step *step;
    struct bp_optimizer_state *optimizer; /* of the step; NULL: plain gradient descent */
    bp_plan plan;                         /* of the step */
    char reason[BP_REASON_SIZE];          /* why the team has that many threads, and the plan */
};

struct bp_training_setup_options {
    size_t threads; /* 0: chosen */
    bp_backend backend;
    bp_isa isa;
    size_t batch_size;             /* 1 to samples->count */
    size_t shard_size;             /* 0: chosen */
    size_t steps;                  /* that will be run, 0: many; fewer are worth less measuring */
    struct bp_ranks *ranks;        /* or NULL: of these this is one */
    const bp_train_options *train; /* its optimizer, weight decay, clipping, dropout and plan,
                                      checked; NULL: plain gradient descent */
};

/* What a setup is made for. */
struct bp_setup_job {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_training_setup_options *options;
    const struct bp_numa *numa; /* or NULL */
    struct bp_optimizer_state *optimizer;
    double operations; /* floating-point, of a step */
};

/* The plan that is asked for, and the shards that threads can work on at the same time. */
bp_plan bp_setup_job_plan(const struct bp_setup_job *job);
size_t bp_setup_job_shards(const struct bp_setup_job *job);

struct bp_candidate {
    size_t threads;
    bp_plan plan;
};

/* Fills engine, step and plan. Errors: as bp_engine_make() and bp_step_create(). */
bp_status bp_candidate_make(struct bp_training_setup *setup, const struct bp_setup_job *job,
                            struct bp_candidate candidate, bp_error *error);

/* A step on the engine of another one. */
bp_status bp_setup_job_make_step(struct bp_step **out, const struct bp_engine *engine,
                                 const struct bp_setup_job *job, bp_plan plan, bp_error *error);

void bp_training_setup_release(struct bp_training_setup *setup);

#endif
