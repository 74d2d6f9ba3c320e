/*
 * What auto stands for: the rules. Each is a function of the table and of what is chosen beside it,
 * so that the same command gives the same bits on every machine. The rows of the options tell them
 * to the user.
 */
#ifndef BP_OPTIONS_AUTO_RULE_H
#define BP_OPTIONS_AUTO_RULE_H

#include "batchprop/batchprop.h"

/* The width of each of two hidden layers, and of one whose neurons saturate: logistic, tanh. */
#define BP_AUTO_HIDDEN            96
#define BP_AUTO_HIDDEN_SATURATING 32

/* Samples of a batch. */
#define BP_AUTO_BATCH 64

/* Updates of the weights, and the epochs that they may take. */
#define BP_AUTO_UPDATES    1500
#define BP_AUTO_EPOCHS_MIN 40
#define BP_AUTO_EPOCHS_MAX 200

/* The same of few epochs. Adam and AdamW then have a higher rate, and less dropout, which is for
 * networks that see their samples often. The loss poisson has no few epochs: outputs are
 * exponentials, 1 at first, and few updates do not bring them to targets of another size. */
#define BP_AUTO_FEW_UPDATES    200
#define BP_AUTO_FEW_EPOCHS_MIN 16
#define BP_AUTO_FEW_EPOCHS_MAX 30
#define BP_AUTO_FEW_RATE       3 /* times the one beside more epochs */
#define BP_AUTO_FEW_DROPOUT    0.05

/* Plain gradient descent: epochs times inputs, and the epochs. Of few inputs a function of many
 * bends is learned, which is slow; of many, what is learned late is noise. */
#define BP_AUTO_SGD_EPOCHS_INPUTS 4000
#define BP_AUTO_SGD_EPOCHS_MIN    50
#define BP_AUTO_SGD_EPOCHS_MAX    2000

/* Large tables: samples of all epochs together, unless that were fewer than so many epochs. Of few
 * inputs, with plain gradient descent, so many numbers in them. */
#define BP_AUTO_VISITS           1200000
#define BP_AUTO_SGD_NUMBERS      4800000
#define BP_AUTO_VISITED_AT_LEAST 10

/* The rate of plain gradient descent where outputs are neither logistic nor tanh nor softmax: the
 * gradient has no limit then. */
#define BP_AUTO_SGD_RATE_UNBOUNDED 0.01

/* AdamW: decay times rows, over the root of the inputs. */
#define BP_AUTO_DECAY_ROWS 250
#define BP_AUTO_DECAY_MIN  0.02
#define BP_AUTO_DECAY_MAX  2

/* Without hidden layers, where nothing but a linear function is learned: the rate of Adam and
 * AdamW, ten times that beside hidden layers, and the share of the decay, which so takes as much
 * off a weight in each update. */
#define BP_AUTO_LINEAR_RATE  0.05
#define BP_AUTO_LINEAR_DECAY 0.1

/* AdamW, where there are hidden neurons. */
#define BP_AUTO_DROPOUT 0.15

/* What the rules look at. */
struct bp_auto_table {
    size_t rows;          /* to train on, without those of weight 0; from 1 */
    size_t inputs;        /* neurons */
    size_t hidden;        /* layers */
    bp_activation output; /* of output neurons; not AUTO */
    bp_loss loss;
};

/* Puts in the hidden layers if they are auto. Does not look at the table: all models of a
 * cross-validation are alike. */
void bp_auto_hidden(bp_model_options *options);

/* The samples of a batch of `rows`, of which there is at least one: what is asked for or chosen. */
size_t bp_auto_batch(size_t rows, const bp_train_options *options);

/* Puts in batch_size (at most the rows), epochs, learning_rate, weight_decay and dropout where
 * they are auto. With iRPROP- the batch is always full. */
void bp_auto_training(const struct bp_auto_table *table, bp_train_options *options);

#endif
