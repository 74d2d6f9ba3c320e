/*
 * The weight of each sample: that in the weight column of its table times that of its class.
 * Training divides both by their mean, so that a learning rate means the same with and without
 * them.
 */
#ifndef BP_DATA_SAMPLES_WEIGHTS_H
#define BP_DATA_SAMPLES_WEIGHTS_H

#include "data/samples/samples.h"

/* What the samples of each class count; all zeros: every class counts 1. */
struct bp_class_weights {
    size_t count;  /* classes of the schema */
    float *weight; /* of each, >= 0; NULL: all 1 */
};

/*
 * Reads `text`:
 *   NULL                 every class counts 1
 *   balanced             class c counts W / (k W_c): W is the weight of the samples, W_c that of
 *                        those of class c, k the number of classes that have any; one that has none
 *                        counts 1
 *   NAME=WEIGHT,...      the classes named, the others count 1. A name with a comma, an equals
 *                        sign, a quote or blanks at its ends is in quotes, its quotes doubled.
 * `samples` are the training samples, also where the weights are for others. Errors: ARGUMENT (the
 * text, with the nearest name of a class; a schema of numbers), MEMORY; `weights` is zeroed then.
 */
bp_status bp_class_weights_fit(struct bp_class_weights *weights, const struct bp_schema *schema,
                               const struct bp_samples *samples, const char *text, bp_error *error);
void bp_class_weights_release(struct bp_class_weights *weights);

/* The mean of the weight of a sample times that of its class, in the order of the samples: the unit
 * of a training on them. 1 where there are no weights. */
double bp_samples_mean_weight(const struct bp_samples *samples,
                              const struct bp_class_weights *weights);

/* Multiplies samples->weight by the weight of the class of each sample, and divides by `unit`.
 * Weights that are all 1 leave `samples` without any. `path` names the data in messages. Errors:
 * INPUT (they are all 0, or too large for a float), MEMORY; bp_samples_release() frees what is
 * there then. */
bp_status bp_samples_weigh(struct bp_samples *samples, const struct bp_class_weights *weights,
                           double unit, const char *path, bp_error *error);

#endif
