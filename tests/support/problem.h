/*
 * A small training run from beginning to end, made of the parts below the public interface: for
 * tests of bits, which ask for its digest under many settings. Uses no test framework, since one of
 * its users runs under ThreadSanitizer; what cannot be made ends the program with a message.
 */
#ifndef BP_TESTS_PROBLEM_H
#define BP_TESTS_PROBLEM_H

#include "kernels/kernels.h"
#include "net/network.h"
#include "step/step.h"

/* What is trained; the samples are a pure function of it. */
struct problem {
    size_t layers;
    size_t widths[5]; /* inputs, neurons ... */
    size_t count;     /* samples */
    bool bytes;       /* inputs are bytes, not floats */
    bool labels;      /* targets are classes, not numbers */
    bp_hidden_delta hidden_delta;
    bool reduced;         /* without thresholds */
    bp_activation hidden; /* of hidden neurons */
    bp_activation output;
    bp_loss loss;
    bool weights; /* samples have some */
};

/* How it is trained. Bits depend on the first four members. */
struct setting {
    size_t epochs;
    size_t batch_size;             /* 0: all samples */
    size_t shard_size;             /* 0: chosen */
    const bp_train_options *train; /* optimizer, decay, clipping, dropout and, not 0, the rate;
                                      NULL: plain gradient descent, 0.5 */
    bp_isa isa;
    bp_backend backend;
    size_t threads;
    bp_plan plan;           /* AUTO is SAMPLES */
    struct bp_probe *probe; /* or NULL */
    struct bp_ranks *ranks; /* the same */
};

/* The result of a run, to be compared as a whole. */
struct outcome {
    char digest[BP_DIGEST_SIZE];
    double loss; /* summed over the last epoch */
};

/* Trains from the initial parameters of seed 1, a new order each epoch. */
struct outcome problem_train(const struct problem *problem, const struct setting *setting);

/* The same digest and the same bits of the loss. */
bool outcome_equal(const struct outcome *a, const struct outcome *b);

/* Samples and network of a problem on their own; freed with the functions below. */
struct bp_samples *problem_samples(const struct problem *problem);
void problem_samples_free(struct bp_samples *samples);
struct bp_network *problem_network(const struct problem *problem);

/* Ends the program unless `holds`. */
void require(bool holds, const char *what);

/* Prepares the order of the samples in an epoch. */
void problem_order(uint32_t *order, size_t count, size_t epoch);

#endif
